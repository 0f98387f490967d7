"""What is good and what lies at an edge: in the middle of people, never what a finding rests on, never a fault."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from midstance.coaching.bands import references
from midstance.coaching.findings import ask_rules
from midstance.coaching.plan import make_plan, offer
from midstance.coaching.remarks import AT_AN_EDGE, BEYOND, CLEARLY_BEYOND, NEAR, PRAISES, remarks
from midstance.coaching.rules.examples import in_order, view_from
from midstance.coaching.rules.seen import SEEN
from midstance.measures import BY_ID
from midstance.model import Measure, Plane, Remark

SIDE = view_from("side", 3.0)
FOOT, THIGH, CONTACT = "foot_ahead_of_hip_at_strike_leg", "peak_thigh_extension_deg", "contact_time_ms"
WATCHED = {"vertical_oscillation_leg": 0.132, "vertical_oscillation_cm": 11.6, "take_off_angle_deg": 12.0}


def runner(plane: Plane = "side", error: float = 0.5, **values: float) -> tuple[Measure, ...]:
    return in_order(references(), 3.0, plane=plane, but=values, error=error)


def said(plane: Plane = "side", **values: Any) -> tuple[Remark, ...]:
    measures, view = runner(plane, **values), view_from(plane, 3.0)
    return remarks(ask_rules(measures, (), view), measures, view)


def titles(kind: str, **values: Any) -> list[str]:
    return [remark.title for remark in said(**values) if remark.kind == kind]


def test_a_runner_in_the_middle_hears_three_good_things_and_no_edge() -> None:
    assert titles("good") == [
        "Your foot comes down close to you",
        "Your hip opens well behind you",
        "You bounce just enough",
    ]
    assert titles("edge") == []


def test_the_number_and_what_is_ordinary_go_with_it() -> None:
    first = said()[0]
    assert first.says == "Your foot lands 0.24 leg lengths ahead of you."
    assert first.ordinary == "up to 0.28"
    assert first.evidence is not None
    assert first.evidence.measure == FOOT


def test_halfway_to_the_edge_is_the_middle() -> None:
    """By hand, at 3 m/s: usual 23.55 and high 27.95, so the middle ends at 25.75, and an edge is near from 26.85 on."""
    hip, near = "Your hip opens well behind you", f"{NEAR}: {BY_ID[THIGH].name}"
    assert hip in titles("good", error=0.1, **{THIGH: 25.7})
    assert hip not in titles("good", error=0.1, **{THIGH: 25.8})
    assert near not in titles("edge", error=0.1, **{THIGH: 26.8})
    assert near in titles("edge", error=0.1, **{THIGH: 26.9})


def test_what_is_not_known_well_enough_is_not_praised() -> None:
    """Half a band of 4.45 degrees is one standard deviation of a half width of 8.7."""
    assert "Your hip opens well behind you" in titles("good", error=8.5 / 3)
    assert "Your hip opens well behind you" not in titles("good", error=9.0 / 3)


def test_the_same_thing_in_another_unit_must_not_be_at_an_edge() -> None:
    """By hand, at 3 m/s: a rise of 9 cm is in the middle of 5.2 to 10.5; .119 of a leg is 0.84 of the way to .1225."""
    bounce = "You bounce just enough"
    assert bounce in titles("good", vertical_oscillation_cm=9.0, vertical_oscillation_leg=0.11)
    assert bounce not in titles("good", vertical_oscillation_cm=9.0, vertical_oscillation_leg=0.119)


def test_one_side_beyond_its_edge_is_not_praised() -> None:
    uneven = [m for m in runner() if m.id != THIGH]
    thigh = next(m for m in runner() if m.id == THIGH)
    uneven += [replace(thigh, side=side, value=value) for side, value in (("left", 17.0), ("right", 29.0))]
    assert "Your hip opens well behind you" not in [r.title for r in remarks((), uneven, SIDE)]


def test_what_a_finding_rests_on_is_not_praised() -> None:
    reaching = {"shank_angle_at_strike_deg": 17.0, FOOT: 0.37}
    assert not any("foot" in title for title in titles("good", **reaching))


def test_a_watch_is_at_an_edge_by_the_name_of_its_number() -> None:
    measures = runner(error=1.0, **WATCHED)
    findings = ask_rules(measures, (), SIDE)
    assert [f.grade for f in findings] == ["watch"]
    edges = [r for r in remarks(findings, measures, SIDE) if r.kind == "edge"]
    assert [(r.title, r.says) for r in edges] == [(f"{BEYOND}: bounce", "Your body bounces 12 cm at each step.")]


def test_what_is_planned_is_not_remarked_on() -> None:
    measures = runner(error=1.0, **WATCHED)
    findings = ask_rules(measures, (), SIDE)
    plan = make_plan(findings, measures, view=SIDE, asked=True)
    assert plan is not None
    assert plan.grade == "watch"
    assert offer(findings) == findings[0]
    assert [r for r in remarks(findings, measures, SIDE, plan=plan) if r.kind == "edge"] == []


def test_beyond_the_edge_without_a_rule_is_no_fault() -> None:
    """Contact at 3 m/s: 223.7 to 293.05, its edges known to 12.6 ms."""
    assert f"{BEYOND}: {BY_ID[CONTACT].name}" in titles("edge", **{CONTACT: 300.0})
    assert f"{CLEARLY_BEYOND}: {BY_ID[CONTACT].name}" in titles("edge", **{CONTACT: 310.0})


def test_high_hips_are_nothing_to_know() -> None:
    assert titles("edge", hip_height_midstance_leg=0.97) == []
    assert titles("edge", hip_height_midstance_leg=0.897) == [f"{NEAR}: {BY_ID['hip_height_midstance_leg'].name}"]


def test_two_edges_at_most_and_of_different_groups() -> None:
    many = {"cadence_spm": 181.0, CONTACT: 230.0, "trunk_lean_deg": 10.0, THIGH: 20.0, "peak_thigh_flexion_deg": 39.0}
    assert len(titles("edge", **many)) == 2
    assert len(titles("edge", cadence_spm=181.0, **{CONTACT: 230.0})) == 1


def test_without_a_speed_only_what_does_not_depend_on_it_is_praised() -> None:
    blind = remarks((), runner(), view_from("side", math.nan))
    assert [r.title for r in blind] == ["Your arms keep time with your legs"]


@pytest.mark.parametrize("plane", ["front", "rear"])
def test_other_views_have_their_own(plane: Plane) -> None:
    assert {r.title for r in said(plane)} >= {"Your shoulders stay quiet"}


def test_a_runner_who_speeds_up_is_not_judged() -> None:
    assert remarks((), runner(), replace(SIDE, acceleration_mps2=2.0)) == ()


def test_every_measure_that_is_remarked_on_has_its_sentence() -> None:
    assert {praise.measures[0] for praise in PRAISES} | set(AT_AN_EDGE) <= set(SEEN)
