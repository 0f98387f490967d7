"""Export one athlete with everything (JSON, CSV, films) as one zip, and import it on another machine."""

from __future__ import annotations

import csv
import errno
import hashlib
import io
import json
import logging
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError
from sqlalchemy import Table, select
from sqlalchemy.exc import SQLAlchemyError

from midstance.comparison.model import Athlete
from midstance.errors import InputError, UsageError
from midstance.formats import files, zips
from midstance.formats.files import temporary_folder
from midstance.formats.text_file import cell
from midstance.limits import limits
from midstance.reasons import Reason
from midstance.store import tables
from midstance.store.blobs import key_of
from midstance.store.database import database_errors
from midstance.store.export_form import PARTS, AthleteJson, ComparisonRow, Plain, TakeJson
from midstance.store.rows import are_measures, checked_name, insert_row
from midstance.store.store import Store
from midstance.video.anonymous import make_anonymous

logger = logging.getLogger(__name__)

SCHEMA = 1

MOST_JSON_BYTES = 300_000_000
"""What is known of one athlete: an analysis has 100 to 300 kB, so a thousand of them."""

SPARE_BYTES = 500_000_000
"""What stays free on the disk after an import."""

NAMED = frozenset({".mp4", ".mov", ".m4v", ".3gp", ".mkv", ".webm", ".avi"})
"""Endings of films whose place and device can be taken out."""

LATER_PARTS = ("corrections", "marks")
"""Parts that older versions do not know: left out of an export that has none of them."""


# -- out -----------------------------------------------------------------------------------------------------------


def export_athlete(store: Store, athlete: Athlete, path: Path) -> None:
    """Write the zip, whole or not at all: athlete.json, measures.csv and the films. Raises InputError."""
    content = _content(store, athlete)
    with files.written_whole(path) as half, zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        renamed = {key: _pack_film(store, archive, key) for key in _films(content)}
        for file in (file for take in content.takes for file in take.files):
            file.key = renamed.get(file.key, file.key)
        archive.writestr("athlete.json", _as_json(content))
        archive.writestr("measures.csv", _measures_csv(content.takes))


def _pack_film(store: Store, archive: zipfile.ZipFile, key: str) -> str:
    """Put one film into the zip, without the place and the device that made it; return its key there."""
    with store.shelf.local(key) as film, temporary_folder() as folder:
        packed, new = film, key
        if film.suffix in NAMED:
            packed = folder / film.name
            shutil.copyfile(film, packed)
            if make_anonymous(packed):
                with packed.open("rb") as stream:
                    new = key_of(hashlib.file_digest(stream, "sha256").hexdigest(), key)
        archive.write(packed, f"films/{new}", zipfile.ZIP_STORED)
    return new


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
            for name, (table, kind) in PARTS.items():
                take[name] = [*_sound(kind, rows(table, "take_id", take["id"]))]
            take["watch"] = take["watch"] if are_measures(take["watch"]) else None
        comparisons = rows(tables.comparisons, "athlete_id", athlete.id)
    return AthleteJson(
        format=SCHEMA,
        uid=athlete.uid,
        name=athlete.name,
        height_m=athlete.height_m,
        mass_kg=athlete.mass_kg,
        notes=athlete.notes,
        takes=[*_sound(TakeJson, takes)],
        comparisons=[*_sound(ComparisonRow, comparisons)],
    )


Part = TypeVar("Part", bound=Plain)


def _sound(kind: type[Part], rows: Iterable[dict[str, Any]]) -> Iterator[Part]:
    """Yield the rows that are whole: a damaged one does not keep the others from being exported."""
    for row in rows:
        try:
            yield kind.model_validate(_without_id(row))
        except ValidationError:
            logger.warning("a damaged row of %s is left out", kind.__name__)


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
            said = [take.uid, at, take.trying, *(measure.get(name) for name in names)]
            rows.writerow([cell(one) if isinstance(one, str) else one for one in said])
    return table.getvalue()


# -- in ------------------------------------------------------------------------------------------------------------


def import_athlete(store: Store, path: Path, *, name: str | None = None) -> Athlete:
    """Import a zip that export_athlete wrote, every film checked against its key; all of it or nothing.

    Raises InputError for a damaged zip, UsageError for an athlete or a name that is here already.
    """
    with opened_zip(path, lambda fault: Reason("not_an_export", path=path, fault=fault)) as archive:
        check_size(archive, path, store)
        content = _read(archive, path)
        content = content.model_copy(update={"name": checked_name(content.name if name is None else name)})
        _refuse_twice(store, content)
        with films_or_none(store, _films(content)):
            for key in _films(content):
                take_film(store, archive, key)
            _write(store, content)
    return store.athlete(content.name)


@contextmanager
def films_or_none(store: Store, keys: Sequence[str]) -> Iterator[None]:
    """Take films off the shelf again if the block fails; those of one that was killed are tidied (`Store.tidy`)."""
    try:
        yield
    except BaseException:
        store.discard(keys)
        raise


DAMAGE = (*zips.DAMAGE, TypeError, SQLAlchemyError)
"""What reading a zip raises that is damaged or holds something else."""

MISLED = (None, errno.EINVAL)
"""Error numbers of a reader that a damaged zip sent to a place that no file has; any other is of a disk."""


@contextmanager
def opened_zip(path: Path, damaged: Callable[[str], Reason]) -> Iterator[zipfile.ZipFile]:
    """Open a zip for as long as the block runs; `damaged` makes the reason for one that is none, or is altered.

    Raises InputError, for a disk that fails with what the disk says.
    """
    try:
        with zips.opened(path) as archive:
            yield archive
    except DAMAGE as fault:
        raise InputError(damaged(_short(fault))) from fault
    except OSError as fault:
        if fault.errno in MISLED:
            raise InputError(damaged(_short(fault))) from fault
        if fault.filename in (None, str(path)):
            raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from fault
        with database_errors():
            raise


def check_size(archive: zipfile.ZipFile, path: Path, store: Store) -> None:
    """Refuse an archive that says it is too large, before anything of it is unpacked. Raises InputError."""
    said = sum(part.file_size for part in archive.infolist())
    if said > 1e9 * limits().unpacked_gb:
        raise InputError(Reason("archive_too_large", path=path, gigabytes=said / 1e9))
    if said + SPARE_BYTES > (free := store.shelf.free_bytes()):
        raise InputError(Reason("archive_no_room", path=path, gigabytes=said / 1e9, free=free / 1e9))


def _read(archive: zipfile.ZipFile, path: Path) -> AthleteJson:
    content = json.loads(zips.read_part(archive, "athlete.json", most=MOST_JSON_BYTES))
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
                    insert_row(connection, PARTS[name][0], {"take_id": number, **row})
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
    with database_errors(), archive.open(f"films/{key}") as source:
        store.shelf.keep_from(source, key)


def _short(fault: Exception) -> str:
    return (str(fault).strip() or type(fault).__name__).splitlines()[0]
