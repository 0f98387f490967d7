"""The store on SQLite and on a real PostgreSQL: kept, changed, deleted, moved; and what a crash leaves behind."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from midstance.comparison.model import TakeNotes
from midstance.errors import InputError, UsageError
from midstance.store import Store, export_athlete, import_athlete, open_store
from midstance.store.blobs import FolderShelf, RemoteShelf, open_shelf
from tests.fixtures.least_analysis import analysis

FIRST_RELEASE = Path(__file__).parents[1] / "data" / "store_first_release.sql"


@pytest.fixture
def store(each_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """An empty store, with a temporary folder of its own: what other programs left behind is not counted."""
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "tmp"))
    return each_store


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "Morning run.MP4"
    path.write_bytes(b"not really a film" * 1000)
    return path


def films(tmp_path: Path) -> list[Path]:
    return [p for p in (tmp_path / "films").rglob("*") if p.is_file()]


# -- kept and changed ----------------------------------------------------------------------------------------------


def test_athlete_is_kept_edited_and_found(store: Store) -> None:
    made = store.add_athlete("Cody", height_m=1.8)
    store.edit_athlete(replace(made, mass_kg=66.0, name="Cody M"))
    assert store.athletes() == (store.athlete("Cody M"),)
    assert store.athlete("Cody M").mass_kg == 66.0
    with pytest.raises(UsageError, match="no athlete called Cody "):
        store.athlete("Cody")


def test_a_name_is_given_once(store: Store) -> None:
    store.add_athlete("Cody")
    with pytest.raises(UsageError, match="Choose another name"):
        store.add_athlete("Cody")
    other = store.add_athlete("Ann")
    with pytest.raises(UsageError, match="Choose another name"):
        store.edit_athlete(replace(other, name="Cody"))
    with pytest.raises(UsageError, match="needs a name"):
        store.add_athlete("  ")
    for odd in ("two\nlines", "x" * 101, "bell\a"):
        with pytest.raises(UsageError, match="one line"):
            store.add_athlete(odd)
    for fine in ('O\'Brien "the" /fast/ <b>', "Żółć 走る 🏃", "x" * 100, "100"):
        assert store.athlete(store.add_athlete(fine).name).name == fine


def test_take_keeps_its_film_and_what_is_known(store: Store, clip: Path) -> None:
    before = clip.read_bytes()
    at = datetime(2026, 5, 1, 7, 30, tzinfo=UTC)
    known = TakeNotes(taken_at=at, trying="foot down sooner", surface="track", shoes="red", speed_mps=3.1)
    take = store.add_take(store.add_athlete("Cody"), clip, known)
    assert take.known == known
    assert take.clip.name == clip.name
    assert take.clip.key.endswith(".mp4")
    with store.shelf.local(take.clip.key) as path:
        assert path.read_bytes() == before == clip.read_bytes()
    store.edit_take(take, replace(known, shoes="blue"))
    assert store.take(take.id).known.shoes == "blue"


def test_a_day_is_that_of_this_machine(store: Store, clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        at = datetime(2026, 5, 1).astimezone()
        take = store.add_take(store.add_athlete("Cody"), clip, TakeNotes(taken_at=at))
        store.add_analysis(take, analysis())
        assert f"{take.known.taken_at:%Y-%m-%d %H:%M}" == "2026-05-01 00:00"
        assert store.read(take).taken_on == at.date()
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_number_no_database_knows_is_no_take(store: Store) -> None:
    with pytest.raises(UsageError, match="no take 99999999999999999999"):
        store.take(99999999999999999999)


def test_takes_come_in_the_order_of_filming(store: Store, clip: Path) -> None:
    athlete = store.add_athlete("Cody")
    days = [None, datetime(2026, 5, 3, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)]
    numbers = [store.add_take(athlete, clip, TakeNotes(taken_at=day)).id for day in days]
    assert [take.id for take in store.takes(athlete)] == [numbers[2], numbers[1], numbers[0]]


def test_analyses_are_versions_and_none_is_lost(store: Store, clip: Path) -> None:
    take = store.add_take(store.add_athlete("Cody"), clip, TakeNotes(trying="sooner"))
    with pytest.raises(UsageError, match="not analysed yet"):
        store.read(take)
    for version, shank in (("1.0", 9.0), ("1.1", 8.5)):
        store.add_analysis(take, analysis(version, shank=shank))
    assert [a["version"] for a in store.analyses(take)] == ["1.0", "1.1"]
    assert [p["focus"] for p in store.plans(take)] == ["reaching", "reaching"]
    read = store.read(store.take(take.id))
    assert (read.version, read.measures[0].value, read.speed_mps, read.trying) == ("1.1", 8.5, 3.0, "sooner")
    assert read.plan is not None
    assert store.take(take.id).analyses == 2


def test_files_of_a_new_analysis_take_the_place_of_the_old(store: Store, clip: Path, tmp_path: Path) -> None:
    take = store.add_take(store.add_athlete("Cody"), clip)
    picture, loop = tmp_path / "small.jpg", tmp_path / "loop.mp4"
    for content in (b"one", b"two", b"two"):
        picture.write_bytes(content)
        loop.write_bytes(content * 2)
        store.add_analysis(take, analysis(), {"thumbnail": picture, "film": loop})
    assert [file.kind for file in store.take(take.id).files] == ["clip", "thumbnail", "film"]
    assert len(films(tmp_path)) == 3
    store.add_analysis(take, analysis())
    assert len(films(tmp_path)) == 1


# -- deleted -------------------------------------------------------------------------------------------------------


def test_delete_really_deletes(store: Store, clip: Path, tmp_path: Path, database: str) -> None:
    cody, ann = store.add_athlete("Cody Secretname"), store.add_athlete("Ann")
    takes = [store.add_take(cody, clip, TakeNotes(notes="knee hurt")) for _ in range(2)]
    kept = store.add_take(ann, clip)
    for take in takes:
        store.add_analysis(take, analysis())
    store.add_comparison(takes, {"schema": 1})
    store.delete_take(takes[0])
    assert store.comparisons(cody) == ()
    store.delete_athlete(cody)
    assert store.athletes() == (ann,)
    assert store.take(kept.id).clip.key == kept.clip.key
    assert len(films(tmp_path)) == 1  # Ann filmed the same
    store.delete_take(kept)
    assert films(tmp_path) == []
    store.close()
    if database.startswith("sqlite"):
        left = b"".join(p.read_bytes() for p in tmp_path.glob("midstance.db*"))
        assert b"Secretname" not in left
        assert b"knee hurt" not in left


# -- moved elsewhere -----------------------------------------------------------------------------------------------


READ_BY_A_WATCH = {
    "id": "cadence_spm", "side": "both", "value": 170.0, "sd": 1.0, "n": 9, "uncertainty": 1.7, "unit": "spm",
}  # fmt: skip


def full_store(store: Store, clip: Path) -> None:
    cody = store.add_athlete("Cody", height_m=1.8, notes="ran for the school")
    at = datetime(2026, 5, 1, 7, tzinfo=UTC)
    takes = [store.add_take(cody, clip, TakeNotes(taken_at=at, trying=t)) for t in ("", "sooner")]
    for take in takes:
        store.add_analysis(take, analysis())
    store.set_watch(takes[1], [READ_BY_A_WATCH])
    store.add_comparison(takes, {"schema": 1, "says": ["no clear change"]})


def test_export_and_import_elsewhere(store: Store, clip: Path, tmp_path: Path) -> None:
    full_store(store, clip)
    archive = tmp_path / "cody.zip"
    export_athlete(store, store.athlete("Cody"), archive)
    assert "measures.csv" in zipfile.ZipFile(archive).namelist()
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}", str(tmp_path / "other"))
    other.add_athlete("Somebody")
    cody = import_athlete(other, archive)
    first, second = other.takes(cody)
    assert (cody.height_m, cody.notes, second.known.trying) == (1.8, "ran for the school", "sooner")
    assert first.known.taken_at == datetime(2026, 5, 1, 7, tzinfo=UTC)
    assert other.read(second).measures[0].value == 9.0
    assert other.watch(second) == [READ_BY_A_WATCH]
    assert other.comparisons(cody) == ({"schema": 1, "says": ["no clear change"]},)
    with other.shelf.local(second.clip.key) as film:
        assert film.read_bytes() == clip.read_bytes()
    with pytest.raises(UsageError, match="here already"):
        import_athlete(other, archive)
    again = tmp_path / "again.zip"
    export_athlete(other, cody, again)
    names = ("athlete.json", "measures.csv")
    assert [zipfile.ZipFile(again).read(n) for n in names] == [zipfile.ZipFile(archive).read(n) for n in names]
    other.close()


def test_damaged_archive_leaves_nothing(store: Store, clip: Path, tmp_path: Path) -> None:
    full_store(store, clip)
    archive, broken = tmp_path / "cody.zip", tmp_path / "broken.zip"
    export_athlete(store, store.athlete("Cody"), archive)
    with zipfile.ZipFile(archive) as source, zipfile.ZipFile(broken, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[:-1] + b"?" if name.startswith("films/") else content)
    store.delete_athlete(store.athlete("Cody"))
    with pytest.raises(InputError, match="damaged"):
        import_athlete(store, broken)
    assert store.athletes() == ()
    with pytest.raises(InputError, match="damaged"):
        import_athlete(store, clip)


def rewritten(source: Path, target: Path, *, films: dict[str, bytes] | None = None, **changes: object) -> Path:
    """An exported zip with some values of its athlete, or (names with take_) of its first take, replaced."""
    with zipfile.ZipFile(source) as whole, zipfile.ZipFile(target, "w") as other:
        content = json.loads(whole.read("athlete.json"))
        for name, value in changes.items():
            owner = content["takes"][0] if name.startswith("take_") else content
            owner[name.removeprefix("take_")] = value
        other.writestr("athlete.json", json.dumps(content))
        kept = {name: whole.read(name) for name in whole.namelist() if name.startswith("films/")}
        for name, film in {**kept, **(films or {})}.items():
            other.writestr(name, film)
    return target


def one_clip(key: str) -> list[dict[str, object]]:
    return [{"kind": "clip", "key": key, "name": "run.mp4", "size": 1}]


X = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
"""The SHA-256 of the letter x."""


@pytest.mark.parametrize(
    "changes",
    [
        {"take_files": one_clip("../../../outside.mp4"), "films": {"films/../../../outside.mp4": b"x"}},
        {"take_files": one_clip(f"00/{X}.mp4"), "films": {f"films/00/{X}.mp4": b"x"}},  # belongs into 2d
        {"take_files": one_clip(f"2d/{X}.mp4")},  # is not in the zip
        {"take_files": []},
        {"take_watch": [{"measure": "cadence_spm"}]},
        {"take_slow_motion": 0},
        {"height_m": 180.0},
        {"takes": "none"},
    ],
    ids=["outside", "wrong key", "no film in it", "take without a film", "watch", "slow motion", "height", "takes"],
)
def test_altered_archive_leaves_nothing(store: Store, clip: Path, tmp_path: Path, changes: dict[str, Any]) -> None:
    full_store(store, clip)
    archive = tmp_path / "cody.zip"
    export_athlete(store, store.athlete("Cody"), archive)
    store.delete_athlete(store.athlete("Cody"))
    with pytest.raises(InputError, match="damaged"):
        import_athlete(store, rewritten(archive, tmp_path / "altered.zip", **changes))
    assert store.athletes() == ()
    assert not list(tmp_path.parent.rglob("outside.mp4"))
    assert import_athlete(store, archive).name == "Cody"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_archive_that_cannot_be_taken_in_says_why(store: Store, clip: Path, tmp_path: Path) -> None:
    full_store(store, clip)
    archive = tmp_path / "cody.zip"
    export_athlete(store, store.athlete("Cody"), archive)
    with pytest.raises(InputError, match="newer midstance"):
        import_athlete(store, rewritten(archive, tmp_path / "newer.zip", format=2))
    with pytest.raises(InputError, match="cannot be read"):
        import_athlete(store, tmp_path / "nowhere.zip")
    with pytest.raises(UsageError, match="Cody has some of these takes"):
        import_athlete(store, rewritten(archive, tmp_path / "other.zip", uid="1" * 32, name="Other"))
    store.delete_athlete(store.athlete("Cody"))
    with pytest.raises(UsageError, match="needs a name"):
        import_athlete(store, archive, name=" ")
    archive.write_bytes(archive.read_bytes()[:-400])
    with pytest.raises(InputError, match="damaged"):
        import_athlete(store, archive)
    assert store.athletes() == ()


# -- crashes and crowds --------------------------------------------------------------------------------------------

ADD_AND_HANG = """
import sys, time
from pathlib import Path
from midstance.store import open_store, store as module
store = open_store(sys.argv[1], sys.argv[2])
where = sys.argv[4]
def hang(*_a, **_k):
    print("hanging", flush=True)
    time.sleep(60)
