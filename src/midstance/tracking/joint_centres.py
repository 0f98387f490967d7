"""Move the points that the pose model draws to the joint centres, by a table.

The model draws the hip too low and the toe too short, by an amount that turns with the limb and changes with the pose;
a constant shift makes angles worse. The tables (data/offsets.toml) are linear. For a single picture, in the directions
of thigh, shank and foot. For a film also in what only a film shows: the phase of the stride, and how the drawn bones
change their length, which true bones do not. An arm is turned about the shoulder, which stays as drawn because the
scale relies on it (gait/scale.py).
"""

from __future__ import annotations

from typing import Literal, cast

import numpy as np

from midstance.data import table
from midstance.model import Floats
from midstance.tracking.gait_phase import ANKLE, HEEL, HIP, KNEE, TOE, fourier

Which = Literal["near", "far"]
WHICH: tuple[Which, Which] = ("near", "far")

BONES = ((HIP, KNEE), (KNEE, ANKLE), (HEEL, TOE))
HARMONICS = 5
"""Of the stride: with three the knee is 0.4 degrees more bent at strike; seven are no better than five."""
LENGTH_WEIGHT = 5.0
"""A drawn bone changes its length by a few per cent, a direction by up to one; this makes them the same size."""


def has_table(model: str) -> bool:
    """Return whether there is a table for this pose model."""
    return model in _tables()


def to_joint_centres(leg: Floats, model: str, which: Which, *, phase_rad: Floats | None = None) -> Floats:
    """Move a leg from the drawn points to the joint centres.

    leg        (frame, leg joint, 2) leg lengths, x forward, y up; returned in the same shape
    model      a pose model that has a table
    phase_rad  (frame,) stride phase of this leg as leg_identity.py counts it; None: every frame is a picture by itself
    """
    tables = _tables()[model]
    if phase_rad is None:
        return move(leg, picture_terms(leg), np.array(tables["picture"][which]))
    return move(leg, film_terms(leg, phase_rad), np.array(tables["film"][which]))


def arm_to_joint_centres(arm: Floats, model: str, which: Which) -> Floats:
    """Move elbow and wrist of an arm, (frame, shoulder elbow wrist, 2) leg lengths, x forward, y up; NaN stays."""
    moved = move(arm[:, 1:], arm_terms(arm), np.array(_tables()[model]["arm"][which]))
    return np.concatenate([arm[:, :1], moved], axis=1)


def move(points: Floats, terms: Floats, table: Floats) -> Floats:
    """Move points (frame, joint, 2) by terms (frame, term) times a table (term, x and y of every joint)."""
    return cast("Floats", points + (terms @ table).reshape(points.shape))


def arm_terms(arm: Floats) -> Floats:
    """Return (frame, 5): 1, then sine and cosine of upper arm and forearm from straight down, + forward."""
    return _directions(np.diff(arm, axis=1) * [1, -1])


def picture_terms(leg: Floats) -> Floats:
    """Return (frame, 7): 1, then sine and cosine of thigh, shank and foot from straight down, + forward."""
    return _directions(_bones(leg))


def film_terms(leg: Floats, phase_rad: Floats) -> Floats:
    """Return the terms of a film, (frame, 24).

    Those of a picture; length of thigh, shank and foot against its median; how the lengths of thigh and shank go with
    their own directions over the clip (2 each); cosine and sine of the phase and its multiples.
    """
    terms = picture_terms(leg)
    lengths = np.linalg.norm(_bones(leg), axis=2)
    longer = LENGTH_WEIGHT * (lengths - np.median(lengths, axis=0))
    slopes = [
        np.linalg.lstsq(units - units.mean(axis=0), longer[:, bone], rcond=None)[0]
        for bone, units in enumerate((terms[:, 1:3], terms[:, 3:5]))
    ]
    return np.column_stack(
        [terms, longer, np.tile(slopes, (len(leg), 1, 1)).reshape(len(leg), -1), fourier(phase_rad, HARMONICS)[:, 1:]]
    )


def _bones(leg: Floats) -> Floats:
    """Return thigh, shank and foot from their upper to their lower end, (frame, 3, 2), x forward, y down."""
    return np.stack([(leg[:, b] - leg[:, a]) * [1, -1] for a, b in BONES], axis=1)


def _directions(bones: Floats) -> Floats:
    """Return 1, then the unit vectors of (frame, bone, 2); (frame, 1 + 2 bones)."""
    units = bones / np.linalg.norm(bones, axis=2, keepdims=True)
    return np.column_stack([np.ones(len(bones)), units.reshape(len(bones), -1)])


def _tables() -> dict[str, dict[str, dict[str, list[list[float]]]]]:
    return table("offsets")
