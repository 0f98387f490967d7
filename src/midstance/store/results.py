"""Read and write what was found in takes, within somebody else's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, cast, select

from midstance.comparison.model import StoredTake, Take
from midstance.comparison.take import take_from_text
from midstance.errors import UsageError
from midstance.formats import analysis_json
from midstance.reasons import Reason
from midstance.store import tables
from midstance.store.rows import insert_row


def newest_content(connection: Connection, take: StoredTake) -> dict[str, Any] | None:
    """Return the newest analysis of a take as analysis.json has it; None if there is none."""
    return next((_readable(row) for row in connection.execute(_newest(_of(take)))), None)


def every_content(connection: Connection, take: StoredTake) -> tuple[dict[str, Any], ...]:
    """Return every analysis of a take, the oldest first, as analysis.json has it."""
    return tuple(_readable(row) for row in connection.execute(_of(take).order_by(tables.analyses.c.id)))


def _of(take: StoredTake) -> Select[Any]:
    return select(tables.analyses.c.content, tables.analyses.c.version).where(tables.analyses.c.take_id == take.id)


def _newest(analyses: Select[Any]) -> Select[Any]:
    return analyses.order_by(tables.analyses.c.id.desc()).limit(1)


def _readable(row: Row[Any]) -> dict[str, Any]:
    """Return the content of a row; of a damaged one a refusal that says so."""
    sound = analysis_json.is_sound(row.content)
    return dict(row.content) if sound else analysis_json.unreadable(row.version)


def read_newest(connection: Connection, take: StoredTake) -> Take:
    """Return the newest analysis of a take, ready to compare. Raises UsageError or InputError if there is none."""
    text = connection.execute(_newest(_of(take).with_only_columns(cast(tables.analyses.c.content, Text)))).scalar()
    if text is None:
        raise UsageError(Reason("take_not_analysed", take=take.id))
    day = take.known.taken_at
    return take_from_text(
        text,
        f"take {take.id}",
        label=f"take {take.id}",
        taken_on=day.date() if day else None,
        trying=take.known.trying,
    )


def insert_comparison(connection: Connection, takes: Sequence[StoredTake], content: Mapping[str, Any]) -> None:
    """Keep a comparison of takes of one athlete; of several athletes nothing is kept."""
    owners = {take.athlete_id for take in takes}
    if len(owners) == 1:
        values = {"made_at": datetime.now(UTC), "takes": [take.uid for take in takes], "content": dict(content)}
        insert_row(connection, tables.comparisons, {"athlete_id": owners.pop(), **values})
