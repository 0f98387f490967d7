"""Half widths of 95 % intervals, each beside the number from a table of Student's t."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from importlib import resources
from math import hypot, isnan, nan, sqrt

import numpy as np
import pytest
from scipy.special import stdtrit

from midstance.model import Measure
from midstance.uncertainty import (
    Error,
    Leg,
    accuracy,
    combined,
    error_of,
    half_width,
    minimal_detectable_change,
    spread_half_width,
    student_t,
)


@pytest.mark.parametrize(("leg", "sd"), [("near", 3.0), ("far", 4.0), ("turned", 5.0)])
def test_an_error_grows_with_the_length_of_the_frames(leg: Leg, sd: float) -> None:
    error = Error(near=3, far=4, turned=5, frame=2, stride=1)
    assert error.sd_of_mean(leg, 30) == pytest.approx(hypot(sd, 2))
    assert error.sd_of_mean(leg, 120) == pytest.approx(hypot(sd, 0.5))
    assert Error(near=3, far=4, turned=5).sd_of_mean(leg, 30) == sd


def test_the_table_of_errors_is_the_file() -> None:
    text = resources.files("midstance").joinpath("data/accuracy.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    assert accuracy().keys() == rows.keys()
    for name, row in rows.items():
        known = error_of(name)
        assert {key: getattr(known, key) for key in row} == row
    unknown = error_of("no such measure")
    assert all(isnan(value) for value in (unknown.near, unknown.far, unknown.turned, unknown.stride))
    assert unknown.frame == 0


@pytest.mark.parametrize(
    ("values", "expected_sd", "half"),
    [
        ([1, 2, 3], nan, 4.3027 * sqrt(2 / 2 / 3)),
        ([5], nan, nan),
        ([5], 2.0, 2.7764 * sqrt(4 * 4 / 4)),
        ([5, 7], 2.0, 2.5706 * sqrt((2 + 16) / 5 / 2)),
        ([1, 2, 3], 2.0, 2.4469 * sqrt((2 + 16) / 6 / 3)),
        ([4, 4, 4], 0.0, 0.0),
    ],
)
def test_the_spread_of_few_strides_leans_on_what_is_expected(
    values: list[float], expected_sd: float, half: float
) -> None:
    assert spread_half_width(np.array(values, float), expected_sd) == pytest.approx(half, rel=1e-4, nan_ok=True)


def test_nothing_is_expected_unless_it_is_said() -> None:
    assert spread_half_width(np.array([1.0, 2.0, 3.0])) == pytest.approx(4.3027 / sqrt(3), rel=1e-4)


def test_the_parts_of_a_half_width() -> None:
    values = np.array([5.0, 7.0])
    spread = 2.5706 * sqrt((2 + 16) / 5 / 2)
    assert half_width(values, own_sd=3, stride_sd=2) == pytest.approx(hypot(spread, 1.96 * 3), rel=1e-4)
    assert half_width(values, own_sd=3, stride_sd=2, carried=4) == pytest.approx(hypot(spread, 1.96 * 3, 4), rel=1e-4)
    as_own = 2.5706 * sqrt((2 + 4 * 9) / 5 / 2)
    assert half_width(values, own_sd=3, stride_sd=nan) == pytest.approx(hypot(as_own, 1.96 * 3), rel=1e-4)
    assert half_width(values, own_sd=nan, stride_sd=nan) == pytest.approx(12.706 * sqrt(2 / 2), rel=1e-3)


def test_independent_errors_add_as_squares_and_unknown_ones_not_at_all() -> None:
    assert combined(3, -4, 12) == pytest.approx(13)
    assert combined(3, nan, 4) == pytest.approx(5)
    assert combined() == 0


def test_a_change_must_exceed_both_errors() -> None:
    measure = Measure(id="x", side="left", value=1, sd=nan, n=1, uncertainty=3, unit="deg")
    assert minimal_detectable_change(measure, replace(measure, uncertainty=4)) == pytest.approx(5)


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 6, 7, 10, 11, 30, 101, 1000, 10001])
def test_student_t_is_the_one_of_scipy(freedom: int) -> None:
    assert student_t(freedom) == pytest.approx(float(stdtrit(freedom, 0.975)), rel=1e-9)
