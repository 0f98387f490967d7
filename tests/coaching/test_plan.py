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


def high_edge(measure: str) -> float:
    band = references().band(measure, 3.0)
    assert band is not None
    return band.high


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
    assert target.goal == pytest.approx(high_edge("foot_ahead_of_hip_at_strike_leg"))


def test_the_goal_is_the_number_that_a_change_shows_best() -> None:
    """By hand, at 3 m/s: the shin lies 16 - 10.65 = 5.35 beyond its edge, the foot .36 - .2845 = .0755 beyond its own.

    With half widths of 5.66 and .018 two clips separate 8.0 degrees and .0255 of a leg, so the shin is beyond by 0.67
    and the foot by 2.97 least changes: the foot, at the edge of what is ordinary.
    """
    shin, foot = "shank_angle_at_strike_deg", "foot_ahead_of_hip_at_strike_leg"
    seen = (one_measure(shin, 16.0, error=5.66), one_measure(foot, 0.36, error=0.018))
    rule = next(r for r in load().rules if r.id == "reaching")
    target = target_of(rule, gather(seen, (), SIDE, bands=load().bands), said=(shin, foot))
    assert target is not None
    assert target.measure == foot
    assert target.goal == pytest.approx((0.260 + 0.309) / 2, abs=1e-9)
    assert target.minimal_change == pytest.approx(0.0255, abs=1e-4)


def test_the_goal_is_in_the_unit_of_the_why() -> None:
    """The rise in leg lengths shows as much as that in centimetres, and better; the runner has read centimetres."""
    bouncy = {"vertical_oscillation_leg": 0.17, "vertical_oscillation_cm": 14.0, "take_off_angle_deg": 16.5}
    _, plan = planned(runner(**bouncy))
    assert "Your body bounces 14 cm" in plan.why
    assert plan.target is not None
    assert plan.target.measure == "vertical_oscillation_cm"


def test_an_edge_too_near_to_be_seen_moves_the_goal_towards_the_middle() -> None:
    """By hand, at 3 m/s: edge 19.1, middle 23.55; a half width of 5 separates 7.07, so 16 aims at 23.07."""
    rule = next(r for r in load().rules if r.id == "low_hip_extension")
    thigh = "peak_thigh_extension_deg"
    sharp, blurred, blind = (
        target_of(rule, gather((one_measure(thigh, 16.0, error=error),), (), SIDE, bands=load().bands))
        for error in (1.0, 5.0, 6.0)
    )
    assert sharp is not None
    assert blurred is not None
    assert sharp.goal == pytest.approx((16.6 + 21.6) / 2)
    assert blurred.goal == pytest.approx(16 + math.sqrt(2) * 5)
    assert blind is None  # 8.5 degrees would be more than the way to the middle


def test_the_aim_is_for_the_side_that_was_shown() -> None:
    hand, front = "wrist_crossing", view_from("front", 3.0)
    hands = {"right": -0.14, "left": -0.18}
    seen = tuple(replace(one_measure(hand, value, error=0.05), side=side) for side, value in hands.items())  # type: ignore[arg-type]
    (crossing,) = ask_rules(seen, (), front)
    told = make_plan((crossing,), seen, view=front)
    assert told is not None
    assert told.target is not None
    assert "Your left hand crosses the middle by 18%" in told.why
    assert (told.target.side, told.target.start) == ("left", -0.18)


def test_a_number_that_is_ordinary_is_no_goal() -> None:
    """The shin leans far, the foot is where it should be: then the shin is what should move."""
    shin, foot = "shank_angle_at_strike_deg", "foot_ahead_of_hip_at_strike_leg"
    seen = (one_measure(shin, 20.0, error=3.0), one_measure(foot, 0.28, error=0.001))
    rule = next(r for r in load().rules if r.id == "reaching")
    target = target_of(rule, gather(seen, (), SIDE, bands=load().bands))
    assert target is not None
    assert target.measure == shin


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
    assert plan.target.goal == pytest.approx(high_edge("foot_ahead_of_hip_at_strike_leg"))


