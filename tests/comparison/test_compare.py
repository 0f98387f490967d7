"""Comparing takes: truths known by hand, the article's three strides in numbers, and honesty under chance."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from midstance.comparison import compare, compare_series, own_bands
from midstance.comparison.model import Standpoint, Take, Trend
from midstance.comparison.take import series_json
from midstance.comparison.thresholds import expected_sign, limits
from midstance.errors import UsageError
from midstance.model import Evidence, MeasureSide, PoseModel
from midstance.text.changes import change_rows, describe_comparison, describe_series
from tests.fixtures.takes import SHANK, found, number, plan, take


def cody() -> tuple[Take, Take, Take]:
    """The article's three strides as numbers: flat and reaching; foot down sooner; longer by flight."""
    rows = [  # shank, cadence, step length m, flight ms, knee
        ("first", 12.0, 165.0, 1.09, 90.0, 10.0),
        ("second", 2.0, 178.0, 1.01, 70.0, 18.0),
        ("third", 2.5, 167.0, 1.08, 120.0, 19.0),
    ]
    takes = [
        take(
            label,
            number(SHANK, shank, 1.5, band=(-3, 7)),
            number("cadence_spm", cadence, 2.0, band=(150, 185)),
            number("step_length_m", step, 0.02, band=(1.05, 1.4)),
            number("flight_time_ms", flight, 8.0, band=(62, 140)),
            number("knee_flexion_at_strike_deg", knee, 2.0, band=(8, 25)),
        )
        for label, shank, cadence, step, flight, knee in rows
    ]
    return (
        replace(takes[0], findings=(found("reaching"),), plan=plan("reaching", SHANK, 12.0, 7.0)),
        replace(takes[1], findings=(found("flat_stride"),), plan=plan("flat_stride", "flight_time_ms", 70.0, 98.0)),
        takes[2],
    )


def verdicts(before: Take, after: Take) -> dict[str, str]:
    return {d.measure: d.verdict for d in compare(before, after).differences}


# -- one measure ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after", "verdict"),
    [
        (10.0, 10.0, "no_clear_change"),
        (10.0, 7.3, "no_clear_change"),  # the root of 2² + 2² is 2.83
        (10.0, 7.1, "better"),
        (10.0, 13.0, "worse"),
        (0.0, 4.0, "changed"),  # inside its band before and after
        (4.0, 8.0, "worse"),
        (8.0, 4.0, "better"),
    ],
)
def test_verdict_by_error_and_band(before: float, after: float, verdict: str) -> None:
    pair = [take(n, number(SHANK, v, 2.0, band=(-3, 7))) for n, v in (("a", before), ("b", after))]
    assert verdicts(*pair) == {SHANK: verdict}


def test_interval_is_of_the_difference() -> None:
    (d,) = compare(take("a", number(SHANK, 10, 3)), take("b", number(SHANK, 4, 4))).differences
    assert (d.change, d.minimal_change, d.low, d.high) == (-6, 5, -11, -1)


def test_without_an_error_nothing_is_told() -> None:
    (d,) = compare(take("a", number(SHANK, 10, math.nan)), take("b", number(SHANK, 0, 1))).differences
    assert (d.verdict, d.why_not, d.minimal_change) == ("cannot_tell", "error_unknown", None)


def test_asymmetry_is_better_when_smaller_on_either_side() -> None:
    name = "asymmetry_contact_time_pct"
    assert verdicts(take("a", number(name, -12, 2)), take("b", number(name, 3, 2))) == {name: "better"}


def test_target_outranks_band() -> None:
    before = take("a", number(SHANK, 5, 1, band=(-3, 7)), plan=plan("reaching", SHANK, 5.0, 0.0))
    assert verdicts(before, take("b", number(SHANK, 1, 1, band=(-3, 7)))) == {SHANK: "better"}


# -- can they be compared ------------------------------------------------------------------------------------------


def test_equal_speed_within_three_percent_is_left_alone() -> None:
    d = compare(take("a", number("cadence_spm", 166, 2)), take("b", number("cadence_spm", 166, 2), speed=3.08))
    assert d.obstacles == ()
    assert d.differences[0].speed_part == 0


