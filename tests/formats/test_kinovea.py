"""Kinovea's exports, written as its own source and real files have them: units of time, commas, sections, no names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import midstance as ms
from midstance.errors import InputError
from midstance.formats import kinovea
from midstance.model import Floats
from tests.fixtures.recorded import CADENCE_SPM, pixels

RATE_HZ = 120.0
JOGGER = pixels(rate_hz=RATE_HZ)
UPWARDS: Floats = (JOGGER.points[0] - [640.0, 360.0]) * [1.0, -1.0]
"""As Kinovea counts: from the middle of the picture, y upwards."""


def _text(path: Path, *, times: list[str], comma: bool = True, named: bool = True) -> Path:
    """Write the text form: a section for each trajectory, an empty line between two."""
    lines = ["#Kinovea Trajectory data export", "#T X Y", ""]
    for name, xy in zip(JOGGER.names, np.swapaxes(UPWARDS, 0, 1), strict=True):
        lines += [f"# {name.replace('_', ' ')}"] if named else []
        for time, (x, y) in zip(times, xy, strict=True):
            numbers = f"{x:.2f} {y:.2f}"
            lines.append(f"{time} {numbers.replace('.', ',') if comma else numbers} ")
        lines.append("")
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "form", ["{:.3f}", "{ms:.2f}", "{ms:.0f}"], ids=["seconds", "milliseconds", "whole milliseconds"]
)
def test_times_are_read_in_seconds_whatever_their_unit(form: str, tmp_path: Path) -> None:
    times = [form.format(time_s, ms=1000 * time_s) for time_s in JOGGER.time_s.tolist()]
    read = kinovea.read(_text(tmp_path / "run.txt", times=times))
    assert read.names == tuple(name.replace("_", " ") for name in JOGGER.names)
    np.testing.assert_allclose(read.time_s, JOGGER.time_s, atol=0.001)
    np.testing.assert_allclose(read.points[0], UPWARDS, atol=0.006)
    found = ms.analyze(tmp_path / "run.txt")
    assert found.measures["cadence_spm"].value == pytest.approx(CADENCE_SPM, abs=2)


def test_an_older_export_with_a_clock_and_without_names(tmp_path: Path) -> None:
    """Hundredths of a second, and nothing that says which joint a trajectory is of."""
    slow = [f"0:00:{int(t):02d}:{round(100 * t) % 100:02d}" for t in np.arange(len(UPWARDS)) / 25]
    read = kinovea.read(_text(tmp_path / "run.txt", times=slow, named=False, comma=False))
    np.testing.assert_allclose(np.diff(read.time_s), 0.04, atol=1e-9)
    assert read.names[:2] == ("track 1", "track 2")
    with pytest.raises(InputError, match="it has track 1, track 2"):
        ms.analyze(tmp_path / "run.txt")


def test_two_trajectories_of_one_name_are_two(tmp_path: Path) -> None:
    text = "#Kinovea Trajectory data export\n#T X Y\n\n# toe\n0.00 1,5 2\n0.04 1 2\n\n# toe\n0.04 3 4\n0.08 3 4\n"
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    read = kinovea.read(tmp_path / "a.txt")
    assert read.names == ("toe", "toe 2")
    np.testing.assert_array_equal(np.isfinite(read.points[0, ..., 0]), [[True, False], [True, True], [False, True]])


def test_a_table_with_semicolons_and_commas(tmp_path: Path) -> None:
    heads = [f'"{name} {axis}"' for name in JOGGER.names for axis in ("X", "Y")]
    lines = [";".join(['"Time (ms)"', *heads])]
    for time_s, row in zip(JOGGER.time_s, UPWARDS.reshape(len(UPWARDS), -1), strict=True):
        lines.append(";".join(f"{number:.2f}".replace(".", ",") for number in (1000 * time_s, *row)))
    (tmp_path / "run.csv").write_text("\n".join(lines), encoding="utf-8")
    found = ms.analyze(tmp_path / "run.csv")
    assert found.measures["cadence_spm"].value == pytest.approx(CADENCE_SPM, abs=2)


@pytest.mark.parametrize("text", ["#Kinovea Trajectory data export\n#T X Y\n", "#Kinovea\n# toe\n0.0 x 2\n"])
def test_nothing_and_nonsense_are_one_line(text: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"holds no frames|line 3: 0\.0 x 2 is no number"):
        kinovea.read(tmp_path / "a.txt")
