"""A coach's own title reaches every door: terminal, page, film, analysis.json, and the comparison of two takes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from midstance.coaching import rules
from midstance.comparison.differences import compare
from midstance.comparison.take import take_from_text
from midstance.formats import analysis_json
from midstance.model import Analysis
from midstance.output.page import page_html
from midstance.text.captions import shot_caption
from midstance.text.changes import describe_comparison
from midstance.text.diagnosis import film_shots
from midstance.text.report import describe
from midstance.text.report_lines import report_lines
from tests.fixtures.acted import acted
from tests.fixtures.judged import judged

OWN = "You overstride, my friend"
REACHING = {"shank_angle_at_strike_deg": 22.0, "foot_ahead_of_hip_at_strike_leg": 0.42}


@pytest.fixture
def run(tmp_path: Path) -> Analysis:
    (tmp_path / "words.toml").write_text(f'[reaching]\ntitle = "{OWN}"\n[arm_crossing]\ntitle = "Windmills"\n')
    return judged(acted(tmp_path), ruleset=rules.load(tmp_path), **REACHING)


def test_the_terminal_says_it(run: Analysis) -> None:
    lines = report_lines(describe(run), whole=True)
    assert f"The one thing to change: {OWN}." in lines
    assert any("Windmills" in line or "windmills" in line for line in lines)


def test_the_page_says_it(run: Analysis) -> None:
    page = page_html(describe(run), run, film=None, pictures=None, beside=run.clip.path.parent)
    assert f"<h1>{OWN}</h1>" in page


def test_the_film_says_it(run: Analysis) -> None:
    assert any(shot_caption(shot).startswith(f"{OWN}. ") for shot in film_shots(run))


def test_the_comparison_says_it_from_the_files(run: Analysis) -> None:
    text = json.dumps(analysis_json.plain(run))
    before, after = (take_from_text(text, "analysis.json", label=label) for label in ("May", "June"))
    assert before.plan is not None
    assert before.plan.title == OWN
    focus = compare(before, after).focus
    assert focus is not None
    assert focus.title == OWN
    assert describe_comparison(compare(before, after)).says


def test_an_older_file_without_titles_is_read_with_the_built_in_words(run: Analysis) -> None:
    content = analysis_json.plain(run)
    for finding in content["findings"]:
        del finding["title"], finding["topic"]
        for cause in finding["causes"]:
            for key in ("title", "root", "why_open", "settle"):
                del cause[key]
    for key in ("title", "notice", "comes_from"):
        del content["plan"][key]
    for gap in content["not_assessed"]:
        del gap["topic"]
    take = take_from_text(json.dumps(content), "analysis.json", label="old")
    assert take.plan is not None
    assert (take.plan.title, take.plan.notice) == ("", ())
    assert {finding.title for finding in take.findings} == {""}
