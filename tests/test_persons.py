"""Films of three persons of the digital runner's population (norms 2), their poses kept: what is measured and said.

The generator states a contact some 13 ms before its own kinematics; true values here are read at the contacts that the
rule finds on the exact points (validation/keep_poses.py).
"""

from __future__ import annotations

from functools import cache

import pytest
from validation.keep_poses import kept, kept_truth

from midstance.analyze import analyze
from midstance.model import Analysis

CLEAN, REACHES, PULLS = "person_clean_01", "person_overstride_strong_0", "person_heel_pull_strong_0"


@cache
def judged(name: str) -> Analysis:
    return analyze(kept(name), height_m=kept_truth(name)["height_m"])


def test_nine_of_ten_intervals_hold_the_truth() -> None:
    held = []
    for name in (CLEAN, REACHES, PULLS):
        found = {(m.id, m.side): m for m in judged(name).measures}
        true = kept_truth(name)["measures"]
        pairs = [(found[measure, side], value) for measure, side, value in true if (measure, side) in found]
        assert len(pairs) > 80
        held += [abs(m.value - value) <= m.uncertainty for m, value in pairs]
    assert sum(held) >= 0.9 * len(held)


@pytest.mark.parametrize("name", [CLEAN, REACHES, PULLS])
def test_the_speed_of_the_belt_is_told(name: str) -> None:
    view = judged(name).view
    assert view.speed_mps == pytest.approx(kept_truth(name)["speed_mps"], abs=view.speed_uncertainty_mps)


def test_a_person_without_a_fault_is_given_nothing_to_change() -> None:
    analysis = judged(CLEAN)
    assert analysis.plan is None
    assert not any(finding.grade == "flag" for finding in analysis.findings)


def test_who_reaches_far_ahead_is_told_so() -> None:
    found = judged(REACHES).findings[0]
    assert (found.problem, found.grade) == ("reaching", "flag")


def test_a_pulled_heel_is_named_with_its_cause() -> None:
    found = {finding.problem: finding for finding in judged(PULLS).findings}
    assert found["back_kick"].grade == "flag"
    causes = {cause.cause: cause.verdict for cause in found["back_kick"].causes}
    assert causes["heel_pulled_up"] == "supported"
