"""Delete films as they were given some days after their analysis; results, loops and reports stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select, update

from midstance.store import tables
from midstance.store.database import database_errors, lock_films
from midstance.store.store import Store

GONE = 0
"""The size of a film that was deleted: its row stays, for the name of the take."""


def delete_originals(store: Store, *, days: float) -> int:
    """Delete the films of takes that were first analysed so many days ago; return how many went."""
    files, analyses = tables.files, tables.analyses
    until = datetime.now(UTC) - timedelta(days=days)
    first = select(analyses.c.take_id).group_by(analyses.c.take_id).having(func.min(analyses.c.made_at) < until)
    old = (files.c.kind == "clip") & (files.c.size > GONE) & files.c.take_id.in_(first)
    with store.writing() as connection:
        lock_films(connection)
        rows = connection.execute(select(files.c.id, files.c.key).where(old)).all()
        if not rows:
            return 0
        connection.execute(update(files).where(files.c.id.in_([row.id for row in rows])).values(size=GONE))
        needed = select(files.c.key).where(files.c.key.in_([row.key for row in rows]), files.c.size > GONE)
        wanted = set(connection.execute(needed).scalars())
        with database_errors():
            for key in {row.key for row in rows} - wanted:
                store.shelf.discard(key)
    return len(rows)