def test_faster_take_is_set_right_along_the_line() -> None:
    """The cadence line rises from 160.7 at 2.5 to 172 at 3.5 m/s: 3.39 steps a minute for 0.3 m/s."""
    told = compare(take("a", number("cadence_spm", 166, 1)), take("b", number("cadence_spm", 169.4, 1), speed=3.3))
    (d,) = told.differences
    assert d.speed_part == pytest.approx(3.39, abs=0.01)
    assert d.verdict == "no_clear_change"
    assert d.minimal_change == pytest.approx(math.sqrt(1 + 1 + (3.39 / 2) ** 2), abs=0.01)
    assert [o.id for o in told.obstacles] == ["speed"]


def test_speeds_that_may_be_equal_leave_all_of_the_correction_in_doubt() -> None:
    unsure = number("speed_mps", 3.0, 0.4)
    takes = [
        take("a", number("cadence_spm", 166, 1), unsure),
        take("b", number("cadence_spm", 166, 1), unsure, speed=3.3),
    ]
    cadence = compare(*takes).differences[0]
    assert cadence.verdict == "no_clear_change"
    assert cadence.minimal_change == pytest.approx(math.sqrt(1 + 1 + 3.39**2), abs=0.01)


def test_speed_without_a_line_or_too_far_cannot_be_told() -> None:
    same = number("wholly_new_deg", 1, 1)
    assert verdicts(take("a", same), take("b", same, speed=3.3)) == {"wholly_new_deg": "cannot_tell"}
    unsure = number("speed_mps", 3.0, 0.3)
    both = take("a", same, unsure), take("b", same, replace(unsure, value=3.3), speed=3.3)
    assert verdicts(*both)["wholly_new_deg"] == "no_clear_change"  # the speeds may be the same
    cadence = number("cadence_spm", 166, 1)
    assert verdicts(take("a", cadence), take("b", cadence, speed=4.0)) == {"cadence_spm": "cannot_tell"}


def test_speed_in_leg_lengths_serves_when_metres_are_unknown() -> None:
    def run(length: float) -> Take:
        return take("a", number("step_length_leg", length, 0.02), number("cadence_spm", 166, 2), speed=None)

    assert compare(run(1.2), run(1.32)).speed_change == pytest.approx(0.1)
    assert [o.id for o in compare(take("a", speed=None), take("b", speed=None)).obstacles] == ["speed_unknown"]


def test_a_speed_that_may_be_the_error_is_told_as_that() -> None:
    unsure = number("speed_mps", 3.0, 0.4)
    told = compare(take("a", unsure), take("b", unsure, speed=3.3))
    assert [o.id for o in told.obstacles] == ["speed_unsure"]
    assert "10 % faster in b, or the films misread your speed" in describe_comparison(told).says[0]
    sure = number("speed_mps", 3.0, 0.05)
    assert [o.id for o in compare(take("a", sure), take("b", sure, speed=3.3)).obstacles] == ["speed"]


def test_speed_is_compared_as_it_is_known_best() -> None:
    """Without a height metres are known to 15 %, leg lengths to 3 %: the runner ran as fast as before."""

    def run(label: str, speed: float, error: float) -> Take:
        rows = (number("step_length_leg", 1.2, 0.02), number("cadence_spm", 166, 2), number("speed_mps", speed, error))
        return take(label, *rows, speed=speed)

    assert compare(run("a", 3.0, 0.45), run("b", 3.5, 0.45)).speed_change == pytest.approx(0)
    assert compare(run("a", 3.0, 0.01), run("b", 3.5, 0.01)).speed_change == pytest.approx(1 / 6)


def test_a_film_beside_itself_is_no_comparison() -> None:
    aim = plan("reaching", SHANK, 12, 7)
    one = take("a", number(SHANK, 12, 1.5), plan=aim, film_sha256="1" * 64)
    told = compare(one, replace(one, label="b"))
    assert told.obstacles[0].id == "same_film"
    assert describe_comparison(told).says == ("Both are the same film, so nothing can have changed.",)
    other = compare(one, replace(one, film_sha256="2" * 64))
    assert other.obstacles == ()
    assert compare(replace(one, film_sha256=""), replace(one, film_sha256="")).obstacles == ()


