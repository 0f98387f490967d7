"""Where the mass of a runner is: Track in, centre of mass per frame out (de Leva 1996, EVIDENCE 6)."""

from __future__ import annotations

import numpy as np

from midstance.angles import point
from midstance.model import Floats, Side, Track
from midstance.skeleton import SIDES

SEGMENTS: tuple[tuple[str, str, float, float], ...] = (
    ("upper_arm shoulder", "elbow", 0.0263, 0.5763),
    ("forearm elbow", "wrist", 0.0150, 0.4567),
    ("hand wrist", "wrist", 0.0059, 0.0),
    ("thigh hip", "knee", 0.1447, 0.3854),
    ("shank knee", "ankle", 0.0457, 0.4374),
    ("foot heel", "toe", 0.0133, 0.4215),
)
"""Segment and its upper point, lower point, share of body mass, centre from the upper point; mean of women and men."""
TRUNK_MASS, TRUNK_CENTRE = 0.4302, 0.4046
HEAD_MASS = 0.0681
EAR_ABOVE_SHOULDERS = 0.40
"""Height of the head's centre over the mid-shoulder in trunk lengths, for a track without ears."""


def center_of_mass(track: Track) -> Floats:
    """(frame, 2) leg lengths: centre of mass from all segments; NaN where a limb is unseen."""
    shoulder, hip = point(track, "mid_shoulder", "left"), point(track, "mid_hip", "left")
    total = TRUNK_MASS * (shoulder + TRUNK_CENTRE * (hip - shoulder)) + HEAD_MASS * _head(track, shoulder, hip)
    for side in SIDES:
        total = total + _limbs(track, side)
    return total / (TRUNK_MASS + HEAD_MASS + 2 * sum(mass for _, _, mass, _ in SEGMENTS))


def _head(track: Track, shoulder: Floats, hip: Floats) -> Floats:
    ears = point(track, "mid_ear", "left")
    return np.where(np.isfinite(ears), ears, shoulder + EAR_ABOVE_SHOULDERS * (shoulder - hip))


def _limbs(track: Track, side: Side) -> Floats:
    total = np.zeros((len(track.time_s), 2))
    for name, lower, mass, centre in SEGMENTS:
        upper = point(track, name.split()[1], side)
        total = total + mass * (upper + centre * (point(track, lower, side) - upper))
    return total
