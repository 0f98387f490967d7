"""What a server is started with: where it listens, and what it takes in."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from midstance.store.locations import data_folder

RULES = "MIDSTANCE_SERVE_RULES"
"""Variable of the processes that do the work: the folder of a coach's own rules."""

MB = 1_000_000
GB = 1_000 * MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What is taken in; a film over a limit is refused with a sentence that names it.

    film_bytes, photo_bytes, archive_bytes   the largest file of each kind
    waiting_bytes       all unfinished uploads together
    runner_bytes        all films and results of one runner together; 0: no limit
    spare_bytes         what stays free on the disk
    upload_hours        an upload without news for so long expires
    minutes, frames, pixels   the longest and the largest film that is analysed
    memory_bytes, seconds     what the analysis of one film may take
    """

    film_bytes: int = 4 * GB
    photo_bytes: int = 60 * MB
    archive_bytes: int = 20 * GB
    waiting_bytes: int = 30 * GB
    runner_bytes: int = 0
    spare_bytes: int = GB
    upload_hours: float = 24.0
    minutes: float = 10.0
    frames: int = 40_000
    pixels: int = 8192 * 4320
    memory_bytes: int = 8 * GB
    seconds: float = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How one server runs.

    hosts    addresses it answers to, as the Host header has them ("127.0.0.1:8460")
    phone    the address for the phone on the local network; empty without --phone
    team     whether people sign in, each with an account
    address  of a club, as its people type it ("https://run.club.example"); empty on a machine of one person
    folder   for the key of the cookies, unfinished uploads and unpacked reports
    keep_days       films as they were given are deleted so many days after they were analysed; None: never
    rules           a coach's own rules and bands, with which every film is judged; None: those of midstance alone
    private_hooks   whether programs on this machine and in its network may be called when work ends
    """

    hosts: frozenset[str]
    phone: str = ""
    folder: Path = field(default_factory=data_folder)
    limits: Limits = field(default_factory=Limits)
    workers: int = 1
    team: bool = False
    address: str = ""
    keep_days: float | None = None
    rules: Path | None = None
    private_hooks: bool = False

    @property
    def secure(self) -> bool:
        """Return whether browsers come by HTTPS alone."""
        return self.address.startswith("https://")

    @property
    def cookie(self) -> str:
        """Return the name of the cookie; no other site of the same domain can set the secure one."""
        return "__Host-midstance" if self.secure else "midstance"

    @property
    def uploads(self) -> Path:
        """The folder of unfinished uploads."""
        return self.folder / "uploads"

    @property
    def shown(self) -> Path:
        """The folder of what was unpacked or drawn to be shown; it can be deleted at any time."""
        return self.folder / "shown"
