"""An athlete in, one HTML page with every take out: focus, cue, what changed since, and the course of each focus."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import resources
from itertools import pairwise

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from pydantic import TypeAdapter

from midstance.compare import compare, own_bands
from midstance.errors import MidstanceError
from midstance.interop.watch import beside
from midstance.model import Band, Measure, MeasureSide
from midstance.progress import Athlete, StoredTake, Take
from midstance.store.course import draw_course
from midstance.store.store import Store
from midstance.story import tell_beside, tell_comparison
from midstance.words import bare, capital, measure_name, problem_title


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeTold:
    """One take on the page; texts are empty where there is nothing to say."""

    number: int
    about: str
    trying: str
    focus: str
    cue: str
    says: tuple[str, ...]
    watch: tuple[str, ...]
    notes: str
    image: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendDrawn:
    """The course of one focus over the takes."""

    title: str
    svg: Markup
    says: str


def timeline_html(store: Store, athlete: Athlete) -> str:
    """The athlete's page as text."""
    stored = store.takes(athlete)
    read = {take.id: _read(store, take) for take in stored}
    judged = [take for stored_take in stored if (take := read[stored_take.id])]
    told: dict[str, tuple[str, ...]] = {b.label: tell_comparison(compare(a, b)).says for a, b in pairwise(judged)}
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_part("athlete.html.j2")).render(
        athlete=athlete,
        takes=[_told(store, take, read[take.id], told) for take in stored],
        trends=list(_trends(judged)),
        css=Markup(_part("page.css")),  # noqa: S704  (our own file)
    )


def _read(store: Store, take: StoredTake) -> Take | None:
    """The newest analysis of a take; None if it was refused or never made."""
    try:
        return store.read(take)
    except MidstanceError:
        return None


def _told(store: Store, stored: StoredTake, take: Take | None, told: dict[str, tuple[str, ...]]) -> TakeTold:
    known = stored.known
    facts = [f"{known.taken_at:%d %B %Y}" if known.taken_at else "", known.surface, known.shoes]
    facts.append(f"{take.speed_mps:.1f} m/s" if take and take.speed_mps else "")
    plan = take.plan if take else None
    watch = TypeAdapter(tuple[Measure, ...]).validate_python(store.watch(stored))
    return TakeTold(
        number=stored.id,
        about=", ".join(fact for fact in facts if fact),
        trying=known.trying,
        focus=problem_title(plan.focus) if plan else "",
        cue=plan.cue if plan else "",
        says=told.get(take.label, ()) if take else ("This take could not be judged.",),
        watch=tell_beside(beside(take.measures, watch)) if take else (),
        notes=known.notes,
        image=_thumbnail(store, stored),
    )


def _thumbnail(store: Store, take: StoredTake) -> str:
    key = next((file.key for file in take.files if file.kind == "thumbnail"), None)
    if key is None or not store.shelf.has(key):
        return ""
    with store.shelf.local(key) as path:
        return f"data:image/jpeg;base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


# -- the course of a focus -----------------------------------------------------------------------------------------


def _trends(takes: Sequence[Take]) -> Iterable[TrendDrawn]:
    """One drawing for each measure that was ever a target, the newest first."""
    targets = [take.plan.target for take in takes if take.plan and take.plan.target]
    own = own_bands(takes)
    for measure, side in dict.fromkeys((t.measure, t.side) for t in reversed(targets)):
        points = [(i, m) for i, take in enumerate(takes) if (m := _find(take, measure, side))]
        if len(points) > 1:
            band, mine = points[-1][1].band, own.get((measure, side))
            yield TrendDrawn(
                title=capital(measure_name(measure, side)),
                svg=draw_course(points, [take.label for take in takes], (band, mine)),
                says=_bands_say(points[-1][1], band, mine),
            )


def _find(take: Take, measure: str, side: MeasureSide) -> Measure | None:
    return next((m for m in take.measures if (m.id, m.side) == (measure, side)), None)


def _bands_say(measure: Measure, band: Band | None, own: Band | None) -> str:
    parts = ["Each bar is where the true value lies, 95 times in 100."]
    if band:
        parts.append("Shaded: ordinary at this speed.")
    if own:
        low, high = (bare(v, (own.high - own.low) / 2, measure.unit) for v in (own.low, own.high))
        parts.append(f"Dashed: your own range, {low} to {high}, from {own.source.removeprefix('your own ')}.")
    return " ".join(parts)


def _part(name: str) -> str:
    return (resources.files("midstance") / "data" / "page" / name).read_text(encoding="utf-8")
