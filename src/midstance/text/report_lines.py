"""Write the report as lines of text: a dozen to read at once, or everything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from midstance.model import Training
from midstance.reasons import small
from midstance.text.diagnosis import FindingText, RemarkText
from midstance.text.names import capital, count, join
from midstance.text.report import NotJudged, Report
from midstance.text.table import Row, grouped

KEPT = 2
"""Good things named beside a focus."""


def report_lines(report: Report, *, whole: bool = False) -> tuple[str, ...]:
    """Return the report as lines: a dozen to read at once, or with `whole` every measure."""
    lines = [*report.seen, "", *_advice(report, whole=whole)]
    if report.not_judged:
        lines += ["", *_gaps(report.not_judged, whole=whole)]
    if whole:
        lines += [
            "",
            *_table(report.rows),
            *report.people,
            "",
            "How it was measured",
            *(f"  {line}" for line in report.how),
        ]
        lines += [f"  Note: {note}" for note in report.warnings]
    return tuple(lines)


def _advice(report: Report, *, whole: bool) -> Iterator[str]:
    focus = report.focus
    if focus is None:
        yield f"{report.headline}."
        yield from (f"  Good     {remark.line}" for remark in report.good)
        yield from (f"  Know     {remark.line}" for remark in report.know)
        yield f"  Next     {report.calm}"
    else:
        yield f"{focus.label}: {focus.title}."
        yield f"  Notice   {focus.notice}"
        if focus.comes_from:
            yield f"  From     {focus.comes_from}"
        yield f"  Cue      “{focus.cue}”"
        yield from (f"  Test     {test}" for test in focus.tests)
        yield f"  How      {focus.practice}"
        yield from (f"  {label:<8} {line}" for label, line in training_lines(focus.training, whole=whole))
        if focus.target:
            yield f"  Aim      {focus.target}"
        yield from (f"  Expect   {line}" for line in focus.expect)
        yield from (f"  Watch    {line}" for line in focus.guard)
        if report.good:
            yield f"  Keep     {keep(report.good)}"
        yield f"  Then     {focus.film_again}{f' {focus.training.without_cue}' if focus.training else ''}"
    if whole:
        yield from _everything_found(report.findings)
    else:
        yield from _also_seen(report)


def _also_seen(report: Report) -> Iterator[str]:
    """Name every other finding, in the order of the page and of analysis.json."""
    others = [small(finding.title) for finding in report.findings[1 if report.focus else 0 :]]
    if others:
        yield f"Also seen, {'for later' if report.focus else 'worth a try'}: {join(others)}."


def training_lines(training: Training | None, *, whole: bool = True) -> Iterator[tuple[str, str]]:
    """Yield how to practise the focus, a label and a line each; in short without the steps and how it feels."""
    if training is None:
        return
    yield "Drill", f"{training.drill.title}. {' '.join(training.drill.how)}"
    if whole:
        yield from (("Step", step) for step in training.steps)
        yield "Feels", training.feels
        yield "Mistake", training.mistake
    if training.load:
        yield "Load", training.load
    if training.beat_spm:
        yield "Beat", f"Quicker steps help here: run to {training.beat_spm:.0f} a minute (beat.wav)."
    yield "Check", " ".join([training.check, *(f"Then think: “{words}”" for words in training.next_cues[:1])])


def keep(good: Sequence[RemarkText]) -> str:
    """Return what should stay as it is while something else changes."""
    return " ".join(f"{remark.title}." for remark in good[:KEPT])


def _everything_found(findings: Iterable[FindingText]) -> Iterator[str]:
    for finding in findings:
        yield from ("", f"{finding.title} ({finding.sure})")
        yield from _lines_of(finding)
        for sign in finding.signs:
            yield f"  You'd notice: {small(sign.title)}"
            yield from (f"  {line}" for line in _lines_of(sign))


def _lines_of(finding: FindingText) -> Iterator[str]:
    if finding.says:
        yield f"  {finding.says}"
    for cause in finding.causes:
        yield f"  - {cause.line}"
        yield from (f"    Test it: {test}" for test in cause.tests)


def _gaps(not_judged: tuple[NotJudged, ...], *, whole: bool) -> Iterator[str]:
    yield "Could not be judged"
    for gap in not_judged if whole else not_judged[:2]:
        names = gap.what if whole or len(gap.what) <= 4 else (*gap.what[:3], f"{len(gap.what) - 3} more")
        yield f"  {capital(join(names))}: {gap.why}"
    if not whole and len(not_judged) > 2:
        yield f"  {capital(count(sum(len(gap.what) for gap in not_judged[2:]), 'more thing'))} (--plain lists all)."


def _table(table: Iterable[Row]) -> Iterator[str]:
    for group, some in grouped(table):
        yield group
        for row in some:
            values = [f"{value.side} {value.text}" if value.side != "both" else value.text for value in row.values]
            usual_range = f"({row.usual})" if row.usual else ""
            yield f"  {row.name:44} {'  '.join(f'{value:24}' for value in values):50} {usual_range}".rstrip()
