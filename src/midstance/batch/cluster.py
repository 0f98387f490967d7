"""Do jobs on a cluster of Dask: one of this machine, or a scheduler somewhere (midstance[dask]).

A worker does a job in a process of its own, so a film never ends the worker. A worker that dies was killed or lost its
machine: its jobs go to another one.
"""

from __future__ import annotations

import contextlib
import logging
import signal
import time
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue
from typing import Any

from midstance.batch.engines import LOOK_EVERY_S, Done, fitting
from midstance.batch.job import Job
from midstance.batch.worker import crashed, do_here
from midstance.errors import InputError
from midstance.formats.extras import needed
from midstance.machine import cores
from midstance.reasons import Reason

GIVEN_AGAIN = 5
"""How often a take is given to the cluster. Each time it is dropped after four workers that died with it in work."""

UNDER_WAY = {"pending", "lost"}
"""What a future is while its job is waited for: "lost" after its outcome went with a worker."""

CONNECT_S = 20
"""How long a scheduler may take to answer."""


FETCH_S = 5
"""How long what came of a job may take on its way; if its worker has died meanwhile, it takes longer."""


def _silence() -> None:
    """Keep Dask from printing how its workers and its scheduler come and go: what matters of it is said otherwise."""
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _ignoring_interrupts(dask: Any) -> Any:
    """Return what lets the workers of this machine ignore Ctrl-C, which reaches them too: the batch decides on it."""

    class Uninterrupted(dask.WorkerPlugin):  # type: ignore[misc]  # loaded late
        def setup(self, worker: Any) -> None:  # noqa: ARG002  (as Dask calls it)
            """Ignore it from now on; called in the main thread of every worker, also of one that replaces another."""
            signal.signal(signal.SIGINT, signal.SIG_IGN)

    return Uninterrupted()


OF_THIS_MACHINE = {"distributed.deploy.lost-worker-timeout": "5 minutes", "distributed.worker.profile.enabled": False}
"""For a cluster of this machine: when a worker that died and did not come back is given up, and that none looks every
10 ms at what it does: it waits for the process that works."""

LOOK_FOR_LOST_S = 10
"""How often workers of this machine are begun for others that did not come back."""


class Cluster:
    """Does jobs on the workers of a Dask scheduler; without an address on a cluster of this machine."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        self._dask: Any = needed("distributed", extra="dask")
        self._cluster = None
        self.threads = 1
        self._count, self._looked = fitting(workers), time.monotonic()
        if address is None:
            count = self._count
            self.threads = max(1, cores() // count)
            needed("dask", extra="dask").config.set(OF_THIS_MACHINE)
            self._cluster = self._dask.LocalCluster(
                n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=logging.CRITICAL
            )
        try:
            self._client = self._dask.Client(self._cluster or address, timeout=CONNECT_S, set_as_default=False)
        except (OSError, ValueError, TimeoutError) as fault:
            raise InputError(Reason("batch_no_scheduler", address=address, fault=str(fault).splitlines()[0])) from None
        _silence()
        if self._cluster:
            self._client.register_plugin(_ignoring_interrupts(self._dask))
        self.says = f"{len(self._client.nthreads())} workers of Dask"
        self._ended: SimpleQueue[Any] = SimpleQueue()
        self._given: dict[str, tuple[Job, Any]] = {}
        self._lost: dict[str, int] = {}
        self._to_come: list[Any] = []

    @property
    def processes(self) -> list[int]:
        """The numbers of the workers' processes on this machine; empty for a cluster elsewhere."""
        workers = self._cluster.workers.values() if self._cluster else ()
        return [nanny.pid for nanny in workers if nanny.pid]

    def run(self, jobs: Sequence[Job]) -> Iterator[Done | None]:
        """Give all jobs to the scheduler, and yield them as they are done."""
        for job in jobs:
            self._give(job)
        while self._given:
            self._look_for_those_to_come()
            try:
                future = self._ended.get(timeout=LOOK_EVERY_S)
            except Empty:
                if self._client.status in {"closed", "closing"}:
                    raise InputError(Reason("batch_scheduler_lost")) from None
                self._replace_lost()
                yield None
                continue
            yield self._outcome(future)

    def _replace_lost(self) -> None:
        """Let the cluster of this machine begin again the workers that did not come back by themselves."""
        if self._cluster and time.monotonic() - self._looked > LOOK_FOR_LOST_S:
            self._looked = time.monotonic()
            self._cluster.scale(self._count)

    def _give(self, job: Job) -> None:
        key = f"midstance-{job.take}-{self._lost.get(job.take, 0)}"
        future = self._client.submit(do_here, job.plain(), key=key, pure=False)
        self._given[key] = job, future
        future.add_done_callback(self._ended.put)

    def _outcome(self, future: Any) -> Done | None:
        """Return what came of a job; None if it was taken back, or is given to the next worker. Raises InputError."""
        job, _ = self._given.pop(future.key, (None, None))
        if job is None:
            return None
        if future.status == "cancelled":  # not by us: the scheduler is gone
            raise InputError(Reason("batch_scheduler_lost"))
        if future.status == "finished":
            return self._result(job, future)
        if future.status in UNDER_WAY:
            self._done_again(job, future)
            return None
        lost = self._lost[job.take] = self._lost.get(job.take, 0) + 1
        fault = future.exception()
        if not isinstance(fault, self._dask.scheduler.KilledWorker):
            return job, crashed("worker_failed", f"A worker of the cluster failed: {fault}")
        if lost >= GIVEN_AGAIN:
            return job, crashed("workers_lost", "Again and again, workers of the cluster died with this take in work.")
        self._give(job)
        return None

    def _result(self, job: Job, future: Any) -> Done | None:
        """Fetch what came of a job; None if it was lost with its worker."""
        try:
            return job, future.result(timeout=FETCH_S)
        except TimeoutError:
            self._done_again(job, future)
            return None

    def _done_again(self, job: Job, future: Any) -> None:
        """Wait for a job once more: its outcome was lost with a worker, and the scheduler has it done again."""
        self._given[future.key] = job, future
        self._to_come.append(future)

    def _look_for_those_to_come(self) -> None:
        """Take in the jobs that were done again. Dask calls nobody back for a future that was done and lost."""
        for future in [each for each in self._to_come if each.status not in UNDER_WAY]:
            self._to_come.remove(future)
            self._ended.put(future)

    def finish(self) -> None:
        """Take back what no worker has in work."""
        busy = {key for keys in self._client.processing().values() for key in keys}
        for key, (_, future) in [*self._given.items()]:
            if key not in busy:
                del self._given[key]
                future.cancel()

    def stop(self) -> None:
        """Let go of the cluster; one of this machine ends, another one loses its jobs alone."""
        with contextlib.suppress(Exception):
            self._client.cancel([future for _, future in self._given.values()], force=True)
        self._client.close()
        if self._cluster:
            self._cluster.close()
