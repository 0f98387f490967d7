"""Keep the angles, lines and notes that a person drew at a frame of a take; the newest change can be undone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from sqlalchemy import delete, func, select, update

from midstance.comparison.model import StoredTake
from midstance.errors import UsageError
from midstance.store import tables
from midstance.store.rows import content_or_none, insert_row, read_content
from midstance.store.store import Store

MOST = 500
"""Marks of one take: more is no person drawing."""

Pixels = Annotated[float, Field(ge=-100, le=20_000)]
Point = tuple[Pixels, Pixels]


class _Mark(BaseModel):
    """What every mark has: its frame of the film, and its points in pixels of the film."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    frame: int = Field(ge=0, le=1_000_000)


class AngleMark(_Mark):
    """An angle: one end, the joint, the other end."""

    kind: Literal["angle"]
    points: tuple[Point, Point, Point]


class LineMark(_Mark):
    """A line from end to end."""

    kind: Literal["line"]
    points: tuple[Point, Point]


class NoteMark(_Mark):
    """Words at a place of the picture."""

    kind: Literal["note"]
    points: tuple[Point]
    text: str = Field(min_length=1, max_length=500)


Mark = Annotated[AngleMark | LineMark | NoteMark, Field(discriminator="kind")]

_READ: TypeAdapter[Mark] = TypeAdapter(Mark)


def read_mark(content: Mapping[str, Any]) -> Mark:
    """Read a mark as plain data. Raises UsageError."""
    return read_content(_READ, content, says="This cannot be drawn")


def marks(store: Store, take: StoredTake) -> dict[int, Mark]:
    """Return the marks of a take by their number, as they were drawn; one that makes no sense any more is left out."""
    table = tables.marks
    wanted = select(table.c.id, table.c.content).where(table.c.take_id == take.id, table.c.gone_at.is_(None))
    with store.reading() as connection:
        rows = connection.execute(wanted.order_by(table.c.id)).all()
    return {row.id: mark for row in rows if (mark := content_or_none(_READ, row.content))}


def add_mark(store: Store, take: StoredTake, mark: Mark) -> None:
    """Keep one more mark. Raises UsageError for one too many."""
    row = {"take_id": take.id, "made_at": datetime.now(UTC), "content": mark.model_dump(mode="json")}
    table = tables.marks
    with store.writing() as connection:
        count = connection.execute(select(func.count()).where(table.c.take_id == take.id)).scalar_one()
        if count >= MOST:
            raise UsageError(f"A take keeps {MOST} marks at most.")
        insert_row(connection, table, row)


def remove_mark(store: Store, take: StoredTake, number: int) -> None:
    """Take a mark away; it comes back when this is undone."""
    table = tables.marks
    with store.writing() as connection:
        mine = (table.c.id == number, table.c.take_id == take.id, table.c.gone_at.is_(None))
        connection.execute(update(table).where(*mine).values(gone_at=datetime.now(UTC)))


def undo_mark(store: Store, take: StoredTake) -> None:
    """Undo the newest change of the marks: take away what was drawn, or bring back what was taken away."""
    table = tables.marks
    changed_at = func.coalesce(table.c.gone_at, table.c.made_at)
    newest = select(table.c.id, table.c.gone_at).where(table.c.take_id == take.id).order_by(changed_at.desc())
    with store.writing() as connection:
        row = connection.execute(newest.order_by(table.c.id.desc()).limit(1)).first()
        if row is None:
            return
        if row.gone_at is None:
            connection.execute(delete(table).where(table.c.id == row.id))
        else:
            connection.execute(update(table).where(table.c.id == row.id).values(gone_at=None))
