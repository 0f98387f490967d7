"""Write a report on paper: a handout of one page for the runner, and a full print of at most six.

Why ReportLab sets them: docs/decisions/paper.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import chain, groupby
from pathlib import Path

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, PageBreak, Spacer

from midstance.coaching.rules.base import FILM_AGAIN_DAYS
from midstance.output.pdf import (
    WIDTH,
    Story,
    boxed,
    day,
    grid,
    labelled,
    on_one_page,
    picture,
    side_by_side,
    table,
    words,
    write_pdf,
)
from midstance.reasons import small
from midstance.render.stills import Pictures
from midstance.text.captions import stride_row_caption
from midstance.text.diagnosis import FindingText, Focus, all_shots
from midstance.text.names import capital, join
from midstance.text.report import Report
from midstance.text.report_lines import keep
from midstance.text.table import Row, Tile, grouped

MOMENTS_ACROSS = 4
LEGS = 2
"""Strides on the page of moments; a clean one stands on the next."""
MOST_SHOTS = 8
"""Evidence pictures that one page of the print has room for."""


def write_handout(report: Report, pictures: Pictures, path: Path, *, today: date, who: str = "") -> Path:
    """Write the one page that a runner takes home. Raises InputError."""
    stride = next(iter(_rows_of_moments(pictures)), []) if report.focus is None else []
    return write_pdf([_handout(report, pictures, today=today, who=who, below=stride)], path, title=report.headline)


def write_print(report: Report, pictures: Pictures, path: Path, *, today: date, who: str = "") -> Path:
    """Write the whole report: the handout, the moments, what shows it, every measure, what was not judged.

    Raises InputError.
    """
    strides = _rows_of_moments(pictures)
    pages: list[Story] = [
        [_handout(report, pictures, today=today, who=who)],
        _moments(strides[:LEGS]),
        _beside_clean(_found(report, pictures), strides[LEGS:]),
        [*_measures(report), Spacer(0, 4 * mm), *_background(report)],
    ]
    story: Story = []
    for page in pages:
        story += [*([PageBreak()] if story and page else []), *page]
    return write_pdf(story, path, title=report.headline)


# -- the handout ---------------------------------------------------------------------------------------------------


def _handout(report: Report, pictures: Pictures, *, today: date, who: str, below: Iterable[Flowable] = ()) -> Flowable:
    story: Story = [words("   ·   ".join(name for name in (who, report.clip, day(today)) if name), "small")]
    story += list(_with_focus(report, report.focus, pictures, today)) if report.focus else _without(report, pictures)
    story += (
        [Spacer(0, 4 * mm), grid([_tile(tile) for tile in report.tiles], len(report.tiles))] if report.tiles else []
    )
    return on_one_page([*story, *below])


def _with_focus(report: Report, focus: Focus, pictures: Pictures, today: date) -> Iterator[Flowable]:
    yield Spacer(0, 3 * mm)
    yield words(focus.label, "label")
    yield words(f"{focus.title}.", "title")
    yield Spacer(0, 4 * mm)
    seen = [*labelled("What you would notice", focus.notice), *labelled("Where it comes from", focus.comes_from)]
    yield _beside_picture(seen, pictures)
    yield Spacer(0, 3 * mm)
    yield boxed([words("Think of this", "label"), words(f"“{focus.cue}”", "cue")])
    yield Spacer(0, 3 * mm)
    left = [*labelled("Practise", focus.practice), *labelled("Aim", focus.target)]
    good = [keep(report.good)] if report.good else []
    right = [*labelled("What to expect", *focus.expect), *labelled("Keep as it is", *good, *focus.guard)]
    yield side_by_side([left, right], [WIDTH / 2, WIDTH / 2])
    again = today + timedelta(days=FILM_AGAIN_DAYS)
    yield boxed([words(f"Film again from {day(again)} on", "heading"), words(focus.film_again, "text")])


def _without(report: Report, pictures: Pictures) -> Story:
    good = [remark.line for remark in report.good]
    story = [*labelled("Good", *good), *labelled("Good to know", *(remark.line for remark in report.know))]
    return [
        Spacer(0, 3 * mm),
        words(f"{report.headline}.", "title"),
        Spacer(0, 4 * mm),
        _beside_picture(story, pictures),
        Spacer(0, 4 * mm),
        boxed([words("Next", "label"), words(report.calm, "text")]),
    ]


def _beside_picture(story: Story, pictures: Pictures) -> Flowable:
    """Return the picture of the focus, or the first moment of the stride, with words at its right."""
    shown = pictures.focus or next((path for _, path in pictures.phases), None)
    if shown is None:
        return side_by_side([story], [WIDTH])
    still = picture(shown, width=0.48 * WIDTH, height=95 * mm)
    return side_by_side([still, story], [0.5 * WIDTH, 0.5 * WIDTH])


def _tile(tile: Tile) -> Story:
    texts = [text for text in (tile.unit, tile.usual) if text]
    return [words(capital(tile.name), "small"), words(tile.number, "number"), *(words(text, "small") for text in texts)]


# -- the rest of the print -----------------------------------------------------------------------------------------


def _rows_of_moments(pictures: Pictures) -> list[Story]:
    """Return the key frames of the film, one stride after the other: each leg, then a clean stride."""
    strides = []
    for whose, some in groupby(pictures.phases, key=lambda moment: moment[0].whose):
        cells = [
            [
                picture(path, width=WIDTH / MOMENTS_ACROSS - 3 * mm, height=55 * mm),
                words(capital(phase.name), "label"),
                words(phase.caption, "small"),
            ]
            for phase, path in some
        ]
        strides.append([Spacer(0, 2 * mm), words(capital(stride_row_caption(whose))), grid(cells, MOMENTS_ACROSS)])
    return strides


def _moments(strides: Sequence[Story]) -> Story:
    return [on_one_page([words("Moments of the stride", "heading"), *chain.from_iterable(strides)])] if strides else []


def _beside_clean(found: Story, clean: Sequence[Story]) -> Story:
    """Return what was found on one page, with a clean stride below it to hold the own one against."""
    page = [*found, *chain.from_iterable(clean)]
    return [on_one_page(page)] if page else []


def _found(report: Report, pictures: Pictures) -> Story:
    """Return what was found, with every cause and the pictures that show it."""
    if not report.findings:
        return []
    story: Story = [words("What shows it" if report.focus else "Worth a try", "heading")]
    for finding in report.findings:
        story += _finding(finding)
    keyed = {shot.key: shot for finding in report.findings for shot in all_shots(finding) if shot.key in pictures.shots}
    shown = list(keyed.values())[:MOST_SHOTS]
    cells = [
        [picture(pictures.shots[shot.key], width=WIDTH / 4 - 3 * mm, height=55 * mm), words(shot.caption, "small")]
        for shot in shown
    ]
    return [*story, *([Spacer(0, 3 * mm), grid(cells, 4)] if cells else [])]


def _finding(finding: FindingText, *, sign: bool = False) -> Story:
    name = f"You'd notice: {small(finding.title)}" if sign else f"{finding.title} ({finding.sure})"
    story: Story = [words(name, "label"), *([words(finding.says)] if finding.says else [])]
    story += [words(f"- {cause.line}") for cause in finding.causes]
    return [*story, *(part for each in finding.signs for part in _finding(each, sign=True))]


def _measures(report: Report) -> Story:
    widths = [share * WIDTH for share in (0.3, 0.34, 0.36)]
    rows: list[list[str]] = []
    for group, some in grouped(report.rows):
        rows += [[group], *(_measure(row) for row in some)]
    return [words("All measures", "heading"), table(("measure", "value", "usual"), rows, widths)]


def _measure(row: Row) -> list[str]:
    values = [value.text if value.side == "both" else f"{value.side} {value.text}" for value in row.values]
    return [row.name, ",  ".join(values), row.usual]


def _background(report: Report) -> Story:
    story: Story = []
    if report.not_judged:
        story.append(words("Could not be judged", "heading"))
        story += [words(f"{capital(join(gap.what))}: {gap.why}", "small") for gap in report.not_judged]
    story.append(words("How it was measured", "heading"))
    story += [words(line, "small") for line in (*report.how, *report.people, *report.warnings)]
    return story
