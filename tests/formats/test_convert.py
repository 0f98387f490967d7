"""midstance convert: results for other programs, and files that other programs made."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.io import netcdf_file

from midstance.errors import InputError, UsageError
from midstance.formats import mot, movement, theia, trc
from midstance.formats.convert import convert
from midstance.formats.recordings import read_recording
from midstance.model import AngleFile
from tests.fixtures.recorded import markers

OTHERS = Path(__file__).parent / "others"
"""Written by movement 0.15 and 0.17, by pandas 3 with PyTables as DeepLabCut does, and by sleap-io 0.9."""
FOLDER = Path(__file__).parent.parent / "golden"


@pytest.mark.parametrize(
    ("file", "names", "second", "confidence"),
    [
        ("deeplabcut.h5", ("left_hip", "nose"), [[6, 7], [9, 10]], [8, 11]),
        ("deeplabcut.csv", ("left_hip", "nose"), [[6, 7], [9, 10]], [8, 11]),
        ("sleap.h5", ("left_hip", "nose", "right_hip"), [[2, 2], [3, 4], [5, 7]], [0.9, 0.8, 0.7]),
        ("sleap.csv", ("left_hip", "nose", "right_hip"), [[2, 2], [3, 4], [5, 7]], [0.9, 0.8, 0.7]),
    ],
)
def test_files_of_other_programs(file: str, names: tuple[str, ...], second: list, confidence: list) -> None:
    found = read_recording(OTHERS / file, 30)
    assert found.names == names
    np.testing.assert_allclose(found.points[0, 1], second)
    np.testing.assert_allclose(found.confidence[0, 1], confidence)


def test_a_file_that_movement_wrote() -> None:
    found = read_recording(OTHERS / "movement.nc")
    assert found.names == ("left_hip", "right_hip", "nose")
    assert found.points.shape == (1, 50, 3, 2)
    assert found.made_by == "movement netCDF (DeepLabCut)"
    np.testing.assert_allclose(np.diff(found.time_s), 1 / 30, atol=1e-9)


def test_a_file_of_the_newer_movement_and_ours_has_the_same_names(tmp_path: Path) -> None:
    found = read_recording(OTHERS / "movement_0_17.nc")
    assert (found.names, found.points.shape) == (("left_hip", "right_hip", "nose"), (1, 12, 3, 2))
    np.testing.assert_array_equal(found.points[0, :2, 0], [[227.4, 103.3], [221.3, 287.0]])
    with netcdf_file(str(movement.write(found, tmp_path / "a.nc")), mmap=False) as ours:
        assert ours.variables["position"].dimensions == ("time", "space", "keypoint", "individual")
    again = read_recording(tmp_path / "a.nc")
    np.testing.assert_array_equal(again.points, found.points)
    assert again.names == found.names


def test_what_is_read_is_said(tmp_path: Path) -> None:
    said = convert(OTHERS / "sleap.csv", tmp_path / "a.csv", 30)
    assert said[0] == "Read: SLEAP, 5 frames at 30 a second, 3 points in pixels, x and y; 0 % unseen."
    np.testing.assert_allclose(
        read_recording(tmp_path / "a.csv").points, read_recording(OTHERS / "sleap.csv", 30).points
    )


def test_curves_are_the_same_after_a_file(tmp_path: Path) -> None:
    time_s = np.arange(5) / 100
    angles = AngleFile(path=tmp_path / "a.mot", columns={"knee_angle_r": time_s * 300}, time_s=time_s, in_degrees=True)
    again = mot.read(mot.write(angles, tmp_path / "a.mot"))
    assert again.in_degrees is True
    np.testing.assert_allclose(again.columns["knee_angle_r"], time_s * 300, atol=1e-6)
    said = convert(tmp_path / "a.mot", tmp_path / "b.csv")
    assert said[0] == "Read: 1 curves of 5 frames, angles in degrees."


def test_angles_of_theia(tmp_path: Path) -> None:
    heads = ["\trun\trun", "\tRight Knee Angles\tRight Knee Angles", "\tLINK_MODEL_BASED\tLINK_MODEL_BASED"]
    lines = [*heads, "\tORIGINAL\tORIGINAL", "ITEM\tX\tY", "1\t10.5\t1", "2\t11.5\t2"]
    (tmp_path / "a.txt").write_text("\n".join(lines))
    found = theia.read(tmp_path / "a.txt", 85)
    assert found.columns["Right Knee Angles_X"].tolist() == [10.5, 11.5]
    assert found.time_s[1] == pytest.approx(1 / 85)
    with pytest.raises(InputError, match="says no times"):
        theia.read(tmp_path / "a.txt")


def test_what_cannot_be_written_is_said_in_a_line(tmp_path: Path) -> None:
    trc.write(markers(), tmp_path / "metres.trc")
    for target in ("poses.json", "openpose"):
        with pytest.raises(UsageError, match=r"pixels alone, and .*metres.trc is in metres. Write .trc, .c3d"):
            convert(tmp_path / "metres.trc", tmp_path / target)
        assert not (tmp_path / target).exists()
    with pytest.raises(UsageError, match=r"I don't write .*a\.docx.*\.mot for curves"):
        convert(OTHERS / "sleap.csv", tmp_path / "a.docx", 30)
    with pytest.raises(UsageError, match="is no file of points that I know"):
        convert(Path(__file__), tmp_path / "a.trc", 30)
