"""Run work that reads foreign files in a process of its own, with limits, so that a crash there is one line here.

`Cage` is the side that watches; `enter` is called first thing by the process inside. Web, command line and the readers
of native formats use the same cage: memory, time and the end of the process are looked at here alone.
"""

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
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import Empty, Queue
from typing import Any

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
"""How often the limits are looked at, and how often the caller gets the word while nothing happens."""

YIELDING = 10
"""How far work without a terminal steps back for what people wait for: nice; on Windows a class of priority."""

LONGEST_LINE = 1_000_000

INSIDE = "MIDSTANCE_CAGE"
"""Variable of a process in a cage: the process that watches it, and the bytes it may take."""

TOO_LONG = "It took longer than is allowed. Cut the film shorter, or set MIDSTANCE_LIMITS=work_minutes=N."
TOO_MUCH = (
    "It took more memory than is allowed. Cut the film shorter, film it smaller, or set MIDSTANCE_LIMITS=memory_gb=N."
)
STOPPED = "The analysis stopped halfway. The film may be damaged: convert it, or film again."


class CrashedError(Exception):
    """The work died; says how in a sentence."""


class Cage:
    """A child process whose limits are looked at from outside; it ends with the process that made it.

    speaks      it says in lines of JSON how far it is (`news`); otherwise it has the terminal of its maker (`wait`)
    variables   of its environment, beside those of its maker; None: one that its maker has, and it does not
    steps_back  without the terminal, it leaves the processor to what people wait for
    """

    def __init__(
        self,
        module: str,
        words: Sequence[str],
        *,
        memory_bytes: float,
        seconds: float,
        speaks: bool = True,
        variables: Mapping[str, str | None] | None = None,
        steps_back: bool = True,
    ) -> None:
        self._memory_bytes, self._seconds = memory_bytes, seconds
        self.start_again()
        self._lines: Queue[bytes | None] = Queue()
        inside = {"PYTHONUNBUFFERED": "1"} if speaks else {}
        pipe = subprocess.PIPE if speaks else None
        own = {**os.environ, **inside, **(variables or {}), INSIDE: f"{os.getpid()} {memory_bytes:.0f}"}
        self._process = subprocess.Popen(  # noqa: S603  (our own module, no shell)
            [sys.executable, "-m", module, *words],
            stdin=pipe,
            stdout=pipe,
            stderr=pipe,
            process_group=0 if speaks else None,  # with the terminal, Ctrl-C reaches both
            creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0) if speaks else 0,
            env={name: value for name, value in own.items() if value is not None},
        )
        if speaks and steps_back:
            _step_back(self._process.pid)
        self._printed: deque[bytes] = deque(maxlen=40)
        for read in (self._read, self._read_printed) if speaks else ():
            threading.Thread(target=read, daemon=True).start()

    def start_again(self) -> None:
        """Count the time from now: another file is in hand."""
        self._until = time.monotonic() + self._seconds

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
            yield from self._said()
        finally:
            self.kill()

    def ask(self, request: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        """Send one request to work that answers many (`requests`), and yield what it says until it has "ended".

        Raises CrashedError if it dies; it lives on for the next request otherwise.
        """
        self.start_again()
        assert self._process.stdin
        with contextlib.suppress(BrokenPipeError):  # it died: what it says has ended too
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
        for said in self._said():
            yield said
            if said.get("ended"):
                return
        raise CrashedError(STOPPED)

    def _said(self) -> Iterator[dict[str, Any]]:
        """Yield what the work says, {} while it says nothing. Raises CrashedError if it dies."""
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

    def wait(self, look: Callable[[], None], *, every_s: float = 0.1) -> int:
        """Wait for the end and return the exit code. Raises CrashedError for a signal or a limit.

        look  called at every look, before the limits are
        """
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    code = self._process.wait(timeout=every_s)
                    break
                look()
                self._check_limits()
            if code == -signal.SIGTERM:
                return 128 + signal.SIGTERM
            self._check_signal(code)
            return code
        finally:
            self.kill()

    def _check_limits(self) -> None:
        if time.monotonic() > self._until:
            raise CrashedError(TOO_LONG)
        if memory_of(self._process.pid) > self._memory_bytes:
            raise CrashedError(TOO_MUCH)

    def _check_end(self) -> None:
        code = self._process.wait(timeout=10)
        if code:
            printed = b"".join(self._printed).decode("utf-8", "replace")
            logger.error("the work ended with %s: %s", code, printed[-4000:])
        self._check_signal(code)
        if code:
            raise CrashedError(STOPPED)

    @staticmethod
    def _check_signal(code: int) -> None:
        if code == -signal.SIGXCPU:
            raise CrashedError(TOO_LONG)
        if code < 0 or code > 0x80000000:  # Windows says so of a crash
            raise CrashedError(STOPPED)

    def kill(self) -> None:
        """End the work and everything it started."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if self._process.stdin and os.name == "posix":
                    os.killpg(self._process.pid, signal.SIGKILL)
                else:
                    self._process.kill()
            self._process.wait(timeout=10)
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            if pipe:
                with contextlib.suppress(OSError):
                    pipe.close()


def _step_back(process: int) -> None:
    """Let a process yield to what people wait for.

    It stays in the session of its maker: Linux shares the processor between sessions first (autogroup), and nice counts
    within one alone.
    """
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, process, YIELDING)


@contextlib.contextmanager
def asked_to_stop(handler: Callable[[int, Any], None]) -> Iterator[None]:
    """Have Ctrl-C and SIGTERM call a handler while the block runs, and what they called before afterwards."""
    before = {number: signal.signal(number, handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, usual in before.items():
            signal.signal(number, usual)


def is_inside() -> bool:
    """Return whether this process is watched by another."""
    return INSIDE in os.environ


def enter(*, by_pipe: bool) -> None:
    """Let this process end with the one that watches it, and let an allocation beyond the limit fail at once.

    by_pipe  standard input is a pipe from the process that watches; its end is noticed at once
    """
    watcher, most = (int(word) for word in os.environ.get(INSIDE, "0 0").split())
    if by_pipe:
        threading.Thread(target=_end_with_pipe, daemon=True).start()
    elif watcher and os.name == "posix":
        threading.Thread(target=_end_with, args=(watcher,), daemon=True).start()
    if most and sys.platform == "linux":
        import resource  # noqa: PLC0415  (Windows has none)

        most += most // 4  # the process that watches says it in a sentence; this is for what grows faster than it looks
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def requests() -> Iterator[dict[str, Any]]:
    """Yield what the process that watches asks for, inside the cage; with that process this one ends, at any moment."""
    asked: Queue[bytes] = Queue()

    def read() -> None:
        for line in open(0, "rb", closefd=False):  # noqa: SIM115  (not sys.stdin: its lock would be in the way)
            asked.put(line)
        os._exit(9)

    threading.Thread(target=read, daemon=True).start()
    while True:
        yield _plain(asked.get())


def _end_with_pipe() -> None:
    os.read(0, 1)  # not sys.stdin: its lock would be in the way at the end
    os._exit(9)


def _end_with(watcher: int) -> None:
    while os.getppid() == watcher:
        time.sleep(LOOK_EVERY_S)
    os._exit(9)


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
