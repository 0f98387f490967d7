"""Stick figures stand where their angles say, and a changed limb shows the angle that is aimed at."""

from __future__ import annotations

from dataclasses import replace
from math import hypot
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from midstance import data
from midstance.coaching.practice import drill
from midstance.model import DrillPose, LegPose
from midstance.render.changed_figure import CHANGES, _Body
from midstance.render.figure import SHANK, THIGH, drill_picture, figure
from midstance.render.overlays import Posture
from midstance.skeleton import INDEX, KEYPOINTS

STANDING = DrillPose(
    says="Stand", trunk=0, near=LegPose(thigh=0, knee=0, foot=0), far=LegPose(thigh=0, knee=0, foot=0),
    near_arm=0, far_arm=0, elbow=0,
)  # fmt: skip


def test_a_standing_figure_is_upright_and_a_bent_knee_folds_back() -> None:
    body = figure(STANDING)
    _hip, knee, ankle, heel, toe = body.lines["near_leg"]
    assert knee == pytest.approx((0, -THIGH))
    assert ankle == pytest.approx((0, -THIGH - SHANK))
    assert toe[0] > 0 > heel[0]
    assert body.head[1] > 0
    bent = figure(replace(STANDING, near=LegPose(thigh=0, knee=90, foot=0)))
    assert bent.lines["near_leg"][2] == pytest.approx((-SHANK, -THIGH))


def test_the_trunk_leans_forward_by_its_angle() -> None:
    neck = figure(replace(STANDING, trunk=30)).lines["trunk"][1]
    assert neck[0] == pytest.approx(0.5 * hypot(*neck))


@pytest.mark.parametrize("name", data.table("practice")["drills"])
def test_a_drill_is_drawn_whole_inside_its_picture(name: str) -> None:
    found = drill(name)
    svg = ET.fromstring(drill_picture(found.poses, found.title))  # noqa: S314  (our own)
    _, _, width, height = (float(v) for v in svg.attrib["viewBox"].split())
    drawn = " ".join(path.attrib["d"] for path in svg.iter("path"))
    numbers = [float(n) for n in drawn.replace("M", " ").replace("L", " ").split()]
    assert all(0 <= x <= width for x in numbers[::2])
    assert all(0 <= y <= height for y in numbers[1::2])
    assert len(list(svg.iter("circle"))) == len(found.poses)


# -- the runner's own figure with the change made --------------------------------------------------------------------

LEG = {"hip": (100, 100), "knee": (120, 148), "ankle": (136, 196), "heel": (128, 204), "toe": (158, 200)}


def body(facing: int = 1) -> _Body:
    """Return a runner 100 pixels a leg at landing: thigh 22.6 and shank 18.4 degrees ahead of the vertical."""
    points = np.full((len(KEYPOINTS), 2), np.nan)
    for side in ("left", "right"):
        for name, at in {
            **LEG,
            "shoulder": (104, 40),
            "elbow": (100, 70),
            "wrist": (112, 90),
            "ear": (106, 20),
        }.items():
            points[INDEX[f"{side}_{name}"]] = at
    points[INDEX["nose"]] = (110, 22)
    if facing < 0:
        points[:, 0] = 200 - points[:, 0]
    return _Body(Posture(points=points, facing=facing, hip_path=lambda: points[:1]), "left", 100.0)


def angle_deg(points: np.ndarray, upper: str, lower: str, facing: int) -> float:
    x, y = points[INDEX[f"left_{lower}"]] - points[INDEX[f"left_{upper}"]]
    return float(np.degrees(np.arctan2(facing * x, y)))


@pytest.mark.parametrize("facing", [1, -1])
@pytest.mark.parametrize(
    ("measure", "by", "turns"),
    [
        ("shank_angle_at_strike_deg", -6.0, (("knee", "ankle"), -6.0)),
        ("knee_flexion_at_strike_deg", 5.0, (("knee", "ankle"), -5.0)),
        ("peak_thigh_extension_deg", 8.0, (("hip", "knee"), -8.0)),
        ("peak_thigh_flexion_deg", 8.0, (("hip", "knee"), 8.0)),
    ],
)
def test_a_segment_turns_by_the_change(
    facing: int, measure: str, by: float, turns: tuple[tuple[str, str], float]
) -> None:
    segment, moves = turns
    runner = body(facing)
    changed = CHANGES[measure](runner, by)
    assert changed is not None
    before = angle_deg(runner.posture.points, *segment, facing)
    assert angle_deg(changed, *segment, facing) == pytest.approx(before + moves)
    assert changed[INDEX["right_ankle"]] == pytest.approx(runner.posture.points[INDEX["right_ankle"]]), "one leg only"


@pytest.mark.parametrize("facing", [1, -1])
def test_the_foot_lands_closer_along_the_ground_and_bones_keep_their_length(facing: int) -> None:
    runner = body(facing)
    changed = CHANGES["foot_ahead_of_hip_at_strike_leg"](runner, -0.1)
    assert changed is not None
    moved = changed[INDEX["left_ankle"]] - runner.posture.points[INDEX["left_ankle"]]
    assert moved == pytest.approx((-10 * facing, 0))
    for upper, lower in (("hip", "knee"), ("knee", "ankle")):
        lengths = [
            hypot(*(p[INDEX[f"left_{upper}"]] - p[INDEX[f"left_{lower}"]])) for p in (runner.posture.points, changed)
        ]
        assert lengths[0] == pytest.approx(lengths[1], rel=0.01)
    assert angle_deg(changed, "hip", "knee", facing) > angle_deg(changed, "knee", "ankle", facing), "bent forward"


def test_a_hip_that_rides_higher_lifts_the_body_over_a_foot_that_stays() -> None:
    changed = CHANGES["hip_height_midstance_leg"](body(), 0.02)
    assert changed is not None
    assert changed[INDEX["left_hip"]][1] == pytest.approx(98)
    assert changed[INDEX["nose"]][1] == pytest.approx(20)
    assert changed[INDEX["left_ankle"]] == pytest.approx(LEG["ankle"])
    assert CHANGES["hip_height_midstance_leg"](body(), 0.9) is None, "no leg is that long"


def test_a_lean_and_a_heel_come_where_they_should() -> None:
    leant = CHANGES["trunk_lean_deg"](body(), 10.0)
    heel = CHANGES["heel_recovery_leg"](body(), 0.1)
    assert leant is not None
    assert heel is not None
    assert leant[INDEX["left_shoulder"]][0] > 104
    assert heel[INDEX["left_heel"]][1] == pytest.approx(204 - 10, abs=1.0)
