"""Judgement: uncertainty is weighed, roots are told once, what cannot be seen is listed with how to film it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midstance.coaching.bands import references
from midstance.coaching.findings import (
    ROOTS,
    ask_rules,
    gather,
    in_order_of_weight,
    tell_roots_once,
    unanswered,
    with_bands,
)
from midstance.coaching.rules import RULES, load
from midstance.coaching.rules.examples import in_order, one_measure, view_from
from midstance.model import Cause, Finding, Measure, NotAssessed, Sample, View
from midstance.reasons import Reason, as_written, say

SIDE = view_from("side", 3.0)
BOUNCY = {"vertical_oscillation_leg": 0.16, "take_off_angle_deg": 16.5}
REACHING = {"shank_angle_at_strike_deg": 16, "foot_ahead_of_hip_at_strike_leg": 0.36}


def runner(speed: float = 3.0, error: float = 1.0, **values: float) -> tuple[Measure, ...]:
    return in_order(references(), speed, but=values, error=error)


def problems(measures: tuple[Measure, ...], view: View = SIDE) -> list[str]:
    return [f.problem for f in ask_rules(measures, (), view)]


def test_a_runner_in_order_is_left_alone() -> None:
    assert problems(runner()) == []


@pytest.mark.parametrize(("error", "grade"), [(0.5, "flag"), (1.0, "flag"), (2.5, "watch"), (6.0, "watch")])
def test_the_same_sign_weighs_less_when_it_is_less_certain(error: float, grade: str) -> None:
    (finding,) = ask_rules(runner(error=error, peak_thigh_extension_deg=12), (), SIDE)
    assert finding.grade == grade


def test_confidence_falls_with_uncertainty_and_rises_with_distance() -> None:
    def confidence(error: float, extension: float) -> float:
        return ask_rules(runner(error=error, peak_thigh_extension_deg=extension), (), SIDE)[0].confidence

    assert confidence(0.5, 12) > confidence(2, 12) > 0.5
    assert confidence(2, 8) > confidence(2, 12)


@pytest.mark.parametrize(("percent", "told"), [(8.05, []), (9.5, ["late_arms"])])
def test_a_value_on_the_line_of_a_mere_proposal_is_not_worth_a_word(percent: float, told: list[str]) -> None:
    late = one_measure("arm_leg_lag_pct", percent, error=3)
    assert problems((*(m for m in runner() if m.id != late.id), late)) == told


def test_evidence_names_the_moment_of_the_stride_nearest_the_mean() -> None:
    samples = tuple(Sample(time_s=t, value=v) for t, v in ((0.3, 3.0), (1.1, 8.2), (2.0, 13.0)))
    low = one_measure("peak_thigh_extension_deg", 8, error=2, samples=samples)
    others = tuple(m for m in runner() if m.id != low.id)
    (finding,) = ask_rules((*others, low), (), SIDE)
    assert finding.evidence[0].time_s == 1.1
    assert finding.evidence[0].measure == low.id


def test_two_sides_are_weighed_by_how_well_they_were_seen() -> None:
    near = replace(one_measure("peak_thigh_extension_deg", 20, error=2), side="right")
    far = replace(one_measure("peak_thigh_extension_deg", 4, error=12), side="left")
    others = tuple(m for m in runner() if m.id != near.id)
    assert problems((*others, near, far)) == []
    assert problems((*others, replace(near, uncertainty=12), replace(far, uncertainty=2))) == ["low_hip_extension"]


def test_swapping_the_sides_changes_nothing() -> None:
    near = replace(one_measure("peak_thigh_extension_deg", 9, error=2), side="right")
    far = replace(one_measure("peak_thigh_extension_deg", 11, error=4), side="left")
    others = tuple(m for m in runner() if m.id != near.id)
    swapped = (replace(near, side="left"), replace(far, side="right"))
    as_seen, mirrored = (ask_rules((*others, *pair), (), SIDE) for pair in ((near, far), swapped))
    assert [(f.problem, f.confidence) for f in as_seen] == [(f.problem, f.confidence) for f in mirrored]


def test_an_unknown_speed_widens_the_band_to_what_contact_time_allows() -> None:
    sprinting = runner(9.0)
    assert problems(sprinting, view_from("side")) == []
    assert problems(runner(peak_thigh_extension_deg=16.5), view_from("side")) == []
    assert problems(runner(peak_thigh_extension_deg=3), view_from("side")) == ["low_hip_extension"]


def test_little_extension_under_a_flat_stride_and_a_large_swing_is_told_once() -> None:
    flat = {"flight_time_ms": 40.0, "duty_factor": 0.43, "take_off_angle_deg": 1.8}
    found = ask_rules(runner(peak_thigh_extension_deg=6, peak_thigh_flexion_deg=50, **flat), (), SIDE)
    assert [(f.problem, f.explained_by) for f in found if f.explained_by is None] == [("low_hip_extension", None)]
    assert {f.problem for f in found if f.explained_by == "low_hip_extension"} == {"flat_stride", "swing_angle"}
    alone = ask_rules(runner(peak_thigh_extension_deg=6), (), SIDE)
    assert found[0].severity > alone[0].severity, "a root carries what it explains"


def finding(problem: str, grade: str = "flag", severity: float = 1.0, cause: str | None = None) -> Finding:
    causes = (Cause(cause=cause, verdict="supported", says=""),) if cause else ()
    return Finding(
        problem=problem, grade=grade, confidence=1, says="", evidence=(), causes=causes, cues=(), severity=severity
    )  # type: ignore[arg-type]


def test_a_watch_never_hides_a_flag() -> None:
    hidden = tell_roots_once([finding("leaning_back", "watch"), finding("reaching", cause="leaning_back")])
    assert [f.explained_by for f in hidden] == [None, None]


def test_a_root_needs_its_cause_supported() -> None:
    free = tell_roots_once([finding("leaning_back"), finding("reaching")])
    bound = tell_roots_once([finding("leaning_back"), finding("reaching", cause="leaning_back")])
    assert free[1].explained_by is None
    assert bound[1].explained_by == "leaning_back"


def test_flags_come_first_then_the_weightiest_then_what_is_explained() -> None:
    found = [
        finding("a", "watch", 9),
        finding("b", severity=1),
        finding("c", severity=2),
        replace(finding("d", severity=9), explained_by="b"),
    ]
    assert [f.problem for f in in_order_of_weight(found)] == ["b", "c", "a", "d"]


def test_a_watch_that_is_the_cause_of_a_flag_comes_before_other_watches() -> None:
    found = [
        finding("reaching", severity=2, cause="late_arm"),
        finding("bounce", "watch", 0.6),
        finding("late_arms", "watch", 0.3),
    ]
    assert [f.problem for f in in_order_of_weight(tell_roots_once(found))] == ["reaching", "late_arms", "bounce"]


def test_the_table_of_roots_speaks_of_rules_and_causes_that_exist_and_has_no_circle() -> None:
    causes = {rule.id: {c.id for c in rule.causes} for rule in RULES}
    for root, sign, via in ROOTS:
        assert root in causes
        assert via is None or via in causes[sign]
    above: dict[str, set[str]] = {}
    for root, sign, _via in ROOTS:
        above.setdefault(sign, set()).add(root)

    def roots_of(problem: str, seen: tuple[str, ...] = ()) -> None:
        assert problem not in seen, seen
        for root in above.get(problem, ()):
            roots_of(root, (*seen, problem))

    for problem in above:
        roots_of(problem)


def test_what_a_side_view_cannot_show_is_listed_with_how_to_film_it() -> None:
    listed = {n.id: say(n.reason) for n in unanswered(runner(), (), SIDE)}
    assert {"arm_crossing", "shoulder_rotation", "heel_whip"} <= listed.keys()
    assert "from the front" in listed["arm_crossing"]
    assert "reaching" not in listed


def test_a_missing_measure_is_told_with_its_own_reason() -> None:
    seen = tuple(m for m in runner() if m.id != "peak_thigh_extension_deg")
    why = (NotAssessed(id="peak_thigh_extension_deg", reason=as_written("The thigh was hidden.")),)
    listed = {n.id: say(n.reason) for n in unanswered(seen, why, SIDE)}
    assert listed["low_hip_extension"].startswith("The thigh was hidden.")


def test_what_only_another_side_shows_is_said_once() -> None:
    rear = view_from("rear")
    why = (NotAssessed(id="wrist_crossing", reason=Reason("needs_view", wanted="front", plane="rear")),)
    listed = {n.id: say(n.reason) for n in unanswered((), why, rear)}
    assert listed["arm_crossing"].startswith("can't be seen from behind. Film from the front, the camera")


def test_a_front_view_asks_only_what_it_can_show() -> None:
    front = view_from("front")
    crossing = in_order(references(), 3.0, plane="front", but={"wrist_crossing": -0.2})
    assert problems(crossing, front) == ["arm_crossing"]
    assert "reaching" in {n.id for n in unanswered(crossing, (), front)}


def test_a_runner_who_speeds_up_is_measured_and_not_judged() -> None:
    leaning, steady = runner(6.0, trunk_lean_deg=25), view_from("side", 6.0)
    starting = replace(steady, acceleration_mps2=2.3)
    assert "leaning_forward" in problems(leaning, steady)
    assert ask_rules(leaning, (), starting) == ()
    assert {n.id for n in unanswered(leaning, (), starting)} == {rule.id for rule in RULES}
    assert {m.band for m in with_bands(leaning, starting)} == {None}


def test_one_crossing_arm_is_enough() -> None:
    arms = tuple(
        replace(one_measure("wrist_crossing", v, error=0.08), side=s) for s, v in (("left", 0.30), ("right", -0.15))
    )  # type: ignore[arg-type]
    (found,) = ask_rules(arms, (), view_from("front"))
    assert found.evidence[0].side == "right"


def test_measures_get_their_bands() -> None:
    banded = {m.id: m.band for m in with_bands(runner(), SIDE)}
    extension = banded["peak_thigh_extension_deg"]
    assert extension is not None
    assert (extension.low, extension.high, extension.at_speed_mps) == pytest.approx((19.1, 27.95, 3.0))
    assert "unknown" not in extension.source
    told = with_bands(runner(), view_from("side"))[0].band
    assert told is not None
    assert told.at_speed_mps is None


def test_causes_end_in_three_ways_and_are_ranked() -> None:
    (found,) = ask_rules(runner(**REACHING, trunk_lean_deg=-2.0), (), SIDE)[1:] or [None]
    assert found is not None
    verdicts = [c.verdict for c in found.causes]
    assert verdicts == sorted(verdicts, key=["supported", "cannot_tell", "not_supported"].index)
    by_cause = {c.cause: c for c in found.causes}
    assert by_cause["leaning_back"].verdict == "supported"
    assert by_cause["shoulder_rotation"].says.startswith("Can't be seen from the side. Film from the front")
    assert found.cues[0].mends == "leaning_back"


def test_too_close_to_call_is_said() -> None:
    found = ask_rules(runner(**REACHING, trunk_lean_deg=1.5), (), SIDE)
    cause = next(c for f in found for c in f.causes if f.problem == "reaching" and c.cause == "leaning_back")
    assert cause.verdict == "cannot_tell"
    assert "Too close to call" in cause.says


def test_a_sign_is_said_with_the_numbers_that_were_measured() -> None:
    (found,) = ask_rules(runner(**REACHING, foot_strike_angle_deg=26), (), SIDE)
    assert found.says == "Your foot lands 0.36 leg lengths ahead of you; ordinary at this speed is up to 0.28."
    no_shin = tuple(m for m in runner(**REACHING) if m.id != "shank_angle_at_strike_deg")
    assert ask_rules(no_shin, (), SIDE) == ()


@given(
    extension=st.floats(0, 45),
    lean=st.floats(-10, 25),
    shank=st.floats(-10, 30),
    error=st.floats(0.3, 4),
    order=st.randoms(use_true_random=False),
)
@settings(max_examples=40, deadline=None)
def test_more_uncertainty_never_makes_a_watch_a_flag(
    *, extension: float, lean: float, shank: float, error: float, order: object
) -> None:
    values = {"peak_thigh_extension_deg": extension, "trunk_lean_deg": lean, "shank_angle_at_strike_deg": shank}
    sure = {f.problem: f.grade for f in ask_rules(runner(error=error, **values), (), SIDE)}
    shuffled = list(runner(error=2 * error, **values))
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    unsure = {f.problem: f.grade for f in ask_rules(shuffled, (), SIDE)}
    assert {p for p, g in unsure.items() if g == "flag"} <= {p for p, g in sure.items() if g == "flag"}
    assert all(math.isfinite(f.severity) for f in ask_rules(shuffled, (), SIDE))


def test_a_folder_of_ones_own_is_asked_instead() -> None:
    ruleset = replace(load(), rules=tuple(r for r in RULES if r.id != "bounce"))
    assert ask_rules(runner(**BOUNCY), (), SIDE, ruleset=ruleset) == ()


def test_a_number_that_no_body_can_have_is_no_evidence() -> None:
    """A knee bent backward at landing: the rules are asked without it, and say why they cannot tell."""
    knee = "knee_flexion_at_strike_deg"
    backward, straight = (
        replace(one_measure(knee, value, error=3), side=side) for value, side in ((-5, "left"), (3, "right"))
    )
    assert gather([straight], (), SIDE, bands=load().bands).measures[knee] == (straight,)
    both = gather([backward, straight], (), SIDE, bands=load().bands)
    assert knee not in both.measures
    assert say(both.reasons[knee], "page") == "the points of this leg give an angle that no leg has"