def test_another_view_leaves_only_the_rhythm() -> None:
    both = (number("cadence_spm", 166, 2), number("trunk_lean_deg", 5, 1))
    got = verdicts(take("a", *both), take("b", *both, plane="front", near_side=None))
    assert got == {"cadence_spm": "no_clear_change", "trunk_lean_deg": "cannot_tell"}


def test_doubts_are_named() -> None:
    other = PoseModel(backend="b", model="lite", weights_sha256="1")
    b = take("b", rate_hz=240.0, setting="over_ground", near_side="left", pose=other, version="2")
    assert {o.id for o in compare(take("a"), b).obstacles} == {"rate", "setting", "other_side", "pose_model", "version"}


def seen_from(label: str, **standpoint: float) -> Take:
    """A take with an angle, a length and the rhythm, and where its camera stood."""
    rows = (number(SHANK, 10.0, 1.0), number("step_length_m", 1.1, 0.01), number("cadence_spm", 166, 1))
    return take(label, *rows, standpoint=Standpoint(leg_px=200.0, **standpoint))


def test_another_standpoint_widens_and_a_far_one_forbids() -> None:
    square = seen_from("a", yaw_deg=0.0, yaw_uncertainty_deg=6.0, look_down_deg=11.0, look_down_uncertainty_deg=4.0)
    least: dict[float, list[float | None]] = {}
    for yaw in (0.0, 8.0, 12.0):
        turned = replace(square.standpoint, yaw_deg=yaw)
        told = compare(square, replace(square, label="b", standpoint=turned))
        least[yaw] = [d.minimal_change for d in told.differences]
        assert [o.id for o in told.obstacles] == (["camera"] if yaw > 10 else [])
    assert least[0.0] == least[8.0]  # within what can be told of a camera
    angle, length, rhythm = least[12.0]
    assert angle == pytest.approx(math.hypot(1.0, 1.0, 2.4))
    assert length == pytest.approx(math.hypot(0.01, 0.01, 1.1 * 0.036))
    assert rhythm == least[0.0][2]
    low = seen_from("b", look_down_deg=-14.0, look_down_uncertainty_deg=4.0)
    assert verdicts(square, low) == {
        SHANK: "cannot_tell",
        "step_length_m": "cannot_tell",
        "cadence_spm": "no_clear_change",
    }
    assert "differs by 25°, so only the rhythm" in describe_comparison(compare(square, low)).says[0]


def test_a_smaller_runner_is_told_and_an_untold_standpoint_is_not() -> None:
    small = replace(seen_from("b"), standpoint=Standpoint(leg_px=80.0))
    assert "2.5 times as large" in describe_comparison(compare(seen_from("a"), small)).says[0]
    assert compare(seen_from("a", yaw_deg=0.0, yaw_uncertainty_deg=6.0), take("b")).obstacles == ()


def test_another_rhythm_makes_times_on_the_ground_and_in_the_air_less_sure() -> None:
    def runner(cadence: float) -> Take:
        return take(
            "a",
            number("cadence_spm", cadence, 1.0),
            number("contact_time_ms", 250, 3.0),
            number("flight_time_ms", 100, 3.0),
            number("duty_factor", 0.36, 0.004),
            number("flight_distance_m", 0.3, 0.01),
            number("peak_thigh_extension_deg", 20, 1.0),
        )

    alone, doubt = {d.measure: d.minimal_change for d in compare(runner(170), runner(170)).differences}, {}
    for d in compare(runner(170), runner(170 * 1.2)).differences:
        assert d.minimal_change is not None
        doubt[d.measure] = math.sqrt(d.minimal_change**2 - (alone[d.measure] or 0.0) ** 2)
    whole = limits().rhythm_doubt_ms
    assert doubt["contact_time_ms"] == doubt["flight_time_ms"] == pytest.approx(whole)
    assert doubt["duty_factor"] == pytest.approx(whole / (2 * 60_000 / 170))
    assert doubt["flight_distance_m"] == pytest.approx(0.3 * whole / 100)
    assert doubt["cadence_spm"] == doubt["peak_thigh_extension_deg"] == 0
    a_little = {d.measure: d.minimal_change for d in compare(runner(170), runner(171)).differences}
    assert alone["contact_time_ms"] < a_little["contact_time_ms"] < 6  # type: ignore[operator]


# -- the story -----------------------------------------------------------------------------------------------------


