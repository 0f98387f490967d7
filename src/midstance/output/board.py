"""Show a squad at a glance: what each runner works on, the cue, the last film, and when to film again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from midstance.coaching.rules.base import FILM_AGAIN_DAYS
from midstance.comparison.model import Athlete, StoredTake
from midstance.formats.files import write_text
from midstance.output.newest import newest
from midstance.output.page import part, render
from midstance.output.scripts import content_policy
from midstance.store.store import Store
from midstance.text.names import capital, count


@dataclass(frozen=True, slots=True, kw_only=True)
class OnBoard:
    """One runner on the board.

    focus    what is worked on; empty if nothing asks for a change, or nothing was judged yet
    cue      what to think of; empty without a focus
    state    what is said in place of a focus; empty with one
    last     day of the last film; None if no film has a day
    due      day to film again; None without a focus or a day
    """

    uid: str
    name: str
    takes: int
    focus: str
    cue: str
    state: str
    last: date | None
    due: date | None


def board(store: Store) -> tuple[OnBoard, ...]:
    """Return every runner, the longest overdue first, those without a day to film last, then by name."""
    athletes = store.athletes()
    takes = store.takes_by_athlete(athletes)
    rows = [_row(store, athlete, takes[athlete.id]) for athlete in athletes]
    return tuple(sorted(rows, key=lambda row: (row.due or date.max, row.name.casefold())))


def row_of(store: Store, athlete: Athlete) -> OnBoard:
    """Return one runner, by the newest film that could be judged."""
    return _row(store, athlete, store.takes(athlete))


def _row(store: Store, athlete: Athlete, takes: Sequence[StoredTake]) -> OnBoard:
    days = [take.known.taken_at.date() for take in takes if take.known.taken_at]
    last = max(days, default=None)
    found, state = None, "no film yet" if not takes else "not judged yet"
    for take in reversed(takes):
        known = newest(store, take)
        if known and known.says:
            found, state = known, known.says
            break
        if known and known.refused:
            state = "could not be judged"
    planned = found is not None and bool(found.focus)
    return OnBoard(
        uid=athlete.uid,
        name=athlete.name,
        takes=len(takes),
        focus=found.focus if found else "",
        cue=found.cue if found else "",
        state="" if planned else state,
        last=last,
        due=last + timedelta(days=FILM_AGAIN_DAYS) if planned and last else None,
    )


def board_lines(rows: Iterable[OnBoard], *, today: date) -> Iterator[str]:
    """Yield the board as text: two lines for a runner with a cue, one for any other."""
    for row in rows:
        last = f"last film {row.last:%Y-%m-%d}" if row.last else ""
        yield f"{row.name:24} {count(row.takes, 'take'):>8}  {last:20}  {due_words(row.due, today)}".rstrip()
        yield f"    {row.focus}. “{row.cue}”" if row.focus else f"    {row.state}"


def due_words(due: date | None, today: date) -> str:
    """Return when to film again, or by how much it is overdue; empty if there is no such day."""
    if due is None:
        return ""
    late = (today - due).days
    if late > 0:
        return f"film again: {count(late, 'day')} overdue"
    return f"film again {'today' if late == 0 else f'on {due:%Y-%m-%d}'}"


def write_board(rows: Iterable[OnBoard], path: Path, *, today: date) -> Path:
    """Write the board as a page. Raises InputError."""
    shown = [(row, capital(due_words(row.due, today)), row.due is not None and row.due < today) for row in rows]
    content = {
        "rows": shown,
        "day": f"{today.day} {today:%B %Y}",
        "css": part("page.css") + part("board.css"),
        "policy": content_policy(),
    }
    return write_text(render("board.html.j2", content), path)
