"""Listen on this machine, with --phone on the local network too, and with --team wherever a club wants it."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import uvicorn

from midstance.errors import InputError, UsageError
from midstance.store import open_store
from midstance.store.accounts import accounts, invite
from midstance.web.app import make_app
from midstance.web.observed import log_in_json
from midstance.web.settings import GB, Limits, Settings

PORT = 8460
"""The port of midstance where it is free."""

HOME = "127.0.0.1"

KEEP_ALIVE_S = 75
"""How long a connection that nobody uses stays open: longer than a proxy keeps it, who would meet a closed one."""

ALIKE = {"MIDSTANCE_DATABASE": "DATABASE_URL", "MIDSTANCE_FILES": "STORAGE_URL"}
"""Of a club: where the database and the films are, as other programs of a server call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """How a club is served: where to listen, and the address that its people type; empty: this machine alone."""

    listen: str = HOME
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What whoever runs the server decides; None and 0: no limit."""

    workers: int = 1
    keep_days: float | None = None
    quota_gb: float = 0.0
    private_hooks: bool = False
    rules: Path | None = None


class Server:
    """The app on its sockets, from the first to the last line of a `with` block."""

    def __init__(
        self, *, port: int | None = None, phone: bool = False, team: Team | None = None, running: Running | None = None
    ) -> None:
        os.umask(0o077)  # what is made here is its user's alone
        running = running or Running()
        if team:
            log_in_json()
            for ours, theirs in ALIKE.items():
                if theirs in os.environ:
                    os.environ.setdefault(ours, os.environ[theirs])
        self._sockets = [_listening(team.listen if team else HOME, port)]
        self.port = self._sockets[0].getsockname()[1]
        hosts = {f"{HOME}:{self.port}", f"localhost:{self.port}"}
        self.phone = ""
        if phone:
            address = local_address()
            self._sockets.append(_bound(address, self.port))
            self.phone = f"{address}:{self.port}"
            hosts.add(self.phone)
        settings = Settings(
            hosts=frozenset(hosts),
            phone=self.phone,
            workers=running.workers,
            keep_days=running.keep_days,
            private_hooks=running.private_hooks,
            rules=running.rules,
            limits=Limits(runner_bytes=int(running.quota_gb * GB)),
        )
        self._store = open_store()
        self._settings = _of_team(settings, team, self.port) if team else settings
        self._app = make_app(self._store, self._settings)

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

    def coach_link(self, *, another: bool = False) -> str:
        """Return a link with which the first coach, or another, makes an account; empty if there is a coach already."""
        if not another and any(account.role == "coach" for account in accounts(self._store)):
            return ""
        return f"{self._settings.address}/invited?key={invite(self._store, 'coach')}"

    @property
    def address(self) -> str:
        """The address of a club, as its people type it."""
        return self._settings.address

    def phone_lines(self) -> Iterator[str]:
        """Yield the lines that show the QR code for the phone; none without --phone."""
        if self.phone:
            from midstance.web.phone import phone_link, qr_lines  # noqa: PLC0415  (a code only if asked for)

            yield from qr_lines(phone_link(self._app.state.midstance))

    def run(self) -> None:
        """Answer until stopped; what is under way is put back into the queue."""
        config = uvicorn.Config(
            self._app,
            log_level="error",
            log_config=None if self._settings.team else uvicorn.config.LOGGING_CONFIG,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
            timeout_keep_alive=KEEP_ALIVE_S,
        )
        uvicorn.Server(config).run(sockets=self._sockets)


def _of_team(settings: Settings, team: Team, port: int) -> Settings:
    """Return the settings of a club. Raises UsageError for an address that nobody can type."""
    if not team.address and team.listen != HOME:
        raise UsageError("Under which address do people reach it? Say --address https://run.club.example")
    address = (team.address or f"http://{HOME}:{port}").rstrip("/")
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path or parts.query:
        raise UsageError("Write the address as --address https://run.club.example, with nothing behind it.")
    return replace(settings, team=True, address=address, hosts=settings.hosts | {parts.netloc.lower()})


def _listening(address: str, port: int | None) -> socket.socket:
    """Return a socket on the port asked for; without one, on ours or a free one. Raises UsageError."""
    if port is not None:
        return _bound(address, port)
    try:
        return _bound(address, PORT)
    except UsageError:
        return _bound(address, 0)


def _bound(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)  # named, so that asyncio sends without delay
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
