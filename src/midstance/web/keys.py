"""Sign cookies, links and addresses with the secret of the data folder."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from contextlib import suppress
from pathlib import Path

from midstance.formats.files import keep_first_secret

COOKIE_DAYS = 60
SECRET_BYTES = 64
KEY_MINUTES = 15


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
        return self.is_signed(said, signature) and time.time() - int(said.split(".")[0]) < 86400 * COOKIE_DAYS

    def signed_today(self, said: str) -> str:
        """Return a signature of a text that is good for a day and some minutes."""
        until = int(time.time() // 3600) + 25
        return f"{until}-{self.signed(f'{until} {said}')}"

    def fits(self, said: str, signature: str) -> bool:
        """Return whether this is a signature of a text, and still good."""
        until, _, bare = signature.partition("-")
        if not (until.isascii() and until.isdigit() and len(until) < 9) or int(until) < time.time() / 3600:
            return False
        return self.is_signed(f"{until} {said}", bare)

    def is_signed(self, said: str, signature: str) -> bool:
        """Return whether this is the signature of a text."""
        return hmac.compare_digest(signature.encode(), self.signed(said).encode())

    def signed(self, said: str) -> str:
        """Return the signature of a text."""
        return hmac.new(self._secret, said.encode(), hashlib.sha256).hexdigest()[:40]


def _secret(file: Path) -> bytes:
    """Return the secret of a data folder; one that is not there, or was cut short, is made."""
    with suppress(OSError):
        if len(file.read_bytes()) < SECRET_BYTES:
            file.unlink()  # whoever signs with nothing lets everybody in
    if not file.exists():
        keep_first_secret(secrets.token_hex(SECRET_BYTES // 2).encode(), file)
    return file.read_bytes()
