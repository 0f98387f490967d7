"""Write everything of a store into one file, and put it back into an empty one: of any database, on any machine.

The file is a zip: the rows of each table as lines of JSON, the films under their keys, and the secret with which the
server signs links. Who is signed in and what is half uploaded are left out.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from midstance.errors import InputError, UsageError
from midstance.formats.files import disk_errors, keep_secret, written_whole
from midstance.reasons import Reason
from midstance.store import tables
from midstance.store.archive import DAMAGE, opened_zip, take_film
from midstance.store.database import revision, revisions
from midstance.store.store import Store, named_films

ABOUT = "midstance.json"
SIGNING = "web.key"

LEFT_OUT = frozenset({"sessions", "uploads", "answers", "invitations"})

AT_ONCE = 500
"""Rows that are written at the same time."""


def backed_up() -> list[Table]:
    """Return the tables of a backup, those that others refer to first."""
    return [table for table in tables.metadata.sorted_tables if table.name not in LEFT_OUT]


# -- out ---------------------------------------------------------------------------------------------------------------


def back_up(store: Store, path: Path, secret: Path) -> int:
    """Write the file, whole or not at all; return how many films are in it. Raises InputError.

    A film that is deleted while the file is written is left out. `secret` is the file of the server's secret.
    """
    with disk_errors(path), written_whole(path) as half, zipfile.ZipFile(half, "w", zipfile.ZIP_DEFLATED) as archive:
        with store.reading() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            archive.writestr(ABOUT, json.dumps({"format": 1, "revision": revision(connection)}))
            for table in backed_up():
                with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as target:
                    for row in connection.execute(select(table).order_by(table.c.id)).mappings():
                        target.write(_line(row).encode() + b"\n")
            keys = named_films(connection)
        if secret.exists():
            archive.write(secret, SIGNING)
        there = [key for key in sorted(keys) if store.shelf.has(key)]
        for key in there:
            with store.shelf.local(key) as film:
                archive.write(film, f"films/{key}", zipfile.ZIP_STORED)
    return len(there)


def _line(row: Mapping[Any, Any]) -> str:
    plain = {str(name): value.isoformat() if isinstance(value, datetime) else value for name, value in row.items()}
    return json.dumps(plain, ensure_ascii=False)


# -- in ----------------------------------------------------------------------------------------------------------------


def restore(store: Store, path: Path, secret: Path) -> int:
    """Put everything of a file into an empty store, all of it or nothing; return how many films came.

    Raises InputError for a damaged file, UsageError for a store that has something in it.
    """
    with store.reading() as connection:
        if any(connection.execute(select(func.count()).select_from(table)).scalar() for table in backed_up()):
            raise UsageError("There is something in this store already. Restore into an empty one: set MIDSTANCE_DATA.")
    try:
        with opened_zip(path) as archive:
            about = json.loads(archive.read(ABOUT))
            if about.get("format") != 1 or about.get("revision") not in revisions():
                raise InputError(Reason("export_is_newer", path=path))
            keys = [name.removeprefix("films/") for name in archive.namelist() if name.startswith("films/")]
            for key in keys:
                take_film(store, archive, key)
            with store.writing() as connection:
                for table in backed_up():
                    _fill(connection, table, _rows(archive, table))
            if SIGNING in archive.namelist():
                keep_secret(archive.read(SIGNING)[:1000], secret)
    except DAMAGE as fault:
        raise InputError(f"{path} is no backup of midstance, or it is damaged.") from fault
    return len(keys)


def _rows(archive: zipfile.ZipFile, table: Table) -> Iterator[dict[str, Any]]:
    """Yield the rows of a table; one that an older midstance did not have is empty."""
    name = f"tables/{table.name}.jsonl"
    if name not in archive.namelist():
        return
    moments = [column.name for column in table.c if isinstance(column.type, tables.UtcTime)]
    with archive.open(name) as source:
        for line in source:
            row: dict[str, Any] = json.loads(line)
            row |= {name: datetime.fromisoformat(row[name]) for name in moments if row.get(name)}
            if table is tables.jobs and row["state"] == "running":
                row |= {"state": "queued", "stage": "", "lease_until": None}
            yield row


def _fill(connection: Connection, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """Write rows under their own numbers, and have the next number be one of its own."""
    waiting: list[dict[str, Any]] = []
    for row in rows:
        waiting.append(row)
        if len(waiting) == AT_ONCE:
            connection.execute(insert(table), waiting)
            waiting = []
    if waiting:
        connection.execute(insert(table), waiting)
    if connection.dialect.name == "postgresql":
        newest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), newest, False)))