def test_first_to_second_stride_is_shorter_quicker_and_no_failure() -> None:
    told = compare(*cody()[:2])
    assert told.focus is not None
    assert (told.focus.verdict, told.focus.do) == ("better", "next")
    assert told.focus.next_focus == "flat_stride"
    assert told.step is not None
    assert told.step.direction == "shorter"
    came = {d.measure: d for d in told.differences if d.expected}
    assert came.keys() >= {"cadence_spm", "step_length_m"}
    assert not [d for d in told.differences if d.verdict == "worse"]


def test_second_to_third_stride_is_longer_by_flight_and_keeps_the_landing() -> None:
    series = compare_series(cody())
    last = series.steps[1]
    assert last.focus is not None
    assert (last.focus.verdict, last.focus.do, last.focus.next_focus) == ("better", "next", "")
    assert last.step is not None
    assert (last.step.direction, last.step.by) == ("longer", ("flight",))
    assert [(g.problem, g.kept) for g in series.gains] == [("reaching", True)]
    text = " ".join(line for chapter in describe_series(series) for line in chapter.says)
    assert "more ground in the air" in text
    assert "no farther ahead" in text
    assert "no failure" in text


@pytest.mark.parametrize(
    ("cadence", "speed", "direction"),
    [
        (185.0, 3.0, "shorter"),  # 12 % quicker at one speed, which is known to 5 % in each film
        (172.0, 3.0, None),  # 4 % quicker: as much as the speeds may differ
        (150.0, 3.0, "longer"),
        (185.0, 3.3, None),  # faster as well, so nothing follows
    ],
)
def test_a_step_is_speed_over_cadence(cadence: float, speed: float, direction: str | None) -> None:
    def run(cadence: float, speed: float) -> Take:
        rows = (
            number("cadence_spm", cadence, 1.5),
            number("speed_mps", speed, 0.15),
            number("step_length_m", 1.0, 0.2),
        )
        return take("a", *rows, speed=speed)

    step = compare(run(165.0, 3.0), run(cadence, speed)).step
    assert (step.direction if step else None) == direction


@pytest.mark.parametrize(
    ("left", "right", "by", "no_farther"),
    [
        (10.0, 10.0, ("flight",), True),
        (10.0, 14.0, ("flight",), False),  # one leg alone: not why the step is longer, and not denied either
        (14.0, 14.0, ("flight", "reach"), False),
        (6.0, 14.0, ("flight",), False),
        (6.0, 6.0, ("flight",), True),
    ],
)
def test_a_step_is_longer_by_what_both_legs_do(
    left: float, right: float, by: tuple[str, ...], *, no_farther: bool
) -> None:
    def run(label: str, step: float, flight: float, shanks: tuple[float, float]) -> Take:
        sides: tuple[MeasureSide, ...] = ("left", "right")
        legs = (replace(number(SHANK, v, 2.0), side=side) for v, side in zip(shanks, sides, strict=True))
        return take(label, number("step_length_m", step, 0.02), number("flight_time_ms", flight, 8.0), *legs)

    told = compare(run("a", 1.0, 70.0, (10.0, 10.0)), run("b", 1.2, 120.0, (left, right)))
    assert told.step is not None
    assert told.step.by == by
    assert ("no farther ahead" in " ".join(describe_comparison(told).says)) == no_farther


def test_what_was_won_can_be_lost() -> None:
    first, second, third = cody()
    back = replace(third, measures=(number(SHANK, 11.0, 1.5), *third.measures[1:]))
    assert [(g.kept, g.partly) for g in compare_series((first, second, back)).gains] == [(False, False)]
    half = replace(third, measures=(number(SHANK, 6.0, 1.5), *third.measures[1:]))
    assert [(g.kept, g.partly) for g in compare_series((first, second, half)).gains] == [(False, True)]


@pytest.mark.parametrize(
    ("after", "seen", "do"),
    [(12.0, True, "stay"), (8.5, True, "stay"), (6.0, True, "next"), (8.5, False, "next"), (16.0, True, "another_cue")],
)
def test_what_to_do_now(after: float, seen: bool, do: str) -> None:
    before = take("a", number(SHANK, 12, 1.5), findings=(found("reaching"),), plan=plan("reaching", SHANK, 12, 7))
    later = take("b", number(SHANK, after, 1.5), findings=(found("reaching"),) if seen else ())
    focus = compare(before, later).focus
    assert focus is not None
    assert focus.do == do


