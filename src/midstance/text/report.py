"""Describe an analysis: every sentence and table of the report, as plain data.

The terminal, the film and the page only place what is written here. Sentences about a problem, its causes and its cue
come from the rules and the plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from midstance.coaching.plan import offer
from midstance.coaching.rules import RULES
from midstance.gait.scale import needs_belt_speed
from midstance.gait.steadiness import change_of_speed_mps2, is_steady
from midstance.gait.time_base import pace_of
from midstance.model import Analysis, Clip, NotAssessed, Training, View
from midstance.reasons import Door, door_words, say
from midstance.text.diagnosis import (
    FindingText,
    Focus,
    RemarkText,
    all_shots,
    describe_findings,
    describe_focus,
    describe_remarks,
    focus_shot,
)
from midstance.text.names import capital, count, join, pace, topic, with_error
from midstance.text.people import people_note
from midstance.text.shots import Shot
from midstance.text.table import Row, Tile, grouped, rows, tiles

KEPT = 2
"""Good things named beside a focus."""

WRONG_CLOCK = frozenset({"plays_too_fast", "plays_too_slow", "steps_cannot_be", "fall_cannot_be"})
"""Warnings that the film does not play at the speed of life."""

# -- the report ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """What could not be judged, for one reason."""

    what: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything the report says about one clip.

    calm     what to do next when nothing asks for a change (focus is None)
    good     what is good, what matters most first
    know     what lies at an edge and is good to know
    picture  the moment that shows the focus
    people   who was measured, and whom the usual ranges do not fit
    tiles    the numbers of the first screen
    """

    clip: str
    headline: str
    calm: str
    good: tuple[RemarkText, ...]
    know: tuple[RemarkText, ...]
    seen: tuple[str, ...]
    focus: Focus | None
    picture: Shot | None
    tiles: tuple[Tile, ...]
    findings: tuple[FindingText, ...]
    not_judged: tuple[NotJudged, ...]
    rows: tuple[Row, ...]
    people: tuple[str, ...]
    how: tuple[str, ...]
    warnings: tuple[str, ...]


def describe(analysis: Analysis, *, door: Door = "page", asked: bool = False) -> Report:
    """Put an analysis into the words of a door; `asked` if the runner asked what to try."""
    focus, plan = describe_focus(analysis), analysis.plan
    good = describe_remarks(analysis, "good")
    return Report(
        clip=films_called(analysis),
        headline=focus.title if focus else headline_without_focus(analysis),
        calm=" ".join(_what_next(analysis, door, asked=asked)),
        good=good,
        know=describe_remarks(analysis, "edge"),
        seen=tuple(_seen(analysis, door)),
        focus=focus,
        picture=focus_shot(analysis),
        tiles=tiles(analysis.measures, analysis.track.near_side),
        findings=describe_findings(analysis, said=(*plan.notice, *plan.comes_from, plan.why) if plan else ()),
        not_judged=_not_judged(analysis.not_assessed, door),
        rows=rows(analysis.measures),
        people=people_note(analysis.measures),
        how=tuple(_how(analysis)),
        warnings=tuple(say(note, door) for note in (*analysis.warnings, *analysis.view.notes)),
    )


def films_called(analysis: Analysis) -> str:
    """Return the names of the films of a run: "side.mp4 and front.mp4"."""
    return join(film.clip.name for film in analysis.films)


def headline_without_focus(analysis: Analysis) -> str:
    """Return what to say first when nothing asks for a change; something merely to be watched is no perfect order."""
    view = analysis.view
    if _wrong_clock(analysis):
        return "This film plays at the wrong speed, so I judge no times"
    if view.contradiction:
        return "Two lengths contradict each other, so I judge nothing here"
    if not is_steady(view):
        gain_mps2 = change_of_speed_mps2(view)
        way = "speed up" if gain_mps2 > 0 else "slow down"
        return f"You {way} by {abs(gain_mps2):.0f} m/s every second, so I judge nothing here"
    if view.plane != "side":
        return f"{capital(_from_where(view))}, nothing asks for a change"
    if any(finding.grade == "watch" for finding in analysis.findings):
        return "Nothing you must change"
    good = any(remark.kind == "good" for remark in analysis.remarks)
    return "Nothing to change: your stride is in good order" if good else "Nothing in this clip asks for a change"


