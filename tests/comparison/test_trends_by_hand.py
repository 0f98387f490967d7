"""Over several takes: lines, steps and the runner's own range, computed on paper."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

import pytest

from midstance.comparison import compare_series, own_bands
from midstance.comparison.model import Trend
from midstance.model import MeasureSide
from tests.fixtures.takes import SHANK, number, plan, take


def over(values: tuple[float, ...], errors: tuple[float, ...] | float) -> Trend:
    """The trend of one measure over takes named a, b, c and so on."""
    widths = errors if isinstance(errors, tuple) else (errors,) * len(values)
    rows = zip("abcdefgh", values, widths, strict=False)
    (trend,) = compare_series([take(name, number(SHANK, v, e)) for name, v, e in rows]).trends
    return trend


# -- the line ------------------------------------------------------------------------------------------------------


def test_a_line_counts_each_take_by_its_error_and_widens_where_it_does_not_fit() -> None:
    """Weights 4 : 4 : 1, so the mean time is 2/3 and the mean value 2/3.

    Sums of squares 4, of products 8: slope 2. The takes lie 2/3, -4/3 and 8/3 off the line, 16 in weighted squares with
    one degree of freedom, so the half width is 1.96 times the root of 16 / 4.
    """
    trend = over((0.0, 0.0, 6.0), (1.0, 1.0, 2.0))
    assert trend.slope == pytest.approx(2.0)
    assert (trend.low, trend.high) == (pytest.approx(2 - 3.92), pytest.approx(2 + 3.92))
    assert trend.verdict == "level"


def test_four_takes_leave_two_degrees_of_freedom() -> None:
    """0, 3, 0, 3: slope 0.6, squares left 7.2 over 2, spread of the times 5."""
    trend = over((0.0, 3.0, 0.0, 3.0), 1.0)
    assert trend.slope == pytest.approx(0.6)
    assert trend.high - trend.slope == pytest.approx(1.96 * math.sqrt(7.2 / 2 / 5))


def test_a_line_that_fits_better_than_chance_is_no_surer_than_its_takes() -> None:
    assert over((0.0, 1.0, 2.0), 3.0).high == pytest.approx(1 + 3 / math.sqrt(2))


@pytest.mark.parametrize(("last", "verdict"), [(1.39, "level"), (1.44, "rising"), (-1.39, "level"), (-1.44, "falling")])
def test_a_slope_is_clear_beyond_its_half_width(last: float, verdict: str) -> None:
    """Half a step a take against a half width of 1 over the root of 2, which is 0.707."""
    assert over((0.0, last / 2, last), 1.0).verdict == verdict


def test_takes_of_one_day_or_without_a_day_are_counted_and_not_dated() -> None:
    day, other = date(2026, 5, 1), date(2026, 5, 15)
    for days, per in (((day, day, day), "take"), ((day, None, other), "take"), ((day, day, other), "week")):
        takes = [take("x", number(SHANK, 4.0 * i, 1.0), taken_on=d) for i, d in enumerate(days)]
        (trend,) = compare_series(takes).trends
        assert trend.per == per
        assert (trend.slope == pytest.approx(4.0)) == (per == "take")


def test_what_one_take_lacks_or_does_not_know_has_no_trend() -> None:
    def takes(second: float, error: float) -> list[str]:
        rows = [(number(SHANK, 1.0, 1.0),), (number(SHANK, second, error),), (number(SHANK, 1.0, 1.0),)]
        return [trend.measure for trend in compare_series([take("x", *row) for row in rows]).trends]

    assert takes(1.0, 1.0) == [SHANK]
    assert takes(1.0, 0.0) == takes(1.0, math.nan) == []
    full = take("x", number(SHANK, 1.0, 1.0))
    assert compare_series([full, take("y"), full]).trends == ()
    assert compare_series([full, replace(full, plane="front"), full]).trends == ()
    assert compare_series([full, full]).trends == ()


def test_a_trend_names_its_takes_values_errors_and_unit() -> None:
    sides: tuple[MeasureSide, ...] = ("left", "right")
    takes = [
        take(n, *(replace(number(SHANK, v, v / 4), side=side) for side in sides))
        for n, v in zip("abc", (4, 8, 12), strict=True)
    ]
    left, right = compare_series(takes).trends
    assert (left.side, right.side, left.unit) == ("left", "right", "deg")
    assert (left.values, left.uncertainties) == ((4.0, 8.0, 12.0), (1.0, 2.0, 3.0))
    assert not left.at_first_speed


def test_a_value_at_another_speed_is_moved_to_the_first_and_less_sure() -> None:
    """The usual cadence is 166.35 at 3.0 and 169.74 at 3.3 m/s: 2.038 % more. Half of what is taken off is doubt."""
    part = 180.0 * 3.39 / 166.35
    takes = [take(n, number("cadence_spm", 180.0, 2.0), speed=s) for n, s in zip("abc", (3.0, 3.3, 3.0), strict=True)]
    (trend,) = compare_series(takes).trends
    assert trend.values == (180.0, pytest.approx(180 - part), 180.0)
    assert trend.uncertainties == (2.0, pytest.approx(math.hypot(2, part / 2)), 2.0)
    assert trend.at_first_speed


# -- steps ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("takes", "last", "course"),
    [
        (3, 2.75, "level"),  # one in 40 at two places: z 2.241, so the step must exceed 2 * 2.241 / 1.96 / root of 2/3
        (3, 2.85, "steps"),  # which is 2.801
        (5, 2.80, "level"),  # at four places z is 2.498, and 2 * 2.498 / 1.96 / root of 4/5 is 2.849
        (5, 2.90, "steps"),
    ],
)
def test_a_step_has_to_be_larger_where_chance_has_more_places(takes: int, last: float, course: str) -> None:
    assert over((0.0,) * (takes - 1) + (last,), 2.0).course == course


def test_levels_are_means_weighted_by_the_errors() -> None:
    """10 and 12 with half widths 1 and 2: mean 10.4, half width 1 over the root of 1 + 1/4; then 0 and 2, the same."""
    (shift,) = over((10.0, 12.0, 0.0, 2.0), (1.0, 2.0, 1.0, 2.0)).shifts
    assert (shift.take, shift.newest, shift.back) == ("c", False, False)
    assert shift.change == pytest.approx(0.4 - 10.4)
    assert shift.error == pytest.approx(math.sqrt(2 / 1.25))


@pytest.mark.parametrize(("third", "back"), [(1.9, True), (-1.9, True), (2.1, False), (-2.1, False)])
def test_back_is_within_both_errors_of_the_level_before_the_last(third: float, *, back: bool) -> None:
    """Both levels are of two takes with half width 2: together the root of 2 + 2, which is 2."""
    values = (0.0, 0.0, 30.0, 30.0, third, third)
    trend = over(values, 2.0)
    assert [shift.take for shift in trend.shifts] == ["c", "e"]
    assert [shift.back for shift in trend.shifts] == [False, back]


def test_only_the_level_two_before_is_gone_back_to() -> None:
    shifts = over((0.0, 0.0, 30.0, 30.0, 60.0, 60.0, 0.0, 0.0), 2.0).shifts
    assert [shift.back for shift in shifts] == [False, False, False]
    assert [shift.newest for shift in shifts] == [False, False, False]


@pytest.mark.parametrize(("middle", "course"), [(4.9, "level"), (5.1, "unclear")])
def test_two_takes_differ_beyond_both_their_errors(middle: float, course: str) -> None:
    """Half widths 3 and 4: together 5."""
    assert over((0.0, middle, 2.0, 2.0), (3.0, 4.0, 9.0, 9.0)).course == course


# -- what was won --------------------------------------------------------------------------------------------------


def test_a_gain_is_named_with_the_take_that_showed_it_first() -> None:
    aim = plan("reaching", SHANK, 15, 5)
    values = zip("abcd", (15.0, 15.0, 1.0, 1.0), strict=True)
    (gain,) = compare_series([take(n, number(SHANK, v, 2.0), plan=aim) for n, v in values]).gains
    assert (gain.problem, gain.measure, gain.side, gain.since) == ("reaching", SHANK, "both", "c")
    assert (gain.kept, gain.partly) == (True, False)


def test_what_the_last_step_won_is_not_yet_a_gain() -> None:
    aim = plan("reaching", SHANK, 15, 5)
    takes = [take(n, number(SHANK, v, 2.0), plan=aim) for n, v in zip("abc", (15.0, 15.0, 1.0), strict=True)]
    series = compare_series(takes)
    assert series.gains == ()
    assert (series.takes, len(series.steps)) == (("a", "b", "c"), 2)
    assert (series.overall.before, series.overall.after) == ("a", "c")
    assert compare_series(takes[:2]).overall is not None
    assert (compare_series(takes[:2]).overall.before, compare_series(takes[:2]).overall.after) == ("a", "b")


# -- the runner's own range ----------------------------------------------------------------------------------------


def test_own_range_is_at_the_speed_of_the_last_take() -> None:
    """The usual shin leans 5.5 at 2.5 and 8.2 at 3.5 m/s, so 0.81 degrees more at 3.3 than at 3.0."""
    takes = [take(n, number(SHANK, v, 0.5), speed=s) for n, v, s in (("a", 4, 3.0), ("b", 5.81, 3.3), ("c", 5.81, 3.3))]
    band = own_bands(takes)[SHANK, "both"]
    middle, sd = (4.81 + 2 * 5.81) / 3, math.sqrt(1 / 3)
    half = 4.3026527 * sd * math.sqrt(4 / 3)
    assert (band.low, band.high) == (pytest.approx(middle - half, abs=1e-4), pytest.approx(middle + half, abs=1e-4))
    assert (band.at_speed_mps, band.source) == (3.3, "your own 3 takes")


def test_takes_that_cannot_be_compared_do_not_count_for_the_own_range() -> None:
    takes = [take(n, number(SHANK, v, 0.5)) for n, v in (("a", 4.0), ("b", 5.0), ("c", 6.0))]
    turned = replace(takes[0], plane="front", near_side=None)
    assert own_bands([turned, *takes[1:]]) == {}
    assert own_bands([turned, *takes])[SHANK, "both"] == own_bands(takes)[SHANK, "both"]
    assert own_bands([take("x"), *takes])[SHANK, "both"].source == "your own 3 takes"


def test_a_time_is_never_less_than_nothing_but_an_angle_may_be() -> None:
    for name, least in (("contact_time_ms", 0.0), (SHANK, None)):
        takes = [take("x", number(name, v, 1.0)) for v in (1.0, 2.0, 3.0)]
        low = own_bands(takes)[name, "both"].low
        assert low == (pytest.approx(2 - 4.3026527 * math.sqrt(4 / 3), abs=1e-4) if least is None else least)


def test_own_range_without_a_known_error_is_of_the_takes_alone() -> None:
    takes = [take("x", number(SHANK, v, math.nan)) for v in (4.0, 5.0, 6.0)]
    assert own_bands(takes)[SHANK, "both"].high == pytest.approx(5 + 4.3026527 * math.sqrt(4 / 3), abs=1e-4)
