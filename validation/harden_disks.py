"""Commands on a disk that is full, or fills up at some moment: one line that says so, and nothing half there.

    python -m validation.harden_disks FOLDER SECONDS

Where a small disk can be mounted (Linux, with the rights to), it is one of memory on which only so many bytes are left;
elsewhere every file may have only so many bytes (RLIMIT_FSIZE). FOLDER holds what `make_bases` made; the rows are
printed as lines of JSON.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from midstance.store import archive
from validation import harden_forks as forks
from validation import harden_stores as stores
from validation.harden_kills import is_between
from validation.harden_time import shares

SIZE_MB = 48
SAID = ("The disk is full", "Make room")
BLOCK = 4096
LEFT = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096, 8192)
"""Blocks that are left when a command begins, until one is enough; then the least that is enough is looked for."""
AROUND = (-1, 1)
"""Blocks by which that least is missed and passed in the last trials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that meets a full disk, and on which store."""

    says: str
    words: str
    base: str = "filled"
    first: Sequence[int] = LEFT


COMMANDS = (
    Command(says="an analysis into a folder", words="analyze {folder}/run.mp4 --out {work}/out", first=LEFT[::2]),
    Command(says="takes add", words="takes add Zoe {folder}/run.mp4", first=LEFT[::2]),
    Command(says="takes delete", words="takes delete 1 --yes"),
    Command(says="athletes export", words="athletes export Cody {work}/out/kept.zip"),
    Command(says="athletes import", words="athletes import {folder}/cody.zip", base="empty"),
    Command(says="backup", words="backup {work}/out/kept.zip"),
    Command(says="restore", words="restore {folder}/backup.zip", base="empty"),
    Command(says="a store of the first release brought up to date", words="athletes list", base="first"),
)


def tried(folder: Path, until: float) -> Iterator[dict[str, Any]]:
    """Fill the disk of every command, in a process that may mount one, as far as the time goes; yield a row each."""
    words = [sys.executable, "-m", "validation.harden_disks", str(folder), str(until - time.monotonic())]
    for way in (["unshare", "-m"], ["unshare", "-Urm"]):
        if shutil.which("unshare") and not subprocess.run([*way, "true"], check=False, capture_output=True).returncode:
            words = [*way, *words]
            break
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield from map(json.loads, process.stdout)
    if process.returncode:
        raise RuntimeError(words)


def main() -> None:
    """Mount a small disk if that may be done here, and try every command on it."""
    folder, until = Path(sys.argv[1]), time.monotonic() + float(sys.argv[2])
    place = folder / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", str(place)]
    mounted = not subprocess.run(mount, check=False, capture_output=True).returncode
    found = {command: _filled(command, folder, end, mounted=mounted) for command, end in shares(COMMANDS[::-1], until)}
    for command in COMMANDS:
        print(json.dumps(found[command]), flush=True)


def _filled(command: Command, folder: Path, until: float, *, mounted: bool) -> dict[str, Any]:
    """Try a command with more and more room until there is enough, then with sizes closer and closer to the least."""
    trial = _Trial(command, folder, mounted=mounted)
    row: dict[str, Any] = {"says": command.says, "disk": f"{SIZE_MB} MB" if mounted else "files", "tried": 0, "full": 0}
    row |= {"least_kb": None, "whole": False, "faults": []}
    room: dict[int, bool] = {}

    def fits(left: int) -> bool:
        if left not in room:
            room[left], faults = trial.with_left(left)
            row["tried"] += 1
            row["full"] += not room[left]
            row["faults"] += [f"{left} blocks left: {fault}" for fault in faults]
        return room[left]

    row["whole"] = search(fits, command.first, lambda: time.monotonic() > until)
    if enough := [left for left, fitted in room.items() if fitted]:
        row["least_kb"] = min(enough) * BLOCK // 1024
    return row


def search(fits: Callable[[int], bool], first: Sequence[int], is_over: Callable[[], bool]) -> bool:
    """Ask what fits until the least that does is known, and what is beside it; return whether the time was enough."""
    lower, upper = -1, None
    for left in first:
        if is_over():
            return False
        if fits(left):
            upper = left
            break
        lower = left
    if upper is None:
        return False  # not even the most is enough: what fits was never seen
    while upper - lower > 1:
        if is_over():
            return False
        middle = (lower + upper) // 2
        lower, upper = (lower, middle) if fits(middle) else (middle, upper)
    for beside in AROUND:
        if upper + beside >= 0:
            fits(upper + beside)
    return True


class _Trial:
    """One command, and what a store and its outputs are before and after it when there is room."""

    def __init__(self, command: Command, folder: Path, *, mounted: bool) -> None:
        self._command, self._folder, self._mounted = command, folder, mounted
        self._work = folder / "disk" / "work"
        self._words = command.words.format(folder=folder, work=self._work).split()
        _start(command, folder, self._work)
        self._known = set(stores.faults(self._work))
        self._before, self._old = _state(command, self._work), stores.visible(self._work / "out")
        ended = self._run()
        assert not ended.code, ended.said
        self._after = stores.told(self._work)

    def _run(self) -> forks.Ended:
        return forks.run(self._words, forks.places(self._work), prepare=partial(_prepare, self._folder))

    def with_left(self, left: int) -> tuple[bool, list[str]]:
        """Run the command with so many blocks left; return whether they were enough, and what was wrong."""
        work = self._work
        _start(self._command, self._folder, work)
        ended = self._on_full_disk(left * BLOCK)
        faults = _faults(ended, (self._before, self._after, stores.told(work)))
        faults += [fault for fault in stores.faults(work) if fault not in self._known]
        if ended.code and stores.visible(work / "out") != self._old:
            faults.append("an output is half there")
        if ended.code and (again := self._run()).code not in {0, 2}:
            faults.append(f"with room again: {again.code} {again.said[:200]}")
        return not ended.code, faults

    def _on_full_disk(self, left: int) -> forks.Ended:
        """Run the command with so many bytes left."""
        if not self._mounted:
            return forks.run(self._words, forks.places(self._work), prepare=partial(_limited, self._folder, left))
        ballast = self._work.parent / "ballast"
        about = os.statvfs(self._work)
        with ballast.open("wb") as target:
            os.posix_fallocate(target.fileno(), 0, max(0, about.f_bavail * about.f_frsize - left - BLOCK))
        try:
            return self._run()
        finally:
            ballast.unlink()


def _start(command: Command, folder: Path, work: Path) -> None:
    stores.fresh(folder / command.base, work)
    forks.places(work)


def _state(command: Command, work: Path) -> Any:
    """Return what a store tells before; one of the first release must not be opened to be asked."""
    return None if command.base == "first" else stores.told(work)


def _prepare(folder: Path) -> None:
    archive.SPARE_BYTES = 0  # or every import would be refused before it begins, on a disk so small
    forks.remember(folder / forks.POSES)


def _limited(folder: Path, left: int) -> None:
    """Let no file of this process have more bytes."""
    _prepare(folder)
    resource.setrlimit(resource.RLIMIT_FSIZE, (max(left, 1), resource.getrlimit(resource.RLIMIT_FSIZE)[1]))


def _faults(ended: forks.Ended, told: tuple[Any, Any, Any]) -> list[str]:
    """Return what is wrong with how a command ended, and with what its store tells then."""
    before, after, now = told
    found = list[str]()
    if ended.trace or ended.hung or ended.code not in {0, 3}:
        found.append(f"{ended.code} {ended.said[-300:]}")
    elif ended.code and not (ended.said.count("\n") <= 2 and any(said in ended.said for said in SAID)):
        found.append(f"not said plainly: {ended.said[:300]}")
    if before is not None and now != (before if ended.code else after) and not is_between(now, before, after):
        found.append(f"the store tells {now}")
    return found


if __name__ == "__main__":
    main()
