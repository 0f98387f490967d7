"""Export one athlete with everything (JSON, CSV, films) as one zip, and import it on another machine."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import tempfile
import zipfile
import zlib
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, field_validator
from sqlalchemy import Table, select

from midstance.comparison.model import Athlete
from midstance.errors import InputError, UsageError
from midstance.formats import files
from midstance.model import Measure
from midstance.reasons import Reason
from midstance.store import tables
from midstance.store.blobs import CHUNK, KEY, key_of
from midstance.store.database import database_errors
from midstance.store.rows import checked_name, insert_row
from midstance.store.store import Store

SCHEMA = 1

PARTS = {
    "files": tables.files,
    "analyses": tables.analyses,
    "plans": tables.plans,
    "corrections": tables.corrections,
    "marks": tables.marks,
}
"""What hangs on a take."""

LATER_PARTS = ("corrections", "marks")
"""Parts that older versions do not know: left out of an export that has none of them."""


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class FileJson(_Plain):
    """A film in the archive, under films/KEY."""

    kind: str
    key: str
    name: str
    size: int


class AnalysisRow(_Plain):
    """One analysis.json and when it was made."""

    made_at: datetime
    version: str
    content: dict[str, Any]


class PlanRow(_Plain):
    """One plan and when it was made."""

    made_at: datetime
    focus: str
    cue: str
    content: dict[str, Any]


class MadeRow(_Plain):
    """One step of putting right, or one mark in the film, and when it was made."""

    made_at: datetime
    content: dict[str, Any]


class TakeJson(_Plain):
    """One take with everything found in it."""

    uid: str = Field(min_length=1, max_length=32)
    taken_at: datetime | None
    trying: str
    surface: str
    shoes: str
    speed_mps: float | None = Field(gt=0)
    slow_motion: float = Field(gt=0)
    notes: str
    watch: list[dict[str, Any]] | None
    files: list[FileJson]
    analyses: list[AnalysisRow]
    plans: list[PlanRow]
    corrections: list[MadeRow] = []
    marks: list[MadeRow] = []

    @field_validator("files")
    @classmethod
    def _one_film(cls, value: list[FileJson]) -> list[FileJson]:
        if [file.kind for file in value].count("clip") != 1:
            raise ValueError("a take has one film")
        return value

    @field_validator("watch")
    @classmethod
    def _measures(cls, value: list[dict[str, Any]] | None) -> list[dict[str, Any]] | None:
        TypeAdapter(tuple[Measure, ...]).validate_python(value or [])
        return value


class ComparisonRow(_Plain):
    """One comparison, of takes by their uid."""

    made_at: datetime
    takes: list[str]
    content: dict[str, Any]


class AthleteJson(_Plain):
    """athlete.json in the archive."""

    format: int
    uid: str = Field(min_length=1, max_length=32)
    name: str
    height_m: float | None = Field(gt=0, lt=3)
    mass_kg: float | None = Field(gt=0, lt=1000)
    notes: str
    takes: list[TakeJson]
    comparisons: list[ComparisonRow]


# -- out -----------------------------------------------------------------------------------------------------------


def export_athlete(store: Store, athlete: Athlete, path: Path) -> None:
    """Write the zip, whole or not at all: athlete.json, measures.csv and the films. Raises InputError."""
    content = _content(store, athlete)
    with files.written_whole(path) as half, zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("athlete.json", _as_json(content))
        archive.writestr("measures.csv", _measures_csv(content.takes))
        for key in _films(content):
            with store.shelf.local(key) as film:
                archive.write(film, f"films/{key}", zipfile.ZIP_STORED)


def _as_json(content: AthleteJson) -> str:
    """Return athlete.json, readable for older versions where it holds nothing that they do not know."""
    plain = content.model_dump(mode="json")
    for take in plain["takes"]:
        for name in LATER_PARTS:
            if not take[name]:
                del take[name]
    return json.dumps(plain, indent=1, ensure_ascii=False)


def _content(store: Store, athlete: Athlete) -> AthleteJson:
    """Read everything in the database about one athlete, in one consistent state."""
    with store.reading() as connection:

        def rows(table: Table, owner: str, number: int) -> list[dict[str, Any]]:
            found = connection.execute(select(table).where(table.c[owner] == number).order_by(table.c.id))
            there = [dict(row) for row in found.mappings() if row.get("gone_at") is None]
            return [{k: v for k, v in row.items() if k not in {owner, "gone_at"}} for row in there]

        takes = rows(tables.takes, "athlete_id", athlete.id)
        for take in takes:
            for name, table in PARTS.items():
                take[name] = [_without_id(row) for row in rows(table, "take_id", take["id"])]
        comparisons = rows(tables.comparisons, "athlete_id", athlete.id)
    return AthleteJson(
        format=SCHEMA,
        uid=athlete.uid,
        name=athlete.name,
        height_m=athlete.height_m,
        mass_kg=athlete.mass_kg,
        notes=athlete.notes,
        takes=[TakeJson.model_validate(_without_id(take)) for take in takes],
        comparisons=[ComparisonRow.model_validate(_without_id(row)) for row in comparisons],
    )


def _without_id(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


def _films(content: AthleteJson) -> list[str]:
    """Return the keys of the films; one of no bytes was deleted to make room, and its name alone is kept."""
    return sorted({file.key for take in content.takes for file in take.files if file.size})


def _measures_csv(takes: Iterable[TakeJson]) -> str:
    """Return the newest analysis of each take as CSV, a row per measure."""
    table = io.StringIO()
    rows = csv.writer(table, lineterminator="\n")
    names = ("id", "side", "value", "sd", "n", "uncertainty", "unit")
    rows.writerow(["take", "taken_at", "trying", *names])
    for take in takes:
        newest = take.analyses[-1].content if take.analyses else {}
        at = take.taken_at.isoformat() if take.taken_at else ""
        for measure in newest.get("measures", []):
            rows.writerow([take.uid, at, take.trying, *(measure.get(name) for name in names)])
    return table.getvalue()


# -- in ------------------------------------------------------------------------------------------------------------


def import_athlete(store: Store, path: Path, *, name: str | None = None) -> Athlete:
    """Import a zip that export_athlete wrote, every film checked against its key; all of it or nothing.

    Raises InputError for a damaged zip, UsageError for an athlete or a name that is here already.
    """
    try:
        with opened_zip(path) as archive:
            content = _read(archive, path)
            content = content.model_copy(update={"name": checked_name(content.name if name is None else name)})
            _refuse_twice(store, content)
            for key in _films(content):
                take_film(store, archive, key)
    except DAMAGE as fault:
        raise InputError(Reason("not_an_export", path=path, fault=_short(fault))) from fault
    _write(store, content)
    return store.athlete(content.name)


DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, KeyError, ValueError)
"""What reading a zip raises that is none, is cut off, is altered, is encrypted or holds something else."""


def opened_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip. Raises InputError, and for one that is none what DAMAGE lists."""
    try:
        return zipfile.ZipFile(path)
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from fault


