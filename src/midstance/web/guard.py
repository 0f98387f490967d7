"""Let in who has the key, answer under our own names only, and let a page do only what it needs.

A stranger's page in the same browser is kept out three ways: the Host header must be one of ours (a name that was made
to point here is not), whatever changes something must come from our own pages (Origin), and the cookie is not sent from
elsewhere (SameSite).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from midstance.formats.files import write_text
from midstance.web.settings import Settings

COOKIE = "midstance"
COOKIE_DAYS = 60
KEY_MINUTES = 15

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

OPEN = ("/open", "/static/", "/health")
"""Paths that need no cookie: the door, what is drawn on it, and whether the server is well."""

MOST_BYTES = 4_000_000
"""The largest body of a request that is no film."""

FILMS = re.compile(r"/uploads/[^/]+|/api/v1/athletes/[^/]+/takes")
"""Paths to which films are sent."""

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


class Keys:
    """The secret of this data folder, the cookies signed with it, and links that open once."""

    def __init__(self, folder: Path) -> None:
        self._secret = _secret(folder / "web.key")
        self._links: dict[str, float] = {}

    def new_link(self) -> str:
        """Return the key of a link that opens once, within KEY_MINUTES."""
        now = time.monotonic()
        self._links = {key: until for key, until in self._links.items() if until > now}
        key = secrets.token_urlsafe(24)
        self._links[key] = now + 60 * KEY_MINUTES
        return key

    def use_link(self, key: str) -> bool:
        """Return whether a key opens, and let it open nothing any more."""
        return self._links.pop(key, 0.0) > time.monotonic()

    def new_cookie(self) -> str:
        """Return the value of a cookie that is good for COOKIE_DAYS."""
        said = f"{int(time.time())}.{secrets.token_hex(8)}"
        return f"{said}.{self.signed(said)}"

    def knows(self, cookie: str) -> bool:
        """Return whether a cookie is one of ours and still good."""
        said, _, signature = cookie.rpartition(".")
        if not hmac.compare_digest(signature.encode(), self.signed(said).encode()):
            return False
        return time.time() - int(said.split(".")[0]) < 86400 * COOKIE_DAYS

    def signed(self, said: str) -> str:
        """Return the signature of a text."""
        return hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()[:40]


def _secret(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not file.exists():
        write_text(secrets.token_hex(32), file)
        file.chmod(0o600)
    return file.read_bytes()


class Guard:
    """Stands before the app: refuses strangers, and writes the headers of every answer."""

    def __init__(self, app: ASGIApp, settings: Settings, keys: Keys, token_known: Callable[[str], bool]) -> None:
        self._app, self._settings, self._keys = app, settings, keys
        self._token_known = token_known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in {**HEADERS, "Content-Security-Policy": POLICY}.items():
                    headers.setdefault(name, value)
                if not scope["path"].startswith("/static/"):
                    headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what a request is refused with; None lets it through."""
        headers, path = Headers(scope=scope), scope["path"]
        host = headers.get("host", "")
        if host not in self._settings.hosts:
            return _says(421, "midstance answers to this machine's own address only.")
        token = headers.get("authorization", "").removeprefix("Bearer ").strip()
        if token and path.startswith("/api/"):
            return (
                _too_large(headers, path) if self._token_known(token) else _says(401, "This token is not known here.")
            )
        if scope["method"] not in SAFE and not _from_here(headers, host):
            return _says(403, "This came from another page. Use the pages of midstance itself.")
        if path.startswith((*OPEN, SHOWN)) or self._known(scope):
            return _too_large(headers, path)
        return _says(401, "Open the link that midstance serve printed in the terminal: it opens once.")

    def _known(self, scope: Scope) -> bool:
        cookies: Mapping[str, str] = HTTPConnection(scope).cookies
        try:
            return self._keys.knows(cookies.get(COOKIE, ""))
        except ValueError:
            return False


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
        return _says(411, "Say how long the request is: the header Content-Length.")
    length = headers.get("content-length", "0")
    small = length.isascii() and length.isdigit() and len(length) < 12 and int(length) <= MOST_BYTES
    return None if small else _says(413, f"A request has {MOST_BYTES // 1_000_000} MB at most.")


def _says(status: int, text: str) -> Response:
    return Response(text + "\n", status, media_type="text/plain")
