"""Complete what is typed when Tab is pressed: names of runners, numbers of takes, pose models, words of the reports.

Everything is read without the store and the rules, which take a second to load: Tab must answer at once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing

from midstance import data, plugins

MODELS = ("lite", "full", "heavy", "rtmpose-s", "rtmpose-m", "rtmpose-x")

FILE = "sqlite:///"
"""Begin of the address of a database that is a file; of any other nothing is completed."""


def athletes(incomplete: str) -> list[str]:
    """Return the names of runners that begin so, in whatever capitals."""
    return _beginning(incomplete, (name for (name,) in _rows("SELECT name FROM athletes ORDER BY name")))


def takes(incomplete: str) -> list[tuple[str, str]]:
    """Return the numbers of takes that begin so, each with its runner and its film."""
    rows = _rows(
        "SELECT takes.id, athletes.name, files.name FROM takes JOIN athletes ON athletes.id = takes.athlete_id "
        "LEFT JOIN files ON files.take_id = takes.id AND files.kind = 'clip' ORDER BY takes.id DESC"
    )
    return [(str(n), f"{name}, {film}") for n, name, film in rows if str(n).startswith(incomplete)]


def models(incomplete: str) -> list[str]:
    """Return the pose models that begin so."""
    return _beginning(incomplete, (*MODELS, *plugins.added("pose_models")))


def words(incomplete: str) -> list[str]:
    """Return the problems, causes, cues and measures whose ids begin so."""
    return _beginning(incomplete, data.text("words.txt").split())


def _beginning(incomplete: str, names: Iterable[str]) -> list[str]:
    return [name for name in names if name.casefold().startswith(incomplete.casefold())]


def _rows(query: str) -> Iterator[tuple[str, ...]]:
    """Yield rows of the store if it is a file and is there; nothing whatever is wrong with it."""
    from midstance.store.locations import locations

    address = locations().database
    if not address.startswith(FILE):
        return
    try:
        with closing(sqlite3.connect(f"file:{address.removeprefix(FILE)}?mode=ro", uri=True, timeout=0.1)) as database:
            yield from database.execute(query).fetchall()
    except sqlite3.Error:
        return
