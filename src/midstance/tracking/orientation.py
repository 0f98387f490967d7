"""Find how the body is turned: side, front or rear, and the direction of running.

The camera sees the right side of whoever faces the right of the picture, so direction and near side are one question.
"""

from __future__ import annotations

import numpy as np

from midstance.model import Floats, Person, Plane, Side
from midstance.skeleton import INDEX, SIDES

SQUARE_ON = 0.45
"""Shoulder width over trunk length above which the view is front or rear. On film: side views up to 0.33 (15 degrees
oblique: 0.15), front and rear 0.62 to 0.66."""

_NOSE, _FEET, _ARMS, _TRAVEL = 0.13, 0.25, 0.5, 1.5
"""What a clear side view shows: nose ahead of the ears and toes ahead of the heels (trunk lengths), the far arm hidden
(confidence), hips travelling (trunk lengths a second)."""


SIZE_SCATTER, STEEPEST = 0.3, np.radians(45)
"""A turning camera: share of the change of size that may stay unexplained, and half of the turn that is used."""


def near_side_of(direction: int) -> Side:
    """Return the side of the body towards the camera: who runs to the right of the picture shows the right side."""
    return "right" if direction > 0 else "left"


def trunk_px(xy_px: Floats) -> float:
    """Measure the median length from mid-hip to mid-shoulder, pixels; NaN if never seen.

    xy_px  (frame, keypoint, 2)
    """
    if not np.isfinite(xy_px[:, INDEX["left_hip"], 0]).any():
        return float("nan")
    shoulders, hips = (_pair(xy_px, part).mean(1) for part in ("shoulder", "hip"))
    return float(np.nanmedian(np.linalg.norm(shoulders - hips, axis=1)))


def turned_deg(xy_px: Floats) -> float:
    """Measure how far the body, ankles to hips, is turned against the upright of the picture; NaN if unseen.

    Degrees, + clockwise. The trunk would not do: a sprinter's is level in the blocks.
    """
    if not np.isfinite(xy_px[:, INDEX["left_hip"], 0]).any():
        return float("nan")
    across, up = np.nanmedian(_pair(xy_px, "hip").mean(1) - _pair(xy_px, "ankle").mean(1), axis=0) * [1, -1]
    return float(np.degrees(np.arctan2(across, up)))


def shoulder_width(xy_px: Floats) -> float:
    """Measure how far the left shoulder is to the right of the right one, trunk lengths; + seen from the front."""
    shoulders = _pair(xy_px, "shoulder")
    return float(np.nanmedian(shoulders[:, 0, 0] - shoulders[:, 1, 0]) / trunk_px(xy_px))


def plane_of(xy_px: Floats) -> Plane:
    """Classify the view as side, front or rear, by how wide the shoulders are drawn."""
    width = shoulder_width(xy_px)
    if abs(width) < SQUARE_ON:
        return "side"
    return "front" if width > 0 else "rear"


def direction_votes(person: Person, path_px: Floats, time_s: Floats) -> float:
    """Add up four votes, each -1 (left) to +1 (right), the travel of the hips counting twice.

    path_px   (frame, 2) mid-hip in the pixels of the first frame, camera motion removed
    """
    xy, size = person.xy, trunk_px(person.xy)
    ears = xy[:, [INDEX["left_ear"], INDEX["right_ear"]], 0].mean(1)
    nose = _median(xy[:, INDEX["nose"], 0] - ears) / size / _NOSE
    feet = _median((_pair(xy, "toe") - _pair(xy, "heel"))[..., 0]) / size / _FEET
    seen = np.isfinite(xy[:, INDEX["left_hip"], 0])
    arms = [
        float(np.mean(person.confidence[seen][:, [INDEX[f"{side}_elbow"], INDEX[f"{side}_wrist"]]])) for side in SIDES
    ]
    known = np.isfinite(path_px[:, 0])
    travel = np.polyfit(time_s[known], path_px[known, 0], 1)[0] / size / _TRAVEL
    votes = np.clip([nose, feet, (arms[1] - arms[0]) / _ARMS, travel], -1, 1)
    return float(np.nan_to_num(votes) @ [1, 1, 1, 2])


def _median(values: Floats) -> float:
    """Return the median of what is seen; NaN if nothing is."""
    return float(np.nanmedian(values)) if np.isfinite(values).any() else float("nan")


def turned_away_rad(size_px: Floats, across_px: Floats, *, width_px: float) -> Floats:
    """Measure how far a camera that turns on the spot after a runner looks past the square; 0 where not found.

    size_px    (frame,) pixels per leg length
    across_px  (frame,) place of the hip in the pixels of the first frame, which grow with the angle of the camera
    returns    (frame,) radians

    Distance grows as one over the cosine, so size over place is a cosine: its top is the square view, its curvature the
    focal length.
    """
    square_on = np.zeros(len(size_px))
    if np.ptp(across_px) < width_px:
        return square_on
    middle, half = across_px.mean(), np.ptp(across_px) / 2
    place = (across_px - middle) / half
    bend, slope, level = np.polyfit(place, size_px, 2)
    rest = size_px - np.polyval([bend, slope, level], place)
    top = -slope / (2 * bend)
    focal = np.sqrt(max(-(level + slope * top / 2) / (2 * bend), 0.0))
    if bend >= 0 or abs(top) > 1 or rest.var() > SIZE_SCATTER * size_px.var() or 1 / focal > STEEPEST:
        return square_on
    return np.asarray((place - top) / focal)


def _pair(xy_px: Floats, part: str) -> Floats:
    """Return the left and right point, (frame, 2, 2) pixels."""
    return xy_px[:, [INDEX[f"{side}_{part}"] for side in SIDES]]
