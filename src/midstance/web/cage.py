"""Run work that reads foreign files in a process of its own, with limits, so that a crash there is one line here."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
"""How often the limits are looked at, and how often the caller gets the word while nothing happens."""

YIELDING = 10
"""How far the work steps back for the pages that people wait for (nice, where the system has it)."""

LONGEST_LINE = 1_000_000


class CrashedError(Exception):
    """The work died; says how in a sentence."""


class Cage:
    """A child process that says in lines of JSON how far it is; its limits are looked at from outside.

    It ends with the process that made it: it reads a pipe that ends then.
    """

    def __init__(self, module: str, words: Sequence[str], *, memory_bytes: int, seconds: float) -> None:
        self._memory_bytes, self._until = memory_bytes, time.monotonic() + seconds
        self._lines: Queue[bytes | None] = Queue()
        environment = {**os.environ, "PYTHONUNBUFFERED": "1", "MIDSTANCE_CAGE": str(memory_bytes)}
        self._process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            [sys.executable, "-m", module, *words],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment,
        )
        with contextlib.suppress(OSError, AttributeError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, YIELDING)
        self._printed: deque[bytes] = deque(maxlen=40)
        for read in (self._read, self._read_printed):
            threading.Thread(target=read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout
        while line := self._process.stdout.readline(LONGEST_LINE):
            self._lines.put(line)
        self._lines.put(None)

    def _read_printed(self) -> None:
        """Keep the last lines that the work printed beside its news: they say where it died."""
        assert self._process.stderr
        with contextlib.suppress(ValueError):  # closed meanwhile
            self._printed.extend(self._process.stderr)

    def news(self) -> Iterator[dict[str, Any]]:
        """Yield what the work says, {} while it says nothing, until it ends. Raises CrashedError if it dies."""
        try:
            while True:
                try:
                    line = self._lines.get(timeout=LOOK_EVERY_S)
                except Empty:
                    line = b"{}"
                if line is None:
                    break
                self._check_limits()
                yield _plain(line)
            self._check_end()
        finally:
            self.kill()

    def _check_limits(self) -> None:
        if time.monotonic() > self._until:
            raise CrashedError("It took longer than is allowed. Cut the film shorter.")
        if memory_of(self._process.pid) > self._memory_bytes:
            raise CrashedError("It took more memory than is allowed. Cut the film shorter, or film it smaller.")

    def _check_end(self) -> None:
        code = self._process.wait(timeout=10)
        if code == -signal.SIGXCPU:
            raise CrashedError("It took longer than is allowed. Cut the film shorter.")
        if code:
            printed = b"".join(self._printed).decode("utf-8", "replace")
            logger.error("the work ended with %s: %s", code, printed[-4000:])
            raise CrashedError("The analysis stopped halfway. The film may be damaged: convert it, or film again.")

    def kill(self) -> None:
        """End the work and everything it started."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=10)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


def _plain(line: bytes) -> dict[str, Any]:
    """Return what a line says; a line that a library printed says nothing."""
    try:
        said = json.loads(line)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def memory_of(process: int) -> int:
    """Return the bytes of memory a process holds; 0 where the system does not say."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="ignore")
    except OSError:
        return 0
    held = next((line for line in status.splitlines() if line.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(held.split()[1]) * 1024
