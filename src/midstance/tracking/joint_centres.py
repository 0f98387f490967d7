"""From the points of the pose model to joint centres: in, a leg in leg lengths; out, the same leg moved by a table.

The model draws the hip too low and the toe too short, by an amount that turns with the limb and changes with the pose;
a constant shift makes angles worse. The tables (data/offsets.toml) are linear: that of a single picture in the
directions of thigh, shank and foot; that of a film also in what only a film shows, the phase of the stride and how the
drawn bones change their length, which true bones do not. An arm is turned about the shoulder, which stays as drawn:
the scale counts on it (gait/scale.py).
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
"""Of the stride: with three the knee is 0.4 degrees more bent at strike; seven mend no more than five."""
LENGTH_WEIGHT = 5.0
"""A drawn bone changes its length by a few per cent, a direction by up to one; this brings them to one size."""


def has_table(model: str) -> bool:
    """Whether joint centres can be had from the points of this pose model."""
    return model in _tables()


def to_joint_centres(leg: Floats, model: str, which: Which, *, phase_rad: Floats | None = None) -> Floats:
    """(frame, leg joint, 2) in leg lengths, x forward, y up, moved from the drawn points to the joint centres.

    phase_rad  (frame,) stride phase of this leg as leg_identity.py counts it; None: every frame is a picture by itself
    """
    tables = _tables()[model]
    if phase_rad is None:
        return move(leg, picture_terms(leg), np.array(tables["picture"][which]))
    return move(leg, film_terms(leg, phase_rad), np.array(tables["film"][which]))


def arm_to_joint_centres(arm: Floats, model: str, which: Which) -> Floats:
    """(frame, shoulder elbow wrist, 2) in leg lengths, x forward, y up, with elbow and wrist moved; NaN stays."""
    moved = move(arm[:, 1:], arm_terms(arm), np.array(_tables()[model]["arm"][which]))
    return np.concatenate([arm[:, :1], moved], axis=1)


def move(points: Floats, terms: Floats, table: Floats) -> Floats:
    """(frame, joint, 2) points moved by a table of (term, x and y of every joint)."""
    return cast("Floats", points + (terms @ table).reshape(points.shape))


def arm_terms(arm: Floats) -> Floats:
    """(frame, 5): 1, then sine and cosine of the direction of upper arm and forearm from straight down, + forward."""
    return _directions(np.diff(arm, axis=1) * [1, -1])


def picture_terms(leg: Floats) -> Floats:
    """(frame, 7): 1, then sine and cosine of the direction of thigh, shank and foot from straight down, + forward."""
    return _directions(_bones(leg))


def film_terms(leg: Floats, phase_rad: Floats) -> Floats:
    """(frame, 24): those of a picture; length of thigh, shank and foot against its median; how the lengths of thigh
    and shank go with their own directions over the clip (2 each); cosine and sine of the phase and its multiples.
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
    """(frame, 3, 2) thigh, shank and foot from their upper to their lower end, x forward, y down."""
    return np.stack([(leg[:, b] - leg[:, a]) * [1, -1] for a, b in BONES], axis=1)


def _directions(bones: Floats) -> Floats:
    """(frame, 1 + 2 bones): 1, then the unit vectors of (frame, bone, 2)."""
    units = bones / np.linalg.norm(bones, axis=2, keepdims=True)
    return np.column_stack([np.ones(len(bones)), units.reshape(len(bones), -1)])


def _tables() -> dict[str, dict[str, dict[str, list[list[float]]]]]:
    return table("offsets")