def _read(archive: zipfile.ZipFile, path: Path) -> AthleteJson:
    content = json.loads(archive.read("athlete.json"))
    if isinstance(content, dict) and content.get("format", SCHEMA) != SCHEMA:
        raise InputError(Reason("export_is_newer", path=path))
    return AthleteJson.model_validate_json(json.dumps(content))


def _write(store: Store, content: AthleteJson) -> None:
    """Write all rows in one transaction, under new numbers."""
    plain = content.model_dump(exclude={"format"})
    takes, comparisons = plain.pop("takes"), plain.pop("comparisons")
    with store.writing() as connection:
        athlete = insert_row(connection, tables.athletes, plain)
        for take in takes:
            parts = {name: take.pop(name) for name in PARTS}
            number = insert_row(connection, tables.takes, {"athlete_id": athlete, **take})
            for name, rows in parts.items():
                for row in rows:
                    insert_row(connection, PARTS[name], {"take_id": number, **row})
        for row in comparisons:
            insert_row(connection, tables.comparisons, {"athlete_id": athlete, **row})


def _refuse_twice(store: Store, content: AthleteJson) -> None:
    for athlete in store.athletes():
        if athlete.uid == content.uid:
            raise UsageError(Reason("athlete_is_here", name=athlete.name))
        if athlete.name == content.name:
            raise UsageError(Reason("import_name_taken", name=athlete.name))
        if {take.uid for take in content.takes} & {take.uid for take in store.takes(athlete)}:
            raise UsageError(Reason("takes_are_here", name=athlete.name))


def take_film(store: Store, archive: zipfile.ZipFile, key: str) -> None:
    """Put one film on the shelf if its content is what its key says."""
    if not KEY.fullmatch(key):
        raise KeyError(key)
    with database_errors(), tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / Path(key).name
        digest = hashlib.sha256()
        with archive.open(f"films/{key}") as source, copy.open("wb") as target:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                target.write(chunk)
        if key_of(digest.hexdigest(), key) != key:
            raise KeyError(key)
        store.shelf.keep(copy)


def _short(fault: Exception) -> str:
    return str(fault).strip().splitlines()[0]