def test_a_focus_that_comes_first_again_is_not_done() -> None:
    aim = plan("reaching", SHANK, 12, 7)
    before, later = take("a", number(SHANK, 12, 1.5), plan=aim), take("b", number(SHANK, 6, 1.5), plan=aim)
    focus = compare(before, later).focus
    assert focus is not None
    assert (focus.verdict, focus.still_seen, focus.do) == ("better", True, "stay")


def test_what_went_the_other_way_is_not_called_nothing() -> None:
    def run(label: str, shin: float, lean: float) -> Take:
        return take(label, number(SHANK, shin, 1.0), number("trunk_lean_deg", lean, 1.0, band=(1, 11)))

    before = replace(run("a", 12.0, 6.0), plan=plan("reaching", SHANK, 12.0, 7.0))
    calm, watched = (describe_comparison(compare(before, run("b", 6.0, lean))).says for lean in (6.0, 17.0))
    assert calm[-1] == "That is done, and nothing else asks for a change."
    assert any(line.startswith("Watch this: forward lean up") for line in watched)
    assert watched[-1] == "That is done. Keep an eye on what went the other way: film again in two weeks."


def test_something_merely_watched_is_told_when_it_moved() -> None:
    seen = Evidence(measure=SHANK, side="both", value=12.0, time_s=None)
    watched = replace(found("reaching"), grade="watch", evidence=(seen,))
    before = take("a", number(SHANK, 12, 1.5, band=(-3, 7)), findings=(watched,))
    focus = compare(before, take("b", number(SHANK, 2, 1.5, band=(-3, 7)))).focus
    assert focus is not None
    assert (focus.problem, focus.verdict, focus.do) == ("reaching", "better", "next")
    assert compare(before, before).focus is None


def test_unmeasured_focus_asks_for_another_film() -> None:
    before = take("a", number(SHANK, 12, 1.5), plan=plan("reaching", SHANK, 12, 7))
    told = compare(before, take("b"))
    assert told.focus is not None
    assert (told.focus.verdict, told.focus.do) == ("cannot_tell", "film_again")
    assert "Film again" in describe_comparison(told).says[-1]


def test_nothing_worked_on_and_nothing_changed_is_said() -> None:
    same = take("a", number(SHANK, 3, 1))
    assert describe_comparison(compare(same, same)).says == ("1 number compared: no clear change.",)


def test_every_expectation_names_one_way_only() -> None:
    assert expected_sign("reaching", "cadence_spm") == 1
    assert expected_sign("reaching", "step_length_m") == -1
    assert expected_sign("reaching", SHANK) == 0
    assert expected_sign("nothing", "cadence_spm") == 0


def test_sides_that_went_apart_are_named() -> None:
    """One knee bends more, into its band, the other is inside its band before and after."""
    knee = "knee_flexion_at_strike_deg"
    bands = {"left": (20, 30), "right": (0, 40)}

    def run(label: str, bend: float) -> Take:
        return take(label, *(replace(number(knee, bend, 1, band=band), side=side) for side, band in bands.items()))

    says = " ".join(describe_comparison(compare(run("a", 10), run("b", 22))).says)
    assert "Better as well: knee bend at landing, left up 12.0 " in says
    assert "Also changed: knee bend at landing, right up 12.0 " in says
    bands["right"] = bands["left"]
    says = " ".join(describe_comparison(compare(run("a", 10), run("b", 22))).says)
    assert "Better as well: knee bend at landing up 12.0 " in says


# -- over time -----------------------------------------------------------------------------------------------------


def test_trend_finds_the_slope_and_its_error() -> None:
    takes = [take(str(i), number(SHANK, 12 - 3 * i, 1.0)) for i in range(4)]
    (trend,) = compare_series(takes).trends
    assert (trend.slope, trend.verdict, trend.per) == (pytest.approx(-3), "falling", "take")
    assert trend.high - trend.slope == pytest.approx(1 / math.sqrt(5))  # 1 over the root of sum (i - 1.5)²


