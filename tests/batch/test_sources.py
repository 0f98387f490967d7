"""Which takes are meant by folders, patterns, lists and addresses, and what a sheet says of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from midstance.batch.job import Job, said_of
from midstance.batch.sheet import read_sheet, typed
from midstance.batch.sources import Source, find_sources, read_list
from midstance.batch.task import do
from midstance.errors import InputError, UsageError
from midstance.options import Options
from tests.fixtures.squad import write_take


def touched(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x", encoding="utf-8")


def found(*named: object) -> list[str]:
    return [Path(source.address).name for source in find_sources(map(str, named))]


@pytest.fixture
def season(tmp_path: Path) -> Path:
    """Two days of films, and what lies beside them."""
    names = ("may/b.mp4", "may/a.MOV", "june/c.trc", "june/c.mp4.midstance/annotated.mp4", "june/.hidden.mp4")
    touched(*(tmp_path / "season" / name for name in (*names, "june/notes.txt", "june/athletes.csv", "june/d.json")))
    return tmp_path / "season"


def test_a_folder_is_its_films_and_points_and_those_of_its_folders(season: Path) -> None:
    assert found(season) == ["c.trc", "a.MOV", "b.mp4"]
    assert found(season / "june" / "d.json", season / "may") == ["d.json", "a.MOV", "b.mp4"]
    assert found(season / "*" / "?.m*") == ["b.mp4"]
    assert found(season / "**" / "*.*4") == ["b.mp4"]
    (season / "round").symlink_to(season)
    assert found(season, season / "may" / "b.mp4") == ["c.trc", "a.MOV", "b.mp4"]


def test_a_folder_of_openpose_or_of_pictures_is_one_take(season: Path) -> None:
    touched(season / "op" / "f_0_keypoints.json")
    (season / "op" / "f_0_keypoints.json").write_text('{"people": []}')
    touched(season / "shots" / "1.png", season / "shots" / "2.png")
    assert found(season / "op", season / "shots") == ["op", "shots"]
    assert "op" in found(season)


def test_the_name_of_a_take_does_not_depend_on_what_is_named_with_it(season: Path) -> None:
    (season / "may" / "c.trc").write_text("x")
    one, other = (find_sources([str(season / day / "c.trc")])[0] for day in ("june", "may"))
    assert one.take.startswith("c.trc-")
    assert one.take != other.take
    assert {source.take for source in find_sources([str(season)])} > {one.take, other.take}


def test_a_film_that_changes_has_another_stamp(season: Path) -> None:
    film = season / "may" / "b.mp4"
    (before,) = find_sources([str(film)])
    os.utime(film, (1, 1))
    (after,) = find_sources([str(film)])
    assert (before.take, before.stamp != after.stamp) == (after.take, True)


def test_a_list_names_takes_beside_itself(season: Path) -> None:
    text = "# may\nmay/b.mp4\n\n  june/c.trc  \ns3://bucket/x.mp4\n"
    assert read_list(season / "list.txt", text) == [
        str(season / "may" / "b.mp4"), str(season / "june" / "c.trc"), "s3://bucket/x.mp4",
    ]  # fmt: skip
    assert read_list(None, "a.mp4\n#b\n") == ["a.mp4"]


def test_what_is_not_there_is_one_line(season: Path) -> None:
    (season / "empty").mkdir()
    for named, says in (
        ([], "Name films"),
        ([season / "nix.mp4"], "there is no such file"),
        ([season / "*.nix"], "Nothing is called like"),
        ([season / "empty"], "no film and no file of points"),
        (["nothing://x/y"], "cannot be opened"),
    ):
        with pytest.raises((UsageError, InputError), match=says):
            find_sources(map(str, named))
    assert found(season / "may" / "b.mp4", season / "nix.mp4") == ["b.mp4", "nix.mp4"]  # its row says so


def test_films_in_a_bucket_are_found_and_fetched(s3: str, tmp_path: Path) -> None:
    import s3fs

    take = write_take(tmp_path / "a.trc")
    system = s3fs.S3FileSystem()
    system.put_file(str(take), f"{s3}/may/a.trc")
    system.put_file(str(take), f"{s3}/may/a.mp4.midstance/annotated.mp4")
    for named in (s3, f"{s3}/*/*.trc", f"{s3}/may/a.trc"):
        (source,) = find_sources([named])
        assert source.address == f"{s3}/may/a.trc"
        assert source.is_points
    (tmp_path / "work").mkdir()
    outcome = do(Job(take=source.take, source=source, options={}), tmp_path / "work")
    assert outcome["status"] == "done"
    assert outcome["analysis"]["clip"]["path"] == source.address
    gone = Source(address=f"{s3}/may/gone.trc", stamp="")
    assert do(Job(take="g", source=gone, options={}), tmp_path / "work")["reason"] == "no_such_file"
    with pytest.raises(InputError, match="no film and no file of points"):
        find_sources([f"{s3}/*.mp4"])


# -- sheets --------------------------------------------------------------------------------------------------------


def sheet(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def sources(folder: Path, *names: str) -> tuple[Source, ...]:
    touched(*(folder / name for name in names))
    return find_sources(str(folder / name) for name in names)


def test_quantities_are_read_as_people_say_them(tmp_path: Path) -> None:
    text = (
        'Film;Athlete;Speed;height (cm);mass_kg;temperature\na.mp4;Anna;10km/h;166;;20.5\nb;Ben;6:00/km;"5\'5""";68;\n'
    )
    read = read_sheet(sheet(tmp_path / "s.csv", text))
    assert read.columns == ("Athlete", "Speed", "height (cm)", "mass_kg", "temperature")
    rows, lost = read.matched(sources(tmp_path, "a.mp4", "b.mov"))
    anna, ben = rows.values()
    assert lost == ()
    assert anna.known == {"speed_mps": pytest.approx(10 / 3.6), "height_m": 1.66}
    assert ben.known == {"speed_mps": pytest.approx(1000 / 360), "height_m": 1.651, "mass_kg": 68.0}
    assert anna.columns["Athlete"] == "Anna"
    assert said_of(Options(height_m=1.8, model="lite"), anna.known) == {
        "height_m": 1.66, "speed_mps": pytest.approx(10 / 3.6), "model": "lite",
    }  # fmt: skip
    columns = typed({"t": ["20.5", "", None], "a": ["Anna", "7", ""]})
    assert columns == {"t": [20.5, None, None], "a": ["Anna", "7", None]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("who,speed\nAnna,3m/s\n", "no column that names the films"),
        ("film,a,A\nx,1,2\n", "a name of its own"),
        ("film,height\na,1.66\nb,172\n", "line 3, height 172: a height is 0.8 to 2.5 metres"),
        ("film,speed\na,10km/h\nb,10\n", "line 3, speed 10: this can be"),
        ("film,speed\na,quick\n", "line 2, speed quick: this is no speed"),
        ("film,height\n" + "".join(f"{n},9\n" for n in range(8)), "(3 more)"),
        ("", "no column that names the films"),
    ],
)
def test_a_sheet_that_cannot_be_meant_is_one_line(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        read_sheet(sheet(tmp_path / "s.csv", text))
    assert says in caught.value.say("cli")
    assert "\n" not in caught.value.say("cli")


def test_films_of_one_name_are_told_apart_by_more_of_their_path(tmp_path: Path) -> None:
    films = sources(tmp_path, "may/run.mp4", "june/run.mp4")
    rows, lost = read_sheet(
        sheet(tmp_path / "s.csv", "film,shoes\nmay/run.mp4,A\njune\\run.mp4,B\ngone.mp4,C\n")
    ).matched(films)
    assert [rows[film.address].columns["shoes"] for film in films] == ["A", "B"]
    assert lost == ("gone.mp4",)
    for text, says in (
        ("film\nrun.mp4\n", "may be 2 of the takes"),
        ("film\nmay/run.mp4\nmay/run.mp4\n", "twice"),
    ):
        with pytest.raises(UsageError, match=says):
            read_sheet(sheet(tmp_path / "s.csv", text)).matched(films)
    with pytest.raises(InputError):
        read_sheet(tmp_path / "nix.csv")


@pytest.fixture(autouse=True)
def no_memory_of_buckets() -> Iterator[None]:
    yield
    try:
        import s3fs
    except ImportError:
        return
    s3fs.S3FileSystem.clear_instance_cache()
