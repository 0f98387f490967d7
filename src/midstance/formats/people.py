"""Follow people through frames in which they are numbered anew: whoever is nearest goes on."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from midstance.model import Floats

LOST_FRAMES = 15
"""Whoever is not seen for longer is somebody new when they come back."""
REACH = 0.6
"""How far the middle of a person may move from one frame to the next, in heights of the person."""


def followed(frames: Sequence[Sequence[Floats]], count: int) -> Floats:
    """Return (person, frame, point, axis) of people listed frame by frame, the longest seen first; NaN = unseen.

    frames  of each frame everyone's (point, x y ...) with NaN for what is not seen
    count   points of a person
    """
    width = next((person.shape[-1] for people in frames for person in people), 2)
    trails: list[dict[int, Floats]] = []
    for frame, people in enumerate(frames):
        known = [(trail, max(trail)) for trail in trails if frame - max(trail) <= LOST_FRAMES]
        pairs = sorted(
            (distance, k, j)
            for k, person in enumerate(people)
            for j, (trail, last) in enumerate(known)
            if (distance := _apart(trail[last], person)) < REACH * (frame - last) ** 0.5
        )
        taken: set[int] = set()
        used: set[int] = set()
        for _, k, j in pairs:
            if k not in taken and j not in used:
                known[j][0][frame] = people[k]
                taken.add(k)
                used.add(j)
        trails += [{frame: person} for k, person in enumerate(people) if k not in taken]
    trails.sort(key=len, reverse=True)
    points = np.full((len(trails), len(frames), count, width), np.nan)
    for k, trail in enumerate(trails):
        for frame, person in trail.items():
            points[k, frame] = person
    return points


def _apart(before: Floats, now: Floats) -> float:
    """Return the mean distance of the points that both have, in heights of the person; infinite without any."""
    both = np.isfinite(before[:, 0]) & np.isfinite(now[:, 0])
    if not both.any():
        return float("inf")
    height = max(float(np.nanmax(before[:, 1]) - np.nanmin(before[:, 1])), 1e-9)
    return float(np.linalg.norm(before[both, :2] - now[both, :2], axis=1).mean()) / height
