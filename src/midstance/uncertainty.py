"""How far a number may be off: samples and known error sources in, half width of a 95 % interval out."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType

import numpy as np
from scipy.special import stdtrit

from midstance.model import Floats, Measure

HALF_WIDTH = 1.96
"""Half width of the 95 % interval of a normal error, in standard deviations."""


@cache
def accuracy() -> Mapping[str, Mapping[str, float]]:
    """data/accuracy.toml: per measure the standard deviation of what more strides do not average away."""
    text = resources.files("midstance").joinpath("data/accuracy.toml").read_text(encoding="utf-8")
    return MappingProxyType(tomllib.loads(text))


EXPECTED_WORTH = 4
"""How many strides the expected spread counts for, so that one or two strides neither look sure nor hopeless."""


def spread_half_width(values: Floats, expected_sd: float = np.nan) -> float:
    """Half width of the 95 % interval of the mean of n values from their spread and the spread expected of them.

    Without an expected spread this is Student's t, NaN for fewer than two values.
    """
    n = len(values)
    worth = EXPECTED_WORTH if np.isfinite(expected_sd) else 0
    freedom = n - 1 + worth
    if freedom < 1:
        return np.nan
    squares = float(np.sum((values - np.mean(values)) ** 2)) + (worth * expected_sd**2 if worth else 0.0)
    return float(stdtrit(freedom, 0.975) * np.sqrt(squares / freedom / n))


def combined(*half_widths: float) -> float:
    """Half width of a sum of independent errors; NaN parts are left out."""
    return float(np.sqrt(np.nansum(np.square(half_widths))))


def minimal_detectable_change(before: Measure, after: Measure) -> float:
    """The smallest difference between two clips that is not their own error, in the unit of the measure.

    The root of the sum of both squared half widths: a difference of two independent normal errors stays below it in
    95 % of cases where nothing changed.
    """
    return combined(before.uncertainty, after.uncertainty)
