"""What nobody wrote down: pipes in folders, deep nests, strange packings, closed streams, letters that turn words."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from validation.harden_files import mutant
from validation.harden_points import sleap_h5

from midstance.batch.sources import find_sources
from midstance.coaching import rules
from midstance.comparison.take import read_take
from midstance.errors import InputError, MidstanceError, UsageError, WeightsError
from midstance.formats import apart, hdf, openpose, zips
from midstance.formats.text_file import LARGEST_OWN_BYTES
from midstance.output import page
from midstance.output.for_models import Answers
from midstance.pose import weights
from midstance.store import Store, import_athlete
from midstance.store.database import open_database
from midstance.text.questions import book
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from midstance.video.stills import pictures_of
from midstance.web import state
from tests.fixtures.least_analysis import analysis
from tests.fixtures.memory import peak_below

OWN = ("rules.toml", "words.toml", "questions.toml", "references.toml")


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """What would wait for ever is a fault after two minutes."""

    def wake(*_words: object) -> None:
        pytest.fail("it waits without end")

    before = signal.signal(signal.SIGALRM, wake)
    signal.alarm(120)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


# -- folders of others ---------------------------------------------------------------------------------------------


def read_own(folder: Path) -> object:
    return book.__wrapped__(folder), rules.load(folder)


@pytest.mark.parametrize("name", OWN)
def test_a_coachs_file_that_is_a_pipe_an_abyss_or_no_text_is_one_line(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    os.mkfifo(path)
    with pytest.raises(MidstanceError, match="pipe or a device"):
        read_own(tmp_path)
    path.unlink()
    contents = {
        b"a = " + b"[" * 100_000: "",
        b"a = " + b"{b=" * 50_000: "",
        b"\xff\xfe": "no text in UTF-8",
        b"#" + b"x" * LARGEST_OWN_BYTES: "larger than 10 MB",
    }
    for content, words in contents.items():
        path.write_bytes(content)
        with pytest.raises(UsageError, match=words or r"\S") as fault:
            read_own(tmp_path)
        assert "\n" not in fault.value.say("cli")


def test_a_pipe_among_programs_results_or_points_is_not_waited_for(tmp_path: Path) -> None:
    for name in ("a.py", "analysis.json", "0.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        os.mkfifo(tmp_path / name)
    with pytest.raises(InputError, match="pipe or a device"):
        rules.programs.fingerprint(tmp_path)
    with pytest.raises(InputError, match="pipe or a device"):
        read_take(tmp_path)
    assert not openpose.is_folder(tmp_path)
    with pytest.raises(InputError, match="pipe or a device"):
        open_database(f"sqlite:///{tmp_path / '0.json'}")


def test_pictures_are_put_in_order_whatever_digits_their_names_have(tmp_path: Path) -> None:
    names = ["²3.jpg", "①.jpg", "٣.jpg", "10.jpg", "2.jpg", "a²b.jpg"]  # digits that are no numbers to Python
    for name in names:
        (tmp_path / name).write_bytes(b"")
    found = pictures_of(tmp_path)
    assert found is not None
    assert {each.name for each in found} == {*names}


def test_a_pattern_of_many_numbers_does_not_take_for_ever(tmp_path: Path) -> None:
    (tmp_path / ("1" * 200 + ".jpg")).write_bytes(b"")
    for numbers in (1, 3, 4, 60):
        start = time.monotonic()
        pattern = tmp_path / ("%d" * numbers + ".png")
        if numbers <= 3:
            assert pictures_of(pattern) == []
        else:
            with pytest.raises(InputError, match="no such file"):
                pictures_of(pattern)
        assert time.monotonic() - start < 20
    assert pictures_of(tmp_path / "%d%03d.jpg") == [*tmp_path.iterdir()]


def test_an_address_that_cannot_be_reached_is_a_row_and_a_local_one_a_file(tmp_path: Path) -> None:
    pytest.importorskip("fsspec")
    (tmp_path / "a.mp4").write_bytes(b"x")
    here, gone = str(tmp_path / "a.mp4"), "ftp://127.0.0.1:9/b.mp4"
    found = find_sources([gone, f"local://{here}", f"FILE://{here}"])
    assert [(source.address, bool(source.stamp)) for source in found] == [(gone, False), (here, True)]
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(InputError, match="pipe or a device"):
        find_sources([f"local://{tmp_path / 'pipe.mp4'}"])


MOST = b"\xff\xff\xff\xff"
LIES = (
    (b"stsz", 12, MOST), (b"stsz", 8, b"\0\0\0\1" + MOST), (b"stts", 12, MOST), (b"stts", 16, b"\x80\0\0\0"),
    (b"stsc", 16, b"\x7f\xff\xff\xff"), (b"stco", 8, b"\x40\0\0\0"), (b"mdhd", 16, b"\0\0\0\1"), (b"avc1", 28, MOST),
    (b"mvhd", 16, bytes(4)), (b"tkhd", 44, b"\x7f\xff\xff\xff" * 9),
)  # fmt: skip
"""Tables of a film and what they could say instead: frames, sizes, steps and clocks that are not there."""


@pytest.mark.parametrize(("table", "offset", "says"), LIES)
def test_a_film_that_lies_of_its_frames_is_read_as_far_as_it_goes(
    tmp_path: Path, table: bytes, offset: int, says: bytes
) -> None:
    path = tmp_path / "a.mp4"
    with FilmWriter(path, width=64, height=48, rate_hz=30) as film:
        for _ in range(12):
            film.write(np.zeros((48, 64, 3), np.uint8))
    raw = bytearray(path.read_bytes())
    at = raw.index(table) + offset
    raw[at : at + len(says)] = says
    path.write_bytes(raw)
    try:
        clip = open_clip(path)
    except InputError:
        return
    assert clip.frames <= 12
    assert (clip.width, clip.height) == (64, 48)
    assert sum(1 for _ in frames(clip)) == clip.frames


def test_points_are_read_from_no_other_file(tmp_path: Path) -> None:
    """HDF5 can say that its numbers lie in any file of this machine: they would be shown as the points of a runner."""
    h5py = pytest.importorskip("h5py")
    secret = tmp_path / "secret"
    secret.write_bytes(b"a secret " * 100)
    shape, raw = (1, 2, 3, 4), 24 * 8
    with h5py.File(tmp_path / "other.h5", "w") as file:
        file["x"] = np.ones(shape)
        file["names"] = [b"nose"] * 3
    layout = h5py.VirtualLayout(shape=shape, dtype="f8")
    layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", shape=shape)

    def outside(file: Any) -> None:
        file.create_dataset("tracks", shape, dtype="f8", external=[(str(secret), 0, raw)])

    def virtual(file: Any) -> None:
        file.create_virtual_dataset("tracks", layout)

    def linked(file: Any) -> None:
        file["tracks"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "x")

    def deep(file: Any) -> None:
        file.create_group("a/b")["c"] = h5py.ExternalLink(str(tmp_path / "other.h5"), "x")
        file["a/b/again"] = file["a"]
        file["tracks"] = h5py.SoftLink("/a/b/c")

    for lays in (outside, virtual, linked, deep):
        for name in ("a.h5", "a.nc"):
            with h5py.File(tmp_path / name, "w") as file:
                lays(file)
                file["node_names"] = [b"nose", b"left_hip", b"right_hip"]
            with pytest.raises(InputError):
                apart.read_here(tmp_path / name)
            with pytest.raises(ValueError, match="another file"), hdf.opened(tmp_path / name):
                pass
    with h5py.File(tmp_path / "a.h5", "w") as file:
        file["node_names"], file["tracks"] = [b"nose", b"left_hip", b"right_hip"], np.ones(shape)
    assert apart.read_here(tmp_path / "a.h5").points.shape == (1, 4, 3, 2)


@pytest.mark.parametrize("seed", [914, *range(20)])
def test_a_damaged_hdf5_file_is_read_or_one_line(tmp_path: Path, seed: int) -> None:
    """Found by `make harden`: the library says what is damaged in errors of any kind, at any moment."""
    pytest.importorskip("h5py")
    (tmp_path / "a.h5").write_bytes(mutant(sleap_h5(tmp_path), seed))
    with suppress(InputError):
        assert apart.read_here(tmp_path / "a.h5").names


# -- archives ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_are_unpacked_whole_are_refused(store: Store, tmp_path: Path, packing: int) -> None:
    """200 MB in some kB, said to be 250 MB: less than is allowed, and Python asks for all of it at once."""
    bomb = tmp_path / "bomb.zip"
    with zipfile.ZipFile(bomb, "w", packing) as archive, archive.open("athlete.json", "w") as target:
        for _ in range(200):
            target.write(b" " * 1_000_000)
    with peak_below(10_000_000), pytest.raises(InputError, match="packed in a way"):
        import_athlete(store, bomb)


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["athlete.json", "ATHLETE.json"])
def test_two_parts_of_one_name_are_refused(store: Store, tmp_path: Path, second: str) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("athlete.json", "{}")
        archive.writestr(second, "{}")
    with pytest.raises(InputError, match="there twice"):
        import_athlete(store, tmp_path / "two.zip")
    with pytest.raises(ValueError, match="there twice"), zips.opened(tmp_path / "two.zip"):
        pass


def test_a_tarball_of_weights_is_bounded_and_follows_no_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDSTANCE_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(weights, "LARGEST_BYTES", 1000)
    (tmp_path / "secret.tflite").write_bytes(b"mine")
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        for name, link in (("a.tflite", "b.tflite"), ("b.tflite", "a.tflite"), ("c.tflite", "../secret.tflite")):
            part = tarfile.TarInfo(name)
            part.type, part.linkname = tarfile.SYMTYPE, link
            archive.addfile(part)
        large = tarfile.TarInfo("large.tflite")
        large.size = 100_000
        archive.addfile(large, io.BytesIO(bytes(100_000)))
    assert [*weights._weights_in(tmp_path / "a.tgz")] == []
    (tmp_path / "large.tflite").write_bytes(b"x" * 100_000)
    assert {*weights._weights_in(tmp_path / "large.tflite")} == {b""}
    os.mkfifo(tmp_path / "pipe.tflite")
    with pytest.raises(WeightsError, match="pipe or a device"):
        weights.take_from(tmp_path / "pipe.tflite", "lite")


ROWS = ("measure,side\n1,left\n", "measure,side,time_s\nx,both,abc\n", "measure,side,time_s\n{id},{side},inf\n",
        "measure,side,time_s\n{id},{side},1e300\n", "time_s\n" * 9, "", '"' * 99)  # fmt: skip


@pytest.mark.parametrize("rows", ROWS)
def test_a_table_of_strides_that_makes_no_sense_hides_no_number(tmp_path: Path, rows: str) -> None:
    """A language model is told the numbers; their frames are those that the analysis itself shows."""
    content = analysis()
    number = content["measures"][0]
    (tmp_path / "analysis.json").write_text(json.dumps(content), encoding="utf-8")
    (tmp_path / "strides.csv").write_text(rows.format(**number), encoding="utf-8")
    asked = Answers(lambda: pytest.fail("the store was opened"))
    assert [each["value"] for each in asked.measures(str(tmp_path))] == [m["value"] for m in content["measures"]]
    assert asked.findings(str(tmp_path))["findings"] is not None


# -- streams and letters -------------------------------------------------------------------------------------------


def started(words: list[str], tmp_path: Path, *, closed: tuple[int, ...] = (), **variables: str) -> Any:
    """A command in a process of its own, with some of its streams closed."""

    def close() -> None:
        for number in closed:
            os.close(number)

    return subprocess.run(
        [sys.executable, "-m", "midstance", *words],
        cwd=tmp_path,
        env={**os.environ, "MIDSTANCE_DATA": str(tmp_path / "data"), **variables},
        preexec_fn=close,
        capture_output=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
def test_a_closed_stream_breaks_nothing_and_nothing_is_printed_into_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file opened first would have the number of the stream, and be written into by what prints there."""
    (tmp_path / "no.jpg").write_bytes(b"x")
    monkeypatch.delenv("MIDSTANCE_CAGE")
    for closed in ((1,), (2,), (0, 1, 2)):
        assert started(["photo", "no.jpg"], tmp_path, closed=closed).returncode == 3, closed
    monkeypatch.setenv("MIDSTANCE_CAGE", "0 0")
    assert started(["athletes", "add", "Zoe"], tmp_path, closed=(0, 1, 2)).returncode == 0
    assert b"Zoe" in started(["athletes", "list"], tmp_path).stdout


