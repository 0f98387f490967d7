"""Turn rows of the tables into nouns, and what a person says into rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, TypeAdapter, ValidationError
from sqlalchemy import Connection, Row, Table, func, insert, select

from midstance import quantities
from midstance.comparison.model import Athlete, FileKind, StoredFile, StoredTake, TakeNotes
from midstance.errors import UsageError
from midstance.formats.analysis_schema import LARGEST
from midstance.model import Measure
from midstance.quantities import Said
from midstance.reasons import Reason, printable, small
from midstance.store import tables
from midstance.store.blobs import is_key

Noun = TypeVar("Noun")

LONGEST_NAME = 100
"""Letters of an athlete's name."""

NO_FILM = StoredFile(kind="clip", key="", name="a film whose key is damaged", size=0)
"""The film of a take whose row leads nowhere, so that the take can be seen and deleted."""

UID = re.compile(r"[0-9A-Za-z_-]{1,32}")

KINDS = frozenset(get_args(FileKind))
"""What a file of a take can be."""


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
    """Return the athlete of a row; a size that cannot be is None."""
    name = printable(str(row.name))[:LONGEST_NAME] if row.name else str(row.uid)
    sizes = {size: _number(size, getattr(row, size)) for size in ("height_m", "mass_kg")}
    return Athlete(id=row.id, uid=uid_of(row), name=name, notes=str(row.notes or ""), **sizes)


def uid_of(row: Row[Any]) -> str:
    """Return the uid of a row, which becomes part of addresses and of names of files; of a damaged one its number."""
    return row.uid if isinstance(row.uid, str) and UID.fullmatch(row.uid) else f"row{row.id}"


def _number(name: str, value: Any) -> float | None:
    """Return a quantity of a row; None for one that cannot be."""
    try:
        return None if value is None else _QUANTITIES[name](float(value))
    except (UsageError, TypeError, ValueError, OverflowError):
        return None


def _known_of(row: Row[Any]) -> TakeNotes:
    """Return what a row says of a take, its time by the clock of this machine, whose days are shown and compared."""
    words = {name: str(getattr(row, name) or "") for name in ("trying", "surface", "shoes", "notes")}
    return TakeNotes(
        taken_at=row.taken_at.astimezone() if row.taken_at else None,
        speed_mps=_number("speed_mps", row.speed_mps),
        slow_motion=_number("slow_motion", row.slow_motion) or 1.0,
        **words,
    )


def _files_of(rows: Iterable[Sequence[Any]]) -> tuple[StoredFile, ...]:
    """Return the files of a take from kind, key, name and size: those whose key can be one."""
    found = tuple(
        StoredFile(kind=kind, key=key, name=printable(str(name)), size=size)
        for kind, key, name, size in rows
        if is_key(key) and kind in KINDS and isinstance(size, int)
    )
    return found if any(file.kind == "clip" for file in found) else (*found, NO_FILM)


class _Experiment(BaseModel):
    problem: str
    cause: str
    verdict: str


class _Step(BaseModel):
    experiment: _Experiment | None = None


class _Comparison(BaseModel):
    steps: list[_Step] = []


_MEASURES = TypeAdapter(tuple[Measure, ...])


def is_comparison(content: object) -> bool:
    """Return whether plain data is a comparison, as far as it is read again: what its experiments came to."""
    try:
        _Comparison.model_validate(content)
    except ValidationError:
        return False
    return True


def are_measures(content: object) -> bool:
    """Return whether plain data are measures, as a watch gives them."""
    try:
        return all(abs(measure.value) < LARGEST for measure in _MEASURES.validate_python(content))
    except (ValidationError, TypeError):
        return False


def read_content(reader: TypeAdapter[Noun], content: Mapping[str, Any], *, says: str) -> Noun:
    """Read what a person sent as plain data. Raises UsageError, which says what cannot be done and the first fault."""
    try:
        return reader.validate_python(content)
    except ValidationError as fault:
        raise UsageError(f"{says}: {small(fault.errors()[0]['msg'])}.") from None


def content_or_none(reader: TypeAdapter[Noun], content: object) -> Noun | None:
    """Read what was kept as plain data; None for what makes no sense any more."""
    try:
        return reader.validate_python(content)
    except ValidationError:
        return None


AT_ONCE = 5_000
"""Takes whose files are asked for in one go: databases count what one question names."""


def takes_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredTake]:
    """Return the takes of rows with their files."""
    parts = (rows[start : start + AT_ONCE] for start in range(0, len(rows), AT_ONCE))
    return [take for part in parts for take in _takes_of(connection, part)]


def _takes_of(connection: Connection, rows: Sequence[Row[Any]]) -> list[StoredTake]:
    numbers, table, analyses = [row.id for row in rows], tables.files, tables.analyses
    files: dict[int, list[Sequence[Any]]] = {number: [] for number in numbers}
    wanted = select(table.c.take_id, table.c.kind, table.c.key, table.c.name, table.c.size)
    for take, *file in connection.execute(wanted.where(table.c.take_id.in_(numbers)).order_by(table.c.id)):
        files[take].append(file)
    counted = select(analyses.c.take_id, func.count()).where(analyses.c.take_id.in_(numbers))
    counts = {row[0]: row[1] for row in connection.execute(counted.group_by(analyses.c.take_id))}
    return [
        StoredTake(
            id=row.id,
            uid=uid_of(row),
            athlete_id=row.athlete_id,
            known=_known_of(row),
            files=_files_of(files[row.id]),
            analyses=counts.get(row.id, 0),
        )
        for row in rows
    ]
