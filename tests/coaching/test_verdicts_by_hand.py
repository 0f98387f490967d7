"""Causes judged on paper: what is supported, what stays open and why, and what would settle it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from midstance.coaching.bands import read_references, references
from midstance.coaching.plan import target_of
from midstance.coaching.rules import load
from midstance.coaching.rules.base import CauseTest
from midstance.coaching.rules.examples import one_measure, view_from
from midstance.coaching.rules.facts import Facts, by_id
from midstance.coaching.rules.verdicts import chance, judge, words
from midstance.errors import UsageError
from midstance.model import Measure, Plane

LEAN, HIPS, HEELS = "trunk_lean_deg", "pelvic_drop_deg", "heel_whip_deg"


def facts(*measures: Measure, plane: Plane = "side") -> Facts:
    return Facts(measures=by_id(measures), view=view_from(plane, 3.0), references=references())


def asked(name: str, line: float) -> CauseTest:
    return CauseTest(
        id="c", title="A cause", test=lambda f: f.above(name, line), yes="Yes.", no="No.", film="Film it.", root="r"
    )


@pytest.mark.parametrize(
    ("value", "verdict", "says"),
    [(9.0, "supported", "Yes."), (8.9, "cannot_tell", None), (7.1, "cannot_tell", None), (7.0, "not_supported", "No.")],
)
def test_a_cause_is_supported_from_half_its_error_beyond_the_line(value: float, verdict: str, says: str | None) -> None:
    cause = judge(asked(LEAN, 8.0), facts(one_measure(LEAN, value, error=2.0)))
    assert (cause.cause, cause.verdict, cause.title, cause.root) == ("c", verdict, "A cause", "r")
    assert cause.support == pytest.approx(chance((value - 8.0) / 2.0), abs=0.0005)
    assert (cause.why_open == "too_close") == (verdict == "cannot_tell")
    assert says is None or cause.says == says
    assert cause.evidence[0].value == value


def test_chances_of_a_normal_error() -> None:
    """A whole half width is 1.96 standard deviations: 97.5 %; half of one 0.98: 83.6 %."""
    assert chance(0.0) == 0.5
    assert chance(1.0) == pytest.approx(0.975, abs=1e-4)
    assert chance(-1.0) == pytest.approx(0.025, abs=1e-4)
    assert chance(0.5) == pytest.approx(0.8365, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "plane", "why_open", "said"),
    [
        (LEAN, "side", "not_measured", "Not measured here"),
        (LEAN, "front", "other_view", "Can't be seen from the front"),
        (LEAN, "rear", "other_view", "Can't be seen from behind"),
        (HEELS, "rear", "not_measured", "Not measured here"),
        (HEELS, "side", "other_view", "Can't be seen from the side"),
        (HIPS, "rear", "not_measured", "Not measured here"),
        (HIPS, "front", "not_measured", "Not measured here"),
        (HIPS, "side", "other_view", "Can't be seen from the side"),
        ("cadence_spm", "front", "not_measured", "Not measured here"),
        ("nobody_defined_it", "side", "other_view", "Can't be seen from the side"),
    ],
)
def test_what_was_not_seen_needs_another_view_or_was_not_measured(
    name: str, plane: Plane, why_open: str, said: str
) -> None:
    cause = judge(asked(name, 8.0), facts(plane=plane))
    assert (cause.verdict, cause.why_open, cause.settle, cause.support) == ("cannot_tell", why_open, "Film it.", 0.5)
    assert cause.says == f"{said}. Film it."
    assert words(cause, [plane]) == said


@pytest.mark.parametrize(
    ("sd", "n", "error", "longer"),
    [
        (4.0, 4, 5.5, True),  # 1.96 * 4 / 2 is 3.92, squared 15.4, against half of 30.25
        (4.0, 4, 5.6, False),  # half of 31.36 is 15.68
        (4.0, 16, 5.5, False),
        (math.nan, 4, 5.5, False),
        (4.0, 4, 1.0, True),
    ],
)
def test_a_longer_clip_helps_where_most_of_the_doubt_is_chance(
    sd: float, n: int, error: float, *, longer: bool
) -> None:
    seen = replace(one_measure(LEAN, 8.1, error=error), sd=sd, n=n)
    cause = judge(asked(LEAN, 8.0), facts(seen))
    assert cause.settle == ("A longer clip would help." if longer else "")
    assert cause.says.endswith("Too close to call." + (" A longer clip would help." if longer else ""))


def test_a_goal_without_a_band_is_no_goal() -> None:
    """Nobody has said what is ordinary for the time of a stride: then there is no edge to aim at."""
    rule = next(r for r in load().rules if r.id == "reaching")
    known = facts(one_measure("stride_time_ms", 900.0, error=1.0))
    assert target_of(replace(rule, goals=("stride_time_ms",)), known) is None


def test_faults_of_a_file_are_told_one_after_another() -> None:
    rows = "matters = 1\npopulation = 'p'\nsource = 's'\ngrade = 'weak'\n"
    with pytest.raises(UsageError) as told:
        read_references(f"[a]\n{rows}[b]\n{rows}usual = 'x'\n", "mine.toml")
    assert str(told.value) == (
        "mine.toml: [a] usual is missing; [b] usual: expected a number or [[speed, value], ...]."
    )
