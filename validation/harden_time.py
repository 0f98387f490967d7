"""The time of `make harden`: shared between what is to be tried, and over at a moment that nothing can put off."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from queue import Empty, Queue
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")


def shares(things: Sequence[T], until: float) -> Iterator[tuple[T, float]]:
    """Yield each thing with the moment at which its share of the time is over; what one leaves, the others get."""
    for place, thing in enumerate(things):
        now = time.monotonic()
        yield thing, now + max(0.0, until - now) / (len(things) - place)


def side_by_side(commands: Sequence[Sequence[str]], seconds: float, **how: Any) -> Iterator[dict[str, Any]]:
    """Run commands at the same time and yield what they say in lines of JSON; whatever runs after `seconds` is ended.

    One that has to be ended, or ends badly, says so last: {"fault": why}.
    """
    until = time.monotonic() + seconds
    said: Queue[tuple[int, bytes | None]] = Queue()
    processes = [subprocess.Popen(words, stdout=subprocess.PIPE, start_new_session=True, **how) for words in commands]

    def listen(number: int) -> None:
        with processes[number].stdout or contextlib.nullcontext() as lines:
            for line in lines or ():
                said.put((number, line))
        said.put((number, None))

    listeners = [Thread(target=listen, args=(number,), daemon=True) for number in range(len(processes))]
    try:
        for listener in listeners:
            listener.start()
        talking = set(range(len(processes)))
        while talking and time.monotonic() < until:
            with contextlib.suppress(Empty):
                number, line = said.get(timeout=min(1.0, max(0.0, until - time.monotonic())))
                if line is None:
                    talking.discard(number)
                else:
                    yield json.loads(line)
        for number, process in enumerate(processes):
            if fault := _ended(process, in_time=number not in talking):
                yield {"fault": f"{' '.join(commands[number][-3:])}: {fault}"}
    finally:
        for process, listener in zip(processes, listeners, strict=True):
            _end(process)
            listener.join(timeout=5)


def _ended(process: subprocess.Popen[bytes], *, in_time: bool) -> str:
    """Return what was wrong with how a process ended."""
    if not in_time:
        return "had not ended when its time was over"
    code = process.wait(timeout=10)
    return f"ended with {code}" if code else ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and all that it started."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
