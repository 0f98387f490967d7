"""What an engine does, and the one of this machine: as many processes as its cores and memory carry."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any, Protocol

from midstance.batch.job import Job
from midstance.batch.worker import Worker, crashed
from midstance.machine import cores

GB_A_PROCESS = 1.0
"""Memory for one clip in work: 0.6 GB is what an analysis may take (benchmarks/RESULTS.md), and some of its film."""

LOOK_EVERY_S = 0.2

Done = tuple[Job, dict[str, Any]]
"""A job, and what came of it."""


class Engine(Protocol):
    """Does jobs somewhere."""

    says: str
    """What it is, in a few words."""
    threads: int
    """Processor cores for each take."""

    def run(self, jobs: Sequence[Job]) -> Iterator[Done | None]:
        """Yield every job as it is done, and None now and then while there is nothing."""

    def finish(self) -> None:
        """Begin no more; those in work are done."""

    def stop(self) -> None:
        """End at once; what is in work is lost."""


def free_gb() -> float:
    """Return the memory that is free for this process, GB; infinite where the system does not say."""
    found = [float("inf")]
    for place, name, per in (
        ("/proc/meminfo", "MemAvailable:", 1024),
        ("/sys/fs/cgroup/memory.max", "", 1),
    ):
        try:
            words = Path(place).read_text(encoding="ascii").split()
            found.append(per * int(words[words.index(name) + 1 if name else 0]) / 1e9)
        except (OSError, ValueError, IndexError):
            continue
    return min(found)


def fitting(wanted: int | None = None) -> int:
    """Return how many processes this machine carries at a time: what is wanted, or one for each core and GB."""
    return wanted or max(1, int(min(cores(), free_gb() / GB_A_PROCESS)))


class Local:
    """Does jobs in processes of this machine."""

    def __init__(self, workers: int | None = None, *, threads: int | None = None) -> None:
        self._count = fitting(workers)
        self._workers = [Worker() for _ in range(self._count)]
        self._todo: deque[Job] = deque()
        self._done: Queue[Done | None] = Queue()
        self._stopped = False
        self.threads = threads or max(1, cores() // self._count)
        plural = "es" if self._count > 1 else ""
        self.says = f"{self._count} process{plural} on this machine"

    def run(self, jobs: Sequence[Job]) -> Iterator[Done | None]:
        """Give the jobs in their order to whichever process is free."""
        self._todo.extend(jobs)
        hands = [Thread(target=self._work, args=(worker,), daemon=True) for worker in self._workers[: len(jobs)]]
        for hand in hands:
            hand.start()
        busy = len(hands)
        while busy:
            try:
                done = self._done.get(timeout=LOOK_EVERY_S)
            except Empty:
                yield None
                continue
            busy -= done is None
            yield done

    def _work(self, worker: Worker) -> None:
        while True:
            try:
                job = self._todo.popleft()
            except IndexError:
                break
            try:
                outcome = worker.do(job.plain())
            except Exception as fault:  # noqa: BLE001  (such as no room for its files: the other takes are done)
                outcome = crashed("worker_failed", f"The work could not be begun: {fault}")
            if self._stopped:
                break
            self._done.put((job, outcome))
        worker.stop()
        self._done.put(None)

    def finish(self) -> None:
        """Begin no more."""
        self._todo.clear()

    def stop(self) -> None:
        """End every process."""
        self._stopped = True
        self._todo.clear()
        for worker in self._workers:
            worker.stop()
