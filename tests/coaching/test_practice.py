"""Every problem can be practised: steps, a drill for each cause that has one, other words; whole and drawable."""

from __future__ import annotations

from dataclasses import replace

import pytest

from midstance import data
from midstance.coaching.practice import drill, training_for
from midstance.coaching.rules import RULES
from midstance.model import Band, Cause, Cue, Finding, Measure

TABLE = data.table("practice")


def finding(problem: str, *causes: Cause) -> Finding:
    cues = tuple(Cue(id=name, says=f"{name}.", mends="it") for name in ("first", "second", "first"))
    return Finding(
        problem=problem, grade="flag", confidence=0.9, says="", evidence=(), causes=causes, cues=cues, explained_by=None
    )


def cadence(value: float, *, high: float = 190.0) -> Measure:
    band = Band(low=150.0, high=high, at_speed_mps=3.0, source="test")
    return Measure(id="cadence_spm", side="both", value=value, sd=1.0, n=9, uncertainty=1.0, unit="spm", band=band)


def test_every_rule_can_be_practised_and_every_key_leads_somewhere() -> None:
    assert set(TABLE["problems"]) == {rule.id for rule in RULES}
    for rule in RULES:
        row = TABLE["problems"][rule.id]
        assert set(row["causes"]) <= {cause.id for cause in rule.causes}, rule.id
        assert {row["drill"], *row["causes"].values()} <= set(TABLE["drills"])
    used = {name for row in TABLE["problems"].values() for name in (row["drill"], *row["causes"].values())}
    assert used == set(TABLE["drills"]), "no drill without a use"


@pytest.mark.parametrize("name", TABLE["drills"])
def test_a_drill_has_two_pictures_whose_joints_bend_as_joints_do(name: str) -> None:
    found = drill(name)
    assert len(found.how) >= 2
    assert len(found.poses) == 2
    for pose in found.poses:
        assert pose.says
        for leg in (pose.near, pose.far):
            assert 0 <= leg.knee <= 140
            assert -35 <= leg.thigh <= 70
        assert 0 <= pose.elbow <= 140


def test_the_drill_follows_the_cause_that_was_found() -> None:
    arm = Cause(cause="late_arm", verdict="supported", says="")
    assert training_for(finding("reaching", arm), ()).drill.id == "arms"  # type: ignore[union-attr]
    assert training_for(finding("reaching", replace(arm, verdict="not_supported")), ()).drill.id == "drop"  # type: ignore[union-attr]
    assert training_for(finding("club_rule"), ()) is None


def test_other_words_come_once_each_and_load_is_told_where_the_landing_changes() -> None:
    reaching, arms = training_for(finding("reaching"), ()), training_for(finding("late_arms"), ())
    assert reaching is not None
    assert arms is not None
    assert reaching.next_cues == ("second.",)
    assert "calf" in reaching.load
    assert not arms.load


@pytest.mark.parametrize(
    ("problem", "spm", "high", "beat"),
    [("reaching", 170.0, 190.0, 178.0), ("reaching", 170.0, 176.0, None), ("sitting", 170.0, 190.0, None)],
)
def test_the_beat_is_five_per_cent_quicker_and_never_beyond_the_ordinary(
    problem: str, spm: float, high: float, beat: float | None
) -> None:
    found = training_for(finding(problem), [cadence(spm, high=high)])
    assert found is not None
    assert found.beat_spm == beat
