"""Do jobs in a process of their own, in a cage: a film that ends the process costs its own row and nothing more.

Workers of a cluster import this file: it loads nothing that takes long.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Any

from midstance import cage
from midstance.cage import Cage, CrashedError
from midstance.formats.files import temporary_folder
from midstance.limits import limits

OUTCOME = "outcome.json"
"""Where the process that does a job writes what came of it, in the folder that was given to it."""

TAKES = 200
"""After so many takes the process is started anew, so that what a library never gives back does not add up."""

POOLS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""Variables by which the libraries of a process know how many cores are theirs."""

STOPPED = "stopped_halfway"
REASONS = {cage.TOO_LONG: "too_long", cage.TOO_MUCH: "too_much_memory", cage.STOPPED: STOPPED}
"""How a process died, as the reason in the table of takes."""


SMALL_PIECES = "MALLOC_TRIM_THRESHOLD_"
"""Dask has glibc return memory in small pieces, as suits workers that hold data; every picture of a film is then asked
for anew, which makes an analysis an eighth slower."""


class Worker:
    """Keeps one process in a cage that does job after job; a new one after a crash.

    without  variables of the environment that the process does not get
    """

    def __init__(self, without: Sequence[str] = ()) -> None:
        self._cage: Cage | None = None
        self._takes = 0
        self._without = without

    def do(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """Do one job, as plain data, whatever happens; return what came of it, with the seconds it took.

        One whose process was ended is done once more: it may have been killed, and not by its film.
        """
        began = time.monotonic()
        outcome = self._attempt(job)
        if outcome.get("reason") == STOPPED:
            outcome = self._attempt(job)
        return outcome | {"seconds": round(time.monotonic() - began, 3)}

    def _attempt(self, job: Mapping[str, Any]) -> dict[str, Any]:
        with temporary_folder() as folder:
            try:
                for _ in self._process(int(job["threads"])).ask({"job": job, "folder": str(folder)}):
                    pass
                text = (folder / OUTCOME).read_text(encoding="utf-8")
                outcome: dict[str, Any] = json.loads(text, parse_constant=lambda _: None)  # NaN is no JSON
            except (CrashedError, subprocess.TimeoutExpired) as crash:
                self.stop()
                says = str(crash) if str(crash) in REASONS else cage.STOPPED
                outcome = crashed(REASONS[says], says)
        return outcome

    def _process(self, threads: int) -> Cage:
        if self._takes >= TAKES:
            self.stop()
        if self._cage is None:
            allowed = limits()
            self._takes = 0
            self._cage = Cage(
                "midstance.batch.task",
                [],
                memory_bytes=1e9 * allowed.memory_gb,
                seconds=60 * allowed.work_minutes,
                variables={name: str(threads) for name in POOLS if name not in os.environ}
                | dict.fromkeys(self._without),
            )
        self._takes += 1
        return self._cage

    def stop(self) -> None:
        """End the process; another one is started for the next job."""
        if self._cage:
            with contextlib.suppress(subprocess.TimeoutExpired):  # it was killed: on a busy machine that takes a while
                self._cage.kill()
        self._cage = None


def crashed(reason: str, says: str) -> dict[str, Any]:
    """Return what came of a take whose process died; it is not known whether the film is at fault."""
    return {"status": "failed", "code": 3, "kind": None, "reason": reason, "values": {}, "says": says}


_here = threading.local()


def do_here(job: Mapping[str, Any]) -> dict[str, Any]:
    """Do a job with the worker of this thread: what a worker of a cluster calls."""
    if not hasattr(_here, "worker"):
        _here.worker = Worker(without=[SMALL_PIECES])
    outcome: dict[str, Any] = _here.worker.do(job)
    return outcome
