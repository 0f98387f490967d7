"""Compute the centre of mass of a runner and its bounce (de Leva 1996, docs/evidence.md#body-segments)."""

from __future__ import annotations

import numpy as np

from midstance.kinematics.angles import point
from midstance.kinematics.curves import Curve, fill_gaps, highest, lowest
from midstance.kinematics.smoothing import even_gaussian
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

HEAD_OVER = 0.91
"""True bounce of the centre of mass over that of the drawn head; rendered clips (docs/decisions/legs.md)."""
BOUNCE_SMOOTH_S = 0.008
LONGEST_GAP_S = 0.1


def center_of_mass(track: Track) -> Floats:
    """Return (frame, 2) leg lengths: the centre of mass of all segments; NaN where a limb is unseen."""
    shoulder, hip = point(track, "mid_shoulder", "left"), point(track, "mid_hip", "left")
    total = TRUNK_MASS * (shoulder + TRUNK_CENTRE * (hip - shoulder)) + HEAD_MASS * _head(track)
    for side in SIDES:
        total = total + _limbs(track, side)
    return total / (TRUNK_MASS + HEAD_MASS + 2 * sum(mass for _, _, mass, _ in SEGMENTS))


def _head(track: Track) -> Floats:
    shoulder, hip, ears = (point(track, f"mid_{part}", "left") for part in ("shoulder", "hip", "ear"))
    return np.where(np.isfinite(ears), ears, shoulder + EAR_ABOVE_SHOULDERS * (shoulder - hip))


def _limbs(track: Track, side: Side) -> Floats:
    total = np.zeros((len(track.time_s), 2))
    for name, lower, mass, centre in SEGMENTS:
        upper = point(track, name.split()[1], side)
        total = total + mass * (upper + centre * (point(track, lower, side) - upper))
    return total


def bounce(track: Track) -> Curve:
    """Return the height of the centre of mass in length units of the track; only its differences mean anything.

    Half from all segments, half from the head: trunk and hips as drawn miss a tenth of the bounce, unevenly from runner
    to runner; the head, which nothing covers, is drawn where it is and goes a tenth further than the centre of mass.
    Where limbs are unseen the head alone carries it.
    """
    head = _head(track)[:, 1]
    height: Floats = (center_of_mass(track)[:, 1] + head) / 2
    if np.isfinite(height).mean() < 0.5:
        height = HEAD_OVER * head
    filled = fill_gaps(track.time_s, height, longest_s=LONGEST_GAP_S)
    return Curve(track.time_s, even_gaussian(filled, BOUNCE_SMOOTH_S * track.rate_hz))


def rise_between(height: Curve, start_s: float, stop_s: float) -> tuple[float, float]:
    """Return the moment of the lowest point between two moments, and the height from there to the highest."""
    moment, low = lowest(height, start_s, stop_s)
    return moment, highest(height, start_s, stop_s)[1] - low
