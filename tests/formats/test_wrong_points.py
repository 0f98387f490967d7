"""Files that make no sense, typed at the command line: exit code 3 and one line that names the file."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midstance import cli
from midstance.formats import c3d, csv_points, movement, openpose, parquet, pose_json, trc
from midstance.model import Recording
from tests.fixtures.recorded import markers, pixels

Write = Callable[[Recording, Path], Path]
WRITERS: dict[str, Write] = {
    "a.trc": trc.write,
    "a.c3d": c3d.write,
    "a.csv": csv_points.write,
    "a.parquet": parquet.write,
    "a.nc": movement.write,
    "a.json": pose_json.write,
    "a": openpose.write,
}
IN_PIXELS = ("a.json", "a")
TWO_GB = 2_000_000_000


def typed(path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """What `midstance analyze` prints of a file; it must refuse it in one line."""
    monkeypatch.chdir(path.parent)
    monkeypatch.setattr(sys, "argv", ["midstance", "analyze", path.name, "--fps", "60"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr().err.strip()
    assert ended.value.code == 3, said
    assert said.count("\n") == 0
    assert path.name in said
    assert not path.with_name(f"{path.name}.midstance").exists()
    return said


@pytest.fixture(params=WRITERS)
def format_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_points_that_are_no_numbers(
    format_name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    value = (np.nan, np.inf, -np.inf, 1e300)[list(WRITERS).index(format_name) % 4]
    found = pixels() if format_name in IN_PIXELS else markers()
    wrong = replace(found, points=np.full_like(found.points, value))
    with np.errstate(all="ignore"):
        path = WRITERS[format_name](wrong, tmp_path / format_name)
    typed(path, capsys, monkeypatch)


def test_no_frames(
    format_name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = pixels() if format_name in IN_PIXELS else markers()
    one = replace(found, points=found.points[:, :1], confidence=found.confidence[:, :1], time_s=found.time_s[:1])
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a single frame has no rate
        path = WRITERS[format_name](one, tmp_path / format_name)
    typed(path, capsys, monkeypatch)


@pytest.mark.parametrize("name", ["a.csv", "a.trc", "a.json", "a.nc", "a.c3d", "a.txt"])
def test_two_gigabytes(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / name
    path.write_text("time_s,left_hip_x,left_hip_y\n")
    os.truncate(path, TWO_GB)  # a hole: it takes no room on the disk
    assert "2.0 GB" in typed(path, capsys, monkeypatch)


@pytest.mark.parametrize("unit", ["ells", ""])
def test_lengths_in_a_unit_that_nobody_knows(
    unit: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = trc.write(markers(), tmp_path / "a.trc")
    path.write_text(path.read_text().replace("\tm\t", f"\t{unit}\t", 1))
    assert f"gives its lengths in {unit or 'none'}" in typed(path, capsys, monkeypatch)


@pytest.mark.parametrize("name", ["a.trc", "a.c3d", "a.csv"])
def test_left_and_right_exchanged(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = markers()
    names = tuple(each.replace("left", "x").replace("right", "left").replace("x", "right") for each in found.names)
    said = typed(WRITERS[name](replace(found, names=names), tmp_path / name), capsys, monkeypatch)
    assert "the toes point backwards" in said
