"""Readings of one clip, computed on paper: lines, sides, joins, drifts, and what each band says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from midstance.coaching.bands import References, plausible_speeds, read_references, references
from midstance.coaching.rules.base import Case
from midstance.coaching.rules.examples import measures_of, one_measure, view_from
from midstance.coaching.rules.facts import (
    Facts,
    Reading,
    all_of,
    any_of,
    at_least,
    by_id,
    capped,
    evidence_of,
    isnt,
    provided,
    trend,
    unknown,
)
from midstance.errors import UsageError
from midstance.model import Evidence, Measure, MeasureSide, Sample

LEAN = "trunk_lean_deg"
BANDS = """
[trunk_lean_deg]
low = [[2, 1], [4, 3]]
usual = [[2, 4], [4, 6]]
high = [[2, 9], [4, 13]]
edge_error = [[2, 1], [4, 3]]
matters = 2
percentile = 5
n = 26
population = "somebody"
source = "a paper"
grade = "weak"

[vertical_oscillation_cm]
usual = 7
high = [[2, 10], [4, 12]]
high_per_height_m = 6
matters = 1
population = "somebody"
source = "a paper"
grade = "weak"
proposal = true

[asymmetry_deg]
low = -3
usual = 0
high = 3
matters = 1
population = "somebody"
source = "a paper"
grade = "weak"

