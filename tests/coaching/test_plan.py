"""The plan: one thing, its number, what to expect, what is kept for later; nothing where nothing stands out."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from midstance.coaching.bands import references
from midstance.coaching.findings import ask_rules, gather
from midstance.coaching.plan import make_plan, target_of
from midstance.coaching.rules import load
from midstance.coaching.rules.examples import in_order, one_measure, view_from
from midstance.model import Finding, Measure, Plan

SIDE = view_from("side", 3.0)


def runner(error: float = 1.0, **values: float) -> tuple[Measure, ...]:
    return in_order(references(), 3.0, but=values, error=error)


def planned(measures: tuple[Measure, ...]) -> tuple[tuple[Finding, ...], Plan]:
    findings = ask_rules(measures, (), SIDE)
    plan = make_plan(findings, measures, view=SIDE)
    assert plan is not None
    return findings, plan


REACHING = {"shank_angle_at_strike_deg": 17.0, "foot_ahead_of_hip_at_strike_leg": 0.37}


def test_nothing_stands_out() -> None:
    assert make_plan(ask_rules(runner(), (), SIDE), runner(), view=SIDE) is None


def test_one_focus_with_everything_a_runner_needs() -> None:
    findings, plan = planned(runner(**REACHING))
    assert plan.focus == "reaching"
    assert plan.cue == findings[0].cues[0].says
    assert "foot lands 0.37 leg lengths ahead of you; ordinary at this speed is up to 0.28" in plan.why
    assert any("shorter and quicker at first" in text for text in plan.expect)
    assert plan.guard
    assert "20 seconds" in plan.practice
    assert "same speed" in plan.film_again


def test_the_target_is_a_number_that_two_clips_can_tell_apart() -> None:
    _, plan = planned(runner(**REACHING))
    target = plan.target
    assert target is not None
    assert target.measure == "foot_ahead_of_hip_at_strike_leg"
    assert target.start == 0.37
    assert target.minimal_change == pytest.approx(math.sqrt(2) * 0.015)
    assert target.goal == pytest.approx(references()["foot_ahead_of_hip_at_strike_leg"].usual.at(3.0))


def test_a_goal_too_near_to_be_seen_is_moved_to_where_it_can_be() -> None:
    _, plan = planned(runner(error=0.9, peak_thigh_extension_deg=12.5))
    assert plan.target is not None
    blurred = make_plan(
        ask_rules(runner(error=0.9, peak_thigh_extension_deg=12.5), (), SIDE),
        runner(error=4, peak_thigh_extension_deg=12.5),
        view=SIDE,
    )
    assert blurred is not None
    assert blurred.target is not None
    assert blurred.target.goal == pytest.approx(12.5 + blurred.target.minimal_change)
    assert plan.target.goal < blurred.target.goal


def test_the_cue_goes_to_the_supported_cause() -> None:
    measures = runner(peak_thigh_extension_deg=7, knee_flexion_at_toe_off_deg=34, contact_time_ms=220)
    _, plan = planned(measures)
    assert plan.focus == "low_hip_extension"
    assert plan.cue == "Use the hip like a crank: start it and let it go."
    assert "hurry the foot up" in plan.why


def test_the_rest_is_kept_for_later_and_explained_signs_are_not_told_again() -> None:
    flat = {"flight_time_ms": 40.0, "duty_factor": 0.43, "take_off_angle_deg": 1.8}
    _, plan = planned(runner(peak_thigh_extension_deg=5, trunk_lean_deg=17, **flat))
    assert plan.focus == "low_hip_extension"
    assert plan.later == ("leaning_forward",)


def test_something_barely_over_the_line_is_left_alone() -> None:
    measures = runner(peak_thigh_extension_deg=18.4)
    findings = ask_rules(measures, (), SIDE)
    assert findings[0].grade == "watch"
    assert make_plan(findings, measures, view=SIDE) is None


def test_something_likely_is_offered_only_to_who_asks() -> None:
    measures = runner(vertical_oscillation_leg=0.132, take_off_angle_deg=12)
    findings = ask_rules(measures, (), SIDE)
    assert findings[0].grade == "watch"
    assert make_plan(findings, measures, view=SIDE) is None
    plan = make_plan(findings, measures, view=SIDE, asked=True)
    assert plan is not None
    assert "Worth a try" in plan.why or "take off" in plan.why


def test_the_speed_may_come_from_the_measures() -> None:
    speed = one_measure("speed_mps", 3.0, error=0.1)
    measures = (*runner(**REACHING), speed)
    plan = make_plan(ask_rules(measures, (), SIDE), measures)
    assert plan is not None
    assert plan.target is not None
    assert plan.target.goal == pytest.approx(references()["foot_ahead_of_hip_at_strike_leg"].usual.at(3.0))


def test_the_target_is_the_number_that_shows_the_problem() -> None:
    uneven = (
        one_measure("asymmetry_contact_time_pct", 1, error=2),
        one_measure("asymmetry_peak_thigh_extension_deg", -15, error=3),
    )
    _, plan = planned((*runner(), *uneven))
    assert plan.target is not None
    assert plan.target.measure == "asymmetry_peak_thigh_extension_deg"


def test_a_change_that_the_camera_could_hardly_tell_is_no_target() -> None:
    measures = runner(error=30, peak_thigh_extension_deg=2.0)
    rule = next(r for r in load().rules if r.id == "low_hip_extension")
    facts = gather(measures, (), SIDE, bands=load().bands)
    assert target_of(rule, facts, shown=["peak_thigh_extension_deg"]) is None


def test_evenness_is_the_most_that_is_asked_of_left_and_right() -> None:
    uneven = Measure(id="asymmetry_contact_time_pct", side="both", value=12.0, sd=1.0, n=6, uncertainty=7.0, unit="%")
    rule = next(r for r in load().rules if r.id == "asymmetry")
    target = target_of(rule, gather((uneven,), (), SIDE, bands=load().bands))
    assert target is not None
    assert target.goal == pytest.approx(0.0, abs=0.01)


def test_the_target_is_read_on_the_side_towards_the_camera() -> None:
    both = [
        Measure(id="peak_thigh_extension_deg", side=side, value=value, sd=1, n=6, uncertainty=error, unit="deg")
        for side, value, error in (("left", 5.0, 1.0), ("right", 9.0, 2.0))
    ]
    rule = next(r for r in load().rules if r.id == "low_hip_extension")
    target = target_of(rule, gather(both, (), replace(SIDE, near_side="right"), bands=load().bands))
    assert target is not None
    assert (target.side, target.start) == ("right", 9.0)