if where == "copy":
    import midstance.formats.files as files
    files.os.fsync = hang
else:
    module.file_values = hang
store.add_take(store.athlete("Cody"), Path(sys.argv[3]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("where", ["copy", "rows"])
def test_kill_while_adding_leaves_nothing_half(store: Store, database: str, tmp_path: Path, where: str) -> None:
    athlete = store.add_athlete("Cody")
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"a film")
    kept = store.add_take(athlete, clip)
    other = tmp_path / "other.mp4"
    other.write_bytes(b"another film")
    command = [sys.executable, "-c", ADD_AND_HANG, database, str(tmp_path / "films"), str(other), where]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"hanging\n"
    process.kill()
    process.wait()
    process.stdout.close()
    assert store.takes(athlete) == (kept,)
    assert store.tidy(older_than_s=0) == 1
    assert len(films(tmp_path)) == 1
    store.add_take(athlete, other)
    assert len(store.takes(athlete)) == 2


MIGRATE_AND_HANG = """
import sys, time
import alembic.op
from midstance.store.database import open_database
real = alembic.op.add_column
def hang(*a, **k):
    real(*a, **k)
    print("hanging", flush=True)
    time.sleep(60)
alembic.op.add_column = hang
open_database(sys.argv[1])
"""


@pytest.mark.slow
def test_kill_in_a_migration_leaves_the_database_as_it_was(database: str) -> None:
    process = subprocess.Popen([sys.executable, "-c", MIGRATE_AND_HANG, database], stdout=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"hanging\n"
    process.kill()
    process.wait()
    process.stdout.close()
    engine = create_engine(database.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        tables = "sqlite_master" if database.startswith("sqlite") else "pg_tables WHERE schemaname = 'public'"
        assert connection.execute(text(f"SELECT count(*) FROM {tables}")).scalar_one() == 0  # noqa: S608
    engine.dispose()
    store = open_store(database, "unused")
    assert store.athletes() == ()
    store.close()


def test_first_release_opens_with_all_its_data(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with sqlite3.connect(file) as connection:
        connection.executescript(FIRST_RELEASE.read_text())
    connection.close()
    store = open_store(f"sqlite:///{file}", str(tmp_path))
    (cody,) = store.athletes()
    (take,) = store.takes(cody)
    assert store.read(take).measures[0].value == 9.0
    assert take.known.taken_at == datetime(2026, 5, 1, 7, tzinfo=UTC)
    assert store.watch(take) == []
    store.close()


def test_two_writers_at_once(database: str, tmp_path: Path) -> None:
    first = open_store(database, str(tmp_path / "films"))
    second = open_store(database, str(tmp_path / "films"))

    def add(which: Store, label: str) -> None:
        for i in range(15):
            which.add_athlete(f"{label}{i}")

    with ThreadPoolExecutor() as pool:
        for job in [pool.submit(add, first, "a"), pool.submit(add, second, "b")]:
            job.result()
    assert len(first.athletes()) == 30
    first.close()
    second.close()


def test_the_same_film_deleted_and_added_at_once_is_there(store: Store, clip: Path) -> None:
    athlete = store.add_athlete("Cody")

    def add_and_delete(times: int) -> None:
        for _ in range(times):
            store.delete_take(store.add_take(athlete, clip))

    def add(times: int) -> list[str]:
        return [store.add_take(athlete, clip).clip.key for _ in range(times)]

    with ThreadPoolExecutor() as pool:
        deleting, adding = pool.submit(add_and_delete, 8), pool.submit(add, 8)
        deleting.result()
        keys = adding.result()
    assert all(store.shelf.has(key) for key in keys)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="mounting a small disk needs root on Linux")
@pytest.mark.parametrize("what", ["film", "rows"])
def test_full_disk_is_one_clear_line(tmp_path: Path, what: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "none", disk], check=False).returncode:
        pytest.skip("this machine mounts no tmpfs")
    try:
        store = open_store(f"sqlite:///{disk / 'm.db'}", str(disk / "films"))
        athlete = store.add_athlete("Cody")
        big = tmp_path / "big.mp4"
        big.write_bytes(os.urandom(900_000))
        notes = os.urandom(500_000).hex()
        with pytest.raises(InputError, match="disk is full"):
            store.add_take(athlete, big) if what == "film" else store.add_athlete("Ann", notes=notes)
        assert store.athletes() == (athlete,)
        assert store.takes(athlete) == ()
        assert films(disk) == []
        store.close()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_what_is_no_database_is_said(tmp_path: Path) -> None:
    (tmp_path / "midstance.db").write_text("hello " * 1000)
    with pytest.raises(InputError, match="no database"):
        open_store(f"sqlite:///{tmp_path / 'midstance.db'}", str(tmp_path))


def test_a_newer_store_is_said(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'midstance.db'}"
    open_store(url, str(tmp_path)).close()
    connection = sqlite3.connect(tmp_path / "midstance.db")
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()
    with pytest.raises(InputError, match="newer midstance"):
        open_store(url, str(tmp_path))


def test_environment_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clip: Path) -> None:
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "mine"))
    monkeypatch.delenv("MIDSTANCE_DATABASE", raising=False)
    monkeypatch.delenv("MIDSTANCE_FILES", raising=False)
    store = open_store()
    store.add_take(store.add_athlete("Cody"), clip)
    store.close()
    assert (tmp_path / "mine" / "midstance.db").exists()
    assert len(films(tmp_path / "mine")) == 1


