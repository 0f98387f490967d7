"""The angles, lines and notes that a person draws into the film of a take."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import JSONResponse, Response

from midstance.comparison.model import StoredTake
from midstance.store import Store
from midstance.store.marks import add_mark, marks, read_mark, remove_mark, undo_mark
from midstance.web.state import Number, Shared

router = APIRouter(prefix="/takes/{number}/film/marks")


def marks_plain(store: Store, take: StoredTake) -> list[dict[str, Any]]:
    """Return the marks of a take as plain data, each with its number."""
    return [{"number": number, **mark.model_dump(mode="json")} for number, mark in marks(store, take).items()]


@router.get("")
def show(number: Number, shared: Shared) -> Response:
    """Return every mark of a take."""
    return JSONResponse(marks_plain(shared.store, shared.store.take(number)))


@router.post("")
def add(number: Number, shared: Shared, content: Annotated[dict[str, Any], Body()]) -> Response:
    """Keep one more mark."""
    add_mark(shared.store, shared.store.take(number), read_mark(content))
    return show(number, shared)


@router.post("/undo")
def undo(number: Number, shared: Shared) -> Response:
    """Undo the newest change of the marks."""
    undo_mark(shared.store, shared.store.take(number))
    return show(number, shared)


@router.post("/{mark}/remove")
def remove(number: Number, mark: Number, shared: Shared) -> Response:
    """Take a mark away."""
    remove_mark(shared.store, shared.store.take(number), mark)
    return show(number, shared)
