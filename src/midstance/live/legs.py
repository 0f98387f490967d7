"""Find which leg is which in the newest picture, by where they were at the same moment of the strides before."""

from __future__ import annotations

import numpy as np

from midstance.kinematics.angles import middle_of
from midstance.model import Floats, Track
from midstance.skeleton import INDEX, MIRROR, SIDES

COMPARED = [INDEX[f"{side}_{part}"] for side in SIDES for part in ("knee", "ankle", "heel", "toe")]
SWAPPED = [INDEX[f"{side}_{part}"] for side in reversed(SIDES) for part in ("knee", "ankle", "heel", "toe")]
"""The same points of the other leg, in the same order."""
MOST_STRIDES_AGO = 4


def true_legs(xy: Floats, time_s: float, track: Track | None) -> Floats:
    """Return the points of a picture with left and right as in the track that was followed shortly before.

    xy  (keypoint, 2) pixels, as the pose model names them; they stay so without a track
    """
    before = None if track is None else _a_stride_ago(time_s, track)
    if before is None:
        return xy
    now = xy - middle_of(xy, "hip")
    same, other = (_apart(now[points], before[COMPARED]) for points in (COMPARED, SWAPPED))
    return xy[MIRROR] if other < same else xy


def _a_stride_ago(time_s: float, track: Track) -> Floats | None:
    """Return where the points were, against the hips, a whole number of strides ago; None if that was not seen."""
    if not track.stride_hz > 0:
        return None
    strides = int(np.ceil((time_s - track.time_s[-1]) * track.stride_hz))
    row = int(np.argmin(np.abs(track.time_s - (time_s - max(0, strides) / track.stride_hz))))
    points = track.xy_px[row] - middle_of(track.xy_px[row], "hip")
    if strides > MOST_STRIDES_AGO or not np.isfinite(points[COMPARED]).all():
        return None
    return np.asarray(points)


def _apart(points: Floats, others: Floats) -> float:
    return float(np.linalg.norm(points - others, axis=1).sum())
