"""The page for those who write programs: how to ask, a key for each program, addresses that are called."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from midstance.store.hooks import add_hook, calls_of, delete_hook, hooks
from midstance.web.messenger import checked_address
from midstance.web.state import Coached, Number, Shared, State, page
from midstance.web.tokens import delete_token, new_token, tokens

router = APIRouter(prefix="/programs")

CALLS = 3
"""The newest calls of an address that are shown."""


@router.get("")
def show(request: Request, shared: Shared) -> Response:
    """Show three lines of curl, three of Python, the keys, and the addresses that are called."""
    return _page(request, shared)


@router.post("")
def add(request: Request, shared: Shared, name: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Make a key and show it, this once."""
    return _page(request, shared, token=new_token(shared.store, name, shared.visitor.account))


@router.post("/webhooks")
def add_webhook(request: Request, shared: Coached, url: Annotated[str, Form(max_length=500)]) -> Response:
    """Add an address that is called when work ends, and show its secret, this once."""
    checked_address(url)
    return _page(request, shared, secret=add_hook(shared.store, url.strip(), shared.visitor.account).secret)


@router.post("/webhooks/{hook}/delete")
def remove_webhook(hook: Number, shared: Coached) -> Response:
    """Call an address no more."""
    delete_hook(shared.store, hook)
    return RedirectResponse("/programs", 303)


@router.post("/{number}/delete")
def delete(number: Number, shared: Shared) -> Response:
    """Take a key back."""
    delete_token(shared.store, number, shared.visitor.account)
    return RedirectResponse("/programs", 303)


def _page(request: Request, shared: State, *, token: str = "", secret: str = "") -> Response:
    first = next(iter(shared.store.athletes()), None)
    called = hooks(shared.store) if shared.visitor.role != "athlete" else []
    content = {
        "base": shared.settings.address or f"http://{request.headers.get('host', '')}",
        "token": token,
        "secret": secret,
        "tokens": tokens(shared.store, shared.visitor.account),
        "hooks": [(hook, calls_of(shared.store, hook.number, most=CALLS)) for hook in called],
        "uid": first.uid if first else "RUNNER",
    }
    return page("programs", content)
