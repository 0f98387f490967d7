"""Let in who has the key, answer under our own names only, and let a page do only what it needs.

A stranger's page in the same browser is kept out three ways: the Host header must be one of ours (a name that was made
to point here is not), whatever changes something must come from our own pages (Origin), and the cookie is not sent from
elsewhere (SameSite).
"""

from __future__ import annotations

import re

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from midstance.web.doors import Door
from midstance.web.rates import Rate
from midstance.web.refusals import says
from midstance.web.settings import Settings
from midstance.web.visitor import NOW, Visitor

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

OPEN = ("/static/", "/health", "/share/")
"""Paths that need no cookie: what is drawn on the door, whether the server is well, and links given away."""

BY_TOKEN = ("/api/", "/metrics")
"""Paths that a program asks for with a key."""

STRANGERS, MEMBERS = (300, 60.0), (1200, 60.0)
"""Requests in so many seconds that are answered in a club, of one address without a cookie and of one account."""

MOST_BYTES = 4_000_000
"""The largest body of a request that is no film."""

FILMS = re.compile(r"/uploads/[^/]+|/api/v1/athletes/[^/]+/takes")
"""Paths to which films are sent."""

VISITOR = "midstance.visitor"
"""Where the scope of a request says who asks."""

SHOWN = "/shown/"
"""Reports are shown under addresses that are a key themselves: they run without our cookie, apart from our pages."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What our own pages may do: nothing from elsewhere, no script in the page itself."""

SHOWN_POLICY = (
    "sandbox allow-scripts allow-modals allow-downloads; default-src 'none'; script-src 'unsafe-inline'; "
    "style-src 'unsafe-inline'; img-src 'self' data: blob:; media-src 'self' data: blob:; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
"""What a report may do: run its own scripts as a page of nobody's, which sees no cookie and calls nobody."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


class Guard:
    """Stands before the app: refuses strangers, says who asks, and writes the headers of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings, door: Door) -> None:
        self._app, self._settings, self._door = app, settings, door
        self._strangers, self._members = Rate(*STRANGERS), Rate(*MEMBERS)
        secure = {"Strict-Transport-Security": "max-age=31536000"} if settings.secure else {}
        self._headers = {**HEADERS, **secure, "Content-Security-Policy": POLICY}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = await self._refusal(Request(scope), scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await (refusal or self._app)(scope, receive, with_headers)

    async def _refusal(self, request: Request, scope: Scope) -> Response | None:
        """Return what a request is refused with; None lets it through, with who asks in its scope."""
        headers, path = request.headers, scope["path"]
        host = headers.get("host", "")
        if host not in self._settings.hosts:
            return says(path, 421, "midstance answers to its own address only.")
        visitor: Visitor | None = None
        token = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if token and path.startswith(BY_TOKEN):
            visitor = await run_in_threadpool(self._door.by_token, token)
            if visitor is None:
                return self._too_fast(request, None) or says(path, 401, "This token is not known here.")
        else:
            if scope["method"] not in SAFE and not _from_here(headers, host):
                return says(path, 403, "This came from another page. Use the pages of midstance itself.")
            if not path.startswith((*OPEN, SHOWN, *self._door.open_paths)):
                cookie = request.cookies.get(self._settings.cookie, "")
                visitor = await run_in_threadpool(self._door.by_cookie, cookie)
                if visitor is None:
                    return self._too_fast(request, None) or self._door.refusal(request)
        scope[VISITOR] = visitor
        NOW.set(visitor)
        return self._too_fast(request, visitor) or _too_large(headers, path)

    def _too_fast(self, request: Request, visitor: Visitor | None) -> Response | None:
        """Return the refusal of a request too many; on a machine of one person nothing is counted."""
        if not self._settings.team or request.url.path.startswith("/static/"):
            return None
        if visitor:
            wait = self._members.wait_s(str(visitor.account))
        else:
            wait = self._strangers.wait_s(request.client.host if request.client else "")
        return too_fast(request.url.path, wait) if wait else None


def too_fast(path: str, wait_s: float) -> Response:
    """Return the refusal of a request that comes too soon after others."""
    refusal = says(path, 429, f"That was too often. Wait {wait_s:.0f} s, then try again.")
    refusal.headers["Retry-After"] = str(int(wait_s) + 1)
    return refusal


def _from_here(headers: Headers, host: str) -> bool:
    """Return whether the browser says that a request comes from a page of ours."""
    origin = headers.get("origin")
    if origin is not None:
        return origin in {f"http://{host}", f"https://{host}"}
    return headers.get("sec-fetch-site") == "same-origin"


def _too_large(headers: Headers, path: str) -> Response | None:
    """Return the refusal of a form that would fill the memory; films come in pieces and are bounded elsewhere."""
    if FILMS.fullmatch(path):
        return None
    if "transfer-encoding" in headers:
        return says(path, 411, "Say how long the request is: the header Content-Length.")
    length = headers.get("content-length", "0")
    small = length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= MOST_BYTES
    return None if small else says(path, 413, f"A request has {MOST_BYTES // 1_000_000} MB at most.")