def _what_next(analysis: Analysis, door: Door, *, asked: bool) -> Iterator[str]:
    if _wrong_clock(analysis):
        yield f"Say how fast it plays ({door_words(door)['slow_motion']}), and I judge your rhythm too."
        return
    if analysis.view.contradiction:
        yield capital(say(analysis.view.contradiction, door))
        return
    if not is_steady(analysis.view):
        yield "The usual ranges are for a steady speed. Film that."
        return
    offered = offer(analysis.findings)
    if asked:
        yield "You asked what to try: nothing here lies far enough from ordinary."
    if analysis.view.plane == "side":
        yield "Run on as you do. Film again in three months, or when something feels different."
    else:
        yield "Most of your stride can only be judged from the side. Film that too."
    if offered and not asked:
        option = door_words(door)["what_to_try"]
        yield f"Want something to try? With {option} I offer one thing, about {topic(offered.problem, offered.topic)}."


def _wrong_clock(analysis: Analysis) -> bool:
    """Return whether the film surely plays at another speed than life."""
    return any(warning.id in WRONG_CLOCK for warning in analysis.warnings)


def shots(analysis: Analysis) -> tuple[Shot, ...]:
    """Return every evidence picture the report points at, each once."""
    found = {shot.key: shot for finding in describe_findings(analysis) for shot in all_shots(finding)}
    if analysis.plan is None:
        found |= {shot.key: shot for remark in describe_remarks(analysis, "good") for shot in remark.shots}
    return tuple(found.values())


# -- the text report -----------------------------------------------------------------------------------------------


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
    others = [finding.title[:1].lower() + finding.title[1:] for finding in report.findings[1 if report.focus else 0 :]]
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
            yield f"  You'd notice: {sign.title[:1].lower()}{sign.title[1:]}"
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


# -- what was seen -------------------------------------------------------------------------------------------------


def _seen(analysis: Analysis, door: Door) -> Iterator[str]:
    view = analysis.view
    for film in analysis.films:
        yield _one_film(film)
    rhythm = [f"{name} {said}" for measure, name in _RHYTHM.items() if (said := _said(analysis, measure))]
    pace = [_pace(analysis)] if view.plane == "side" else []
    if pace or rhythm:
        yield " ".join([f"{capital(join([*pace, *rhythm]))}.", *_what_to_give(view, door)])


def _what_to_give(view: View, door: Door) -> Iterator[str]:
    """Say what would make rough lengths sure: on a treadmill the speed of the belt, which its display shows."""
    if view.plane != "side" or view.contradiction:
        return
    words = door_words(door)
    if view.scale_source not in {"gravity", "none"}:
        if not math.isfinite(view.speed_mps):
            yield f"Give {words['speed']}, and I can judge more."
        return
    first, second = ("belt", "height") if needs_belt_speed(view) else ("height", "speed")
    rough = "rough" if view.scale_source == "gravity" else "in leg lengths"
    yield f"Lengths are {rough}: give {words[first]}, or {words[second]}, and I can judge more."


def _one_film(film: Analysis) -> str:
    view, track = film.view, film.track
    seconds = track.time_s[-1] - track.time_s[0]
    landings = f", {count(len(film.contacts), 'landing')}" if view.plane == "side" else ""
    return f"{film.clip.name}: {seconds:.1f} s of running{_where(view)}, {_from_where(view)}{landings}."


_RHYTHM = {
    "cadence_spm": "cadence",
    "contact_time_ms": "contact time",
    "vertical_oscillation_cm": "bounce",
}


