"""How a measure is drawn on the body: the kind of drawing and the points it takes; render/overlays.py draws them."""

from __future__ import annotations

from typing import Literal, NamedTuple

How = Literal[
    "from_straight_down", "from_straight_up", "from_level", "bend", "between_thighs", "ahead_of_hip", "heel_to_hip",
    "hip_path", "pair_from_level", "from_midline",
]  # fmt: skip
"""from_straight_down, from_straight_up, from_level: the angle of a segment against that direction, at its first point.
bend: how far the last segment of three points turns from the first. between_thighs: the angle of both thighs.
ahead_of_hip: from the plumb line of the hip to the ankle. heel_to_hip: how far the heel is below the hip.
hip_path: the way of the hips over a stride. pair_from_level: a left and a right joint against level.
from_midline: from the plumb line of the shoulders to a joint, seen from the front."""


class Drawing(NamedTuple):
    """One drawing; points are named without their side ("mid_hip": half way between left and right)."""

    how: How
    points: tuple[str, ...] = ()


SHANK = Drawing("from_straight_down", ("knee", "ankle"))
THIGH = Drawing("from_straight_down", ("hip", "knee"))
KNEE = Drawing("bend", ("hip", "knee", "ankle"))
LEG = Drawing("from_straight_down", ("hip", "ankle"))
HIP_TO_TOE = Drawing("from_straight_down", ("hip", "toe"))
FOOT = Drawing("from_level", ("heel", "toe"))
TRUNK = Drawing("from_straight_up", ("mid_hip", "mid_shoulder"))
THIGHS = Drawing("between_thighs")
REACH = Drawing("ahead_of_hip")
HEEL = Drawing("heel_to_hip")
HIP_PATH = Drawing("hip_path")
ELBOW = Drawing("bend", ("shoulder", "elbow", "wrist"))
UPPER_ARM = Drawing("from_straight_down", ("shoulder", "elbow"))
PELVIS = Drawing("pair_from_level", ("hip",))
HAND = Drawing("from_midline", ("wrist",))
ELBOW_OUT = Drawing("from_midline", ("elbow",))
SHOULDERS = Drawing("pair_from_level", ("shoulder",))
