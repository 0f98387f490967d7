"""A database address in, an engine with the newest tables out; what goes wrong is told in one line.

SQLite runs with a write-ahead log: readers never wait, writers queue. Every write and every migration is one
transaction, so a process that dies in the middle leaves the database as it was.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from midstance.errors import InputError, UsageError
from midstance.formats.files import NO_ROOM

KINDS = ("sqlite:", "postgresql:", "postgresql+", "postgres:")
"""How addresses of databases begin."""

BUSY_S = 30
"""How long a writer waits for another one."""

_MIGRATION_LOCK, _FILM_LOCK = 6_220_117, 6_220_118
"""Any numbers, the same in every midstance: PostgreSQL lets one transaction hold each at a time."""


def open_database(url: str) -> Engine:
    """An engine on SQLite or PostgreSQL, brought to the newest tables. Raises InputError or UsageError."""
    if not url.startswith(KINDS):
        raise UsageError(
            "MIDSTANCE_DATABASE names no database that midstance knows: sqlite:///PATH or postgresql://..."
        )
    try:
        engine = create_engine(_with_driver(url))
    except (ImportError, NoSuchModuleError, ArgumentError) as fault:
        raise UsageError(
            f"This database cannot be opened ({fault}). PostgreSQL needs its driver: install midstance[store]."
        ) from None
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    with told(), writing(engine) as connection:
        _migrate(connection)
    return engine


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction that writes: all of it or nothing."""
    with engine.execution_options(midstance_begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One transaction that only reads, on one consistent picture."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def told() -> Iterator[None]:
    """Faults of the database or the disk, as one line that says what to do. Raises InputError."""
    try:
        yield
    except DBAPIError as fault:
        raise InputError(_in_words(str(fault.orig))) from fault
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise InputError(_FULL) from fault
        raise InputError(f"The store cannot be used ({fault.strerror or fault}: {fault.filename}).") from fault


_FULL = "The disk is full, so nothing was stored. Make room and do it again."


def _in_words(reason: str) -> str:
    first = reason.strip().splitlines()[0]
    if "disk is full" in reason or "No space left" in reason or "disk I/O error" in reason:
        return _FULL
    if "locked" in reason:
        return f"Another midstance has been writing for {BUSY_S} s. Wait for it, then do this again."
    if "readonly" in reason:
        return "The store may only be read. Give yourself the right to write there, or set MIDSTANCE_DATA."
    if "not a database" in reason or "malformed" in reason:
        return "The store's file is damaged or is no database. Put a backup in its place, or set MIDSTANCE_DATA."
    return f"The database cannot be used: {first}"


def _with_driver(url: str) -> str:
    """postgresql:// and postgres:// mean psycopg 3 here."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def alone_with_films(connection: Connection) -> None:
    """Until the end of this transaction nobody else names films or takes them off the shelf."""
    _alone(connection, _FILM_LOCK)


def _alone(connection: Connection, lock: int) -> None:
    """SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def _prepare_sqlite(engine: Engine) -> None:
    """Transactions that hold tables too, foreign keys, a write-ahead log, and patience."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin or commit by itself
        for pragma in (
            f"busy_timeout = {BUSY_S * 1000}",
            "journal_mode = WAL",
            "foreign_keys = ON",
            "secure_delete = ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("midstance_begin", "BEGIN"))


def _migrate(connection: Connection) -> None:
    """Run the steps that are missing, within the caller's transaction."""
    _alone(connection, _MIGRATION_LOCK)
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as fault:
        message = "The store was written by a newer midstance. Install that version or a later one to open it."
        raise InputError(message) from fault
