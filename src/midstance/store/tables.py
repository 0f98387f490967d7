"""The tables of the store, as the newest migration leaves them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

metadata = MetaData()

Processor = Callable[[Any], Any]
"""Turns a value of the database into one of Python."""


EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between these lie the moments of a store; one outside is damage, and beyond what a clock of some zone can show."""


def readable(processor: Processor | None) -> Processor:
    """Return a reader of one value that returns None for what it cannot read: a bad row never hides the others."""

    def read(value: Any) -> Any:
        try:
            return processor(value) if processor else value
        except (ValueError, TypeError, OverflowError, AttributeError, RecursionError):
            return None

    return read


class UtcTime(TypeDecorator[datetime]):
    """A moment with its time zone, kept in UTC: SQLite knows no time zones. One that cannot be is None."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return the reader of a value."""
        return readable(super().result_processor(dialect, coltype))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC, on the way in."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC, on the way out."""
        if value is None:
            return None
        at = value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
        return at if EARLIEST < at < LATEST else None


class Content(TypeDecorator[Any]):
    """Plain data, kept as JSON; what cannot be read is None."""

    impl = JSON
    cache_ok = True

    def __init__(self, *, empty_is_null: bool = False) -> None:
        super().__init__(none_as_null=empty_is_null)

    def result_processor(self, dialect: Dialect, coltype: object) -> Processor:
        """Return the reader of a value."""
        return readable(super().result_processor(dialect, coltype))


def _belongs_to(table: str) -> Column[int]:
    return Column(f"{table}_id", ForeignKey(f"{table}s.id", ondelete="CASCADE"), nullable=False, index=True)


def _may_belong_to(table: str, *, index: bool = True) -> Column[int]:
    return Column(f"{table}_id", ForeignKey(f"{table}s.id", ondelete="CASCADE"), index=index)


athletes = Table(
    "athletes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("name", Text, nullable=False, unique=True),
    Column("height_m", Float),
    Column("mass_kg", Float),
    Column("notes", Text, nullable=False),
)

takes = Table(
    "takes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    _belongs_to("athlete"),
    Column("taken_at", UtcTime),
    Column("trying", Text, nullable=False),
    Column("surface", Text, nullable=False),
    Column("shoes", Text, nullable=False),
    Column("speed_mps", Float),
    Column("slow_motion", Float, nullable=False),
    Column("notes", Text, nullable=False),
    Column("watch", Content(empty_is_null=True)),
)

files = Table(
    "files",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("take"),
    Column("kind", String(16), nullable=False),
    Column("key", String(96), nullable=False, index=True),
    Column("name", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
)

analyses = Table(
    "analyses",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("take"),
    Column("made_at", UtcTime, nullable=False),
    Column("version", String(32), nullable=False),
    Column("content", Content, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("take"),
    Column("made_at", UtcTime, nullable=False),
    Column("focus", String(64), nullable=False),
    Column("cue", Text, nullable=False),
    Column("content", Content, nullable=False),
)

comparisons = Table(
    "comparisons",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("athlete"),
    Column("made_at", UtcTime, nullable=False),
    Column("takes", Content, nullable=False),
    Column("content", Content, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    _may_belong_to("athlete"),
    _may_belong_to("take"),
    Column("wanted", Content, nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("stage", String(32), nullable=False),
    Column("done", BigInteger, nullable=False),
    Column("total", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("crashes", Integer, nullable=False),
    Column("worker", String(64), nullable=False),
    Column("lease_until", UtcTime),
    Column("cancel", Boolean, nullable=False),
    Column("says", Text, nullable=False),
    Column("result", Content(empty_is_null=True)),
    Column("made_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    _may_belong_to("account", index=False),
    Column("started_at", UtcTime),
)

uploads = Table(
    "uploads",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("offset", BigInteger, nullable=False),
    Column("about", Content, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("job", String(32), nullable=False),
    _may_belong_to("account", index=False),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("take"),
    Column("made_at", UtcTime, nullable=False),
    Column("content", Content, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("take"),
    Column("made_at", UtcTime, nullable=False),
    Column("gone_at", UtcTime),
    Column("content", Content, nullable=False),
)

tokens = Table(
    "tokens",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("made_at", UtcTime, nullable=False),
    _may_belong_to("account", index=False),
)

answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("content", Content, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

accounts = Table(
    "accounts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("heard", Text, nullable=False, unique=True),
    Column("password", Text, nullable=False),
    Column("role", String(16), nullable=False),
    _may_belong_to("athlete"),
    Column("made_at", UtcTime, nullable=False),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    _belongs_to("account"),
    Column("until", UtcTime, nullable=False),
)

invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    _may_belong_to("athlete"),
    _may_belong_to("account"),
    Column("until", UtcTime, nullable=False),
)

shares = Table(
    "shares",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    _belongs_to("take"),
    Column("made_at", UtcTime, nullable=False),
    Column("until", UtcTime, nullable=False),
)

hooks = Table(
    "hooks",
    metadata,
    Column("id", Integer, primary_key=True),
    _may_belong_to("account"),
    Column("url", Text, nullable=False),
    Column("secret", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    _belongs_to("hook"),
    Column("job", String(32), nullable=False),
    Column("state", String(16), nullable=False, index=True),
    Column("tries", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("says", Text, nullable=False),
)