# -- shelves -------------------------------------------------------------------------------------------------------


SHELVES: list[Callable[[Path], str]] = [
    lambda path: str(path / "shelf"),
    lambda path: f"file://{path / 'shelf'}",
    lambda path: f"memory://{path.name}",
]


def shelf_behaves(address: str, clip: Path, tmp_path: Path) -> None:
    shelf = open_shelf(address)
    key = shelf.keep(clip)
    assert shelf.keep(clip) == key
    assert shelf.has(key)
    with shelf.local(key) as path:
        assert path.read_bytes() == clip.read_bytes()
        assert path.suffix == ".mp4"
    other = tmp_path / "x.mov"
    other.write_bytes(b"x")
    lost = shelf.keep(other)
    assert shelf.tidy({key}, older_than_s=0) == 1
    assert not shelf.has(lost)
    shelf.discard(key)
    shelf.discard(key)
    assert not shelf.has(key)
    with pytest.raises(InputError, match="is gone"), shelf.local(key):
        pass


@pytest.mark.parametrize("where", SHELVES, ids=["folder", "its address", "memory"])
def test_shelf_keeps_finds_and_discards(where: Callable[[Path], str], clip: Path, tmp_path: Path) -> None:
    assert isinstance(open_shelf(where(tmp_path)), FolderShelf | RemoteShelf)
    shelf_behaves(where(tmp_path), clip, tmp_path)


