"""A damaged file of points, or one made to do harm, is one line for that file: no trace, no crash, no hang."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from midstance.errors import InputError, MidstanceError
from midstance.formats import apart, c3d, csv_points, movement, pose_json, trc
from midstance.formats.recordings import read_recording
from midstance.model import Recording
from midstance.pose.recorded import open_recording, recorded_poses
from midstance.reasons import Reason, printable, say
from tests.fixtures.recorded import markers, pixels

WRITERS: dict[str, Callable[[Recording, Path], Path]] = {
    "a.trc": trc.write,
    "a.json": pose_json.write,
    "a.csv": csv_points.write,
    "a.nc": movement.write,
}
STRANGE = (b"nan", b"inf", b"1e308", b"1e400", b"", b"abc", b"9" * 5000, b"null", b"[]", b"\xff\xff\xff\xff")


def damaged(raw: bytes, chance: random.Random) -> bytes:
    """A file that was cut, overwritten, or given strange numbers."""
    at = chance.randrange(min(len(raw), chance.choice((600, len(raw)))))
    strange = chance.choice(STRANGE)
    return chance.choice((raw[:at], raw[:at] + strange + raw[at:], raw[:at] + strange + raw[at + 4 :]))


@pytest.mark.parametrize("name", WRITERS)
def test_a_damaged_file_is_read_or_refused_in_one_line(name: str, tmp_path: Path) -> None:
    found = markers() if name == "a.trc" else pixels()
    short = replace(found, points=found.points[:, :24], confidence=found.confidence[:, :24], time_s=found.time_s[:24])
    raw = WRITERS[name](short, tmp_path / name).read_bytes()
    said = list[str]()
    for seed in range(40):
        path = tmp_path / f"{seed}{name}"
        path.write_bytes(damaged(raw, random.Random(seed)))  # noqa: S311  (the same files every time)
        try:
            recorded_poses(open_recording(path))
        except MidstanceError as fault:
            said.append(fault.say("cli"))
    assert said
    assert [printable(line) for line in said] == said


def test_a_reader_that_crashes_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stands for one of 47 damaged C3D files, with which ezc3d ended the process."""
    pytest.importorskip("ezc3d")
    path = c3d.write(markers(), tmp_path / "a.c3d")
    assert apart.read(path).names == c3d.read(path).names
    (tmp_path / "ezc3d.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path), prepend=":")
    with pytest.raises(InputError, match="is damaged"):
        apart.read(path)


def test_names_in_a_file_cannot_steer_the_terminal(tmp_path: Path) -> None:
    path = csv_points.write(pixels(), tmp_path / "a.csv")
    text = path.read_text(encoding="utf-8").replace("left_knee", "left\x1b[2Jkn\u202eee")
    path.write_text(text, encoding="utf-8")
    assert not any("\x1b" in name or "\u202e" in name for name in read_recording(path, 60.0).names)
    assert say(Reason("disk_full", path=Path("a\x1b[2J\nb"))).count("\n") == 0
    assert "\x1b" not in say(Reason("disk_full", path=Path("a\x1b[2J\nb")))
    assert printable("Zoë 🏃‍♀️ محمد") == "Zoë 🏃‍♀️ محمد"
