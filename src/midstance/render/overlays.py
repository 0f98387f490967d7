"""Draw a measure on the body: the angle or distance that matters."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np

from midstance.kinematics.angles import middle_of
from midstance.measures import BY_ID
from midstance.measures.drawings import How
from midstance.model import Analysis, Floats, MeasureSide, Side, Track
from midstance.render import canvas
from midstance.render.viewport import Viewport, row_of
from midstance.skeleton import INDEX, other

Image = canvas.Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """The body in one drawn picture.

    points      (keypoint, 2) pixels of the drawn picture
    facing      +1 runs to the right of the picture, -1 to the left
    hip_path    called for (frame, 2) where the middle of the hips was in the frames around, in the same pixels
    """

    points: Floats
    facing: int
    hip_path: Callable[[], Floats]

    def at(self, name: str, side: Side) -> Floats:
        """Return a point named without its side; "mid_hip" is half way between left and right."""
        if name.startswith("mid_"):
            return middle_of(self.points, name.removeprefix("mid_"))
        return np.asarray(self.points[INDEX[f"{side}_{name}"]])


def posture(view: Viewport, track: Track, frame: int) -> Posture:
    """Place the runner of one frame in the drawn picture, with the path of the hips over the stride around it."""
    return Posture(
        points=view.place(track.xy_px[row_of(track, frame)], frame),
        facing=-1 if track.direction < 0 else 1,
        hip_path=partial(_hips_around, view, track, frame),
    )


def _hips_around(view: Viewport, track: Track, frame: int) -> Floats:
    row, half = row_of(track, frame), round(0.5 * track.rate_hz / track.stride_hz)
    return view.place(middle_of(track.xy_px[max(0, row - half) : row + half + 1], "hip"), frame)


Drawing = Callable[[Image, Posture, Side], Floats]
"""Draws on the picture, and returns where its number belongs; NaN if the points were not seen."""

DOWN, UP = 90.0, -90.0


def draw_measure(
    image: Image, posture: Posture, measure: str, side: MeasureSide, *, near: Side | None, number: str = ""
) -> Image:
    """Draw a measure on the body, with its number beside it; a measure of time or of the whole clip draws nothing."""
    shown = near or "left" if side == "both" else side
    drawn = BY_ID[measure].drawn if measure in BY_ID else None
    if drawn is None:
        return image
    at = HOW[drawn.how](*drawn.points)(image, posture, shown)
    return canvas.label(image, at, number, size=max(15, round(image.shape[0] / 26))) if number else image


def posed(decoded: Image, view: Viewport, analysis: Analysis, frame: int) -> Image:
    """Return the drawn picture of a frame with the runner's skeleton on it."""
    track = analysis.track
    image = np.ascontiguousarray(view.picture(decoded, frame)).copy()
    seen = track.seen[row_of(track, frame)]
    return canvas.skeleton(image, posture(view, track, frame).points, seen, near=analysis.near_leg, width=3)


def measured(
    image: Image, view: Viewport, analysis: Analysis, shown: tuple[int, str, MeasureSide], *, number: str = ""
) -> Image:
    """Draw a (frame, measure, side) on the picture of its frame."""
    frame, measure, side = shown
    body = posture(view, analysis.track, frame)
    return draw_measure(image, body, measure, side, near=analysis.near_leg, number=number)


def _from_straight_down(upper: str, lower: str) -> Drawing:
    """Draw the angle of a segment from straight down, at its upper end."""

    def drawn(image: Image, posture: Posture, side: Side) -> Floats:
        return _angle_from(image, posture.at(upper, side), posture.at(lower, side), DOWN)

    return drawn


def _from_straight_up(lower: str, upper: str) -> Drawing:
    """Draw the angle of a segment from straight up, at its lower end."""

    def drawn(image: Image, posture: Posture, side: Side) -> Floats:
        return _angle_from(image, posture.at(lower, side), posture.at(upper, side), UP)

    return drawn


def _from_level(rear: str, front: str) -> Drawing:
    """Draw the angle of a segment from level ground, at its rear end."""

    def drawn(image: Image, posture: Posture, side: Side) -> Floats:
        forward = 0.0 if posture.facing > 0 else 180.0
        return _angle_from(image, posture.at(rear, side), posture.at(front, side), forward)

    return drawn


def _joint_bend(first: str, joint: str, last: str) -> Drawing:
    """Draw how far a joint is bent, from the straight line of its first segment to its last."""

    def drawn(image: Image, posture: Posture, side: Side) -> Floats:
        start, middle, end = (posture.at(name, side) for name in (first, joint, last))
        return _angle_from(image, middle, end, canvas.direction_deg(start, middle))

    return drawn


def _between_thighs(image: Image, posture: Posture, side: Side) -> Floats:
    """Draw the angle between the thighs."""
    hip = posture.at("mid_hip", side)
    return _angle_from(image, hip, posture.at("knee", side), canvas.direction_deg(hip, posture.at("knee", other(side))))


