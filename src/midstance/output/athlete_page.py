"""Write the page of an athlete: what to think of now, any two takes side by side, the trend of each focus."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import combinations
from pathlib import Path

from markupsafe import Markup
from pydantic import TypeAdapter

from midstance.comparison import compare, compare_series, own_bands
from midstance.comparison.model import Athlete, StoredTake, Take
from midstance.comparison.watch import compare_with_watch
from midstance.errors import MidstanceError
from midstance.formats.files import folder_written_whole
from midstance.model import Measure, MeasureSide
from midstance.output.board import due_words, row_of
from midstance.output.loops import Loop, loops
from midstance.output.page import data_uri, part, render, script_json
from midstance.output.scripts import content_policy
from midstance.output.trend_plot import own_is_drawn, trend_svg
from midstance.render.side_by_side import LOOP_HZ
from midstance.store.store import Store
from midstance.text.captions import trend_caption
from midstance.text.changes import describe_comparison, describe_trend, describe_watch, why_no_numbers
from midstance.text.names import capital, count, measure_name, problem_title, tried, with_error
from midstance.text.outcome import calm_headline

COMPARED = 12
"""The page says what changed between any two of this many newest takes; an older one is compared with its next only."""

ChangeTexts = Mapping[tuple[int, int], tuple[str, ...]]
"""(number of a take, number of a later take) -> sentences about what changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeCard:
    """One take on the page.

    beside  numbers of the take before and this one ("3-4") if both have a loop to show side by side

    A text is empty where there is nothing to say.
    """

    number: int
    about: str
    tried: str
    focus: str
    cue: str
    good: str
    says: tuple[str, ...]
    watch: tuple[str, ...]
    notes: str
    image: str
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendPlot:
    """The trend of one focus over the takes; `course` (how it went) is empty before there are three."""

    title: str
    svg: Markup
    course: str
    says: str


def write_athlete_page(store: Store, athlete: Athlete, path: Path) -> Path:
    """Write the athlete's page; films too large to embed go into a folder beside it. Raises InputError."""
    with folder_written_whole(path.parent) as half:
        text = athlete_html(store, athlete, films=half / f"{path.stem}.films")
        (half / path.name).write_text(text, encoding="utf-8", newline="\n")
    return path


def athlete_html(store: Store, athlete: Athlete, *, films: Path, today: date | None = None) -> str:
    """Return the athlete's page as HTML; films too large to embed are copied into the folder `films`."""
    today, row = today or datetime.now(UTC).astimezone().date(), row_of(store, athlete)
    stored = store.takes(athlete)
    read = {take.id: seen for take in stored if (seen := _read(store, take))}
    changes = _changes(read)
    shown = loops(store, stored, films)
    filmed = {film.number for film in shown}
    takes = [_card(store, take, read, changes=changes, filmed=filmed) for take in stored]
    judged = list(read.values())
    content = {
        "athlete": athlete,
        "span": _span(stored),
        "now": row,
        "due": capital(due_words(row.due, today)),
        "takes": takes,
        "trends": list(_trends(judged, [_day(take) for take in stored if take.id in read])),
        "loops": shown,
        "changes": script_json(_for_script(shown, changes)),
        "css": part("page.css") + part("athlete.css"),
        "js": part("athlete.js"),
        "policy": content_policy(part("athlete.js")),
    }
    return render("athlete.html.j2", content)


def _read(store: Store, take: StoredTake) -> Take | None:
    """Read the newest analysis of a take; None if it was refused or never made."""
    try:
        return store.read(take)
    except MidstanceError:
        return None


def _changes(takes: Mapping[int, Take]) -> ChangeTexts:
    """Describe what changed from each take to later ones."""
    near = list(takes)[-COMPARED:]
    pairs = {*combinations(near, 2), *zip(takes, list(takes)[1:], strict=False)}
    return {(a, b): describe_comparison(compare(takes[a], takes[b])).says for a, b in pairs}


def _for_script(shown: Sequence[Loop], changes: ChangeTexts) -> dict[str, object]:
    """Return the data that athlete.js reads."""
    return {
        "rate_hz": LOOP_HZ,
        "numbers": [film.number for film in shown],
        "films": {film.number: film.address for film in shown},
        "says": {f"{a}-{b}": says for (a, b), says in changes.items()},
    }