def _said(analysis: Analysis, measure: str) -> str:
    """Return a measure with its error, of the near side if it has two; empty if it was not assessed."""
    near = analysis.track.near_side or "left"
    same = [m for m in analysis.measures if m.id == measure and m.side in {"both", near}]
    return with_error(same[0].value, same[0].uncertainty, same[0].unit) if same else ""


def _from_where(view: View) -> str:
    if view.plane == "side":
        return f"seen from your {view.near_side} side"
    return "seen from the front" if view.plane == "front" else "seen from behind"


def _where(view: View) -> str:
    return {"treadmill": " on a treadmill", "over_ground": "", "in_place": " on the spot", "unknown": ""}[view.setting]


def _pace(analysis: Analysis) -> str:
    view, told = analysis.view, _said(analysis, "speed_mps")
    if not math.isfinite(view.speed_mps):
        return "speed unknown"
    told = told or with_error(view.speed_mps, view.speed_uncertainty_mps, "m/s")
    return f"speed {told} ({pace(view.speed_mps)})"


def _how(analysis: Analysis) -> Iterator[str]:
    clip, view, track = analysis.clip, analysis.view, analysis.track
    for film in analysis.films:
        yield _pixels(film.clip, named=len(analysis.films) > 1)
    if len(analysis.films) > 1:
        yield f"Each problem and cause is judged by the film that shows it. What several show is from {clip.name}."
    if clip.slow_motion_factor != 1:
        yield f"The film plays {say(pace_of(clip.slow_motion_factor))}. All times here are real."
    yield _who_looked(analysis)
    unsure = 100 * float(np.mean(track.seen < 0.5))
    yield f"{unsure:.0f} % of the points were hidden. They are filled in from your other strides and drawn dashed."
    yield _SCALES[view.scale_source]
    yield "The true value lies within ± 19 times in 20. A smaller change between two films is no clear change."
    yield "These numbers help you learn to run. They are no medical check."


def _pixels(clip: Clip, *, named: bool) -> str:
    rate_hz = clip.rate_hz * clip.slow_motion_factor
    size = f"{clip.width} x {clip.height} pixels" if clip.has_pictures else "Points without a film"
    size = f"{size}, {rate_hz:.4g} frames a second, {clip.frames} frames."
    return f"{clip.name}: {size}" if named else size


def _who_looked(analysis: Analysis) -> str:
    pose = analysis.pose
    if analysis.clip.points is None:
        return f"{pose.backend} ({pose.model}) found your body in every frame."
    return f"Your body comes from {analysis.clip.points.name} ({pose.backend}). {_SEEN_BY[analysis.track.seen_by]}"


_SEEN_BY = {
    "camera": "How well that program draws I don't know, so every ± is wider than for my own.",
    "cameras": "Several cameras saw it, and every ± is that of one camera.",
    "markers": "Markers are surer than a camera. Where on your body they were put is not in the ±.",
}

_SCALES = {
    "height": "Lengths come from the height you gave.",
    "belt_speed": "Lengths come from the speed of the belt you gave.",
    "known_length": "Lengths come from the length you gave.",
    "gravity": "Lengths come from how fast you fall in flight, which is rough.",
    "none": "No scale was known, so lengths are in leg lengths.",
    "file": "Lengths are in metres in the file.",
}


# -- what could not be judged --------------------------------------------------------------------------------------


def _not_judged(missing: Iterable[NotAssessed], door: Door) -> tuple[NotJudged, ...]:
    """Group what is missing by its reason; a problem covers the measure that it goes by, and nothing is named twice."""
    missing = tuple(missing)
    ids = {each.id for each in missing}
    named = {topic(rule.goals[0]) for rule in RULES if rule.id in ids and rule.goals}
    by_reason: dict[str, list[str]] = {}
    for each in missing:
        name = topic(each.id, each.topic)
        if name not in named:
            named.add(name)
            by_reason.setdefault(say(each.reason, door), []).append(name)
    gaps = (NotJudged(what=tuple(names), why=reason) for reason, names in by_reason.items())
    return tuple(sorted(gaps, key=lambda gap: -len(gap.what)))