def test_without_a_speed_and_a_view_every_speed_is_ordinary() -> None:
    """The contact time says about 3 m/s, give or take a quarter; without it the band covers all speeds."""
    far = {"shank_angle_at_strike_deg": 30.0, "foot_ahead_of_hip_at_strike_leg": 0.6}
    measures = runner(**far)
    findings = ask_rules(measures, (), SIDE)
    plan, blind = make_plan(findings, measures), [m for m in measures if m.id != "contact_time_ms"]
    assert plan is not None
    assert plan.target is not None
    foot = references()["foot_ahead_of_hip_at_strike_leg"].high
    assert foot is not None
    contact = references()["contact_time_ms"].usual
    assert contact.at(3.0) == pytest.approx(next(m.value for m in measures if m.id == "contact_time_ms"))
    assert plan.target.goal == pytest.approx(foot.over((3.0 * 0.78, 3.0 * 1.28))[1])
    plan = make_plan(findings, blind)
    assert plan is not None
    assert plan.target is not None
    assert plan.target.goal == pytest.approx(foot.over((2.0, 6.5))[1])


def test_a_plan_says_everything_of_its_rule_and_finding() -> None:
    findings, plan = planned(runner(**REACHING))
    rule = next(r for r in load().rules if r.id == "reaching")
    assert (plan.title, plan.practice, plan.film_again) == (findings[0].title, rule.practice, rule.film_again)
    assert (plan.expect, plan.guard) == (rule.expect, rule.guard)
    assert plan.notice == (findings[0].says,)
    assert plan.comes_from
    assert plan.why == " ".join((*plan.notice, *plan.comes_from))


@pytest.mark.parametrize(("confidence", "offered"), [(0.65, True), (0.64, False)])
def test_what_is_watched_is_offered_from_two_chances_in_three(confidence: float, *, offered: bool) -> None:
    measures = runner(vertical_oscillation_leg=0.132, take_off_angle_deg=12)
    (finding,) = (f for f in ask_rules(measures, (), SIDE) if f.problem == "bounce")
    sure = replace(finding, confidence=confidence)
    assert (make_plan((sure,), measures, view=SIDE, asked=True) is not None) == offered
    flagged = replace(sure, grade="flag")
    assert make_plan((flagged,), measures, view=SIDE) is not None
    assert make_plan((replace(flagged, explained_by="sitting"),), measures, view=SIDE) is None


def test_the_target_is_the_number_that_shows_the_problem() -> None:
    uneven = (
        one_measure("asymmetry_contact_time_pct", 1, error=2),
        one_measure("asymmetry_peak_thigh_extension_deg", -15, error=3),
    )
    measures = (*runner(), *uneven)
    (finding,) = ask_rules(measures, (), SIDE)
    rule = next(r for r in load().rules if r.id == finding.problem)
    facts = gather(measures, (), SIDE, bands=load().bands)
    target = target_of(rule, facts)
    assert target is not None
    assert target.measure == "asymmetry_peak_thigh_extension_deg"


def test_evenness_is_the_most_that_is_asked_of_left_and_right() -> None:
    uneven = Measure(id="asymmetry_contact_time_pct", side="both", value=12.0, sd=1.0, n=6, uncertainty=7.0, unit="%")
    rule = next(r for r in load().rules if r.id == "asymmetry")
    target = target_of(rule, gather((uneven,), (), SIDE, bands=load().bands))
    assert target is not None
    assert target.goal == pytest.approx(12 - math.sqrt(2) * 7)
    wide = replace(uneven, uncertainty=9.0)
    assert target_of(rule, gather((wide,), (), SIDE, bands=load().bands)) is None


def test_the_target_is_read_on_the_side_towards_the_camera() -> None:
    both = [
        Measure(id="peak_thigh_extension_deg", side=side, value=value, sd=1, n=6, uncertainty=error, unit="deg")
        for side, value, error in (("left", 5.0, 1.0), ("right", 9.0, 2.0))
    ]
    rule = next(r for r in load().rules if r.id == "low_hip_extension")
    target = target_of(rule, gather(both, (), replace(SIDE, near_side="right"), bands=load().bands))
    assert target is not None
    assert (target.side, target.start) == ("right", 9.0)


def test_the_target_is_read_on_the_other_side_where_the_near_one_is_ordinary() -> None:
    both = [
        Measure(id="peak_thigh_extension_deg", side=side, value=value, sd=1, n=6, uncertainty=1.0, unit="deg")
        for side, value in (("left", 9.0), ("right", 22.0))
    ]
    rule = next(r for r in load().rules if r.id == "low_hip_extension")
    target = target_of(rule, gather(both, (), replace(SIDE, near_side="right"), bands=load().bands))
    assert target is not None
    assert (target.side, target.start) == ("left", 9.0)