def test_trend_counts_in_weeks_when_every_take_has_its_day() -> None:
    days = [date(2026, 1, 1), date(2026, 1, 8), date(2026, 1, 29)]
    takes = [take(str(d), number(SHANK, 10 - d.day / 7, 0.1), taken_on=d) for d in days]
    (trend,) = compare_series(takes).trends
    assert (trend.slope, trend.per) == (pytest.approx(-1), "week")


def over(*values: float, error: float = 2.0) -> Trend:
    """The trend of one measure over takes named a, b, c and so on."""
    (trend,) = compare_series(
        [take(n, number(SHANK, v, error)) for n, v in zip("abcdefgh", values, strict=False)]
    ).trends
    return trend


@pytest.mark.parametrize(
    ("values", "course", "came_with"),
    [
        ((15, 1, 1), "steps", "b"),
        ((15, 15, 1), "steps", "c"),
        ((15, 15.5, 14.5, 1, 1.5, 0.5), "steps", "d"),
        ((15, 1, 15), "steps", "bc"),
        ((15, 1, 1, 15, 15), "steps", "bd"),
        ((12, 12, 6, 6, 0, 0), "steps", "ce"),
        ((10, 8, 6), "gradual", ""),
        ((12, 9, 6, 3, 0), "gradual", ""),
        ((10, 10.5, 9.5), "level", ""),
        ((10, 12.8, 10), "level", ""),  # the root of 2² + 2² is 2.83
        ((10, 12.9, 10), "unclear", ""),
        ((10, 12.9, 10, 13), "unclear", ""),
    ],
)
def test_how_it_went_over_the_takes(values: tuple[float, ...], course: str, came_with: str) -> None:
    trend = over(*values)
    assert (trend.course, "".join(shift.take for shift in trend.shifts)) == (course, came_with)


def test_a_shift_is_judged_on_all_takes_on_either_side() -> None:
    (shift,) = over(14, 16, 1, 1, 1, 1).shifts
    assert shift.change == pytest.approx(-14)
    assert shift.error == pytest.approx(2 * math.hypot(1 / math.sqrt(2), 1 / math.sqrt(4)))  # of two takes, of four
    assert not shift.back
    assert not shift.newest
    assert over(15, 15, 1).shifts[0].newest
    assert [s.back for s in over(15, 1, 15).shifts] == [False, True]
    assert [s.back for s in over(15, 1, 8).shifts] == [False, False]
    precise = compare_series([take(n, number(SHANK, v, e)) for n, v, e in (("a", 10, 1), ("b", 0, 1), ("c", 2, 2))])
    assert precise.trends[0].shifts[0].change == pytest.approx(-10 + 2 / 5)  # the second take counts four times


def test_a_change_too_small_for_its_error_is_no_step() -> None:
    assert over(15, 1, 1, error=20.0).course == "level"


def whole(*values: float) -> str:
    """What is told over takes of which each but the last has the landing as its focus."""
    aim = plan("reaching", SHANK, 15, 5)
    takes = [take(n, number(SHANK, v, 2.0), plan=aim) for n, v in zip("abcdef", values, strict=False)]
    return " ".join(describe_series(compare_series(takes))[-1].says)


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ((15, 1, 1), "15, 1, 1°. It changed with b: down 14 ± 2°. It has stayed since."),
        ((15, 15, 1), "It changed with c: down 14 ± 2°. Your next film will show whether it stays."),
        ((15, 1, 15), "It changed with b (down 14 ± 3°), and went back with c. "),
        ((15, 1, 15), "has lost the gain from b. Come back to that thought."),
        ((15, 1, 8), "It changed with b (down 14 ± 3°) and with c (up 7 ± 3°)."),
        ((15, 1, 8), "has lost part of the gain from b. Keep that thought."),
        ((12, 9, 6, 3), "It is falling little by little, by 3.0 ± 0.9° a take."),
        ((12, 9, 6, 3), "Shin angle at landing has kept the gain from b and c."),
        ((10, 10, 11), "No two takes differ by more than their errors: no clear change."),
        ((10, 12.9, 10), "Nothing lasting shows yet."),
    ],
)
def test_the_story_over_the_takes(values: tuple[float, ...], told: str) -> None:
    says = whole(*values)
    assert told in says
    assert "no clear trend" not in says


