"""Say where the heads are in every frame of a clip, so that faces can be blurred in every picture of it."""

from __future__ import annotations

import numpy as np

from midstance.kinematics.angles import middle_of
from midstance.model import Floats, Person, Poses
from midstance.skeleton import HEAD, INDEX

RADIUS = 0.42
"""Of the circle that is blurred, in trunk lengths: twice the half of a head, which is about 0.45 trunks tall."""
NECK = 0.35
"""How far the middle of the head is above the shoulders, in trunk lengths, where no point of the head was drawn."""
HELD_FRAMES = 15
"""A head that is not seen for so many frames is where it was last, or where it comes next."""


def heads_of(poses: Poses) -> Floats:
    """Return (frame, person, 3) x, y and radius in pixels of every head; NaN where there is none."""
    heads = [_heads(person) for person in poses.people]
    return np.stack(heads, axis=1) if heads else np.empty((len(poses.time_s), 0, 3))


def heads_in(xy: Floats) -> Floats:
    """Return (frame, 3) x, y and radius of one person's head from (frame, keypoint, 2) points."""
    with np.errstate(all="ignore"):
        shoulder, hip = middle_of(xy, "shoulder"), middle_of(xy, "hip")
        trunk = shoulder - hip
        length = np.linalg.norm(trunk, axis=-1)
        points = xy[:, [INDEX[name] for name in HEAD]]
        seen = np.isfinite(points).all(axis=-1)
        middle = np.nan_to_num(points).sum(axis=1) / np.maximum(seen.sum(axis=1), 1)[:, None]
    middle = np.where(seen.sum(axis=1)[:, None] > 0, middle, shoulder + NECK * trunk)
    radius = np.where(np.isfinite(length), length, np.nanmedian(length) if np.isfinite(length).any() else np.nan)
    return np.column_stack([middle, RADIUS * radius])


def _heads(person: Person) -> Floats:
    """Return one person's head, also in short gaps: a face must not flash up in between."""
    heads = heads_in(person.xy)
    known = np.flatnonzero(np.isfinite(heads).all(axis=1))
    if not len(known):
        return heads
    frames = np.arange(len(heads))
    after = np.clip(np.searchsorted(known, frames), 0, len(known) - 1)
    before = np.clip(after - 1, 0, len(known) - 1)
    nearest = np.where(np.abs(known[after] - frames) < np.abs(known[before] - frames), known[after], known[before])
    held = np.abs(nearest - frames) <= HELD_FRAMES
    return np.where(held[:, None], heads[nearest], np.nan)
