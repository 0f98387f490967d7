"""Run commands of midstance in children forked from a process that has loaded everything: quick, and killed at will.

A moment is where a command is about to touch what lasts: a file opened for writing, moved, made, deleted or synced, a
statement of the database, its commit.
"""

from __future__ import annotations

import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from midstance import cage
from midstance.cli import commands
from midstance.formats import poses_npz
from midstance.model import Clip, ClipPoses

ANALYSIS: Any = import_module("midstance.analyze")
LOOKS = "_found"
"""Its function that looks for people in a film."""
for _name in ("cli.analyze", "cli.athletes", "cli.backup", "cli.compare", "cli.photo", "cli.restore", "cli.takes",
              "analyze", "output.results", "output.page", "store.ingest", "store.backup"):  # fmt: skip
    import_module(f"midstance.{_name}")

HANGS_AFTER_S = 300.0
"""The slowest, an analysis of two seconds, needs ten on a quiet machine."""

POSES = "run.npz"
"""What was found in the film of the trials: it is looked at once, so that a trial need not wait for the pose model."""

CHANGES = frozenset({"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink"})
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code (a signal below zero), what it printed, its moments and its memory."""

    code: int
    said: str
    moments: int
    peak_mb: int
    hung: bool

    @property
    def trace(self) -> bool:
        """Whether it ended in a fault of ours."""
        return self.code in {1, -signal.SIGSEGV, -signal.SIGBUS, -signal.SIGABRT} or "Traceback" in self.said


def run(
    words: Sequence[str],
    variables: Mapping[str, str],
    *,
    killed_at: int | None = None,
    prepare: Callable[[], object] = lambda: None,
    do: Callable[[], object] = commands.run,
) -> Ended:
    """Run a command in a child and return how it ended; it is killed when it comes to a moment of this number.

    prepare  called in the child before; `do` is called in place of a command
    """
    sys.argv = ["midstance", *words]
    reads, counts = os.pipe()
    with tempfile.TemporaryFile() as said:
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.close(reads)
            _inside(variables, _Moments(killed_at, counts), said.fileno(), (prepare, do))
        os.close(counts)
        status, peak, hung = _wait(child)
        said.seek(0)
        printed = said.read().decode("utf-8", "replace")
    with os.fdopen(reads, "rb") as counted:
        moments = int(counted.read() or b"0")
    return Ended(os.waitstatus_to_exitcode(status), printed, moments, peak, hung)


def _wait(child: int) -> tuple[int, int, bool]:
    """Wait for a child; return its status, its peak of memory in MB, and whether it had to be ended."""
    until, hung = time.monotonic() + HANGS_AFTER_S, False
    while True:
        process, status, used = os.wait4(child, os.WNOHANG)
        if process:
            return status, round(used.ru_maxrss / 1000), hung
        if time.monotonic() > until:
            hung = True
            os.kill(child, signal.SIGKILL)
        time.sleep(0.005)


class _Moments:
    """Counts the moments of this process, and ends it at one of them."""

    def __init__(self, killed_at: int | None, counts: int) -> None:
        self._killed_at, self._counts, self._count = killed_at, counts, 0

    def listen(self) -> None:
        sys.addaudithook(self._audit)
        event.listen(Engine, "before_cursor_execute", lambda *_words: self.note())
        event.listen(Engine, "commit", lambda *_words: self.note())
        real = os.fsync

        def fsync(fd: Any) -> None:
            self.note()
            real(fd)

        os.fsync = fsync

    def _audit(self, name: str, words: tuple[Any, ...]) -> None:
        if name in CHANGES or (name == "open" and isinstance(words[2], int) and words[2] & WRITES):
            self.note()

    def note(self) -> None:
        if self._count == self._killed_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self._count += 1

    def say(self) -> None:
        os.write(self._counts, str(self._count).encode())


def _inside(variables: Mapping[str, str], moments: _Moments, said: int, calls: Sequence[Callable[[], object]]) -> None:
    """Be the child: do what is called, the last of it counted, and end."""
    code, (prepare, do) = 1, calls
    try:
        nowhere = os.open(os.devnull, os.O_RDONLY)
        for number, to in ((0, nowhere), (1, said), (2, said)):
            os.dup2(to, number)
        os.environ |= {**variables, cage.INSIDE: "0 0"}
        tempfile.tempdir = None
        prepare()
        moments.listen()
        try:
            do()
            code = 0
        except SystemExit as ended:
            code = ended.code if isinstance(ended.code, int) else 0
        sys.stdout.flush()
        sys.stderr.flush()
        moments.say()
    except BaseException as fault:  # noqa: BLE001  (it is what is looked for)
        os.write(said, f"Traceback: {type(fault).__name__}: {fault}".encode())
    finally:
        os._exit(code)


def places(work: Path) -> dict[str, str]:
    """Return the variables that lead a command into one folder for everything it keeps, writes and needs meanwhile."""
    for name in ("data", "tmp", "out", "home"):
        (work / name).mkdir(parents=True, exist_ok=True)
    return {"MIDSTANCE_DATA": str(work / "data"), "TMPDIR": str(work / "tmp"), "MIDSTANCE_DATABASE": "",
            "MIDSTANCE_FILES": ""}  # fmt: skip


def look_once(film: Path, kept: Path) -> None:
    """Look for the runner in the film of the trials, in a child, and keep what is found for `remember`."""
    ended = run([], {}, do=lambda: poses_npz.write(ANALYSIS.find_poses(film), kept))
    if ended.code:
        raise RuntimeError(ended.said)


def remember(kept: Path) -> None:
    """Let this process find in the film of the trials what was found in it, without a look: everything else is done."""

    def found(source: Any, options: Any, _on_progress: object) -> ClipPoses:
        if isinstance(source, ClipPoses):
            return source
        clip = source if isinstance(source, Clip) else ANALYSIS.open_source(source, options)
        return replace(poses_npz.read(kept, clip.path), clip=clip)

    setattr(ANALYSIS, LOOKS, found)
