"""The page for those who write programs: how to ask, and a key for each program."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from midstance.web.state import Number, Shared, page
from midstance.web.tokens import delete_token, new_token, tokens

router = APIRouter(prefix="/programs")


@router.get("")
def show(request: Request, shared: Shared) -> Response:
    """Show three lines of curl, three of Python, and the keys."""
    return _page(request, shared, "")


@router.post("")
def add(request: Request, shared: Shared, name: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Make a key and show it, this once."""
    return _page(request, shared, new_token(shared.store, name, shared.visitor.account))


@router.post("/{number}/delete")
def delete(number: Number, shared: Shared) -> Response:
    """Take a key back."""
    delete_token(shared.store, number, shared.visitor.account)
    return RedirectResponse("/programs", 303)


def _page(request: Request, shared: Shared, token: str) -> Response:
    host = request.headers.get("host", "")
    first = next(iter(shared.store.athletes()), None)
    content = {
        "host": host,
        "token": token,
        "tokens": tokens(shared.store, shared.visitor.account),
        "uid": first.uid if first else "RUNNER",
    }
    return page("programs", content)
