"""Compute how far a number may be off: half widths of 95 % intervals from samples and known errors."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Literal

import numpy as np

from midstance.data import table
from midstance.model import Floats, Measure, SeenBy

Leg = Literal["near", "far", "turned"]
"""Which leg a number was read from: near or far of a camera at the side; either one, seen from front or rear."""

HALF_WIDTH = 1.96
"""Half width of the 95 % interval of a normal error, in standard deviations."""
PRIOR_STRIDES = 4
"""Prior weight of the expected stride-to-stride SD, in strides; stabilises the interval when n is 1 or 2."""
FRAME_HZ = 30.0
"""The frame rate to which the `frame` of data/accuracy.toml belongs."""


@dataclass(frozen=True, slots=True)
class Error:
    """How far off one measure is on rendered runners; standard deviations in its unit, NaN where it was never seen.

    near, far, turned  of the mean over a clip, by leg; more strides do not average it away
    frame              what frames of 1/30 s add to it, in proportion to their length
    stride             of one stride against the next in one clip
    """

    near: float = math.nan
    far: float = math.nan
    turned: float = math.nan
    frame: float = 0.0
    stride: float = math.nan

    def sd_of_mean(self, leg: Leg, rate_hz: float) -> float:
        """Return the standard deviation of the mean over a clip at a frame rate, in the unit of the measure."""
        by_leg = {"near": self.near, "far": self.far, "turned": self.turned}
        return math.hypot(by_leg[leg], self.frame * FRAME_HZ / rate_hz)


@cache
def accuracy() -> Mapping[str, Error]:
    """Return the error of each measure from data/accuracy.toml, found by validation/accuracy.py."""
    return MappingProxyType({name: Error(**row) for name, row in table("accuracy").items()})


@cache
def accuracy_of_markers() -> Mapping[str, Error]:
    """Return the error of each measure read from markers, from data/accuracy_markers.toml (validation/markers.py)."""
    return MappingProxyType({name: Error(**row) for name, row in table("accuracy_markers").items()})


def error_of(name: str, seen_by: SeenBy = "camera") -> Error:
    """Return the error of one measure; all NaN if nothing is known of it.

    seen_by  what saw the points; what markers were not tested on has the error of a camera
    """
    of_camera = accuracy().get(name, Error())
    return accuracy_of_markers().get(name, of_camera) if seen_by == "markers" else of_camera


def half_width(values: Floats, *, own_sd: float, stride_sd: float, carried: float = 0.0) -> float:
    """Return the half width of the 95 % interval of the mean of the strides' values, in their unit.

    own_sd     standard deviation of what more strides do not average away
    stride_sd  spread expected of the strides; NaN: as large as own_sd
    carried    half width that comes with the scale and the speed
    """
    expected_sd = stride_sd if math.isfinite(stride_sd) else own_sd
    return combined(spread_half_width(values, expected_sd), HALF_WIDTH * own_sd, carried)


def spread_half_width(values: Floats, expected_sd: float = math.nan) -> float:
    """Return the half width of the 95 % interval of the mean of n values from their spread and the expected spread.

    Without an expected spread this is Student's t, NaN for fewer than two values.
    """
    n = len(values)
    prior = PRIOR_STRIDES if np.isfinite(expected_sd) else 0
    freedom = n - 1 + prior
    if freedom < 1:
        return np.nan
    squares = float(np.sum((values - np.mean(values)) ** 2)) + (prior * expected_sd**2 if prior else 0.0)
    return float(student_t(freedom) * np.sqrt(squares / freedom / n))


@cache
def student_t(freedom: int) -> float:
    """Return the half width of the 95 % interval of Student's t, for whole degrees of freedom.

    Its distribution is a sum of powers of a cosine (Abramowitz and Stegun 1964, 26.7.3 and 26.7.4), solved by Newton's
    method. scipy.special has it too; to import that takes 0.1 s.
    """
    odd = freedom % 2
    terms = np.arange(odd + 1, freedom - 1, 2)
    factors = np.cumprod(np.concatenate([[1.0], terms / (terms + 1)]))
    log_density = math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2) - math.log(freedom * math.pi) / 2
    t, step = HALF_WIDTH, 1.0
    while abs(step) > 1e-12 * t:  # from below, where every step falls short
        angle = math.atan(t / math.sqrt(freedom))
        powers = math.cos(angle) ** (2 * np.arange(len(factors)) + odd)
        inside = math.sin(angle) * float(factors @ powers) * (1.0 if freedom > 1 else 0.0)
        inside = 2 / math.pi * (angle + inside) if odd else inside
        density = math.exp(log_density - (freedom + 1) / 2 * math.log1p(t * t / freedom))
        step = (0.95 - inside) / (2 * density)
        t += step
    return t


def combined(*half_widths: float) -> float:
    """Return the half width of a sum of independent errors, the root of their squares; NaN parts are left out."""
    return math.sqrt(sum(width * width for width in half_widths if not math.isnan(width)))


def minimal_detectable_change(before: Measure, after: Measure) -> float:
    """Return the smallest difference between two clips that is not their own error, in the unit of the measure.

    The root of the sum of both squared half widths: a difference of two independent normal errors stays below it in
    95 % of cases where nothing changed.
    """
    return combined(before.uncertainty, after.uncertainty)
