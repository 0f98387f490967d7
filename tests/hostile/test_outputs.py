"""What is named as an output is written to or refused before the work, and never renamed over."""

from __future__ import annotations

import os
import stat
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest

from midstance import cli
from midstance.errors import InputError
from midstance.formats.files import check_output, folder_written_whole, make_private, write_text
from midstance.live.session import _film
from midstance.video.clip import open_clip
from midstance.video.film_writer import FilmWriter

AS_ROOT = os.name == "posix" and os.geteuid() == 0


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
    for path in (tmp_path / "new.json", tmp_path / "file", tmp_path / "deep" / "er" / "a.json", Path(os.devnull)):
        assert check_output(path) == path
    assert check_output(tmp_path / "deep", folder=True)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["circle", "file"]


@pytest.mark.skipif(AS_ROOT, reason="root may write anywhere")
def test_a_folder_that_is_read_only_is_said_before(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        check_output(tmp_path / "a.json")


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
    """A device behind a link is written to, a link stays one, and a folder in the way stops all of it."""
    real = tmp_path / "elsewhere.json"
    real.write_text("old")
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "a.json").symlink_to(real)
    (folder / "null").symlink_to(os.devnull)
    with folder_written_whole(folder) as half:
        for name in ("a.json", "null"):
            (half / name).write_text("new")
    assert (folder / "a.json").is_symlink()
    assert real.read_text() == "new"
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    (folder / "b").mkdir()

    def in_the_way() -> None:
        with folder_written_whole(folder) as half:
            (half / "a.json").write_text("newer")
            (half / "b").write_text("")

    with pytest.raises(InputError, match="cannot be written"):
        in_the_way()
    assert real.read_text() == "new"


def test_a_film_is_never_written_over_a_device_or_a_link(tmp_path: Path) -> None:
    """Who writes a film without `written_whole` is refused before the first picture."""
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "link.mp4").symlink_to(tmp_path / "nowhere.mp4")
    for path in (Path(os.devnull), tmp_path / "pipe.mp4", tmp_path / "link.mp4", tmp_path):
        with pytest.raises(InputError, match="cannot be written"):
            FilmWriter(path, width=64, height=48, rate_hz=30)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["link.mp4", "pipe.mp4"]


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="no device that is always full")
def test_a_session_onto_a_full_device_is_one_line_and_the_device_stays(tmp_path: Path) -> None:
    def watch(path: Path) -> None:
        with ExitStack() as stack:
            film = _film(stack, path, (64, 48), 30.0)
            assert film
            for time_s in (0.0, 0.1):
                film.write_at(np.zeros((48, 64, 3), np.uint8), time_s)

    with pytest.raises(InputError, match="The disk is full"):
        watch(Path("/dev/full"))
    assert Path("/dev/full").is_char_device()
    watch(Path(os.devnull))
    assert Path(os.devnull).is_char_device()
    (tmp_path / "link.mp4").symlink_to(tmp_path / "real.mp4")
    watch(tmp_path / "link.mp4")
    assert (tmp_path / "link.mp4").is_symlink()
    assert open_clip(tmp_path / "real.mp4").width == 64


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
