"""Write everything of a store into one file, and put it back into an empty one: of any database, on any machine.

The file is a zip: the rows of each table as lines of JSON, the films under their keys, and the secret with which the
server signs links. Who is signed in and what is half uploaded are left out.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text
from sqlalchemy.exc import DataError, IntegrityError, ProgrammingError

from midstance.errors import InputError, UsageError
from midstance.formats.files import disk_errors, keep_secret, written_whole
from midstance.formats.zips import read_part
from midstance.reasons import Reason
from midstance.store import tables
from midstance.store.archive import check_size, films_or_none, opened_zip, take_film
from midstance.store.database import revision, revisions
from midstance.store.store import Store, named_films

ABOUT = "midstance.json"
SIGNING = "web.key"

LEFT_OUT = frozenset({"sessions", "uploads", "answers", "invitations"})

AT_ONCE = 500
"""Rows that are written at the same time."""

SMALL = 1000
"""Bytes: of what a backup says of itself, and of the secret."""

LONGEST_ROW = 20_000_000
"""Bytes: an analysis has 100 to 300 kB."""


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

    Films come first, which nothing names yet, then the secret, and last the rows in one transaction: cut short at any
    moment, the store is still empty. Raises InputError for a damaged file or a disk that fails, UsageError for a store
    that has something in it.
    """
    with store.reading() as connection:
        _refuse_filled(connection)
    with opened_zip(path, lambda fault: Reason("not_a_backup", path=path, fault=fault)) as archive:
        check_size(archive, path, store)
        _check_about(archive, path)
        keys = [name.removeprefix("films/") for name in archive.namelist() if name.startswith("films/")]
        with films_or_none(store, keys):
            for key in keys:
                take_film(store, archive, key)
            with _damaged_rows(path), store.writing() as connection:
                _refuse_filled(connection)
                for table in backed_up():
                    _fill(connection, table, _rows(archive, table))
                if SIGNING in archive.namelist():
                    keep_secret(read_part(archive, SIGNING, most=SMALL), secret)
    return len(keys)


def _refuse_filled(connection: Connection) -> None:
    """Raise UsageError if there is anything in a store."""
    if any(connection.execute(select(func.count()).select_from(table)).scalar() for table in backed_up()):
        raise UsageError(Reason("store_not_empty"))


def _check_about(archive: zipfile.ZipFile, path: Path) -> None:
    about = json.loads(read_part(archive, ABOUT, most=SMALL))
    if not isinstance(about, dict) or "format" not in about:
        raise KeyError(ABOUT)
    if about["format"] != 1 or about.get("revision") not in revisions():
        raise InputError(Reason("export_is_newer", path=path))


@contextmanager
def _damaged_rows(path: Path) -> Iterator[None]:
    """Say of rows that a database refuses for what they are that the file is damaged. Raises InputError."""
    try:
        yield
    except InputError as fault:
        if isinstance(fault.__cause__, IntegrityError | DataError | ProgrammingError):
            raise InputError(Reason("not_a_backup", path=path, fault=fault.say())) from fault
        raise


def _rows(archive: zipfile.ZipFile, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Yield the rows of a table, some at a time; one that an older midstance did not have is empty."""
    name = f"tables/{table.name}.jsonl"
    if name not in archive.namelist():
        return
    moments = [column.name for column in table.c if isinstance(column.type, tables.UtcTime)]
    rows, size = list[dict[str, Any]](), 0
    with archive.open(name) as source:
        while line := source.readline(LONGEST_ROW):
            if len(line) >= LONGEST_ROW:
                raise ValueError("a row is too long")
            row = _row(table, json.loads(line))
            row |= {name: datetime.fromisoformat(row[name]) for name in moments if row.get(name)}
            if table is tables.jobs and row["state"] == "running":
                row |= {"state": "queued", "stage": "", "lease_until": None}
            rows.append(row)
            size += len(line)
            if len(rows) == AT_ONCE or size > LONGEST_ROW:
                yield rows
                rows, size = [], 0
    if rows:
        yield rows


def _row(table: Table, row: Any) -> dict[str, Any]:
    """Return a row that a table can take. Raises KeyError."""
    known = isinstance(row, dict) and row.keys() <= set(table.c.keys())
    if not known or any(
        isinstance(value, list | dict) and not isinstance(table.c[name].type, tables.Content)
        for name, value in row.items()
    ):
        raise KeyError(f"a row of {table.name}")
    return dict(row)


def _fill(connection: Connection, table: Table, rows: Iterator[list[dict[str, Any]]]) -> None:
    """Write rows under their own numbers, and have the next number be one of its own."""
    for some in rows:
        connection.execute(insert(table), some)
    if connection.dialect.name == "postgresql":
        newest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(func.pg_get_serial_sequence(table.name, "id"), newest, False)))
