"""Curves whose values, speeds, crossings and extremes are known."""

from __future__ import annotations

import numpy as np
import pytest

from midstance.kinematics.curves import (
    Curve,
    crossings,
    fill_gaps,
    highest,
    lowest,
    mean_over,
    nearest_frame,
    speed,
)


def sine(rate_hz: float = 30) -> Curve:
    time_s = np.arange(0, 2, 1 / rate_hz)
    return Curve(time_s, np.sin(2 * np.pi * time_s))


def test_a_curve_gives_values_and_speeds_between_frames() -> None:
    curve = sine()
    assert curve.at(0.512) == pytest.approx(np.sin(2 * np.pi * 0.512), abs=1e-4)
    assert curve.at(0.5, derivative=1) == pytest.approx(-2 * np.pi, abs=1e-2)


def test_extremes_lie_between_frames() -> None:
    moment, value = highest(sine(), 0.0, 0.6)
    assert (moment, value) == (pytest.approx(0.25, abs=2e-3), pytest.approx(1, abs=1e-3))
    moment, value = lowest(sine(), 0.5, 1.0)
    assert (moment, value) == (pytest.approx(0.75, abs=2e-3), pytest.approx(-1, abs=1e-3))
    assert mean_over(sine(), 0.0, 0.5) == pytest.approx(2 / np.pi, abs=1e-2)


def test_an_extreme_does_not_hang_on_where_the_search_begins() -> None:
    moments = [highest(sine(), start, 0.6)[0] for start in (0.0, 0.00037, 0.00071)]
    assert moments == pytest.approx([moments[0]] * 3, abs=1e-6)


def test_long_gaps_stay_unseen_and_short_ones_are_bridged() -> None:
    curve = sine(100)
    values = curve.values.copy()
    values[50:55] = np.nan
    values[100:140] = np.nan
    holed = Curve(curve.time_s, values)
    assert holed.at(0.52) == pytest.approx(np.sin(2 * np.pi * 0.52), abs=1e-3)
    assert np.isnan(holed.at(1.2))
    assert np.isnan(highest(holed, 1.0, 1.4)[1])
    assert np.isnan(holed.at(5.0))


def test_crossings_by_direction() -> None:
    time_s = np.arange(0, 2.01, 0.1)
    values = np.cos(2 * np.pi * time_s)
    assert crossings(time_s, values, rising=False) == pytest.approx([0.25, 1.25], abs=2e-3)
    assert crossings(time_s, values, rising=True) == pytest.approx([0.75, 1.75], abs=2e-3)


def test_gaps_are_filled_only_up_to_their_limit() -> None:
    time_s = np.arange(8) / 10
    values = np.array([0, 1, np.nan, 3, np.nan, np.nan, np.nan, 7])
    filled = fill_gaps(time_s, values, longest_s=0.25)
    assert filled[2] == pytest.approx(2)
    assert np.isnan(filled[4:7]).all()
    assert speed(time_s, 3 * time_s) == pytest.approx(3)


def test_the_nearest_frame_is_the_earlier_of_two_as_near() -> None:
    time_s = np.array([0.0, 0.1, 0.2, 0.4])
    wanted = {-1.0: 0, 0.0: 0, 0.04: 0, 0.06: 1, 0.1: 1, 0.29: 2, 0.31: 3, 0.4: 3, 9.0: 3}
    assert {moment: nearest_frame(time_s, moment) for moment in wanted} == wanted
    assert nearest_frame(np.array([0.0, 1.0]), 0.5) == 0
    assert nearest_frame(np.array([3.0]), 9.0) == 0
