"""A file appears whole or not at all, whatever happens while it is written."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from midstance.errors import InputError
from midstance.formats.files import ABANDONED_S, clear_abandoned, told, whole, whole_folder, write_text


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
        with whole(path) as half:
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
    with whole_folder(tmp_path) as half:
        (half / "frames").mkdir()
        (half / "frames" / "one.jpg").write_text("1")
        (half / "a.json").write_text("{}")
        assert not (tmp_path / "a.json").exists()
    assert {p.name for p in tmp_path.rglob("*")} == {"frames", "mine.jpg", "one.jpg", "a.json"}
    assert mine.read_text() == "mine"


DIES = """
import os, sys
from pathlib import Path
from midstance.formats.files import whole
with whole(Path(sys.argv[1])) as half:
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
    with pytest.raises(InputError, match=says) as fault, told(Path("report.html")):
        raise OSError(number, os.strerror(number))
    assert "report.html" in str(fault.value)


def test_a_place_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"a\.txt cannot be written \(File exists\)"):
        write_text("a", tmp_path / "file" / "a.txt")
