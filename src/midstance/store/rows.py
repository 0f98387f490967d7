"""Turn rows of the tables into nouns, and what a person says into rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, Row, Table, func, insert, select

from midstance import quantities
from midstance.comparison.model import Athlete, StoredFile, StoredTake, TakeNotes
from midstance.errors import UsageError
from midstance.quantities import Said
from midstance.reasons import Reason
from midstance.store import tables

LONGEST_NAME = 100
"""Letters of an athlete's name."""


def insert_row(connection: Connection, table: Table, values: Mapping[str, Any]) -> int:
    """Insert a row and return its number."""
    key = connection.execute(insert(table).values(**values)).inserted_primary_key
    return int(key[0]) if key else 0


def as_heard(name: str) -> str:
    """Return a name without what cannot be heard: capitals, spaces around it, and how its accents are written."""
    return unicodedata.normalize("NFC", name.strip()).casefold()


def checked_name(name: str) -> str:
    """Return a name as it is kept. Raises UsageError for one that is empty, too long, or no single line."""
    if not name.strip():
        raise UsageError(Reason("name_missing"))
    if len(name.strip()) > LONGEST_NAME or any(unicodedata.category(letter) == "Cc" for letter in name.strip()):
        raise UsageError(Reason("name_not_one_line", longest=LONGEST_NAME))
    return name.strip()


_QUANTITIES: Mapping[str, Callable[[Said], float]] = MappingProxyType(
    {
        "height_m": quantities.height_m,
        "mass_kg": quantities.mass_kg,
        "speed_mps": quantities.speed_mps,
        "slow_motion": quantities.times_slower,
    }
)


def read_quantities(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a row, its quantities read as a person gives them. Raises UsageError."""
    known = {name: value for name, value in values.items() if name in _QUANTITIES and value is not None}
    return {**values, **{name: _QUANTITIES[name](value) for name, value in known.items()}}


def chosen(noun: Any, *names: str) -> dict[str, Any]:
    """Return some fields of a noun by name."""
    return {name: getattr(noun, name) for name in names}


def file_values(take: int, kind: str, key: str, path: Path) -> dict[str, Any]:
    """Return the row of a file that is on the shelf under a key."""
    return {"take_id": take, "kind": kind, "key": key, "name": path.name, "size": path.stat().st_size}


def athlete_of(row: Row[Any]) -> Athlete:
    """Return the athlete of a row."""
    return Athlete(**chosen(row, "id", "uid", "name", "height_m", "mass_kg", "notes"))


def _in_local_time(known: TakeNotes) -> TakeNotes:
    """Return what is known of a take with its time by the clock of this machine, whose days are shown and compared."""
    return replace(known, taken_at=known.taken_at.astimezone()) if known.taken_at else known


AT_ONCE = 5_000
"""Takes whose files are asked for in one go: databases count what one question names."""


def takes_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredTake]:
    """Return the takes of rows with their files."""
    parts = (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
    return [take for part in parts for take in _takes_of(connection, part)]


def _takes_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredTake]:
    numbers, table, analyses = [row.id for row in rows], tables.files, tables.analyses
    files: dict[int, list[StoredFile]] = {number: [] for number in numbers}
    for file in connection.execute(select(table).where(table.c.take_id.in_(numbers)).order_by(table.c.id)):
        files[file.take_id].append(StoredFile(**chosen(file, "kind", "key", "name", "size")))
    counted = select(analyses.c.take_id, func.count()).where(analyses.c.take_id.in_(numbers))
    counts = {row[0]: row[1] for row in connection.execute(counted.group_by(analyses.c.take_id))}
    return [
        StoredTake(
            id=row.id,
            uid=row.uid,
            athlete_id=row.athlete_id,
            known=_in_local_time(TakeNotes(**chosen(row, *(field.name for field in fields(TakeNotes))))),
            files=tuple(files[row.id]),
            analyses=counts.get(row.id, 0),
        )
        for row in rows
    ]