def _ahead_of_hip(image: Image, posture: Posture, side: Side) -> Floats:
    """Draw a plumb line from the hip, and how far the ankle is from it."""
    hip, ankle = posture.at("mid_hip", side), posture.at("ankle", side)
    foot = np.array([hip[0], ankle[1]])
    canvas.line(image, hip, foot, canvas.INK, width=2, dashed=True)
    canvas.line(image, foot, ankle, canvas.MARK, width=4)
    return _beside(image, (foot + ankle) / 2, np.array([0.0, 1.0]))


def _heel_below_hip(image: Image, posture: Posture, side: Side) -> Floats:
    """Draw how far the heel is below the hip."""
    hip, heel = posture.at("hip", side), posture.at("heel", side)
    level = np.array([heel[0], hip[1]])
    canvas.line(image, hip, level, canvas.INK, width=2, dashed=True)
    canvas.line(image, level, heel, canvas.MARK, width=4)
    return _beside(image, (level + heel) / 2, np.array([-float(posture.facing), 0.0]))


def _hip_path(image: Image, posture: Posture, side: Side) -> Floats:
    """Draw the path of the hips, between its lowest and its highest point."""
    path = posture.hip_path()
    if not np.isfinite(path).any():
        return np.full(2, np.nan)
    left, right = np.nanmin(path[:, 0]) - 60, np.nanmax(path[:, 0]) + 60
    for level in (np.nanmin(path[:, 1]), np.nanmax(path[:, 1])):
        canvas.line(image, np.array([left, level]), np.array([right, level]), canvas.INK, width=2, dashed=True)
    canvas.polyline(image, path, canvas.MARK, width=3)
    canvas.dot(image, posture.at("mid_hip", side), canvas.MARK, radius=5)
    return _beside(image, np.array([right, np.nanmean(path[:, 1])]), np.array([1.0, 0.0]))


def _pair_against_level(joint: str) -> Drawing:
    """Draw a pair of joints against level, as seen from the front or behind."""

    def drawn(image: Image, posture: Posture, side: Side) -> Floats:
        a, b = posture.at(joint, side), posture.at(joint, other(side))
        level = 0.0 if a[0] > b[0] else 180.0
        return _angle_from(image, b, a, level)

    return drawn


def _from_midline(joint: str) -> Drawing:
    """Draw the plumb line of the middle of the shoulders, and how far a joint is from it."""

    def drawn(image: Image, posture: Posture, side: Side) -> Floats:
        top, low, end = posture.at("mid_shoulder", side), posture.at("mid_hip", side), posture.at(joint, side)
        level = np.array([top[0], end[1]])
        canvas.line(image, top, np.array([top[0], low[1]]), canvas.INK, width=2, dashed=True)
        canvas.line(image, level, end, canvas.MARK, width=4)
        canvas.dot(image, end, canvas.MARK, radius=5)
        return _beside(image, (level + end) / 2, np.array([0.0, -1.0]))

    return drawn


def _angle_from(image: Image, apex: Floats, end: Floats, reference_deg: float) -> Floats:
    """Draw a segment, a dashed line as long as it in the reference direction, and the arc between them."""
    if not (np.isfinite(apex).all() and np.isfinite(end).all()):
        return np.full(2, np.nan)
    length = float(np.hypot(*(end - apex)))
    turn = np.radians(reference_deg)
    canvas.line(image, apex, apex + length * np.array([np.cos(turn), np.sin(turn)]), canvas.INK, width=2, dashed=True)
    canvas.line(image, apex, end, canvas.MARK, width=4)
    segment_deg, radius = canvas.direction_deg(apex, end), 0.62 * length
    canvas.arc(image, apex, reference_deg, segment_deg, radius=radius)
    between = np.radians(reference_deg + ((segment_deg - reference_deg + 180) % 360 - 180) / 2)
    out = np.array([np.cos(between), np.sin(between)])
    return _beside(image, apex + radius * out, out)


def _beside(image: Image, at: Floats, out: Floats) -> Floats:
    """Return a place a number's width away from a point, in the direction `out`."""
    return np.asarray(at + out * image.shape[0] / 14)


HOW: Mapping[How, Callable[..., Drawing]] = MappingProxyType(
    {
        "from_straight_down": _from_straight_down,
        "from_straight_up": _from_straight_up,
        "from_level": _from_level,
        "bend": _joint_bend,
        "between_thighs": lambda: _between_thighs,
        "ahead_of_hip": lambda: _ahead_of_hip,
        "heel_to_hip": lambda: _heel_below_hip,
        "hip_path": lambda: _hip_path,
        "pair_from_level": _pair_against_level,
        "from_midline": _from_midline,
    }
)
"""What draws each kind of drawing, given its points."""
