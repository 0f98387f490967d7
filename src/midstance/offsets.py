"""From the points of the pose model to joint centres: in, a leg in leg lengths; out, the same leg moved by a table.

The model draws the hip too low and the toe too short, by an amount that turns with the limb and changes with the pose;
a constant shift makes angles worse. The table (data/offsets.toml) is linear in the directions of thigh, shank and foot.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from typing import Literal, cast

import numpy as np

from midstance.model import Floats
from midstance.periodic import ANKLE, HEEL, HIP, KNEE, TOE

Which = Literal["near", "far"]
WHICH: tuple[Which, Which] = ("near", "far")

RIDGE = 3e-3


def has_table(model: str) -> bool:
    """Whether joint centres can be had from the points of this pose model."""
    return model in _tables()


def to_joint_centres(leg: Floats, model: str, which: Which) -> Floats:
    """(frame, leg joint, 2) in leg lengths, x forward, y up, moved from the drawn points to the joint centres."""
    return move(leg, np.array(_tables()[model][which]))


def move(leg: Floats, table: Floats) -> Floats:
    """The leg moved by a table of `fit_table`."""
    return cast("Floats", leg + (_features(leg) @ table).reshape(leg.shape))


def fit_table(drawn: Sequence[Floats], true: Sequence[Floats]) -> Floats:
    """(7, 10) table that takes drawn legs to true ones: of each clip (frame, leg joint, 2) in leg lengths as drawn."""
    penalty = len(drawn) * RIDGE * np.diag([1e-6, *[1.0] * 6])
    squares, products = np.zeros((7, 7)), np.zeros((7, 10))
    for from_leg, to_leg in zip(drawn, true, strict=True):
        features, n = _features(from_leg), len(from_leg)
        squares += features.T @ features / n
        products += features.T @ (to_leg - from_leg).reshape(n, -1) / n
    return np.linalg.solve(squares + penalty, products)


def _features(leg: Floats) -> Floats:
    """(frame, 7): 1, then sine and cosine of the direction of thigh, shank and foot from straight down, + forward."""
    ends = ((HIP, KNEE), (KNEE, ANKLE), (HEEL, TOE))
    along = [(leg[:, b] - leg[:, a]) * [1, -1] for a, b in ends]
    units = [v / np.linalg.norm(v, axis=1, keepdims=True) for v in along]
    return np.column_stack([np.ones(len(leg)), *units])


@cache
def _tables() -> dict[str, dict[str, list[list[float]]]]:
    return tomllib.loads(resources.files("midstance").joinpath("data/offsets.toml").read_text("utf-8"))
