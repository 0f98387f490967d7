"""Define every angle of the body in one table, and measure it on a track."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from midstance.kinematics import geometry
from midstance.model import Floats, Side, Track
from midstance.skeleton import BOUNCING, INDEX, SIDES, other

MOSTLY_SEEN = 0.8
"""Share of the time in which the best seen of head and shoulders is drawn, that another must be drawn to count."""


@dataclass(frozen=True, slots=True)
class Angle:
    """How an angle is made from points.

    points   names of one side without the side; "mid_" = half way between left and right; "other_" = the other side
    turn     function of the points, degrees
    means    what the sign means, in words
    """

    points: tuple[str, ...]
    turn: Callable[..., Floats]
    means: str


ANGLES: Mapping[str, Angle] = MappingProxyType(
    {
        "trunk_lean": Angle(("mid_shoulder", "mid_hip"), geometry.lean_deg, "+ shoulders ahead of the hips"),
        "thigh": Angle(("hip", "knee"), geometry.hang_deg, "+ knee ahead of the hip"),
        "shank": Angle(("knee", "ankle"), geometry.hang_deg, "+ ankle ahead of the knee (reaching)"),
        "leg": Angle(("hip", "ankle"), geometry.hang_deg, "+ ankle ahead of the hip"),
        "hip_to_toe": Angle(("hip", "toe"), geometry.hang_deg, "+ toe ahead of the hip"),
        "foot_pitch": Angle(("heel", "toe"), geometry.pitch_deg, "+ toe above the heel"),
        "upper_arm": Angle(("shoulder", "elbow"), geometry.hang_deg, "+ elbow ahead of the shoulder"),
        "elbow_flexion": Angle(("shoulder", "elbow", "wrist"), geometry.bend_deg, "0 straight, + bent"),
    }
)
"""Angles of one segment, or of two that meet (docs/evidence.md#angles)."""

DIFFERENCES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "knee_flexion": ("thigh", "shank", "0 straight, + bent"),
        "thigh_separation": ("thigh", "other_thigh", "+ this thigh ahead of the other"),
        "ankle_dorsiflexion": ("foot_pitch", "shank", "+ toes towards the shin; 0 = flat sole under a vertical shank"),
    }
)
"""Angles that are the first minus the second of two angles above (docs/evidence.md#angles)."""


def middle_of(points: Floats, part: str) -> Floats:
    """Return the point half way between left and right ("hip", "shoulder"), (..., 2), of points (..., keypoint, 2)."""
    left, right = (points[..., INDEX[f"{side}_{part}"], :] for side in SIDES)
    return geometry.midpoint(left, right)


def point(track: Track, name: str, side: Side) -> Floats:
    """Return (frame, 2) leg lengths of a point named without its side ("knee", "mid_hip", "other_knee", "nose")."""
    if name in INDEX:
        return track.xy[:, INDEX[name]]
    if name.startswith("mid_"):
        return middle_of(track.xy, name.removeprefix("mid_"))
    if name.startswith("other_"):
        return point(track, name.removeprefix("other_"), other(side))
    return track.xy[:, INDEX[f"{side}_{name}"]]


def angle_deg(track: Track, name: str, side: Side) -> Floats:
    """Return (frame,) degrees of a named angle of one side ("other_": of the other side); NaN where a point is unseen.

    Raises KeyError for a name that is in neither table.
    """
    if name.startswith("other_"):
        return angle_deg(track, name.removeprefix("other_"), other(side))
    if name in DIFFERENCES:
        first, second, _ = DIFFERENCES[name]
        return geometry.wrap_deg(angle_deg(track, first, side) - angle_deg(track, second, side))
    angle = ANGLES[name]
    return angle.turn(*(point(track, p, side) for p in angle.points))


def height_of_bounce(xy: Floats) -> Floats:
    """Return the mean height of head and shoulders, (frame,): of those that are drawn, from behind often no nose."""
    drawn = xy[:, [INDEX[name] for name in BOUNCING], 1]
    seen = np.isfinite(drawn).mean(axis=0)
    return np.asarray(drawn[:, seen >= MOSTLY_SEEN * seen.max()].mean(axis=1))