def test_what_is_partly_lost_has_not_stayed() -> None:
    says = whole(15, 1, 4)  # 4 is clearly above 1 and clearly below 15, but no step of its own among three takes
    assert "has lost part of the gain from b" in says
    assert "stayed" not in says


def test_values_at_another_speed_are_said_to_be_that() -> None:
    """The cadence line rises from 160.7 at 2.5 to 172 at 3.5 m/s: 3.39 steps a minute for 0.3 m/s."""
    aim = plan("bounce", "cadence_spm", 160, 170)
    runs = [(160.0, 3.0), (173.4, 3.3), (170.0, 3.0)]
    takes = [take(n, number("cadence_spm", v, 2.0), speed=s, plan=aim) for n, (v, s) in zip("abc", runs, strict=True)]
    says = " ".join(describe_series(compare_series(takes))[-1].says)
    assert "Cadence over the takes, at the speed of the first: 160, 170, 170 steps a minute." in says
    assert "at the speed" not in whole(15, 1, 1)


def test_what_stayed_is_said_once() -> None:
    says = whole(15, 1, 1)
    assert "kept" not in says
    assert compare_series(cody()).gains[0].kept


def test_one_take_is_no_comparison() -> None:
    with pytest.raises(UsageError, match="two takes"):
        compare_series([take("a")])


def test_own_band_after_three_takes() -> None:
    takes = [take(str(v), number(SHANK, v, 0.5)) for v in (4.0, 5.0, 6.0)]
    assert own_bands(takes[:2]) == {}
    band = own_bands(takes)[SHANK, "both"]
    half = 4.3026527 * 1.0 * math.sqrt(4 / 3)  # Student's t for two degrees of freedom
    assert (band.low, band.high) == (pytest.approx(5 - half, abs=1e-4), pytest.approx(5 + half, abs=1e-4))


def test_own_band_is_never_narrower_than_the_camera() -> None:
    band = own_bands([take("a", number(SHANK, 5.0, 2.0))] * 3)[SHANK, "both"]
    assert (band.low, band.high) == (3.0, 7.0)


# -- honesty -------------------------------------------------------------------------------------------------------


def test_chance_is_not_told_as_change() -> None:
    """Forty unchanged measures, two hundred pairs: hardly any pair may tell a sure change."""
    rng = np.random.default_rng(6)

    def run() -> Take:
        return take("x", *(number(f"m{i}_deg", rng.normal(0, 1 / 1.96), 1.0) for i in range(40)))

    told = [compare(run(), run()).differences for _ in range(200)]
    clear = np.mean([d.verdict != "no_clear_change" for pair in told for d in pair])
    assert 0.03 < clear < 0.07
    assert np.mean([any(d.surely for d in pair) for pair in told]) < 0.1


def test_fading_is_told_only_between_takes_of_one_day() -> None:
    early = take("early", number("contact_time_ms", 240, 3), number("peak_thigh_extension_deg", 20, 1))
    late = take("late", number("contact_time_ms", 262, 3), number("peak_thigh_extension_deg", 15, 1))
    assert compare(early, late).faded == ()
    day = {"taken_on": date(2026, 5, 1)}
    told = compare(replace(early, **day), replace(late, **day))
    assert {d.measure for d in told.faded} == {"contact_time_ms", "peak_thigh_extension_deg"}
    assert "faded" in describe_comparison(told).says[0]
    assert compare(replace(late, **day), replace(early, **day)).faded == ()
    assert compare(replace(early, **day), replace(late, **day, trying="a cue")).faded == ()


# -- as plain data -------------------------------------------------------------------------------------------------


def test_progress_is_json_and_rows_put_changes_first() -> None:
    series = compare_series(cody())
    content = json.loads(json.dumps(series_json(series, ["told"]), allow_nan=False))
    assert content["schema"] == 1
    assert content.keys() == {"schema", "says", "takes", "steps", "overall", "trends", "held"}
    assert content["held"][0].keys() == {"problem", "measure", "side", "since", "held", "partly"}
    assert content["held"][0]["held"] is True
    assert content["steps"][0]["differences"][0]["verdict"] == "better"
    rows = change_rows(series.steps[0])
    assert rows[0].verdict == "better"
    assert rows[0].change.startswith("-10")