[asymmetry_pct]
low = -8
usual = 0
high = 8
matters = 1
population = "somebody"
source = "a paper"
grade = "weak"
"""
KNOWN = References(read_references(BANDS, "by hand"))


def lean(value: float, error: float = 2.0, side: MeasureSide = "both", name: str = LEAN) -> Measure:
    return replace(one_measure(name, value, error=error), side=side)


def facts(*measures: Measure, speed: float = 3.0, height_m: float = math.nan) -> Facts:
    return Facts(measures=by_id(measures), view=view_from("side", speed), references=KNOWN, height_m=height_m)


# -- one line ------------------------------------------------------------------------------------------------------


def test_a_line_of_a_rule_is_passed_by_so_many_errors_and_so_many_steps_that_matter() -> None:
    above = facts(lean(9.0)).above(LEAN, 6.0)
    assert (above.clearance, above.excess, above.known, above.holds) == (1.5, 1.5, True, True)
    below = facts(lean(9.0, error=4.0)).below(LEAN, 6.0)
    assert (below.clearance, below.excess, below.holds) == (-0.75, -1.5, False)
    assert not facts(lean(6.0)).above(LEAN, 6.0).holds
    assert facts(lean(9.0)).above(LEAN, math.nan).missing == (LEAN,)
    assert facts().above(LEAN, 6.0).missing == (LEAN,)
    assert not facts(lean(math.nan)).above(LEAN, 6.0).known


def test_the_edge_of_a_band_has_an_error_of_its_own() -> None:
    """At 3 m/s the band goes from 2 to 11 and its edges are known to 2; the lean is known to 1.5: together 2.5."""
    high, low = facts(lean(16.0, 1.5)).high(LEAN), facts(lean(-3.0, 1.5)).low(LEAN)
    assert (high.clearance, high.excess) == (pytest.approx(2.0), pytest.approx(2.5))
    assert (low.clearance, low.excess) == (pytest.approx(2.0), pytest.approx(2.5))
    assert facts(lean(16.0)).low(LEAN).holds is False
    assert facts(lean(-3.0)).high(LEAN).holds is False


def test_rather_is_half_way_from_usual_to_the_edge() -> None:
    """Usual 5, edges 2 and 11: the lines are 3.5 and 8."""
    assert facts(lean(9.0)).rather_high(LEAN).clearance == pytest.approx(0.5)
    assert facts(lean(7.0)).rather_high(LEAN).clearance == pytest.approx(-0.5)
    assert facts(lean(2.5)).rather_low(LEAN).clearance == pytest.approx(0.5)
    assert facts(lean(4.5)).rather_low(LEAN).clearance == pytest.approx(-0.5)


def test_an_open_end_or_a_measure_without_a_band_says_nothing() -> None:
    bounce = lean(20.0, name="vertical_oscillation_cm")
    assert facts(bounce).high("vertical_oscillation_cm").holds
    assert facts(bounce).low("vertical_oscillation_cm").missing == ("vertical_oscillation_cm",)
    seen = facts(lean(20.0, name="cadence_spm"))
    for ask in (seen.high, seen.low, seen.rather_high, seen.rather_low, seen.outside_on_a_side):
        assert ask("cadence_spm").missing == ("cadence_spm",)
    assert facts().outside_on_a_side(LEAN).missing == (LEAN,)
    assert seen.above("cadence_spm", 16.0).excess == 2.0  # without steps that matter, in errors


def test_a_measure_without_an_error_is_known_to_a_tenth() -> None:
    assert facts(lean(-20.0, math.nan)).below(LEAN, -16.0).clearance == pytest.approx(2.0)
    assert facts(lean(9.0, 0.0)).above(LEAN, 8.0).clearance == pytest.approx(1e6)


# -- two sides -----------------------------------------------------------------------------------------------------


def test_two_sides_are_judged_by_their_mean_weighted_by_how_well_each_was_seen() -> None:
    """Known to 1 and 2: weights 4 and 1, mean 10, no surer than the better side. The near, right side is shown."""
    seen = facts(lean(9.0, 1.0, "left"), lean(14.0, 2.0, "right"))
    mean = seen.measure(LEAN)
    assert mean is not None
    assert (mean.value, mean.uncertainty) == (pytest.approx(10.0), 1.0)
    assert seen.value(LEAN) == pytest.approx(10.0)
    reading = seen.above(LEAN, 8.0)
    assert reading.clearance == pytest.approx(2.0)
    assert reading.evidence == (Evidence(measure=LEAN, side="right", value=14.0, time_s=1.0),)
    assert reading.deciding == (Evidence(measure=LEAN, side="both", value=pytest.approx(10.0), time_s=None),)


def test_the_whole_runner_comes_before_a_side_and_the_near_side_before_the_other() -> None:
    left, right, both = lean(1.0, side="left"), lean(2.0, side="right"), lean(3.0)
    assert facts(left, right).best_seen(LEAN) == right
    assert facts(left, right, both).measure(LEAN) == both
    assert [m.value for m in facts(left, right).seen_best_first(LEAN)] == [2.0, 1.0]
    assert facts(left).measure(LEAN) == left
    assert facts(left, replace(right, value=math.nan)).measure(LEAN) == left
    assert facts(left, replace(right, value=math.nan)).best_seen(LEAN) == left
    assert facts().best_seen(LEAN) is None
    assert math.isnan(facts().value(LEAN))


def test_one_side_outside_is_enough_and_named() -> None:
    """The band is 2 to 11, its edges known to 2, each side to 1.5."""
    seen = facts(lean(5.0, 1.5, "left"), lean(13.5, 1.5, "right")).outside_on_a_side(LEAN)
    assert (seen.clearance, seen.deciding[0].side) == (pytest.approx(1.0), "right")
    seen = facts(lean(-3.0, 1.5, "left"), lean(6.0, 1.5, "right")).outside_on_a_side(LEAN)
    assert (seen.clearance, seen.deciding[0].side) == (pytest.approx(2.0), "left")
    assert not facts(lean(5.0, 1.5, "left"), lean(6.0, 1.5, "right")).outside_on_a_side(LEAN).holds
    bounce = lean(13.0, 1.0, "left", "vertical_oscillation_cm")
    assert facts(bounce).outside_on_a_side("vertical_oscillation_cm").clearance == pytest.approx(2.0)


def test_differences_of_sides_share_a_band_by_their_unit() -> None:
    seen = facts(lean(5.0, 1.0, name="asymmetry_knee_deg"), lean(5.0, 1.0, name="asymmetry_contact_pct"))
    assert seen.high("asymmetry_knee_deg").clearance == pytest.approx(2.0)
    assert seen.high("asymmetry_contact_pct").clearance == pytest.approx(-3.0)
    assert seen.matters("asymmetry_contact_pct") == 1.0
    assert seen.usual("asymmetry_contact_pct") == 0.0
    assert math.isnan(seen.matters("cadence_spm"))
    assert math.isnan(seen.usual("cadence_spm"))


# -- joined --------------------------------------------------------------------------------------------------------


def clear(clearance: float, excess: float = 0.0, name: str = "m") -> Reading:
    return Reading(
        clearance=clearance,
        excess=excess,
        evidence=(Evidence(measure=name, side="both", value=clearance, time_s=None),),
        deciding=(Evidence(measure=name, side="both", value=clearance, time_s=None),),
    )


def test_all_are_as_clear_as_the_least_and_any_as_the_clearest() -> None:
    three = (clear(2.0, 1.0), clear(-1.0, -4.0), clear(0.5, 3.0))
    assert (all_of(*three).clearance, all_of(*three).excess) == (-1.0, -4.0)
    assert (any_of(*three).clearance, any_of(*three).excess) == (2.0, 1.0)
    two = at_least(2, *three)
    assert (two.clearance, two.excess) == (0.5, 3.0)  # the largest of those that hold
    assert [e.value for e in two.evidence] == [2.0, 0.5]
    assert [e.value for e in two.deciding] == [0.5]


def test_what_is_missing_matters_only_where_it_could_decide() -> None:
    gone = unknown("x", "y")
    assert at_least(1, clear(1.0), gone).clearance == 1.0
    assert at_least(2, clear(1.0), gone).missing == ("x", "y")
    assert at_least(2, clear(-1.0), gone).clearance == -1.0
    assert at_least(1, clear(-1.0), gone).missing == ("x", "y")
    assert at_least(2, clear(1.0), clear(-2.0), gone).missing == ("x", "y")
    assert at_least(3, clear(1.0), clear(-2.0), gone).clearance == -2.0
    assert at_least(1, gone, unknown("y", "z")).missing == ("x", "y", "z")
    assert at_least(1).missing == ()


def test_the_other_way_round_guarded_and_capped() -> None:
    assert (isnt(clear(2.0, 3.0)).clearance, isnt(clear(2.0, 3.0)).excess) == (-2.0, -3.0)
    assert provided(clear(2.0), clear(0.1)) == clear(2.0)
    assert provided(clear(2.0), clear(-0.1)).clearance == -0.1
    assert provided(clear(2.0), unknown("x")).missing == ("x",)
    assert (capped(clear(2.0), 0.8).clearance, capped(clear(0.5), 0.8).clearance) == (0.8, 0.5)
    assert capped(unknown("x"), 0.8).missing == ("x",)


# -- over the clip -------------------------------------------------------------------------------------------------


def strides(*values: float, every_s: float = 2.0) -> tuple[Sample, ...]:
    return tuple(Sample(time_s=1.0 + every_s * i, value=v) for i, v in enumerate(values))


def test_a_trend_is_the_line_through_the_strides_with_the_error_of_its_rise() -> None:
    """0, 3, 0, 3 at 1, 3, 5, 7 s: slope 0.3, from 0.6 to 2.4; squares left 7.2 over 2, times 20.

    Neighbours go against each other, so they widen nothing: 1.96 * root of (3.6 / 20) * 6 s.
    """
    start, end, half = trend(strides(0.0, 3.0, 0.0, 3.0))
    assert (start, end) == (pytest.approx(0.6), pytest.approx(2.4))
    assert half == pytest.approx(1.96 * math.sqrt(3.6 / 20) * 6)


def test_strides_that_resemble_their_neighbours_are_less_sure() -> None:
    """-1, -1, 2, 2, -1, -1: no slope, no mean; likeness (1 - 2 + 4 - 2 + 1) / 12 = 1/6, widening root of 7/5."""
    start, end, half = trend(strides(-1.0, -1.0, 2.0, 2.0, -1.0, -1.0))
    assert (start, end) == (pytest.approx(0.0, abs=1e-9), pytest.approx(0.0, abs=1e-9))
    assert half == pytest.approx(1.96 * math.sqrt(12 / 4 / 70) * math.sqrt(7 / 5) * 10)


def test_a_perfect_line_has_no_error() -> None:
    assert trend(strides(1.0, 1.0, 1.0, 1.0))[2] == pytest.approx(0.0, abs=1e-9)


def drifting(count: int, every_s: float, rise: float = 6.0) -> Measure:
    values = np.linspace(5.0, 5.0 + rise, count) + np.resize([0.5, -0.5], count)
    return replace(lean(8.0), samples=strides(*values, every_s=every_s))


def test_a_drift_is_beyond_what_matters_and_beyond_chance() -> None:
    found = drifting(13, 2.0)
    start, end, half = trend(found.samples)
    reading = facts(found).drifts(LEAN, +1)
    assert reading.clearance == pytest.approx((end - start - 2.0) / half)
    assert reading.excess == pytest.approx((end - start - 2.0) / 2.0)
    assert [(e.value, e.time_s, e.side) for e in reading.evidence] == [(start, 1.0, "both"), (end, 25.0, "both")]
    falling = facts(found).drifts(LEAN, -1)
    assert falling.excess == pytest.approx((start - end - 2.0) / 2.0)


def test_a_drift_needs_twelve_strides_and_twenty_seconds() -> None:
    assert facts(drifting(12, 2.0)).drifts(LEAN, 1).known
    assert facts(drifting(11, 2.5)).drifts(LEAN, 1).missing == (LEAN,)
    assert facts(drifting(21, 1.0)).drifts(LEAN, 1).known
    assert facts(drifting(20, 1.0)).drifts(LEAN, 1).missing == (LEAN,)
    unsure, sure = replace(drifting(13, 2.0), uncertainty=3.0), replace(drifting(13, 2.0, rise=0.0), side="left")
    assert facts(unsure, sure).drifts(LEAN, 1).evidence[0].side == "left"


def test_the_moment_shown_is_the_stride_nearest_the_mean() -> None:
    shown = evidence_of(replace(lean(5.0), samples=strides(9.0, 4.5, 6.0, 1.0)))
    assert shown == Evidence(measure=LEAN, side="both", value=5.0, time_s=3.0)
    assert evidence_of(replace(lean(5.0), samples=())).time_s is None


# -- bands ---------------------------------------------------------------------------------------------------------


def test_a_band_lies_on_its_lines_at_the_speed() -> None:
    band = KNOWN.band(LEAN, 3.0)
    assert band is not None
    assert (band.low, band.high, band.edge_error, band.at_speed_mps) == (2.0, 11.0, 2.0, 3.0)
    assert (band.source, band.n, band.percentile, band.population) == ("a paper", 26, 5, "somebody")
    wide = KNOWN.band(LEAN, speeds_mps=(2.5, 3.5))
    assert wide is not None
    assert (wide.low, wide.high, wide.edge_error, wide.at_speed_mps) == (1.5, 12.0, 2.5, None)
    assert wide.source == "a paper; speed unknown, so the band covers 2.5 to 3.5 m/s"
    assert KNOWN.band(LEAN, math.nan) == KNOWN.band(LEAN)
    assert KNOWN.band("cadence_spm", 3.0) is None


def test_a_tall_runner_may_rise_by_so_much_a_metre() -> None:
    """6 cm a metre of height where the line has 11 at 3 m/s; at 2 m/s the line is lower by 10 to 11."""
    for speed, high in ((3.0, 12.0), (2.0, 12.0 * 10 / 11)):
        band = KNOWN.band("vertical_oscillation_cm", speed, height_m=2.0)
        assert band is not None
        assert (band.low, band.high) == (-math.inf, pytest.approx(high))
        assert band.source == "a paper (a proposal)"
    seen = facts(height_m=2.0).band("vertical_oscillation_cm")
    assert seen is not None
    assert seen.high == pytest.approx(12.0)


def test_an_unsure_speed_widens_the_band_and_keeps_its_name() -> None:
    view = replace(view_from("side", 3.0), speed_uncertainty_mps=0.5)
    seen = replace(facts(), view=view)
    assert seen.speeds_mps == (2.5, 3.5)
    band = seen.band(LEAN)
    assert band is not None
    assert (band.low, band.high, band.at_speed_mps, band.source) == (1.5, 12.0, 3.0, "a paper")
    assert seen.usual(LEAN) == 5.0
    unknown_speed = facts(speed=math.nan).band(LEAN)
    assert unknown_speed is not None
    assert unknown_speed.at_speed_mps is None


def test_nobody_runs_slower_than_half_a_metre_a_second() -> None:
    view = replace(view_from("side", 1.0), speed_uncertainty_mps=0.8)
    assert plausible_speeds([], view) == (0.5, 1.8)
    assert plausible_speeds([], replace(view, speed_uncertainty_mps=math.nan)) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("edge_error = 'x'", r"edge_error: expected a number or \[\[speed, value\], \.\.\.\]"),
        ("edge_error = [[3, 1], [3, 2]]", "edge_error: speeds must rise"),
        ("high = [[2, 3, 4]]", "high: expected a number"),
        ("high = [[2, 'x']]", "high: expected a number"),
        ("high = []", "high: expected a number"),
        ("high = [4, 5]", "high: expected a number"),
        ("high = true", "high: expected a number"),
        ("matters = -1", "matters must be a number above 0"),
        ("matters = 'x'", "matters must be a number above 0"),
        ("matters = true", "matters must be a number above 0"),
        ("measured_mps = 3", "measured_mps must be two rising speeds"),
        ("measured_mps = [4, 2]", "measured_mps must be two rising speeds"),
        ("measured_mps = [2, 3, 4]", "measured_mps must be two rising speeds"),
        ("usual = 20", "low, usual and high are not in rising order at every speed"),
        ("high = [[2, 9], [4, 5.5]]", "low, usual and high are not in rising order at every speed"),
        (
            "colour = 1",
            "unknown key 'colour', expected one of edge_error, grade, high, high_per_height_m, low, matters",
        ),
        ("grade = 'x'", "grade must be one of strong, moderate, weak, opinion"),
    ],
)
def test_a_fault_of_a_table_is_named_alone(line: str, says: str) -> None:
    key = line.split(" =", maxsplit=1)[0]
    rows = [row for row in BANDS.split("\n\n", maxsplit=1)[0].splitlines() if not row.startswith(f"{key} =")]
    with pytest.raises(UsageError, match=rf"^mine\.toml: \[trunk_lean_deg\] {says}[^;]*\.$"):
        read_references("\n".join([*rows, line]), "mine.toml")


@pytest.mark.parametrize("key", ["usual", "matters", "population", "source", "grade"])
def test_what_a_table_lacks_is_named(key: str) -> None:
    rows = [row for row in BANDS.split("\n\n", maxsplit=1)[0].splitlines() if not row.startswith(f"{key} =")]
    with pytest.raises(UsageError, match=rf"^mine\.toml: \[trunk_lean_deg\] {key} is missing\.$"):
        read_references("\n".join(rows), "mine.toml")
    with pytest.raises(UsageError, match=r"\[trunk_lean_deg\] is not a table"):
        read_references("trunk_lean_deg = 3", "mine.toml")


# -- worked examples -----------------------------------------------------------------------------------------------


def test_the_strides_of_a_drifting_example_fill_a_minute_around_its_value() -> None:
    case = Case(name="tiring", measures={LEAN: 6.0}, drift={LEAN: 4.0}, error=0.5)
    (found,) = (m for m in measures_of(case, references()) if m.id == LEAN)
    assert (found.value, found.uncertainty, len(found.samples)) == (6.0, 1.5, 60)
    assert [found.samples[i].time_s for i in (0, 1, 59)] == [0.0, pytest.approx(60 / 59), 60.0]
    assert found.samples[0].value == pytest.approx(4.0)
    assert found.samples[59].value == pytest.approx(8.0 + 0.5 * math.sin(7.3 * 59))
