"""Describe an analysis: everything the report says, as plain data.

The terminal, the film and the page only place what is written here. Sentences about a problem, its causes and its cue
come from the rules and the plan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from midstance.coaching.plan import offer
from midstance.coaching.rules import RULES
from midstance.gait.steadiness import change_of_speed_mps2, is_steady
from midstance.model import Analysis, NotAssessed
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
from midstance.text.names import capital, join, topic
from midstance.text.outcome import calm_headline
from midstance.text.people import people_note
from midstance.text.shots import Shot
from midstance.text.table import Row, Tile, rows, tiles
from midstance.text.what_was_seen import how_it_was_measured, what_was_seen

WRONG_CLOCK = frozenset({"plays_too_fast", "plays_too_slow", "steps_cannot_be", "fall_cannot_be"})
"""Warnings that the film does not play at the speed of life."""
TAPES = frozenset({"height", "known_length", "file"})
"""What makes metres sure enough to say them of a change of speed."""


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
        seen=tuple(what_was_seen(analysis, door)),
        focus=focus,
        picture=focus_shot(analysis),
        tiles=tiles(analysis.measures, analysis.track.near_side),
        findings=describe_findings(analysis, said=(*plan.notice, *plan.comes_from, plan.why) if plan else ()),
        not_judged=_not_judged(analysis.not_assessed, door),
        rows=rows(analysis.measures),
        people=people_note(analysis.measures),
        how=tuple(how_it_was_measured(analysis)),
        warnings=tuple(say(note, door) for note in (*analysis.warnings, *analysis.view.notes)),
    )


def films_called(analysis: Analysis) -> str:
    """Return the names of the films of a run: "side.mp4 and front.mp4"."""
    return join(film.clip.name for film in analysis.films)


def headline_without_focus(analysis: Analysis) -> str:
    """Return what to say first when nothing asks for a change, or why nothing was judged."""
    view = analysis.view
    if _wrong_clock(analysis):
        return "This film plays at the wrong speed, so I judge no times"
    if view.contradiction:
        return "Two lengths contradict each other, so I judge nothing here"
    if not is_steady(view):
        way = "speed up" if change_of_speed_mps2(view) > 0 else "slow down"
        by = f" by {abs(change_of_speed_mps2(view)):.0f} m/s every second" if view.scale_source in TAPES else ""
        return f"You {way}{by}, so I judge nothing here"
    watched = any(finding.grade == "watch" for finding in analysis.findings)
    return calm_headline(view.plane, watched=watched, good=any(remark.kind == "good" for remark in analysis.remarks))


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
        ask = door_words(door)["what_to_try"]
        yield f"Want something to try? {ask} I offer one thing, about {topic(offered.problem, offered.topic)}."


def _wrong_clock(analysis: Analysis) -> bool:
    """Return whether the film surely plays at another speed than life."""
    return any(warning.id in WRONG_CLOCK for warning in analysis.warnings)


def shots(analysis: Analysis) -> tuple[Shot, ...]:
    """Return every evidence picture the report points at, each once."""
    found = {shot.key: shot for finding in describe_findings(analysis) for shot in all_shots(finding)}
    if analysis.plan is None:
        found |= {shot.key: shot for remark in describe_remarks(analysis, "good") for shot in remark.shots}
    return tuple(found.values())


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
