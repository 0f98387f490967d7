"""Every door shows the same findings in the same order: terminal, page, JSON, Python, takes and the table."""

from __future__ import annotations

import csv
import html
import io
import json
import os
import re
from dataclasses import replace
from pathlib import Path

import pytest
from validation.cases import SHARED, Case

from midstance.analyze import judge
from midstance.comparison.take import take_from_analysis, take_from_text
from midstance.formats import analysis_json
from midstance.model import Analysis, ClipPoses
from midstance.options import Options
from midstance.output.page import page_html
from midstance.output.tables import tables_of
from midstance.text.report import describe
from midstance.text.report_lines import report_lines
from tests.fixtures.acted import acted
from tests.fixtures.models import bring

CLIPS = SHARED / "clips" / "digital"
ALL = ("dev1_clean_ben", "dev2_overstride_anna", "dev3_clean_carl", "dev4_lean_backkick_erik")
ALL += ("dev5_bounce_dai", "dev6_limitedhip_short_ben")
CHOSEN = ALL if os.environ.get("MIDSTANCE_ALL_CLIPS") else ALL[2:3]
SAID = (Options(), Options(height_m=1.75), Options(speed_mps=3.2), Options(what_could_i_try=True))


def same_everywhere(analysis: Analysis) -> None:
    problems = [finding.problem for finding in analysis.findings]
    content = analysis_json.plain(analysis)
    assert [each["problem"] for each in content["findings"]] == problems
    assert [row["problem"] for row in csv.DictReader(io.StringIO(tables_of(analysis)["findings.csv"]))] == problems
    assert [finding.problem for finding in take_from_analysis(analysis).findings] == problems
    assert [finding.problem for finding in take_from_text(json.dumps(content), "x", label="").findings] == problems
    report = describe(analysis, door="cli")
    roots = [finding.problem for finding in analysis.findings if finding.explained_by is None]
    assert [finding.problem for finding in report.findings] == roots
    short, whole = (" ".join(report_lines(report, whole=whole)).lower() for whole in (False, True))
    page = html.unescape(page_html(describe(analysis), analysis, film=None, pictures=None, beside=Path()))
    headings = re.findall(r"<h[123]>([^<]*)", page)
    for rank, finding in enumerate(report.findings):
        title = finding.title.lower()
        assert title in whole
        assert title in short or (rank == 0 and report.focus is not None)
        assert rank == 0 or whole.index(f"{title} (") > whole.index(f"{report.findings[rank - 1].title.lower()} (")
    named = [finding.title for finding in report.findings[1 if report.focus else 0 :]]
    assert [heading.strip() for heading in headings if heading.strip() in named] == named
    if report.focus is None and report.findings:
        assert "also seen, worth a try" in short


def test_on_the_acted_runner(tmp_path: Path) -> None:
    run = acted(tmp_path)
    same_everywhere(run)
    same_everywhere(replace(run, plan=None))


@pytest.mark.skipif(not CLIPS.is_dir(), reason="the rendered clips lie beside the project (shared/clips)")
@pytest.mark.parametrize("name", CHOSEN)
def test_on_rendered_runners_with_and_without_a_height(name: str) -> None:
    bring("detector", "full")
    case = Case(name, CLIPS / f"{name}.mp4")
    found = ClipPoses(clip=case.clip, poses=case.poses, levels=case.levels)
    for options in SAID:
        same_everywhere(judge(found, options))
