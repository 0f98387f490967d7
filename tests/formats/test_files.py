"""A file appears whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from midstance.errors import InputError
from midstance.formats.files import (
    ABANDONED_S,
    clear_abandoned,
    disk_errors,
    folder_written_whole,
    write_text,
    written_whole,
)
from tests.fixtures.devices import FULL, NULL, device


def test_text_takes_the_place_of_the_old(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    for text in ("one\n", "zwölf\n"):
        assert write_text(text, path) == path
        assert path.read_bytes() == text.encode()
    assert list(tmp_path.iterdir()) == [path]


def test_a_fault_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def write_half() -> None:
        with written_whole(path) as half:
            half.write_text("new, but not all of")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        write_half()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_moves_in_beside_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    mine = tmp_path / "frames" / "mine.jpg"
    mine.write_text("mine")
    with folder_written_whole(tmp_path) as half:
        (half / "frames").mkdir()
        (half / "frames" / "one.jpg").write_text("1")
        (half / "a.json").write_text("{}")
        assert not (tmp_path / "a.json").exists()
    assert {p.name for p in tmp_path.rglob("*")} == {"frames", "mine.jpg", "one.jpg", "a.json"}
    assert mine.read_text() == "mine"


DIES = """
import os, sys
from pathlib import Path
from midstance.formats.files import written_whole
with written_whole(Path(sys.argv[1])) as half:
    half.write_text("half")
    os.kill(os.getpid(), 9)
"""


def test_what_a_killed_process_left_goes_with_a_later_writing(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert subprocess.run([sys.executable, "-c", DIES, str(path)], check=False).returncode == -9
    assert not path.exists()
    (left,) = tmp_path.iterdir()
    write_text("what is young may still be written to", path)
    assert left.exists()
    for each in (left, left / "a.txt"):
        os.utime(each, (each.stat().st_mtime - 2 * ABANDONED_S,) * 2)
    write_text("whole", path)
    assert list(tmp_path.iterdir()) == [path]
    assert clear_abandoned(tmp_path) == 0


def test_two_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    texts = [letter * 200_000 for letter in "abcd"]
    with ThreadPoolExecutor() as pool:
        for job in [pool.submit(write_text, text, path) for text in texts * 5]:
            job.result()
    assert path.read_text() in texts
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("number", "says"),
    [(errno.ENOSPC, "disk is full"), (errno.EDQUOT, "disk is full"), (errno.EACCES, "Choose another")],
)
def test_a_failing_disk_is_one_line(number: int, says: str) -> None:
    with pytest.raises(InputError, match=says) as fault, disk_errors(Path("report.html")):
        raise OSError(number, os.strerror(number))
    assert "report.html" in str(fault.value)


def test_a_place_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"a\.txt cannot be written \(File exists\)"):
        write_text("a", tmp_path / "file" / "a.txt")


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "elsewhere" / "real.txt", tmp_path / "link.txt"
    real.parent.mkdir()
    real.write_text("old")
    link.symlink_to(real)
    write_text("new", link)
    assert link.is_symlink()
    assert real.read_text() == "new"
    assert list(real.parent.iterdir()) == [real]


def test_a_pipe_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        write_text("through", pipe)
        assert os.read(reader, 100) == b"through"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert list(tmp_path.iterdir()) == [pipe]


def test_a_pipe_that_nobody_reads_is_refused_at_once(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InputError, match="pipe cannot be written"):
        write_text("to nobody", pipe)
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_device_is_written_to_and_never_replaced(tmp_path: Path) -> None:
    null, full = device(tmp_path / "null", NULL), device(tmp_path / "full", FULL)
    write_text("gone", null)
    with pytest.raises(InputError, match="The disk is full"):
        write_text("no room", full)
    for path in (null, full):
        assert stat.S_ISCHR(path.stat().st_mode)
