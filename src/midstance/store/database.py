"""Open the database, bring its tables up to date, and turn its errors into one line.

SQLite runs with a write-ahead log: readers never wait, writers queue. Every write and every migration is one
transaction, so a process that dies in the middle leaves the database as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import QueuePool

from midstance.errors import InputError, UsageError
from midstance.formats.files import NO_ROOM
from midstance.limits import plain_file
from midstance.reasons import Reason

KINDS = ("sqlite:", "postgresql:", "postgresql+", "postgres:")
"""How addresses of databases begin."""

BUSY_S = 30
"""How long a writer waits for another one."""

KEPT_OPEN = 20
"""Connections that stay open: with fewer, a server that many ask at once opens one for a page and throws it away."""

_MIGRATION_LOCK, _FILM_LOCK = 6_220_117, 6_220_118
"""Any numbers, the same in every midstance: PostgreSQL lets one transaction have each at a time."""


def open_database(url: str) -> Engine:
    """Open SQLite or PostgreSQL and bring its tables up to date. Raises InputError or UsageError."""
    if not url.startswith(KINDS):
        raise UsageError(Reason("unknown_database"))
    _SECRETS.update(_secrets_of(url))
    try:
        engine = create_engine(_with_driver(url), poolclass=QueuePool, pool_size=KEPT_OPEN, max_overflow=KEPT_OPEN)
    except (ImportError, NoSuchModuleError, ArgumentError, ValueError) as fault:
        raise UsageError(Reason("no_database_driver", fault=_without_secrets(str(fault)))) from None
    if engine.dialect.name == "sqlite":
        if engine.url.database:
            plain_file(Path(engine.url.database))
        _prepare_sqlite(engine)
    try:
        with database_errors(), writing(engine) as connection:
            _refuse_programs(connection)
            _migrate(connection)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _refuse_programs(connection: Connection) -> None:
    """Refuse an SQLite file with programs of its own: triggers, or views in place of tables. Raises InputError."""
    if connection.dialect.name == "sqlite":
        found = connection.execute(text("SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')")).scalars()
        if names := ", ".join(map(str, found)):
            raise InputError(Reason("store_has_programs", names=names))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that writes: all of it or nothing."""
    with engine.execution_options(midstance_begin="BEGIN IMMEDIATE").begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one transaction that only reads, on one consistent state."""
    with engine.connect() as connection:
        yield connection


@contextmanager
def database_errors() -> Iterator[None]:
    """Turn errors of the database or the disk into one line that says what to do. Raises InputError."""
    try:
        yield
    except DBAPIError as fault:
        raise InputError(_why(_without_secrets(str(fault.orig)))) from fault
    except UnicodeEncodeError:
        raise InputError(Reason("text_not_utf8")) from None
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise InputError(Reason("store_full")) from fault
        said = f"{fault.strerror or fault}: {fault.filename}"
        raise InputError(Reason("store_unusable", fault=said)) from fault


_SECRETS: set[str] = set()
"""Parts of the passwords in addresses that were opened: no error says them."""


def _secrets_of(url: str) -> set[str]:
    """Return the password of an address, and every part of it that a reader may take for something else."""
    named, at, _ = url.partition("://")[2].rpartition("@")
    password = named.partition(":")[2] if at else ""
    parts = {password, unquote(password), *re.split(r"[@/:#?]", password)}
    return {part for part in parts if len(part) > 1} | ({url} if password else set())


def _without_secrets(said: str) -> str:
    for secret in sorted(_SECRETS, key=len, reverse=True):
        said = said.replace(secret, "***")
    return said


def _why(said: str) -> Reason:
    """Return the reason behind what a database says in its own words."""
    if "disk is full" in said or "No space left" in said or "disk I/O error" in said:
        return Reason("store_full")
    if "locked" in said:
        return Reason("store_busy", waited_s=BUSY_S)
    if "readonly" in said:
        return Reason("store_read_only")
    if "not a database" in said or "malformed" in said:
        return Reason("store_damaged")
    return Reason("database_failed", fault=said.strip().splitlines()[0])


def _with_driver(url: str) -> str:
    """Return the address with psycopg 3 as its driver if it is of PostgreSQL."""
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def lock_films(connection: Connection) -> None:
    """Keep others from naming films or taking them off the shelf until this transaction ends."""
    _lock(connection, _FILM_LOCK)


def _lock(connection: Connection, lock: int) -> None:
    """Wait until no other transaction has this lock, then take it; SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})


def _prepare_sqlite(engine: Engine) -> None:
    """Set up transactions that cover tables too, foreign keys, a write-ahead log, and patience."""

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the driver must not begin or commit by itself
        for pragma in (
            f"busy_timeout = {BUSY_S * 1000}",
            "journal_mode = WAL",
            "foreign_keys = ON",
            "secure_delete = ON",
            "trusted_schema = OFF",
        ):
            try:
                connection.execute(f"PRAGMA {pragma}")
            except BaseException:
                connection.close()  # nobody else has it yet
                raise

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("midstance_begin", "BEGIN"))


def _migrate(connection: Connection) -> None:
    """Run the steps that are missing, within the caller's transaction."""
    _lock(connection, _MIGRATION_LOCK)
    config = _steps()
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as fault:
        raise InputError(Reason("store_is_newer")) from fault


def _steps() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config


def revision(connection: Connection) -> str:
    """Return the newest step that a database has seen."""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def revisions() -> set[str]:
    """Return every step that this midstance knows."""
    return {step.revision for step in ScriptDirectory.from_config(_steps()).walk_revisions()}