@pytest.mark.slow
def test_a_terminal_that_knows_few_letters_shows_the_others_as_question_marks(tmp_path: Path) -> None:
    said = started(["athletes", "add", "Zoë 🏃"], tmp_path, PYTHONIOENCODING="ascii")
    assert (said.returncode, said.stderr) == (0, b"")
    assert b"Zo? ? is here" in said.stdout
    shown = started(["schema"], tmp_path, PYTHONIOENCODING="ascii")
    assert json.loads(shown.stdout)["title"]


def test_a_name_of_no_letters_is_one_line(store: Store) -> None:
    with pytest.raises(MidstanceError) as fault:
        store.add_athlete("Zo\udceb")
    assert "\n" not in fault.value.say("cli")
    with pytest.raises(InputError, match="letters that cannot be kept"):
        store.edit_athlete(replace(store.add_athlete("Zoe"), notes="a\ud800"))


TURNED = "<b>\u202egpj.run\u2066\x9b2J"


def test_no_letter_turns_the_words_of_a_page_around(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such letters make gpj.exe look like exe.jpg, and a sentence of ours like another one."""
    monkeypatch.setattr(page, "part", lambda _name: "{{ says }}")
    shows: tuple[Callable[[str], str], ...] = (
        lambda text: page.render("any", {"says": text}),
        lambda text: state._environment().from_string("{{ says }}").render(says=text),
    )
    for show in shows:
        text = show(TURNED)
        assert "&lt;b&gt;?gpj.run" in text
        assert not set(text) & set("\u202e\u2066\x9b")
