"""Nothing to change is a full answer at every door: what is good, what is good to know, what to do next."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from midstance.analyze import coached
from midstance.comparison.take import take_from_analysis, take_from_text
from midstance.formats import analysis_json
from midstance.model import Analysis
from midstance.options import Options
from midstance.output.page import page_html
from midstance.reasons import small
from midstance.text.captions import calm_caption, shot_caption
from midstance.text.diagnosis import film_shots, focus_shot
from midstance.text.outcome import outcome, outcome_lines
from midstance.text.report import describe, shots
from midstance.text.report_lines import report_lines
from tests.fixtures.judged import judged

GOOD = "Your foot comes down close to you"
WATCHED = {"vertical_oscillation_leg": 0.132, "vertical_oscillation_cm": 11.6, "take_off_angle_deg": 12.0}
REACHING = {"shank_angle_at_strike_deg": 22.0, "foot_ahead_of_hip_at_strike_leg": 0.42}


@pytest.fixture(scope="module")
def calm(run: Analysis) -> Analysis:
    return judged(run, contact_time_ms=228.0)


def page(analysis: Analysis, **how: Any) -> str:
    return page_html(describe(analysis, **how), analysis, film=None, pictures=None, beside=analysis.clip.path.parent)


# -- a healthy runner ----------------------------------------------------------------------------------------------


def test_the_terminal_says_what_is_good_and_what_to_do(calm: Analysis) -> None:
    lines = report_lines(describe(calm, door="cli"))
    assert "Nothing to change: your stride is in good order." in lines
    assert f"  Good     {GOOD}. Your foot lands 0.24 leg lengths ahead of you; ordinary is up to 0.28." in lines
    (known,) = (line for line in lines if line.startswith("  Know"))
    assert known == (
        "  Know     Near the edge, but ordinary: contact time. "
        "Your foot stays on the ground for 228 ms. Of 26 runners measured, about 9 of 10 have more."
    )
    assert "  Next     Run on as you do. Film again in three months, or when something feels different." in lines
    assert len(lines) <= 18


def test_the_page_opens_with_it(calm: Analysis) -> None:
    text = page(calm)
    assert "<h1>Nothing to change: your stride is in good order</h1>" in text
    places = ("<h1>Nothing", f'<p class="why">{GOOD}. ', "Run on as you do.", "<h2>What is good", "<h2>Good to know")
    assert [text.index(place) for place in places] == sorted(text.index(place) for place in places)


def test_the_film_shows_it(calm: Analysis) -> None:
    captions = [shot_caption(shot) for shot in film_shots(calm)]
    assert len(captions) == 2
    assert any(caption.startswith(f"{GOOD}. Foot ahead of the hip at landing: 0.2") for caption in captions)
    assert calm_caption() == "Nothing you must change. Run on as you do."
    first = focus_shot(calm)
    assert first is not None
    assert first.measure == "foot_ahead_of_hip_at_strike_leg"
    assert first.key in {shot.key for shot in shots(calm)}


def test_the_file_and_the_history_keep_it(calm: Analysis) -> None:
    content = analysis_json.plain(calm)
    assert content["plan"] is None
    assert [remark["kind"] for remark in content["remarks"]] == ["good", "good", "good", "edge"]
    read, kept = take_from_text(json.dumps(content), "here", label="a"), take_from_analysis(calm, label="a")
    assert [(r.kind, r.title, r.says, r.ordinary) for r in read.remarks] == [
        (r.kind, r.title, r.says, r.ordinary) for r in kept.remarks
    ]
    assert outcome(content) == small(describe(calm).headline) == "nothing to change: your stride is in good order"
    assert outcome_lines(content) == [
        "Nothing to change: your stride is in good order.",
        f"Good: {GOOD}. Your hip opens well behind you. You bounce just enough.",
        "Good to know: Near the edge, but ordinary: contact time.",
    ]


def test_a_file_from_before_there_were_remarks_is_read(calm: Analysis) -> None:
    old = {name: value for name, value in analysis_json.plain(calm).items() if name != "remarks"}
    assert take_from_text(json.dumps(old), "here", label="a").remarks == ()
    assert outcome(old) == "nothing in this clip asks for a change"


def test_a_start_is_not_judged_and_nobody_says_nothing_to_change(run: Analysis) -> None:
    start = coached(replace(run, view=replace(run.view, acceleration_mps2=2.0)), Options())
    content = analysis_json.plain(start)
    assert outcome(content) == "not judged: the speed changes"
    assert outcome_lines(content) == [
        "Your speed changes in this clip, and ordinary ranges are for a steady one. Film at a steady speed."
    ]
    assert "unjudged" not in analysis_json.plain(run)


# -- a runner who asks ---------------------------------------------------------------------------------------------


def test_an_offer_is_made_and_not_forced(run: Analysis) -> None:
    lines = report_lines(describe(judged(run, **WATCHED), door="cli"))
    assert "Nothing you must change." in lines
    (last,) = (line for line in lines if line.startswith("  Next"))
    assert last.endswith("Want something to try? With --try I offer one thing, about bounce.")
    assert not any(line.startswith("  Cue") for line in lines)
    shown = page(judged(run, **WATCHED))
    assert "Want something to try? Ask for it, and I offer one thing, about bounce." in shown
    assert "--try" not in shown
    (watched,) = describe(judged(run, **WATCHED)).findings
    assert (watched.title, watched.sure) == ("Bounce", "worth a try")


def test_who_asks_gets_a_try_and_no_must(run: Analysis) -> None:
    tried = judged(run, asked=True, **WATCHED)
    lines = report_lines(describe(tried, door="cli", asked=True))
    assert "Worth a try: You bounce." in lines
    assert not any("The one thing to change" in line for line in lines)
    assert tried.plan is not None
    assert "worth a try, not a must" in tried.plan.why
    content = analysis_json.plain(tried)
    assert content["plan"]["grade"] == "watch"
    assert outcome(content) == "worth a try: You bounce"
    assert outcome_lines(content)[0].startswith("Worth a try: You bounce. “")


def test_who_asks_and_needs_nothing_is_answered(calm: Analysis) -> None:
    report = describe(calm, door="cli", asked=True)
    assert report.calm.startswith("You asked what to try: nothing here lies far enough from ordinary.")
    assert "Run on as you do." in report.calm


# -- beside a focus ------------------------------------------------------------------------------------------------


def test_what_should_stay_is_said_beside_the_focus(run: Analysis) -> None:
    lines = report_lines(describe(judged(run, **REACHING)))
    assert "  Keep     Your hip opens well behind you. You bounce just enough." in lines
    assert "<dt>Keep</dt><dd>Your hip opens well behind you. You bounce just enough.</dd>" in page(
        judged(run, **REACHING)
    )


def test_nothing_is_remarked_where_nothing_was_judged(run: Analysis) -> None:
    assert "What is good" not in page(run)
