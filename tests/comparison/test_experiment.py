"""A cause that stays open brings a test of twenty seconds; two takes judge it, and the next plan knows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import midstance as ms
from midstance.analyze import coached
from midstance.coaching.rules import RULES
from midstance.coaching.rules.seen import SEEN
from midstance.comparison import compare_series
from midstance.comparison.experiment import asked, note_of, settled
from midstance.comparison.model import ExperimentResult, Take
from midstance.comparison.take import series_json, take_from_analysis, take_from_text
from midstance.formats import analysis_json, analysis_schema
from midstance.measures import BY_ID
from midstance.model import Analysis
from midstance.text.changes import describe_series
from midstance.text.report import describe
from midstance.text.report_lines import report_lines
from tests.fixtures.judged import judged

REACHES = {"shank_angle_at_strike_deg": 16.0, "foot_ahead_of_hip_at_strike_leg": 0.36, "arm_leg_lag_pct": 8.0}
HANDS_QUIET = {"upper_arm_range_deg": 8.0}
CLOSER = {"shank_angle_at_strike_deg": 9.0, "foot_ahead_of_hip_at_strike_leg": 0.27}


@pytest.fixture(scope="module")
def before(run: Analysis) -> Analysis:
    return judged(run, **REACHES)


def result(run: Analysis, before: Analysis, cause: str = "late_arm", **values: float) -> ExperimentResult | None:
    after = replace(take_from_analysis(judged(run, **values)), trying=note_of(cause), film_sha256="other")
    return compare_series([take_from_analysis(before), after]).overall.experiment


# -- the rules -----------------------------------------------------------------------------------------------------


def test_every_cause_brings_a_test_or_says_what_film_settles_it() -> None:
    without = {f"{rule.id}.{cause.id}" for rule in RULES for cause in rule.causes if cause.experiment is None}
    assert {name.partition(".")[0] for name in without} == {"leaning_forward", "asymmetry", "fading"}
    assert all(cause.film for rule in RULES for cause in rule.causes)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_test_names_numbers_that_exist_and_fits_a_breath(rule: ms.Analysis) -> None:
    for cause in getattr(rule, "causes", ()):
        planned = cause.experiment
        if planned:
            assert planned.measure in SEEN
            assert planned.measure in BY_ID
            assert not planned.done or planned.done in BY_ID
            assert bool(planned.done) == bool(planned.done_way)
            assert "{by}" in planned.then
            assert planned.do.startswith("Run 20 seconds")
            assert len(planned.do.split()) <= 18


# -- what is said --------------------------------------------------------------------------------------------------


def test_an_open_cause_is_told_with_its_test(before: Analysis) -> None:
    lines = report_lines(describe(before, door="cli"), whole=True)
    tests = [line for line in lines if line.startswith("  Test ")]
    assert tests[0] == (
        "  Test     A late opposite arm? Run 20 seconds with your hands quiet at your chest. "
        "If your foot lands 0.03 leg lengths closer, that was the cause."
    )
    assert len(tests) == 2


def test_a_settled_cause_needs_no_test(run: Analysis) -> None:
    late = judged(run, **{**REACHES, "arm_leg_lag_pct": 14.0})
    assert not [line for line in report_lines(describe(late)) if "quiet at your chest" in line]


def test_the_least_change_is_what_two_such_films_can_show(run: Analysis, before: Analysis) -> None:
    measures = tuple(replace(m, uncertainty=0.05) if m.id == CLOSER_BY else m for m in before.measures)
    vague = coached(replace(run, view=before.view, measures=ms.Measures(measures)), ms.Options())
    (cause,) = (c for f in vague.findings for c in f.causes if c.cause == "late_arm")
    assert cause.experiment
    assert cause.experiment.by == pytest.approx(0.05 * 2**0.5)
    assert "0.07 leg lengths closer" in cause.experiment.says


CLOSER_BY = "foot_ahead_of_hip_at_strike_leg"


# -- the verdict ---------------------------------------------------------------------------------------------------


def test_yes_when_the_foot_lands_closer(run: Analysis, before: Analysis) -> None:
    found = result(run, before, **HANDS_QUIET, **CLOSER)
    assert found
    assert (found.verdict, found.problem, found.gain) == ("confirmed", "reaching", pytest.approx(0.09))
    assert found.cue == "Swing the elbows straight back and let them come forward alone."


def test_no_when_the_foot_lands_as_before(run: Analysis, before: Analysis) -> None:
    found = result(run, before, **HANDS_QUIET, shank_angle_at_strike_deg=16.0, foot_ahead_of_hip_at_strike_leg=0.361)
    assert found
    assert found.verdict == "excluded"
    assert found.next.startswith("Turning the shoulders too much? Run 20 seconds holding a towel")


def test_open_in_between(run: Analysis, before: Analysis) -> None:
    found = result(run, before, **HANDS_QUIET, shank_angle_at_strike_deg=15.0, foot_ahead_of_hip_at_strike_leg=0.34)
    assert found
    assert found.verdict == "open"


def test_not_judged_when_the_arms_swung_as_before(run: Analysis, before: Analysis) -> None:
    found = result(run, before, shank_angle_at_strike_deg=16.0, foot_ahead_of_hip_at_strike_leg=0.36)
    assert found
    assert found.verdict == "not_done"


def test_not_judged_when_the_number_is_missing(run: Analysis, before: Analysis) -> None:
    after = judged(run, without=(CLOSER_BY,))
    take = replace(take_from_analysis(after), trying=note_of("reaching.late_arm"), film_sha256="other")
    found = compare_series([take_from_analysis(before), take]).overall.experiment
    assert found
    assert found.verdict == "not_measured"


@pytest.mark.parametrize(
    ("word", "says"),
    [("late_arms", "leaves no question called late_arms"), ("bounce.pushing_up", "found nothing whose cause")],
)
def test_a_question_that_was_not_asked_is_refused(before: Analysis, word: str, says: str) -> None:
    with pytest.raises(ms.UsageError, match=says):
        asked(take_from_analysis(before), word)


def test_the_words_of_the_verdict(run: Analysis, before: Analysis) -> None:
    after = replace(
        take_from_analysis(judged(run, **HANDS_QUIET, **CLOSER)), trying=note_of("late_arm"), film_sha256="other"
    )
    (chapter,) = describe_series(compare_series([take_from_analysis(before), after]))
    assert chapter.says[0] == (
        "Your test says yes: it's a late opposite arm. Foot ahead of the hip at landing moved 0.09 leg lengths the "
        "right way; 0.03 leg lengths was enough. "
        "Work on it: “Swing the elbows straight back and let them come forward alone.”"
    )


# -- what follows --------------------------------------------------------------------------------------------------


def kept(run: Analysis, before: Analysis) -> dict[str, bool]:
    after = replace(
        take_from_analysis(judged(run, **HANDS_QUIET, **CLOSER)), trying=note_of("late_arm"), film_sha256="other"
    )
    return settled([series_json(compare_series([take_from_analysis(before), after]))])


def test_the_next_plan_knows(run: Analysis, before: Analysis) -> None:
    tried = kept(run, before)
    assert tried == {"reaching.late_arm": True}
    again = coached(replace(before, findings=(), plan=None), ms.Options(tried=tried))
    (cause,) = (c for f in again.findings for c in f.causes if c.cause == "late_arm")
    assert (cause.verdict, cause.says) == ("supported", "Your own test showed it.")
    assert again.plan
    assert again.plan.cue == "Swing the elbows straight back and let them come forward alone."


def test_a_film_that_decides_is_believed_before_an_experiment(before: Analysis) -> None:
    again = coached(replace(before, findings=(), plan=None), ms.Options(tried={"reaching.leaning_back": True}))
    (cause,) = (c for f in again.findings for c in f.causes if c.cause == "leaning_back" and f.problem == "reaching")
    assert cause.verdict == "not_supported"


def test_the_test_is_in_the_file(before: Analysis) -> None:
    content = analysis_schema.AnalysisJson.model_validate(analysis_json.plain(before))
    back: Take = take_from_text(content.model_dump_json(by_alias=True), "", label="before")
    (cause,) = (c for f in back.findings for c in f.causes if c.cause == "late_arm")
    assert cause.experiment == next(c for f in before.findings for c in f.causes if c.cause == "late_arm").experiment


def test_a_film_is_named_as_an_experiment_at_the_terminal(before: Analysis, run: Analysis, tmp_path: Path) -> None:
    from typer.testing import CliRunner

    from midstance.cli.commands import app
    from midstance.formats.files import write_json

    write_json(analysis_json.plain(before), tmp_path / "a.json")
    content = analysis_json.plain(judged(run, **HANDS_QUIET, **CLOSER))
    content["clip"]["sha256"] = "0" * 64
    write_json(content, tmp_path / "b.json")
    said = CliRunner().invoke(
        app, ["compare", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--experiment", "late_arm"]
    )
    assert said.exit_code == 0
    assert "Your test says yes" in said.output
