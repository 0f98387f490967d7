"""Call the addresses that want to know when work ends, signed as the Standard Webhooks say, again if they fail.

An address of this machine or its network is called only where the owner allows it. The name is looked up once, and that
address is checked and called: a name that is pointed elsewhere meanwhile leads nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import ipaddress
import json
import logging
import socket
import ssl
import threading
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import SplitResult, urlsplit

from midstance import __version__
from midstance.errors import MidstanceError, UsageError
from midstance.store import Store
from midstance.store.hooks import Call, end_call, next_call
from midstance.store.jobs import Jobs

logger = logging.getLogger(__name__)

IDLE_S = 1.0
ANSWER_S = 10.0
"""How long an address may take to answer."""

TRANSLATED = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
"""Addresses behind which an address of the older kind lies (RFC 6052, RFC 8215)."""


class NotCalledError(Exception):
    """A call that did not arrive; says why in a sentence."""


def checked_address(url: str) -> SplitResult:
    """Return the parts of an address that can be called. Raises UsageError."""
    try:
        parts = urlsplit(url.strip())
        port = parts.port
    except ValueError:
        raise UsageError("This is no address. Write it as https://club.example/done.") from None
    plain = url.isascii() and url.isprintable() and " " not in url.strip() and len(url) < 500
    if not plain or parts.scheme not in {"http", "https"} or not parts.hostname or port == 0:
        raise UsageError("This is no address that can be called. Write it as https://club.example/done.")
    if parts.username or parts.password:
        raise UsageError("Leave name and password out of the address: each call is signed.")
    return parts


def signature(secret: str, uid: str, at: int, body: bytes) -> str:
    """Return the signature of a call (standardwebhooks.com, version 1)."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{uid}.{at}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(signed).decode()


def call_address(url: str, body: bytes, headers: dict[str, str], *, private: bool) -> None:
    """Send a body to an address. Raises NotCalledError unless it says that it arrived."""
    parts = checked_address(url)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        with socket.create_connection((_looked_up(host, port, private=private), port), timeout=ANSWER_S) as plain:
            end = threading.Timer(ANSWER_S, _cut, (plain,))
            end.start()
            try:
                status = _post(parts, plain, body, headers)
            finally:
                end.cancel()
    except (OSError, http.client.HTTPException, ValueError) as fault:
        raise NotCalledError(f"It could not be reached ({type(fault).__name__}).") from None
    if not 200 <= status < 300:
        raise NotCalledError(f"It answered {status}.")


def _post(parts: SplitResult, plain: socket.socket, body: bytes, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_S)
    secured = parts.scheme == "https"
    connection.sock = (
        ssl.create_default_context().wrap_socket(plain, server_hostname=parts.hostname) if secured else plain
    )
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Host": parts.netloc, **headers})
        return connection.getresponse().status
    finally:
        connection.close()


def _cut(plain: socket.socket) -> None:
    """End a connection whose other side takes too long."""
    try:
        plain.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


def _looked_up(host: str, port: int, *, private: bool) -> str:
    """Return the address of a name. Raises NotCalledError for one that is inside, unless that is allowed."""
    found = [str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    for address in found:
        if private or _outside(address):
            return address
    raise NotCalledError("It is inside this network, which midstance serve --private-webhooks allows.")


def _outside(said: str) -> bool:
    address = ipaddress.ip_address(said.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            address = address.ipv4_mapped
        elif address.sixtofour or address.teredo or any(address in network for network in TRANSLATED):
            return False
    return address.is_global and not address.is_multicast


class Messenger(threading.Thread):
    """A thread that makes the calls that are due."""

    def __init__(self, store: Store, *, private: bool) -> None:
        super().__init__(name="messenger", daemon=True)
        self._store, self._private = store, private
        self._stop_wanted = threading.Event()

    def stop(self) -> None:
        """End after the call in hand."""
        self._stop_wanted.set()

    def run(self) -> None:
        """Call until stopped; a database that fails for a while is tried again."""
        while not self._stop_wanted.is_set():
            try:
                call = next_call(self._store)
                if call:
                    self.make(call)
                    continue
            except Exception:  # whatever it is, the next call is made
                logger.exception("a webhook could not be called")
            self._stop_wanted.wait(IDLE_S)

    def make(self, call: Call) -> None:
        """Make one call, and write down what came of it."""
        at = int(time.time())
        body = json.dumps({"type": "job.ended", "timestamp": _moment(at), "data": self._about(call)}).encode()
        headers = {
            "Content-Type": "application/json",
            "User-Agent": f"midstance/{__version__}",
            "webhook-id": call.uid,
            "webhook-timestamp": str(at),
            "webhook-signature": signature(call.hook.secret, call.uid, at, body),
        }
        try:
            call_address(call.hook.url, body, headers, private=self._private)
        except (NotCalledError, MidstanceError) as fault:
            end_call(self._store, call, str(fault))
        else:
            end_call(self._store, call)

    def _about(self, call: Call) -> dict[str, Any]:
        """Return what is said of the work that ended: numbers and states, nobody's name."""
        try:
            job = Jobs(self._store).job(call.job)
        except KeyError:
            return {"uid": call.job, "state": "gone"}
        return {"uid": job.uid, "kind": job.kind, "state": job.state, "take": job.take_id}


def _moment(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).isoformat()
