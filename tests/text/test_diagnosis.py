"""The chain from a sign to its cause is told at every door, each cause by name, and no sentence twice."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from midstance.coaching.bands import references
from midstance.coaching.chain import sentences
from midstance.coaching.findings import ask_rules
from midstance.comparison.take import take_from_analysis, take_from_text
from midstance.formats import analysis_json
from midstance.model import Analysis
from midstance.output.page import page_html
from midstance.text.captions import cue_caption, shot_caption
from midstance.text.diagnosis import FindingText, describe_findings, film_shots
from midstance.text.report import describe, shots
from midstance.text.report_lines import report_lines
from tests.fixtures.judged import KICK_FROM_LEANING, judged


def edge(measure: str) -> float:
    """The high edge of what is ordinary at 3 m/s."""
    band = references().band(measure, 3.0)
    assert band is not None
    return band.high


HEEL = f"Your heel rises to 80% of your leg's length; ordinary at this speed is up to {edge('heel_recovery_leg'):.0%}."
LEAN = f"Your trunk leans 17 degrees forward; ordinary at this speed is 1 to {edge('trunk_lean_deg'):.0f}."
KICK = "Your leg stays behind and kicks up at the back."
REACHING = {"shank_angle_at_strike_deg": 22.0, "foot_ahead_of_hip_at_strike_leg": 0.42}


@pytest.fixture(scope="module")
def kicking(run: Analysis) -> Analysis:
    return judged(run, **KICK_FROM_LEANING)


def told(analysis: Analysis, *, whole: bool = True) -> str:
    return "\n".join(report_lines(describe(analysis), whole=whole))


# -- the chain -----------------------------------------------------------------------------------------------------


def test_the_kick_is_explained_by_the_lean(kicking: Analysis) -> None:
    roots = {finding.problem: finding.explained_by for finding in kicking.findings}
    assert roots == {"leaning_forward": None, "back_kick": "leaning_forward"}


def test_the_terminal_says_sign_cause_and_cue(kicking: Analysis) -> None:
    lines = report_lines(describe(kicking))
    assert f"  Notice   {HEEL} The swing of your thigh does not carry it that high." in lines
    (comes_from,) = (line for line in lines if line.startswith("  From"))
    said_once = LEAN.replace(" at this speed", "")
    assert comes_from.startswith(f"  From     Leaning forward. {said_once} {KICK}")
    assert kicking.plan is not None
    assert f"  Cue      “{kicking.plan.cue}”" in lines


def test_the_page_tells_the_sign_inside_its_root(kicking: Analysis) -> None:
    text = page_html(describe(kicking), kicking, film=None, pictures=None, beside=kicking.clip.path.parent)
    places = ("<dt>What you'd notice", "Your heel rises to 80%", "<dt>Where it comes from", KICK, "<dt>What to do")
    assert [text.index(place) for place in places] == sorted(text.index(place) for place in places)
    assert (
        f'<p class="why">{LEAN} <span class="roomy">You&#39;d notice: your heel kicks up high behind you.</span></p>'
        in text
    )
    assert text.count("Your heel kicks up high behind you") == 1


def test_the_film_says_what_it_stops_at(kicking: Analysis) -> None:
    captions = [shot_caption(shot) for shot in film_shots(kicking)]
    assert any(caption.startswith("You'd notice: your heel kicks up high behind you. ") for caption in captions)
    assert any(caption.startswith("It comes from leaning forward. Forward lean: 17°") for caption in captions)
    assert cue_caption("Run tall.") == "What to do: “Run tall.”"


def test_the_pictures_of_the_sign_are_drawn_too(kicking: Analysis) -> None:
    assert {"heel_recovery_leg", "trunk_lean_deg"} <= {shot.measure for shot in shots(kicking)}


def test_the_json_carries_the_chain_and_reads_back(kicking: Analysis) -> None:
    content = analysis_json.plain(kicking)
    assert content["plan"]["notice"][0] == HEEL
    assert content["plan"]["comes_from"][:3] == ["Leaning forward.", LEAN, KICK]
    assert " ".join(content["plan"]["notice"]) in content["plan"]["why"]
    by_problem = {finding["problem"]: finding for finding in content["findings"]}
    cause = by_problem["back_kick"]["causes"][0]
    assert (cause["title"], cause["verdict"]) == ("Leaning forward too much", "supported")
    assert cause["root"] == by_problem["back_kick"]["explained_by"] == "leaning_forward"
    take = take_from_text(json.dumps(content), "analysis.json", label="a take")
    assert take.plan is not None
    assert kicking.plan is not None
    assert (take.plan.notice, take.plan.comes_from) == (kicking.plan.notice, kicking.plan.comes_from)


def test_a_longer_chain_starts_at_what_is_farthest_from_the_root(run: Analysis) -> None:
    sitting = {"peak_knee_flexion_stance_deg": 64.0, "hip_height_midstance_leg": 0.82, "peak_thigh_extension_deg": 7.0}
    flat = {"flight_time_ms": 40.0, "duty_factor": 0.43}
    found = judged(run, **sitting, **flat)
    assert found.plan is not None
    assert found.plan.focus == "sitting"
    notice = found.plan.notice
    assert notice[0].startswith("You spend 40 ms in the air")
    assert notice[-1].startswith("Your thigh goes 7 degrees behind you")
    assert "From a sitting position your thigh can't go far back." in found.plan.comes_from


# -- causes by name ------------------------------------------------------------------------------------------------


def causes(finding: FindingText) -> list[str]:
    return [cause.line for cause in finding.causes]


def test_every_cause_has_its_name_its_verdict_and_its_reason(run: Analysis) -> None:
    (finding,) = describe_findings(judged(run, **REACHING))
    lines = causes(finding)
    assert "Ruled out: leaning back. Your trunk leans 6 degrees forward; ordinary at this speed is 1 to 11." in lines
    assert "Can't be seen from the side: turning the shoulders too much. Film from the front too." in lines
    assert (
        "Ruled out: a late opposite arm. Your arm comes 0% of a stride late; ordinary is up to 8 either way." in lines
    )


def test_a_possible_cause_that_is_watched_has_one_verdict(run: Analysis) -> None:
    """The trunk leans a little less than is ordinary: too close to call, as a cause and by itself."""
    lean = references().band("trunk_lean_deg", 3.0)
    assert lean is not None
    reaching, leaning = describe_findings(judged(run, trunk_lean_deg=lean.low - 0.2, **REACHING))
    assert any(line.startswith("Too close to call: leaning back.") for line in causes(reaching))
    assert (leaning.title, leaning.sure) == ("Leaning back", "too close to call")


def test_causes_that_one_other_view_would_show_are_told_together(run: Analysis) -> None:
    (finding,) = describe_findings(judged(run, without=("arm_leg_lag_pct",), **REACHING))
    unseen = "Can't be seen from the side: a late opposite arm and turning the shoulders too much."
    assert f"{unseen} Film from the front too." in causes(finding)


def test_where_no_cause_is_found_they_are_named_and_none_is_denied_unseen(run: Analysis) -> None:
    found = judged(run, **REACHING)
    assert found.plan is not None
    came = " ".join(found.plan.comes_from)
    assert "Can't be seen from the side: turning the shoulders too much." in came
    assert "Film from the front too." in came
    (ruled_out,) = re.findall(r"Ruled out: [^.]*\.", came)
    assert all(name in ruled_out for name in ("leaning back", "a slow or high back kick", "a late opposite arm"))
    assert came.endswith("Start with what you see.")
    assert not re.search(r"[Nn]one of", told(found))


def test_too_close_to_call_is_said_with_the_number(run: Analysis) -> None:
    (finding,) = describe_findings(judged(run, **REACHING, trunk_lean_deg=1.5))
    (line,) = (line for line in causes(finding) if "leaning back" in line)
    assert line.startswith("Too close to call: leaning back. Your trunk leans 2 degrees forward; ordinary")
    assert line.count("close to call") == 1


def test_a_longer_clip_is_asked_for_only_where_more_strides_would_help(run: Analysis) -> None:
    found = judged(run, **REACHING, trunk_lean_deg=1.5)
    (cause,) = (cause for f in found.findings for cause in f.causes if cause.cause == "leaning_back")
    assert cause.settle == ""
    scattered = [replace(m, sd=2 * m.uncertainty) if m.id == "trunk_lean_deg" else m for m in found.measures]
    findings = ask_rules(scattered, (), found.view)
    (again,) = (cause for f in findings for cause in f.causes if cause.cause == "leaning_back")
    assert again.settle == "A longer clip would help."


def test_nothing_is_said_twice(run: Analysis, kicking: Analysis) -> None:
    for analysis in (kicking, judged(run, **REACHING), judged(run, **REACHING, trunk_lean_deg=-4.0)):
        report = describe(analysis)
        texts = [report.focus.notice, report.focus.comes_from] if report.focus else []
        for finding in report.findings:
            texts += [finding.says, *(sign.says for sign in finding.signs), *(c.says for c in finding.causes)]
        said = [sentence for text in texts for sentence in sentences(text)]
        assert len(said) == len(set(said)), [s for s in said if said.count(s) > 1]


# -- grades --------------------------------------------------------------------------------------------------------


def test_what_is_merely_to_be_watched_is_worth_a_try(run: Analysis) -> None:
    bouncy = judged(run, asked=True, vertical_oscillation_leg=0.13, take_off_angle_deg=12.0)
    assert bouncy.findings[0].grade == "watch"
    text = told(bouncy, whole=False)
    assert "Worth a try: You bounce." in text
    assert "The one thing to change" not in text
    assert bouncy.plan is not None
    assert bouncy.plan.why.endswith("It's no clear fault: worth a try, not a must.")


def test_an_old_plan_is_told_as_it_was_written(run: Analysis) -> None:
    assert run.plan is not None
    assert not run.plan.notice
    assert f"  Notice   {run.plan.why}" in report_lines(describe(run))
    assert take_from_analysis(run).plan == run.plan
