"""Listen on this machine, and with --phone on the local network too."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import uvicorn

from midstance.errors import InputError, UsageError
from midstance.store import open_store
from midstance.web.app import make_app
from midstance.web.settings import Settings

PORT = 8460
"""The port of midstance where it is free."""

HOME = "127.0.0.1"


class Server:
    """The app on its sockets, from the first to the last line of a `with` block."""

    def __init__(self, *, port: int | None = None, phone: bool = False) -> None:
        os.umask(0o077)  # what is made here is its user's alone
        self._sockets = [_listening(HOME, port)]
        self.port = self._sockets[0].getsockname()[1]
        hosts = {f"{HOME}:{self.port}", f"localhost:{self.port}"}
        self.phone = ""
        if phone:
            address = local_address()
            self._sockets.append(_bound(address, self.port))
            self.phone = f"{address}:{self.port}"
            hosts.add(self.phone)
        self._store = open_store()
        self._app = make_app(self._store, Settings(hosts=frozenset(hosts), phone=self.phone))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for listening in self._sockets:
            listening.close()
        self._store.close()

    def link(self) -> str:
        """Return a link that opens midstance on this machine, once."""
        return f"http://{HOME}:{self.port}/open?key={self._app.state.midstance.keys.new_link()}"

    def phone_lines(self) -> Iterator[str]:
        """Yield the lines that show the QR code for the phone; none without --phone."""
        if self.phone:
            from midstance.web.phone import phone_link, qr_lines  # noqa: PLC0415  (a code only if asked for)

            yield from qr_lines(phone_link(self._app.state.midstance))

    def run(self) -> None:
        """Answer until stopped."""
        config = uvicorn.Config(
            self._app, log_level="error", access_log=False, server_header=False, timeout_graceful_shutdown=2
        )
        uvicorn.Server(config).run(sockets=self._sockets)


def _listening(address: str, port: int | None) -> socket.socket:
    """Return a socket on the port asked for; without one, on ours or a free one. Raises UsageError."""
    if port is not None:
        return _bound(address, port)
    try:
        return _bound(address, PORT)
    except UsageError:
        return _bound(address, 0)


def _bound(address: str, port: int) -> socket.socket:
    found = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if os.name == "posix":
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((address, port))
        found.listen(128)
    except (OSError, OverflowError) as fault:
        found.close()
        raise UsageError(f"Port {port} cannot be used ({fault}). Choose another with --port.") from None
    return found


def local_address() -> str:
    """Return this machine's address in the local network. Raises InputError if there is none."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        probe.connect(("192.0.2.1", 9))  # sends nothing: it only asks which way out there is (RFC 5737)
        address = str(probe.getsockname()[0])
    except OSError:
        address = HOME
    finally:
        probe.close()
    if address.startswith("127."):
        raise InputError("This machine is in no local network. Join the one of the phone, then try again.")
    return address