@pytest.mark.slow
def test_shelf_on_s3(s3: str, clip: Path, tmp_path: Path) -> None:
    shelf_behaves(s3, clip, tmp_path)


@pytest.mark.slow
def test_an_athlete_whose_films_lie_on_s3(s3: str, clip: Path, tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'm.db'}", s3)
    full_store(store, clip)
    cody = store.athlete("Cody")
    take = store.takes(cody)[0]
    loop = tmp_path / "loop.mp4"
    loop.write_bytes(b"a loop")
    store.add_analysis(take, analysis(), {"film": loop})
    keys = {file.key for take in store.takes(cody) for file in take.files}
    assert len(keys) == 2
    export_athlete(store, cody, tmp_path / "cody.zip")
    store.delete_athlete(cody)
    assert not any(store.shelf.has(key) for key in keys)
    import_athlete(store, tmp_path / "cody.zip")
    assert all(store.shelf.has(key) for key in keys)
    store.close()


def test_unknown_address_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be kept"):
        open_shelf("nowhere://films")
    for address in ("nonsense", "mysql://here/db"):
        with pytest.raises(UsageError, match="no database that midstance knows"):
            open_store(address, str(tmp_path))


def test_a_shelf_that_cannot_be_reached_is_said(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class NoCredentialsError(Exception):
        """As the libraries of such systems have them."""

    def refuse(*_words: object, **_more: object) -> None:
        raise NoCredentialsError("no credentials")

    shelf = open_shelf("memory://films")
    for name in ("put_file", "exists", "find", "get_file"):
        monkeypatch.setattr(type(shelf._system), name, refuse)  # type: ignore[attr-defined]
    key = f"{X[:2]}/{X}.mp4"

    def borrow() -> None:
        with shelf.local(key):
            pass

    for act in (lambda: shelf.keep(clip), lambda: shelf.has(key), borrow, lambda: shelf.tidy((), older_than_s=0)):
        with pytest.raises(InputError, match=r"cannot be reached \(no credentials"):
            act()


def test_analysis_in_these_tests_is_one() -> None:
    from midstance.formats import analysis_json, analysis_schema

    assert isinstance(analysis_json.read(json.dumps(analysis()), "here"), analysis_schema.AnalysisJson)
