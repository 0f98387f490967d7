"""Commands on a disk that is full, or fills up at some moment: one line that says so, and nothing half there.

    python -m validation.harden_disks FOLDER

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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midstance.store import archive
from validation import harden_forks as forks
from validation import harden_stores as stores
from validation.harden_kills import is_between

SIZE_MB = 48
SAID = ("The disk is full", "Make room")
LEFT = (0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048)
"""Blocks of 4 kB that are left when a command begins."""
BLOCK = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that meets a full disk, and on which store."""

    says: str
    words: str
    base: str = "filled"
    left: Sequence[int] = LEFT


COMMANDS = (
    Command(says="an analysis into a folder", words="analyze {folder}/run.mp4 --out {work}/out", left=LEFT[::3]),
    Command(says="takes add", words="takes add Zoe {folder}/run.mp4", left=LEFT[::3]),
    Command(says="takes delete", words="takes delete 1 --yes"),
    Command(says="athletes export", words="athletes export Cody {work}/out/kept.zip"),
    Command(says="athletes import", words="athletes import {folder}/cody.zip", base="empty"),
    Command(says="backup", words="backup {work}/out/kept.zip"),
    Command(says="restore", words="restore {folder}/backup.zip", base="empty"),
    Command(says="a store of the first release brought up to date", words="athletes list", base="first"),
)


def tried(folder: Path) -> Iterator[dict[str, Any]]:
    """Fill the disk of every command, in a process that may mount one; yield a row each."""
    words = [sys.executable, "-m", "validation.harden_disks", str(folder)]
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
    folder = Path(sys.argv[1])
    place = folder / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE_MB}m", "none", str(place)]
    mounted = not subprocess.run(mount, check=False, capture_output=True).returncode
    for command in COMMANDS:
        print(json.dumps(_filled(command, folder, mounted=mounted)), flush=True)


def _filled(command: Command, folder: Path, *, mounted: bool) -> dict[str, Any]:
    work = folder / "disk" / "work"
    words = command.words.format(folder=folder, work=work).split()
    how = f"{SIZE_MB} MB" if mounted else "files"
    row: dict[str, Any] = {"says": command.says, "disk": how, "tried": 0, "full": 0, "faults": []}
    _start(command, folder, work)
    known = set(stores.faults(work))
    before, old = _state(command, work), stores.visible(work / "out")
    assert not forks.run(words, forks.places(work), prepare=_spare_nothing).code
    after = stores.told(work)
    for left in command.left:
        _start(command, folder, work)
        ended = _on_full_disk(words, work, left * BLOCK, mounted=mounted)
        faults = _faults(ended, (before, after, stores.told(work)))
        faults += [fault for fault in stores.faults(work) if fault not in known]
        if ended.code and stores.visible(work / "out") != old:
            faults.append("an output is half there")
        if ended.code and (again := forks.run(words, forks.places(work), prepare=_spare_nothing)).code not in {0, 2}:
            faults.append(f"with room again: {again.code} {again.said[:200]}")
        row["tried"] += 1
        row["full"] += ended.code != 0
        row["faults"] += [f"{left} blocks left: {fault}" for fault in faults]
    return row


def _start(command: Command, folder: Path, work: Path) -> None:
    stores.fresh(folder / command.base, work)
    forks.places(work)


def _state(command: Command, work: Path) -> Any:
    """Return what a store tells before; one of the first release must not be opened to be asked."""
    return None if command.base == "first" else stores.told(work)


def _spare_nothing() -> None:
    archive.SPARE_BYTES = 0  # or every import would be refused before it begins, on a disk so small


def _on_full_disk(words: Sequence[str], work: Path, left: int, *, mounted: bool) -> forks.Ended:
    """Run a command with so many bytes left."""
    if not mounted:
        limit = (max(left, 1), resource.getrlimit(resource.RLIMIT_FSIZE)[1])

        def limited() -> None:
            _spare_nothing()
            resource.setrlimit(resource.RLIMIT_FSIZE, limit)

        return forks.run(words, forks.places(work), prepare=limited)
    ballast = work.parent / "ballast"
    about = os.statvfs(work)
    with ballast.open("wb") as target:
        os.posix_fallocate(target.fileno(), 0, max(0, about.f_bavail * about.f_frsize - left - BLOCK))
    try:
        return forks.run(words, forks.places(work), prepare=_spare_nothing)
    finally:
        ballast.unlink()


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