# -- one take ------------------------------------------------------------------------------------------------------


def _card(
    store: Store, stored: StoredTake, read: Mapping[int, Take], *, changes: ChangeTexts, filmed: set[int]
) -> TakeCard:
    known, take = stored.known, read.get(stored.id)
    facts = [f"{known.taken_at.day} {known.taken_at:%B %Y}" if known.taken_at else "", known.surface, known.shoes]
    facts.append(_speed(take) if take and take.speed_mps else "")
    plan = take.plan if take else None
    watch = TypeAdapter(tuple[Measure, ...]).validate_python(store.watch(stored))
    numbers = list(read)
    before = numbers[numbers.index(stored.id) - 1] if take and stored.id != numbers[0] else None
    return TakeCard(
        number=stored.id,
        about=", ".join(fact for fact in facts if fact),
        tried=tried(known.trying),
        focus=problem_title(plan.focus, plan.title) if plan else "",
        cue=plan.cue if plan else "",
        good=_good(take) if take and not plan else "",
        says=(why_no_numbers(stored),) if take is None else changes[before, stored.id] if before else (),
        watch=describe_watch(compare_with_watch(take.measures, watch)) if take else (),
        notes=known.notes,
        image=_thumbnail(store, stored),
        beside=f"{before}-{stored.id}" if {before, stored.id} <= filmed else "",
    )


def _good(take: Take) -> str:
    """Say that nothing is to change, and what is good; empty for a take from before there were remarks."""
    titles = [remark.title for remark in take.remarks if remark.kind == "good"]
    watched = any(finding.grade == "watch" for finding in take.findings)
    headline = calm_headline(take.plane, watched=watched, good=True)
    return "".join(f"{sentence}. " for sentence in (headline, *titles)).strip() if titles else ""


def _speed(take: Take) -> str:
    """Return the speed with its error, if that is known."""
    error = next((m.uncertainty for m in take.measures if m.id == "speed_mps"), math.nan)
    speed = take.speed_mps or math.nan
    return with_error(speed, error, "m/s") if error > 0 else f"{speed:.1f} m/s"


def _thumbnail(store: Store, take: StoredTake) -> str:
    file = take.file("thumbnail")
    if file is None or not store.shelf.has(file.key):
        return ""
    with store.shelf.local(file.key) as path:
        return data_uri(path)


def _span(takes: Sequence[StoredTake]) -> str:
    """Return how many takes there are, from when to when."""
    days = [f"{at.day} {at:%B %Y}" for take in takes if (at := take.known.taken_at)]
    ends = " to ".join(dict.fromkeys(days[:1] + days[-1:]))
    return f"{count(len(takes), 'take')}, {ends}" if ends else count(len(takes), "take")


def _day(take: StoredTake) -> str:
    at = take.known.taken_at
    return f"{at.day} {at:%b}" if at else f"take {take.id}"


# -- the trend of a focus ------------------------------------------------------------------------------------------


def _trends(takes: Sequence[Take], days: Sequence[str]) -> Iterable[TrendPlot]:
    """Draw each measure that was ever a target, the newest first."""
    targets = [take.plan.target for take in takes if take.plan and take.plan.target]
    own = own_bands(takes)
    for measure, side in dict.fromkeys((t.measure, t.side) for t in reversed(targets)):
        points = [(i, m) for i, take in enumerate(takes) if (m := _find(take, measure, side))]
        if len(points) > 1:
            band, mine = points[-1][1].band, own.get((measure, side))
            course = describe_trend(compare_series([takes[i] for i, _ in points]), measure, side)
            yield TrendPlot(
                title=capital(measure_name(measure, side)),
                svg=trend_svg(points, days, (band, mine)),
                course=course,
                says=trend_caption(points[-1][1].unit, band, mine, own_drawn=own_is_drawn(points, (band, mine))),
            )


def _find(take: Take, measure: str, side: MeasureSide) -> Measure | None:
    return next((m for m in take.measures if (m.id, m.side) == (measure, side)), None)
