"""What is named as an output is written to or refused before the work, and never renamed over."""

from __future__ import annotations

import os
import stat
import tempfile
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from midstance import cli
from midstance.errors import InputError
from midstance.formats.files import check_output, folder_written_whole, make_private, write_text
from midstance.live.session import _film
from midstance.video.film_writer import FilmWriter
from midstance.video.opening import open_clip
from tests.fixtures.devices import FULL, NULL, device


def test_what_can_be_known_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for path in (
        tmp_path,
        tmp_path / "file" / "a.json",
        tmp_path / ("x" * 300),
        tmp_path / "no\udcffname",
        tmp_path / "nul\0",
        tmp_path / "circle",
    ):
        with pytest.raises(InputError):
            check_output(path)
    for folder in (tmp_path / "file", tmp_path / "file" / "in", tmp_path / ("x" * 300)):
        with pytest.raises(InputError):
            check_output(folder, folder=True)
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "new.json", tmp_path / "file", tmp_path / "deep" / "er" / "a.json", tmp_path / "pipe"):
        assert check_output(path) == path
    assert check_output(tmp_path / "deep", folder=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["circle", "file", "pipe"]


@pytest.mark.skipif(os.name != "posix", reason="needs fork")
def test_a_folder_that_is_read_only_is_said_before() -> None:
    """Asked by somebody without rights: root may write anywhere."""
    places = [Path(tempfile.mkdtemp()) for _ in range(2)]
    try:
        places[0].chmod(0o555)
        places[1].chmod(0o777)
        assert [_refused_as_nobody(place / "a.json", folder=False) for place in places] == [True, False]
        assert [_refused_as_nobody(place / "out", folder=True) for place in places] == [True, False]
    finally:
        for place in places:
            place.rmdir()


def _refused_as_nobody(path: Path, *, folder: bool) -> bool:
    child = os.fork()
    if child == 0:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(65534)
            os.setuid(65534)
        try:
            check_output(path, folder=folder)
        except InputError as fault:
            os._exit(3 if "cannot be written" in fault.say("cli") else 4)
        except BaseException:  # noqa: BLE001  (a child of the tests must not go on as one)
            os._exit(5)
        os._exit(0)
    return {0: False, 3: True}[os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])]


def test_every_command_says_it_before_it_looks_for_its_input(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The film is nowhere, and yet it is the output that is refused: nothing was read."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("")
    for words in (
        ["analyze", "no.mp4", "--json", "folder"],
        ["analyze", "no.mp4", "--out", "file"],
        ["photo", "no.jpg", "--json", "folder"],
        ["photo", "no.jpg", "--out", "file"],
        ["compare", "no.mp4", "no.mp4", "--json", "folder"],
        ["film", "no.mp4", "no.mp4", "--out", "folder"],
        ["convert", "no.trc", "file/a.csv"],
        ["batch", "no.mp4", "--out", "file"],
    ):
        monkeypatch.setattr("sys.argv", ["midstance", *words])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == 3, words
        assert "cannot be written" in capsys.readouterr().err.replace("\n", " "), words


def test_a_folder_of_results_moves_in_whole_or_not_at_all(tmp_path: Path) -> None:
    """A link stays one, and a folder in the way stops all of it."""
    real = tmp_path / "elsewhere.json"
    real.write_text("old")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.json").symlink_to(real)
    with folder_written_whole(folder) as half:
        (half / "a.json").write_text("new")
    assert (folder / "a.json").is_symlink()
    assert real.read_text() == "new"
    (folder / "b").mkdir()

    def in_the_way() -> None:
        with folder_written_whole(folder) as half:
            (half / "a.json").write_text("newer")
            (half / "b").write_text("")

    with pytest.raises(InputError, match="cannot be written"):
        in_the_way()
    assert real.read_text() == "new"


def test_a_device_behind_a_link_is_written_to(tmp_path: Path) -> None:
    null, folder = device(tmp_path / "null", NULL), tmp_path / "out"
    folder.mkdir()
    (folder / "a.json").symlink_to(null)
    with folder_written_whole(folder) as half:
        (half / "a.json").write_text("new")
    assert (folder / "a.json").is_symlink()
    assert stat.S_ISCHR(null.stat().st_mode)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can lay a link for somebody else")
def test_a_link_that_somebody_else_laid_is_not_followed(tmp_path: Path) -> None:
    """As /tmp is: everybody may write there, and guess the name of your next output."""
    mine, shared = tmp_path / "mine.txt", tmp_path / "shared"
    mine.write_text("mine")
    (tmp_path / "folder").mkdir()
    shared.mkdir()
    shared.chmod(0o1777)
    os.chown(shared, 65533, 65533)
    for name, owner, refused in (("theirs", 65534, True), ("own", 0, False), ("of_the_folder", 65533, False)):
        (shared / name).symlink_to(mine)
        os.lchown(shared / name, owner, owner)
        mine.write_text("mine")
        if not refused:
            assert check_output(shared / name)
            write_text("new", shared / name)
            assert mine.read_text() == "new"
            continue
        for write in (check_output, lambda path: write_text("new", path)):
            with pytest.raises(InputError, match="somebody else"):
                write(shared / name)
        with pytest.raises(InputError, match="somebody else"), folder_written_whole(shared) as half:
            (half / name).write_text("new")
        assert mine.read_text() == "mine"
    (shared / "out").symlink_to(tmp_path / "folder")
    os.lchown(shared / "out", 65534, 65534)
    with pytest.raises(InputError, match="somebody else"):
        check_output(shared / "out", folder=True)


def test_a_film_is_never_written_over_a_device_or_a_link(tmp_path: Path) -> None:
    """Who writes a film without `written_whole` is refused before the first picture."""
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "nowhere.mp4")
    for path in (tmp_path / "pipe.mp4", tmp_path / "link.mp4", tmp_path):
        with pytest.raises(InputError, match="cannot be written"):
            FilmWriter(path, width=64, height=48, rate_hz=30)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.mp4", "pipe.mp4"]


def test_a_session_onto_a_full_device_is_one_line_and_the_device_stays(tmp_path: Path) -> None:
    def watch(path: Path) -> None:
        with ExitStack() as stack:
            film = _film(stack, path, (64, 48), 30.0)
            assert film
            for time_s in (0.0, 0.1):
                film.write_at(np.zeros((48, 64, 3), np.uint8), time_s)

    (tmp_path / "link.mp4").symlink_to(tmp_path / "real.mp4")
    watch(tmp_path / "link.mp4")
    assert (tmp_path / "link.mp4").is_symlink()
    assert open_clip(tmp_path / "real.mp4").width == 64
    null, full = device(tmp_path / "null", NULL), device(tmp_path / "full", FULL)
    with pytest.raises(InputError, match="The disk is full"):
        watch(full)
    watch(null)
    with pytest.raises(InputError, match="cannot be written"):
        FilmWriter(null, width=64, height=48, rate_hz=30)
    for path in (null, full):
        assert path.is_char_device()


def test_private_files_are_nobody_elses(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    make_private(tmp_path / "open", folder=True)
    make_private(tmp_path / "open" / "a.db")
    write_text("x", tmp_path / "b.db")
    (tmp_path / "b.db").chmod(0o644)
    make_private(tmp_path / "b.db")
    places = (tmp_path / "open", tmp_path / "open" / "a.db", tmp_path / "b.db")
    modes = [stat.S_IMODE(path.stat().st_mode) for path in places]
    assert modes == [0o700, 0o600, 0o600]
    assert (tmp_path / "b.db").read_text() == "x"
