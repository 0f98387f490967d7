"""Draw the runner's own figure with the change made: the shin at 8 degrees in place of 14, over the runner's own frame.

Only the limbs that the aim of the plan is about are moved, about the joint that moves them; the rest stays as it was
filmed. It shows the size of the change, not how anybody will run.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from midstance.coaching.rules.seen import is_share, share_text
from midstance.kinematics.angles import middle_of
from midstance.model import Analysis, Floats, Measure, Side, Target
from midstance.render import canvas
from midstance.render.overlays import Posture, posed, posture
from midstance.render.viewport import Viewport, follow_view, row_of
from midstance.skeleton import INDEX, SIDES
from midstance.text.names import bare
from midstance.text.shots import frame_at
from midstance.video.frames import pick_frames

FOOT = ("heel", "toe")
SHANK = ("ankle", *FOOT)
LEG = ("knee", *SHANK)
TRUNK = ("shoulder", "elbow", "wrist", "ear")


@dataclass(frozen=True, slots=True)
class _Body:
    """Points of one frame in the drawn picture, with the leg that changes and the scale."""

    posture: Posture
    side: Side
    leg_px: float

    def at(self, name: str) -> Floats:
        return self.posture.at(name, self.side)


Change = Callable[[_Body, float], "Floats | None"]
"""Return the (keypoint, 2) points after a change of a measure by so much; None where it cannot be drawn."""


def change_picture(analysis: Analysis, *, height: int = 720) -> canvas.Image | None:
    """Return the frame that shows the aim, with the change made drawn on it; None where it cannot be drawn."""
    target, frame = analysis.plan.target if analysis.plan else None, changed_frame(analysis)
    if target is None or frame is None:
        return None
    film = analysis.films[film_of(analysis)]
    view = follow_view(film.clip, film.track, height=height)
    decoded = pick_frames(film.clip, [frame], height=view.decode)[frame]
    return draw_change((decoded, frame), view, film, target)


def changed_frame(analysis: Analysis) -> int | None:
    """Return the frame that shows the aim of the plan best; None where the change cannot be drawn on the body."""
    measure, target = _measure_of(analysis), analysis.plan.target if analysis.plan else None
    if measure is None or target is None or target.measure not in CHANGES or not measure.samples:
        return None
    film = analysis.films[measure.film]
    row_seen = _seen(film, _side(film, target))
    by_likeness = sorted(measure.samples, key=lambda sample: abs(sample.value - target.start))
    frames = (frame_at(film.clip, sample.time_s) for sample in by_likeness)
    return next((frame for frame in frames if row_seen(frame)), None)


def film_of(analysis: Analysis) -> int:
    """Return which film of the run shows the aim of the plan: its place in Analysis.films."""
    measure = _measure_of(analysis)
    return measure.film if measure else 0


def draw_change(
    decoded: tuple[canvas.Image, int], view: Viewport, film: Analysis, target: Target
) -> canvas.Image | None:
    """Draw the runner of a decoded (picture, frame), and in yellow the limbs with the change made; or None."""
    (picture, frame), side = decoded, _side(film, target)
    leg_px = float(film.track.leg_px[row_of(film.track, frame)]) * view.zoom
    body = _Body(posture(view, film.track, frame), side, leg_px)
    points = CHANGES[target.measure](body, target.goal - target.start)
    if points is None or not np.isfinite(points[INDEX[f"{side}_hip"]]).all():
        return None
    image = posed(picture, view, film, frame)
    moved = np.abs(points - body.posture.points).max(axis=1) > 0.5
    if not moved.any():
        return None
    _draw_moved(image, points, moved, side)
    lowest = points[moved][np.nanargmax(points[moved][:, 1])]
    below = lowest + np.array([0.0, 0.06 * image.shape[0]])
    canvas.label(image, below, _aim(target), size=max(15, round(image.shape[0] / 26)))
    return image


def _draw_moved(image: canvas.Image, points: Floats, moved: NDArray[np.bool_], side: Side) -> None:
    width = max(4, round(image.shape[0] / 140))
    for chain in _chains(side):
        for first, last in pairwise(chain):
            if moved[INDEX[first]] or moved[INDEX[last]]:
                canvas.line(image, points[INDEX[first]], points[INDEX[last]], canvas.MARK, width=width)
    if moved[[INDEX[f"{s}_shoulder"] for s in SIDES]].any():
        canvas.line(image, middle_of(points, "hip"), middle_of(points, "shoulder"), canvas.MARK, width=width)


def _aim(target: Target) -> str:
    if is_share(target.measure):
        return f"aim {share_text(target.measure, target.goal)}"
    return f"aim {bare(target.goal, target.minimal_change, target.unit)}"


def _measure_of(analysis: Analysis) -> Measure | None:
    target = analysis.plan.target if analysis.plan else None
    if target is None:
        return None
    return next((m for m in analysis.measures if (m.id, m.side) == (target.measure, target.side)), None)


def _side(film: Analysis, target: Target) -> Side:
    return film.near_leg if target.side == "both" else target.side


def _seen(film: Analysis, side: Side) -> Callable[[int], bool]:
    names = [INDEX[f"{side}_{name}"] for name in ("hip", *LEG)]

    def seen(frame: int) -> bool:
        return bool(np.isfinite(film.track.xy_px[row_of(film.track, frame), names]).all())

    return seen


def _chains(side: Side) -> Sequence[tuple[str, ...]]:
    leg = tuple(f"{side}_{name}" for name in ("hip", "knee", "ankle", "heel", "toe", "ankle"))
    return (leg, *(tuple(f"{s}_{name}" for name in ("shoulder", "elbow", "wrist")) for s in SIDES))


# -- changes -------------------------------------------------------------------------------------------------------


def _turn(points: Floats, about: Floats, degrees: float, facing: int) -> Floats:
    """Turn points about a joint; what hangs below it swings forward by positive degrees."""
    turn = math.radians(degrees)
    ahead, below = (points[..., 0] - about[0]) * facing, points[..., 1] - about[1]
    forward = ahead * math.cos(turn) + below * math.sin(turn)
    down = below * math.cos(turn) - ahead * math.sin(turn)
    return np.stack([about[0] + facing * forward, about[1] + down], axis=-1)


def _turned(body: _Body, joint: str, parts: Sequence[str], degrees: float) -> Floats:
    """Return the points with some parts of the leg turned about a joint."""
    points = body.posture.points.copy()
    rows = [INDEX[f"{body.side}_{name}"] for name in parts]
    points[rows] = _turn(points[rows], body.at(joint), degrees, body.posture.facing)
    return points


def _about(joint: str, parts: Sequence[str], way: float = 1.0) -> Change:
    """Return a change of so many degrees about a joint; way -1 where more of the measure is farther back."""

    def change(body: _Body, by: float) -> Floats:
        return _turned(body, joint, parts, way * by)

    return change


def _trunk(body: _Body, by: float) -> Floats:
    points = body.posture.points.copy()
    rows = [INDEX[f"{side}_{name}"] for side in SIDES for name in TRUNK] + [INDEX["nose"]]
    points[rows] = _turn(points[rows], middle_of(points, "hip"), -by, body.posture.facing)
    return points


def _landing_closer(body: _Body, by: float) -> Floats | None:
    """Move the foot along the ground, the hip where it is; the knee bends as it must."""
    shift = np.array([by * body.leg_px * body.posture.facing, 0.0])
    return _knee_between(body, body.at("hip"), body.at("ankle") + shift, move_foot=shift)


def _hip_higher(body: _Body, by: float) -> Floats | None:
    """Lift the whole body over the standing foot; the knee straightens as it must."""
    lift = np.array([0.0, -by * body.leg_px])
    points = _knee_between(body, body.at("hip") + lift, body.at("ankle"), move_foot=np.zeros(2))
    if points is None:
        return None
    standing = {INDEX[f"{body.side}_{name}"] for name in LEG}
    rows = [row for row in range(len(points)) if row not in standing]
    points[rows] = body.posture.points[rows] + lift
    return points


def _knee_between(body: _Body, hip: Floats, ankle: Floats, *, move_foot: Floats) -> Floats | None:
    """Return the points with hip and ankle at new places and the knee between them, bent forward; None if too far."""
    thigh, shank = (float(np.hypot(*(body.at(a) - body.at(b)))) for a, b in (("hip", "knee"), ("knee", "ankle")))
    reach = float(np.hypot(*(ankle - hip)))
    if not abs(thigh - shank) < reach < 1.02 * (thigh + shank):
        return None
    reach = min(reach, thigh + shank - 1e-6)
    along = (thigh**2 - shank**2 + reach**2) / (2 * reach)
    out = math.sqrt(max(thigh**2 - along**2, 0.0))
    line = (ankle - hip) / np.hypot(*(ankle - hip))
    forward = np.array([line[1], -line[0]]) * body.posture.facing
    points = body.posture.points.copy()
    points[INDEX[f"{body.side}_hip"]] = hip
    points[INDEX[f"{body.side}_knee"]] = hip + along * line + out * forward
    for name in SHANK:
        points[INDEX[f"{body.side}_{name}"]] += move_foot
    return points


def _solved(change: Change, read: Callable[[_Body, Floats], float], within: float) -> Change:
    """Return a change whose amount is searched for until what is read from the points has changed by so much."""

    def solved(body: _Body, by: float) -> Floats | None:
        start = read(body, body.posture.points)
        steps = (change(body, float(step)) for step in np.linspace(-within, within, 121))
        tried = [points for points in steps if points is not None]
        return min(tried, key=lambda points: abs(read(body, points) - start - by), default=None)

    return solved


def _heel_height(body: _Body, points: Floats) -> float:
    hip, heel = (points[INDEX[f"{body.side}_{name}"]] for name in ("hip", "heel"))
    return float(heel[1] - hip[1]) / -body.leg_px


def _knee_bend(body: _Body, points: Floats) -> float:
    hip, knee, ankle = (points[INDEX[f"{body.side}_{name}"]] for name in ("hip", "knee", "ankle"))
    bend = canvas.direction_deg(hip, knee) - canvas.direction_deg(knee, ankle)
    return -body.posture.facing * ((bend + 180) % 360 - 180)


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "shank_angle_at_strike_deg": _about("knee", SHANK),
        "knee_flexion_at_strike_deg": _about("knee", SHANK, -1.0),
        "thigh_angle_at_strike_deg": _about("hip", LEG),
        "foot_ahead_of_hip_at_strike_leg": _landing_closer,
        "foot_strike_angle_deg": _about("ankle", FOOT),
        "foot_pitch_before_strike_deg": _about("ankle", FOOT),
        "ankle_dorsiflexion_late_swing_deg": _about("ankle", FOOT),
        "trunk_lean_deg": _trunk,
        "trunk_lean_at_strike_deg": _trunk,
        "hip_height_midstance_leg": _hip_higher,
        "peak_knee_flexion_stance_deg": _solved(_hip_higher, _knee_bend, 0.15),
        "peak_thigh_extension_deg": _about("hip", LEG, -1.0),
        "thigh_extension_at_toe_off_deg": _about("hip", LEG, -1.0),
        "peak_thigh_flexion_deg": _about("hip", LEG),
        "peak_knee_flexion_swing_deg": _about("knee", SHANK, -1.0),
        "knee_flexion_before_rearmost_thigh_deg": _about("knee", SHANK, -1.0),
        "heel_recovery_leg": _solved(_about("knee", SHANK), _heel_height, 60.0),
    }
)
"""How each measure is changed on the body; a time or a distance over several frames cannot be drawn on one."""
