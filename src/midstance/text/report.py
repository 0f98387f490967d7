"""Describe an analysis: every sentence and table of the report, as plain data.

The terminal, the film and the page only place what is written here. Sentences about a problem, its causes and its cue
come from the rules and the plan.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from midstance.coaching.rules import RULES
from midstance.gait.steadiness import change_of_speed_mps2, is_steady
from midstance.gait.time_base import pace_of
from midstance.kinematics.curves import nearest_frame
from midstance.model import Analysis, Cause, Clip, Evidence, Finding, Measure, MeasureSide, NotAssessed, Plan, View
from midstance.reasons import Door, door_words, say
from midstance.text.names import (
    bare,
    capital,
    count,
    join,
    measure_name,
    pace,
    problem_title,
    topic,
    with_error,
)
from midstance.text.table import Row, Tile, grouped, rows, tiles, usual
from midstance.units import unit_of

SHOTS_PER_FINDING = 4
"""Evidence pictures of one finding; more tire the reader."""


# -- the report ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """An evidence picture to be drawn: a measure and the frame of the clip that shows it."""

    key: str
    measure: str
    side: MeasureSide
    value: float
    time_s: float
    frame: int
    number: str
    caption: str
    usual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseText:
    """A possible cause: its verdict in words, what the rule says, the pictures."""

    verdict: str
    says: str
    shots: tuple[Shot, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingText:
    """One finding in words, with its pictures, causes and cues."""

    problem: str
    title: str
    sure: str
    says: str
    shots: tuple[Shot, ...]
    causes: tuple[CauseText, ...]
    cues: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The one thing to change.

    sign  the first sentence of why: what is seen
    """

    title: str
    cue: str
    sign: str
    why: str
    practice: str
    target: str
    expect: tuple[str, ...]
    guard: tuple[str, ...]
    film_again: str
    later: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotJudged:
    """What could not be judged, for one reason."""

    what: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything the report says about one clip.

    calm     said when nothing asks for a change (focus is None)
    picture  the moment that shows the focus
    tiles    the numbers of the first screen
    """

    clip: str
    headline: str
    calm: str
    seen: tuple[str, ...]
    focus: Focus | None
    picture: Shot | None
    tiles: tuple[Tile, ...]
    findings: tuple[FindingText, ...]
    not_judged: tuple[NotJudged, ...]
    rows: tuple[Row, ...]
    how: tuple[str, ...]
    warnings: tuple[str, ...]


def describe(analysis: Analysis, *, door: Door = "page") -> Report:
    """Describe an analysis in the words of a door."""
    focus = _focus(analysis.plan, analysis.findings) if analysis.plan else None
    first = analysis.plan.focus if analysis.plan else ""
    shown = [finding for finding in analysis.findings if finding.explained_by is None]
    shown.sort(key=lambda finding: finding.problem != first)
    return Report(
        clip=analysis.clip.path.name,
        headline=focus.title if focus else _calm(analysis.view),
        calm=_what_to_film(analysis.view),
        seen=tuple(_seen(analysis, door)),
        focus=focus,
        picture=focus_shot(analysis),
        tiles=tiles(analysis.measures, analysis.track.near_side),
        findings=tuple(_finding_text(finding, analysis) for finding in shown),
        not_judged=_not_judged(analysis.not_assessed, door),
        rows=rows(analysis.measures),
        how=tuple(_how(analysis, door)),
        warnings=tuple(say(note, door) for note in (*analysis.warnings, *analysis.view.notes)),
    )


def _calm(view: View) -> str:
    if not is_steady(view):
        gain_mps2 = change_of_speed_mps2(view)
        way = "speed up" if gain_mps2 > 0 else "slow down"
        return f"You {way} by {abs(gain_mps2):.0f} m/s every second, so I judge nothing here"
    if view.plane == "side":
        return "Nothing in this clip asks for a change"
    return f"{capital(_from_where(view))}, nothing asks for a change"


def _what_to_film(view: View) -> str:
    if not is_steady(view):
        return "The usual ranges are for a steady speed. Film that."
    if view.plane == "side":
        return "Keep running as you do, and film again when something feels different."
    return "Most of your stride can only be judged from the side. Film that too."


def shots(analysis: Analysis) -> tuple[Shot, ...]:
    """Return every evidence picture the report points at, each once."""
    found = {shot.key: shot for finding in describe(analysis).findings for shot in _all_shots(finding)}
    return tuple(found.values())


def focus_shots(analysis: Analysis) -> tuple[Shot, ...]:
    """Return the evidence of the one thing to change, in the order of the clip; empty without a plan."""
    first = analysis.plan.focus if analysis.plan else ""
    found = [_finding_text(finding, analysis).shots for finding in analysis.findings if finding.problem == first]
    return tuple(sorted((shot for some in found for shot in some), key=lambda shot: shot.frame))


def focus_shot(analysis: Analysis) -> Shot | None:
    """Return the one picture that shows the focus: of the measure that should change, where there is one."""
    plan, found = analysis.plan, focus_shots(analysis)
    aimed = [shot for shot in found if plan and plan.target and shot.measure == plan.target.measure]
    return next(iter(aimed or found), None)


def frame_at(clip: Clip, time_s: float) -> int:
    """Return the frame of the clip nearest to a true time (seconds, slow motion divided out)."""
    return nearest_frame(clip.time_s, time_s * clip.slow_motion_factor)


# -- the text report -----------------------------------------------------------------------------------------------


def report_lines(report: Report, *, whole: bool = False) -> tuple[str, ...]:
    """Return the report as lines: a dozen to read at once, or with `whole` every measure."""
    lines = [*report.seen, "", *_advice(report, whole=whole)]
    if report.not_judged:
        lines += ["", *_gaps(report.not_judged, whole=whole)]
    if whole:
        lines += ["", *_table(report.rows), "", "How it was measured", *(f"  {line}" for line in report.how)]
        lines += [f"  Note: {note}" for note in report.warnings]
    return tuple(lines)


def _advice(report: Report, *, whole: bool) -> Iterator[str]:
    focus = report.focus
    if focus is None:
        yield f"{report.headline}. {report.calm}"
    else:
        yield f"The one thing to change: {focus.title}."
        yield f"  Why      {focus.why}"
        yield f"  Cue      “{focus.cue}”"
        yield f"  How      {focus.practice}"
        if focus.target:
            yield f"  Aim      {focus.target}"
        yield from (f"  Expect   {line}" for line in focus.expect)
        yield from (f"  Watch    {line}" for line in focus.guard)
        yield f"  Then     {focus.film_again}"
    if whole:
        yield from _everything_found(report.findings)
    elif focus and focus.later:
        yield f"Also seen, for later: {join(focus.later)}."


def _everything_found(findings: Iterable[FindingText]) -> Iterator[str]:
    for finding in findings:
        yield from ("", f"{finding.title} ({finding.sure})", f"  {finding.says}")
        yield from (f"  - {cause.verdict}: {cause.says}" for cause in finding.causes)


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
            usual_range = f"({row.values[0].usual})" if row.values[0].usual else ""
            yield f"  {row.name:44} {'  '.join(f'{value:24}' for value in values):50} {usual_range}".rstrip()


# -- what was seen -------------------------------------------------------------------------------------------------


def _seen(analysis: Analysis, door: Door) -> Iterator[str]:
    clip, view, track = analysis.clip, analysis.view, analysis.track
    seconds = track.time_s[-1] - track.time_s[0]
    landings = f", {count(len(analysis.contacts), 'landing')}" if view.plane == "side" else ""
    yield f"{clip.path.name}: {seconds:.1f} s of running{_where(view)}, {_from_where(view)}{landings}."
    rhythm = [f"{name} {said}" for measure, name in _RHYTHM.items() if (said := _said(analysis, measure))]
    pace = [_pace(view, door)] if view.plane == "side" else []
    if pace or rhythm:
        yield f"{capital(join([*pace, *rhythm]))}."


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
    return {"treadmill": " on a treadmill", "over_ground": "", "in_place": " on the spot"}[view.setting]


def _pace(view: View, door: Door) -> str:
    if not math.isfinite(view.speed_mps):
        words = door_words(door)
        return f"speed unknown (give {words['speed']} or {words['height']}, and I can judge more)"
    return f"speed {with_error(view.speed_mps, view.speed_uncertainty_mps, 'm/s')} ({pace(view.speed_mps)})"


def _how(analysis: Analysis, door: Door) -> Iterator[str]:
    clip, view, pose, track = analysis.clip, analysis.view, analysis.pose, analysis.track
    rate_hz = clip.rate_hz * clip.slow_motion_factor
    yield f"{clip.width} x {clip.height} pixels, {rate_hz:.4g} frames a second, {clip.frames} frames."
    if clip.slow_motion_factor != 1:
        yield f"The film plays {say(pace_of(clip.slow_motion_factor))}. All times here are real."
    yield f"{pose.backend} ({pose.model}) found your body in every frame."
    unsure = 100 * float(np.mean(track.seen < 0.5))
    yield f"{unsure:.0f} % of the points were hidden. They are filled in from your other strides and drawn dashed."
    yield _SCALES[view.scale_source].format(door=door_words(door))
    yield "The true value lies within ± 19 times in 20. A smaller change between two films is no clear change."
    yield "These numbers help you learn to run. They are no medical check."


_SCALES = {
    "height": "Lengths come from the height you gave.",
    "belt_speed": "Lengths come from the speed of the belt you gave.",
    "known_length": "Lengths come from the length you gave.",
    "gravity": "Lengths come from how fast you fall in flight. Give {door[height]} for better ones.",
    "none": "No scale was known, so lengths are in leg lengths. Give {door[height]} for metres.",
}


# -- findings and plan ---------------------------------------------------------------------------------------------


def _finding_text(finding: Finding, analysis: Analysis) -> FindingText:
    return FindingText(
        problem=finding.problem,
        title=problem_title(finding.problem, finding.title),
        sure="clearly seen" if finding.grade == "flag" else "worth watching",
        says=finding.says,
        shots=_shots(finding.evidence, analysis),
        causes=tuple(_cause_text(cause, analysis) for cause in finding.causes),
        cues=tuple(cue.says for cue in finding.cues),
    )


_VERDICTS = {"supported": "Likely", "not_supported": "Unlikely", "cannot_tell": "Can't tell"}


def _cause_text(cause: Cause, analysis: Analysis) -> CauseText:
    pictures = _shots(cause.evidence, analysis)[:2] if cause.verdict == "supported" else ()
    return CauseText(verdict=_VERDICTS[cause.verdict], says=cause.says, shots=pictures)


def _shots(evidence: Iterable[Evidence], analysis: Analysis) -> tuple[Shot, ...]:
    found: dict[str, Shot] = {}
    for piece in evidence:
        if piece.time_s is None or len(found) == SHOTS_PER_FINDING:
            continue
        frame = frame_at(analysis.clip, piece.time_s)
        key = f"{piece.measure}_{piece.side}_{frame:05d}"
        same = next((m for m in analysis.measures if m.id == piece.measure and m.side == piece.side), None)
        found[key] = Shot(
            key=key,
            measure=piece.measure,
            side=piece.side,
            value=piece.value,
            time_s=piece.time_s,
            frame=frame,
            number=_number(piece, same),
            caption=f"{capital(measure_name(piece.measure, piece.side))}: {_number(piece, same)}",
            usual=usual(same) if same else "",
        )
    return tuple(found.values())


def _all_shots(finding: FindingText) -> Iterator[Shot]:
    yield from finding.shots
    for cause in finding.causes:
        yield from cause.shots


def _number(piece: Evidence, same: Measure | None) -> str:
    error, unit = (same.uncertainty, same.unit) if same else (math.nan, unit_of(piece.measure) or "")
    return bare(piece.value, error, unit)


def _focus(plan: Plan, findings: Iterable[Finding]) -> Focus:
    topics = {finding.problem: finding.topic for finding in findings}
    return Focus(
        title=problem_title(plan.focus, plan.title),
        cue=plan.cue,
        sign=plan.why.split(". ", maxsplit=1)[0].rstrip(".") + ".",
        why=plan.why,
        practice=plan.practice,
        target=_target(plan),
        expect=plan.expect,
        guard=plan.guard,
        film_again=plan.film_again,
        later=tuple(topic(problem, topics.get(problem, "")) for problem in plan.later),
    )


def _target(plan: Plan) -> str:
    target = plan.target
    if target is None:
        return ""
    start, goal = (bare(value, target.minimal_change, target.unit) for value in (target.start, target.goal))
    aim = f"{capital(measure_name(target.measure, target.side))}: from {start} towards {goal}."
    if not (math.isfinite(target.minimal_change) and target.minimal_change > 0):
        return aim
    least = bare(target.minimal_change, target.minimal_change, target.unit)
    return f"{aim} Changes under {least} are within this camera's error."


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
