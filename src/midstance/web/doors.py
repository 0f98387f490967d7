"""Know a visitor by the cookie of a browser or the key of a program: on a machine of one person, and in a club."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from midstance.store import Store
from midstance.store.accounts import account, signed_in
from midstance.web.keys import Keys
from midstance.web.refusals import says
from midstance.web.tokens import token_account
from midstance.web.visitor import OWNER, Visitor, visitor_of


class Door(Protocol):
    """Who is let in."""

    open_paths: tuple[str, ...]
    """Beginnings of paths that anybody may see."""

    def by_cookie(self, cookie: str) -> Visitor | None:
        """Return whose browser this is; None if it is nobody's."""

    def by_token(self, token: str) -> Visitor | None:
        """Return whose program this is; None if it is nobody's."""

    def refusal(self, request: Request) -> Response:
        """Return what a stranger gets to see."""


class OwnerDoor:
    """Lets in whoever opened the link that was printed in the terminal."""

    open_paths: tuple[str, ...] = ("/open",)

    def __init__(self, store: Store, keys: Keys) -> None:
        self._store, self._keys = store, keys

    def by_cookie(self, cookie: str) -> Visitor | None:
        """Return the owner for one of our cookies."""
        try:
            return OWNER if self._keys.knows(cookie) else None
        except ValueError:
            return None

    def by_token(self, token: str) -> Visitor | None:
        """Return the owner for a key that was made here."""
        return OWNER if token_account(self._store, token) == (None,) else None

    def refusal(self, request: Request) -> Response:
        """Say how to get in."""
        return says(request.url.path, 401, "Open the link that midstance serve printed in the terminal: it opens once.")


class TeamDoor:
    """Lets in whoever has signed in."""

    open_paths: tuple[str, ...] = ("/sign-in", "/invited")

    def __init__(self, store: Store) -> None:
        self._store = store

    def by_cookie(self, cookie: str) -> Visitor | None:
        """Return who signed in and got this cookie."""
        known = signed_in(self._store, cookie) if cookie else None
        return visitor_of(known) if known else None

    def by_token(self, token: str) -> Visitor | None:
        """Return whose key this is."""
        found = token_account(self._store, token)
        known = account(self._store, found[0]) if found and found[0] is not None else None
        return visitor_of(known) if known else None

    def refusal(self, request: Request) -> Response:
        """Lead a person to the page where one signs in."""
        if request.method == "GET" and "text/html" in request.headers.get("accept", ""):
            query = f"?{request.url.query}" if request.url.query else ""
            return RedirectResponse(f"/sign-in?to={quote(request.url.path + query, safe='')}", 303)
        return says(request.url.path, 401, "Sign in first.")
