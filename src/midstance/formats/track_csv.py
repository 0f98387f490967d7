"""Write a track as track.csv: the points of every frame."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

import numpy as np

from midstance.model import Clip, Track
from midstance.skeleton import KEYPOINTS


def track_csv(track: Track, clip: Clip) -> str:
    """Return track.csv: a row per frame of the clip, pixels of the upright picture after repair; empty = unseen."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    parts = ("x_px", "y_px", "confidence")
    rows.writerow(["frame", "time_s", *(f"{name}_{part}" for name in KEYPOINTS for part in parts)])
    for frame, shown_s in enumerate(clip.time_s / clip.slow_motion_factor):
        row = frame - track.first_frame
        inside = 0 <= row < len(track.time_s)
        points = _points(track, row) if inside else [""] * (3 * len(KEYPOINTS))
        rows.writerow([frame, f"{shown_s:.5f}", *points])
    return table.getvalue()


def _points(track: Track, row: int) -> Iterable[str]:
    for (x, y), confidence in zip(track.xy_px[row], track.confidence[row], strict=True):
        if np.isfinite(x):
            yield from (f"{x:.2f}", f"{y:.2f}", f"{confidence:.3f}")
        else:
            yield from ("", "", "")
