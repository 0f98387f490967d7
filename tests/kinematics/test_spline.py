"""The spline against scipy's, at uneven steps, in gaps, at its ends and with few points."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.interpolate import CubicSpline

from midstance.kinematics.spline import Spline
from midstance.model import Floats


def knots(count: int, seed: int, *, gaps: bool) -> Floats:
    random = np.random.default_rng(seed)
    if gaps:
        return np.cumsum(random.uniform(0.01, 1, count) * np.where(random.random(count) < 0.2, 20, 1))
    return np.arange(count) / 60 + random.uniform(-1e-3, 1e-3, count)


@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize("count", [2, 3, 4, 5, 6, 9, 50, 700])
def test_it_is_the_one_of_scipy(count: int, gaps: bool) -> None:
    for seed in range(20):
        at = knots(count, seed, gaps=gaps)
        values = np.random.default_rng(seed + 100).normal(size=count)
        moments = np.concatenate([np.linspace(at[0] - 0.5, at[-1] + 0.5, 333), at])
        ours, theirs = Spline(at, values), CubicSpline(at, values, extrapolate=False)
        for derivative in (0, 1, 2):
            expected, found = theirs(moments, derivative), ours(moments, derivative)
            np.testing.assert_array_equal(np.isnan(found), np.isnan(expected))
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.nanmax(np.abs(expected)))


def test_a_cubic_is_itself() -> None:
    at = np.array([0.0, 0.4, 0.5, 1.7, 2.0, 3.1])
    found = Spline(at, 2 - at + 3 * at**2 - at**3)
    for moment in (0.0, 0.45, 1.0, 3.1):
        assert found(np.float64(moment)) == pytest.approx(2 - moment + 3 * moment**2 - moment**3)
        assert found(np.float64(moment), 1) == pytest.approx(-1 + 6 * moment - 3 * moment**2)
        assert found(np.float64(moment), 3) == pytest.approx(-6)


def test_a_piece_that_is_not_joined_is_left_out() -> None:
    """A piece begins after the point before it and ends with its last; the first one has both."""
    at = np.array([0.0, 1.0, 2.0, 3.0])
    spline = Spline(at, at**3, np.array([True, False, True]))
    moments = np.array([0.0, 0.5, 1.0, 1.000001, 1.5, 2.0, 2.000001, 3.0])
    np.testing.assert_array_equal(np.isnan(spline(moments)), [False, False, False, True, True, True, False, False])
    np.testing.assert_allclose(spline(np.array([0.5, 2.5]), 1), [0.75, 18.75])


def test_it_goes_through_its_points_and_no_further() -> None:
    at, values = np.array([1.0, 2.0, 4.0, 5.0]), np.array([3.0, -1.0, 2.0, 2.0])
    spline = Spline(at, values)
    np.testing.assert_allclose(spline(at), values, atol=1e-12)
    assert np.isnan(spline(np.array([0.999999, 5.000001, np.nan]))).all()
    assert spline(np.array([[1.0, 2.0], [4.0, 5.0]])).shape == (2, 2)
