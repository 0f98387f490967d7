"""The table of angles against a leg placed by hand, turned round and mirrored."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.kinematics.angles import ANGLES, DIFFERENCES, angle_deg, point
from midstance.skeleton import INDEX, KEYPOINTS, MIRROR
from tests.fixtures.jogger import as_track

HAND = {
    "right_hip": (0, 1), "right_knee": (0.25, 0.567), "right_ankle": (0.25, 0.067), "right_heel": (0.2, 0),
    "right_toe": (0.45, 0), "left_hip": (0, 1), "left_knee": (0, 0.5), "left_ankle": (-0.5, 0.5),
    "left_heel": (-0.5, 0.4), "left_toe": (-0.5, 0.15), "left_shoulder": (0, 1.5), "right_shoulder": (0, 1.5),
    "right_elbow": (-0.3, 1.5), "right_wrist": (-0.3, 1.2),
}  # fmt: skip
PLACED = np.full((4, len(KEYPOINTS), 2), np.nan)
for _name, _at in HAND.items():
    PLACED[:, INDEX[_name]] = _at
TRACK = as_track(np.arange(4) / 60, PLACED, 1.4)


@pytest.mark.parametrize(
    ("name", "side", "degrees"),
    [
        ("thigh", "right", 30),
        ("shank", "right", 0),
        ("knee_flexion", "right", 30),
        ("foot_pitch", "right", 0),
        ("ankle_dorsiflexion", "right", 0),
        ("trunk_lean", "right", 0),
        ("upper_arm", "right", -90),
        ("elbow_flexion", "right", 90),
        ("thigh", "left", 0),
        ("shank", "left", -90),
        ("knee_flexion", "left", 90),
        ("foot_pitch", "left", -90),
        ("thigh_separation", "right", 30),
        ("thigh_separation", "left", -30),
        ("other_thigh", "left", 30),
    ],
)
def test_angles_by_hand(name: str, side: str, degrees: float) -> None:
    assert angle_deg(TRACK, name, side) == pytest.approx(degrees, abs=0.1)  # type: ignore[arg-type]


def test_every_angle_mirrors() -> None:
    mirrored = replace(TRACK, xy=TRACK.xy[:, MIRROR])
    for name in (*ANGLES, *DIFFERENCES):
        assert angle_deg(mirrored, name, "left") == pytest.approx(angle_deg(TRACK, name, "right"), nan_ok=True)


def test_unseen_points_give_no_angle() -> None:
    assert np.isnan(angle_deg(TRACK, "upper_arm", "left")).all()
    assert np.isnan(point(TRACK, "nose", "left")).all()
