"""Films of one run from several sides make one report, in which every cause is judged by the film that sees it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import midstance as ms
from midstance.cli.commands import app
from midstance.coaching.bands import references
from midstance.coaching.rules.examples import in_order
from midstance.comparison.take import take_from_text
from midstance.formats import analysis_json, analysis_schema
from midstance.formats.files import write_json
from midstance.model import Analysis, Measures, NotAssessed, Plane, Sample
from midstance.output.results import write_results
from midstance.reasons import Reason, say
from midstance.text.diagnosis import film_shots
from midstance.text.report import describe
from midstance.text.report_lines import report_lines
from midstance.together import join

REACHES = {"shank_angle_at_strike_deg": 16.0, "foot_ahead_of_hip_at_strike_leg": 0.36, "arm_leg_lag_pct": 14.0}
CROSSES = {"wrist_crossing": -0.12}


def filmed(run: Analysis, plane: Plane, **values: float) -> Analysis:
    """The acted run seen from one side by a runner in order but for these values."""
    view = replace(run.view, plane=plane, near_side="right" if plane == "side" else None, speed_mps=3.0)
    measures = [
        replace(measure, samples=(Sample(time_s=0.4 + 0.02 * i, value=measure.value),))
        for i, measure in enumerate(in_order(references(), 3.0, plane=plane, but=values))
    ]
    gaps = (NotAssessed(id="heel_whip_deg", reason=Reason("needs_view", wanted="rear", plane=plane)),)
    return replace(run, view=view, measures=Measures(measures), not_assessed=gaps, findings=(), plan=None, remarks=())


@pytest.fixture(scope="module")
def joined(run: Analysis) -> Analysis:
    return join([filmed(run, "front", **CROSSES), filmed(run, "side", **REACHES)])


def causes(analysis: Analysis, problem: str) -> dict[str, str]:
    found = next(finding for finding in analysis.findings if finding.problem == problem)
    return {cause.cause: cause.verdict for cause in found.causes}


def test_alone_the_side_leaves_open_what_only_the_front_shows(run: Analysis) -> None:
    from midstance.analyze import coached

    alone = coached(filmed(run, "side", **REACHES), ms.Options())
    assert causes(alone, "late_arms")["arm_crosses"] == "cannot_tell"
    assert alone.plan
    assert alone.plan.focus == "late_arms"
    assert "Can't be seen from the side: an arm that crosses or swings out." in alone.plan.comes_from


def test_together_the_chain_goes_from_the_foot_to_the_hands(joined: Analysis) -> None:
    assert [film.view.plane for film in joined.films] == ["side", "front"]
    assert causes(joined, "late_arms")["arm_crosses"] == "supported"
    roots = {finding.problem: finding.explained_by for finding in joined.findings}
    assert (roots["reaching"], roots["late_arms"], roots["arm_crossing"]) == ("late_arms", "arm_crossing", None)
    assert joined.plan
    assert joined.plan.focus == "arm_crossing"
    assert "Your leg reaches while it waits for the arm." in joined.plan.comes_from
    assert joined.plan.comes_from[1].startswith("Your hand crosses the middle by 12%")


def test_shoulders_that_turn_beside_late_arms_stay_open(run: Analysis) -> None:
    turning = filmed(run, "front", **CROSSES | {"shoulder_rotation_deg": 52.0})
    late = join([turning, filmed(run, "side", **REACHES)])
    in_time = join([turning, filmed(run, "side", **REACHES | {"arm_leg_lag_pct": 0.0})])
    assert causes(late, "arm_crossing")["shoulder_rotation"] == "cannot_tell"
    assert causes(in_time, "arm_crossing")["shoulder_rotation"] == "supported"


def test_every_number_knows_its_film(joined: Analysis) -> None:
    assert {measure.film for measure in joined.measures["wrist_crossing"]} == {1}
    assert {measure.film for measure in joined.measures["cadence_spm"]} == {0}
    crossing = next(finding for finding in joined.findings if finding.problem == "arm_crossing")
    assert {piece.film for piece in crossing.evidence} == {1}
    assert [shot.film for shot in film_shots(joined, 1)] == [1] * len(film_shots(joined, 1))
    assert film_shots(joined, 1)
    assert all(shot.film == 0 for shot in film_shots(joined, 0))


def test_a_leg_has_one_colour_in_all_films_of_a_run(run: Analysis) -> None:
    front = filmed(run, "front", **CROSSES)
    front = replace(front, track=replace(front.track, near_side=None))
    side = filmed(run, "side", **REACHES)
    right = replace(side, track=replace(side.track, near_side="right"))
    assert front.near_leg == "left"
    assert [film.near_leg for film in join([front, right]).films] == ["right", "right"]


def test_what_no_film_shows_says_so_of_all(joined: Analysis) -> None:
    (gap,) = (gap for gap in joined.not_assessed if gap.id == "heel_whip")
    assert "from the side or from the front" in say(gap.reason)


def test_the_report_names_both_films(joined: Analysis) -> None:
    lines = report_lines(describe(joined, door="cli"), whole=True)
    assert any("seen from the front" in line for line in lines)
    assert any("seen from your right side" in line for line in lines)


def test_it_is_kept_whole_as_json(joined: Analysis, run: Analysis) -> None:
    content = analysis_json.plain(joined)
    assert content["other_films"][0]["view"]["plane"] == "front"
    assert {m["film"] for m in content["measures"] if m["id"] == "wrist_crossing"} == {1}
    take = take_from_text(
        analysis_schema.AnalysisJson.model_validate(content).model_dump_json(by_alias=True), "", label=""
    )
    assert {measure.film for measure in take.measures if measure.id == "wrist_crossing"} == {1}
    alone = analysis_json.plain(run)
    assert "other_films" not in alone
    assert not any("film" in measure for measure in alone["measures"])


def test_the_page_shows_each_statement_in_its_film(joined: Analysis, tmp_path: Path) -> None:
    results = write_results(joined, describe(joined), tmp_path / "out")
    assert [film.name for film in results.films] == ["annotated.mp4", "annotated_front.mp4"]
    page = results.page.read_text(encoding="utf-8")
    assert "The film from the front" in page
    assert 'class="look" data-film="1"' in page
    assert 'class="still elsewhere"' in page  # its film is another than the one beside it
    assert re.search(r'"focus":\s*null', page)
    assert list((tmp_path / "out" / "frames").glob("wrist_crossing_*_front.jpg"))


def test_two_films_from_one_side_are_one_too_many(run: Analysis) -> None:
    with pytest.raises(ms.UsageError, match="from the side"):
        join([filmed(run, "side"), filmed(run, "side")])


@pytest.mark.parametrize(("cadence", "one_run"), [(170.0, True), (174.0, True), (190.0, False)])
def test_films_of_two_runs_are_told(run: Analysis, cadence: float, one_run: bool) -> None:
    together = join([filmed(run, "side", cadence_spm=170.0), filmed(run, "front", cadence_spm=cadence)])
    says = [say(warning) for warning in together.warnings]
    assert (says == []) == one_run
    if not one_run:
        assert "170" in says[0]
        assert "190" in says[0]


def test_one_film_alone_is_a_slip(run: Analysis) -> None:
    result = CliRunner().invoke(app, ["analyze", str(run.clip.path), "--together"])
    assert result.exit_code == ms.UsageError.exit_code or isinstance(result.exception, ms.UsageError)
    with pytest.raises(ms.UsageError, match="One film alone"):
        ms.analyze_together([run.clip.path])


def test_a_joined_analysis_is_written_and_compared(joined: Analysis, tmp_path: Path) -> None:
    write_json(analysis_json.plain(joined), tmp_path / "before" / "analysis.json")
    better = replace(joined, measures=Measures(m for m in joined.measures))
    write_json(analysis_json.plain(better), tmp_path / "after" / "analysis.json")
    series = ms.compare(tmp_path / "before", tmp_path / "after")
    assert any(d.measure == "wrist_crossing" for d in series.overall.differences)
