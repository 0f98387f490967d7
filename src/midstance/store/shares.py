"""Keep links that were given away: each shows one take to whoever has it, until its day, or until it is taken back."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, delete, select

from midstance.comparison.model import StoredTake
from midstance.errors import UsageError
from midstance.store import tables
from midstance.store.rows import insert_row
from midstance.store.store import Store

MOST = 50
"""Links of one take."""

LONGEST_DAYS = 365.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A link to one take."""

    number: int
    uid: str
    take: int
    until: datetime


def add_share(store: Store, take: StoredTake, *, days: float) -> Share:
    """Add a link that is good for some days. Raises UsageError."""
    if not 0 < days <= LONGEST_DAYS:
        raise UsageError(f"A link is good for {LONGEST_DAYS:.0f} days at most.")
    if len(shares(store, take)) >= MOST:
        raise UsageError(f"This take has {MOST} links already. Take some back first.")
    now = datetime.now(UTC)
    row = {"uid": uuid.uuid4().hex, "made_at": now, "until": now + timedelta(days=days)}
    with store.writing() as connection:
        connection.execute(delete(tables.shares).where(tables.shares.c.until < now))
        number = insert_row(connection, tables.shares, {**row, "take_id": take.id})
    return Share(number=number, uid=str(row["uid"]), take=take.id, until=now + timedelta(days=days))


def shares(store: Store, take: StoredTake) -> list[Share]:
    """Return the links of a take that are still good."""
    table = tables.shares
    with store.reading() as connection:
        wanted = select(table).where(table.c.take_id == take.id, table.c.until > datetime.now(UTC)).order_by(table.c.id)
        return [_share(row) for row in connection.execute(wanted)]


def share(store: Store, uid: str) -> Share | None:
    """Return a link; None if there is none, it was taken back, or its day is over."""
    table = tables.shares
    with store.reading() as connection:
        row = connection.execute(select(table).where(table.c.uid == uid, table.c.until > datetime.now(UTC))).first()
    return _share(row) if row else None


def _share(row: Row[Any]) -> Share:
    return Share(number=row.id, uid=row.uid, take=row.take_id, until=row.until)


def delete_share(store: Store, take: StoredTake, number: int) -> None:
    """Take a link of a take back."""
    with store.writing() as connection:
        table = tables.shares
        connection.execute(delete(table).where(table.c.id == number, table.c.take_id == take.id))
