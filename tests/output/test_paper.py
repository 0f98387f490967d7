"""The handout is one page with all that a runner takes home; the print has six at most and leaves nothing out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from midstance.model import Analysis
from midstance.output.paper import write_handout, write_print
from midstance.output.pdf import words
from midstance.render.stills import Pictures, evidence_pictures
from midstance.text.report import Report, describe
from tests.fixtures.acted import without_plan

TODAY = date(2026, 11, 30)


@pytest.fixture(scope="module")
def pictures(run: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Pictures:
    return evidence_pictures(run.clip, run, tmp_path_factory.mktemp("frames"))


def pages(path: Path) -> list[str]:
    """The text of every page, its white space made one."""
    with pypdfium2.PdfDocument(path) as document:
        texts = []
        for page in document:
            text = page.get_textpage()
            texts.append(" ".join(text.get_text_range().split()))
            text.close()
        return texts


def squeezed(text: str) -> str:
    return " ".join(text.split())


def test_the_handout_has_everything_on_one_page(run: Analysis, pictures: Pictures, tmp_path: Path) -> None:
    report = describe(run)
    (page,) = pages(write_handout(report, pictures, tmp_path / "a.pdf", today=TODAY, who="Zoë Müller"))
    focus = report.focus
    assert focus is not None
    for said in (focus.title, focus.notice, focus.cue, focus.practice, focus.target, *focus.expect, *focus.guard):
        assert squeezed(said) in page
    assert "Zoë Müller" in page
    assert "14 December 2026" in page
    assert "no medical check" in page
    for tile in report.tiles:
        assert tile.number in page


def test_without_a_focus_it_says_what_is_good_and_what_next(run: Analysis, pictures: Pictures, tmp_path: Path) -> None:
    report = describe(without_plan(run))
    (page,) = pages(write_handout(report, pictures, tmp_path / "a.pdf", today=TODAY))
    assert squeezed(report.headline) in page
    assert squeezed(report.calm) in page
    for phase, _ in pictures.phases[:7]:
        assert phase.name.capitalize() in page
    assert "December" not in page


def test_much_to_say_stays_on_one_page(run: Analysis, pictures: Pictures, tmp_path: Path) -> None:
    report = describe(run)
    assert report.focus is not None
    long = replace(report, focus=replace(report.focus, practice=40 * "Run ten strides and think of the cue. "))
    (page,) = pages(write_handout(long, pictures, tmp_path / "a.pdf", today=TODAY))
    assert page.count("think of the cue") == 40


def test_the_print_has_at_most_six_pages_and_all_measures(run: Analysis, pictures: Pictures, tmp_path: Path) -> None:
    report = describe(run)
    found = pages(write_print(report, pictures, tmp_path / "a.pdf", today=TODAY))
    assert len(found) <= 6
    text = " ".join(found)
    for row in report.rows:
        assert squeezed(row.values[0].text) in text, row.id
    for gap in report.not_judged:
        assert squeezed(gap.why) in text
    full = replace(report, rows=_as_many_as_there_can_be(report))
    assert len(pages(write_print(full, pictures, tmp_path / "b.pdf", today=TODAY))) <= 6


def _as_many_as_there_can_be(report: Report) -> tuple:
    from midstance.measures import BY_ID

    return tuple(replace(report.rows[0], id=name, name=known.name, group=known.group) for name, known in BY_ID.items())


@pytest.mark.parametrize("name", ["Ольга", "Γιώργος", "山田太郎", "Zoë", "a & b <c>"])
def test_names_in_other_letters_are_drawn(name: str) -> None:
    set_here = words(name)
    drawn = [part for part in set_here.frags if hasattr(part, "cbDefn")]
    assert bool(drawn) == (name in {"Ольга", "Γιώργος", "山田太郎"})
    if not drawn:
        assert set_here.getPlainText() == name
