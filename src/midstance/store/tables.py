"""The tables of the store, as the newest migration leaves them."""

from __future__ import annotations

from datetime import UTC, datetime

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


class UtcTime(TypeDecorator[datetime]):
    """A moment with its time zone, kept in UTC: SQLite knows no time zones."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC, on the way in."""
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the moment in UTC, on the way out."""
        return (value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)) if value else None


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
    Column("watch", JSON(none_as_null=True)),
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
    Column("content", JSON, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("take"),
    Column("made_at", UtcTime, nullable=False),
    Column("focus", String(64), nullable=False),
    Column("cue", Text, nullable=False),
    Column("content", JSON, nullable=False),
)

comparisons = Table(
    "comparisons",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("athlete"),
    Column("made_at", UtcTime, nullable=False),
    Column("takes", JSON, nullable=False),
    Column("content", JSON, nullable=False),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("uid", String(32), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    _may_belong_to("athlete"),
    _may_belong_to("take"),
    Column("wanted", JSON, nullable=False),
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
    Column("result", JSON(none_as_null=True)),
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
    Column("about", JSON, nullable=False),
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
    Column("content", JSON, nullable=False),
)

marks = Table(
    "marks",
    metadata,
    Column("id", Integer, primary_key=True),
    _belongs_to("take"),
    Column("made_at", UtcTime, nullable=False),
    Column("gone_at", UtcTime),
    Column("content", JSON, nullable=False),
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
    Column("content", JSON, nullable=False),
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
