"""A runner whose cue did not click gets the next words for the same aim."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from midstance.cli.commands import app
from midstance.comparison.focus import other_words
from midstance.comparison.take import take_from_analysis
from midstance.formats import analysis_json
from midstance.formats.files import write_json
from midstance.model import Analysis
from midstance.text.next_words import did_not_click
from tests.fixtures.acted import acted
from tests.fixtures.judged import judged

REACHES = {"shank_angle_at_strike_deg": 16.0, "foot_ahead_of_hip_at_strike_leg": 0.36}


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return judged(acted(tmp_path_factory.mktemp("cue")), **REACHES)


def test_the_words_go_round_until_one_clicks(before: Analysis) -> None:
    take = take_from_analysis(before)
    assert take.plan
    heard = [take.plan.cue]
    while (words := other_words(replace(take, trying=heard[-1]))) not in heard:
        heard.append(words)
    assert words == take.plan.cue
    assert len(heard) == len(set(heard)) > 1


def test_compare_offers_the_next_words(before: Analysis, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("before", "after")]
    for folder in folders:
        folder.mkdir()
        write_json(analysis_json.plain(before), folder / "analysis.json")
    result = CliRunner().invoke(app, ["compare", *map(str, folders), "--not-clicked"])
    assert result.exit_code == 0, result.output
    assert did_not_click(take_from_analysis(before)) in " ".join(result.stdout.split())


def test_without_a_plan_the_drill_is_left(before: Analysis) -> None:
    assert "Try the drill" in did_not_click(take_from_analysis(replace(before, plan=None)))
