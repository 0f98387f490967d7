"""Do the jobs of the queue one after another, each in a process of its own."""

from __future__ import annotations

import contextlib
import logging
import shutil
import threading
import time
from pathlib import Path

from midstance.cage import Cage, CrashedError
from midstance.errors import MidstanceError
from midstance.store import Store
from midstance.store.jobs import Job, Jobs, LostJobError, this_worker
from midstance.store.retention import delete_originals
from midstance.web.settings import RULES, Settings
from midstance.web.uploads import Uploads

logger = logging.getLogger(__name__)

AFTER_FAULT_S = 5.0

IDLE_S = 0.4
"""How often the queue is looked at while it is empty."""

SAY_EVERY_S = 0.4
"""How often progress is written."""

TIDY_EVERY_S = 600.0

SHOWN_HOURS = 24.0
"""What was unpacked or drawn to be shown is deleted after so long; it is made again when it is asked for."""


class Worker(threading.Thread):
    """A thread that claims jobs and watches over the processes that do them."""

    def __init__(self, store: Store, settings: Settings) -> None:
        super().__init__(name="worker", daemon=True)
        self._store, self._keep_days, self._rules = store, settings.keep_days, settings.rules
        self._jobs, self._uploads = Jobs(store), Uploads(store, settings)
        self._limits, self._shown = settings.limits, settings.shown
        self._name = this_worker()
        self._stop_wanted = threading.Event()

    def stop(self) -> None:
        """Put the job in hand back into the queue and end."""
        self._stop_wanted.set()
        if self.is_alive():
            self.join(timeout=10)
        with contextlib.suppress(MidstanceError):
            self._jobs.let_go(self._name)

    def run(self) -> None:
        """Work until stopped; a database or a disk that fails for a while is tried again."""
        tidied = -TIDY_EVERY_S
        while not self._stop_wanted.is_set():
            try:
                if time.monotonic() - tidied > TIDY_EVERY_S:
                    self._uploads.tidy()
                    self._store.tidy_now_and_then()
                    _forget_shown(self._shown)
                    self._jobs.let_go_of_the_dead()
                    if self._keep_days is not None:
                        delete_originals(self._store, days=self._keep_days)
                    tidied = time.monotonic()
                job = self._jobs.claim(self._name)
                if job:
                    self._do(job)
                    continue
            except Exception:  # whatever it is, the next job is done
                logger.exception("the worker could not go on")
                self._stop_wanted.wait(AFTER_FAULT_S)
            self._stop_wanted.wait(IDLE_S)

    def _do(self, job: Job) -> None:
        limits = self._limits
        cage = Cage(
            "midstance.web.task",
            [job.uid, str(job.attempt)],
            memory_bytes=limits.memory_bytes,
            seconds=limits.seconds,
            variables={RULES: str(self._rules)} if self._rules else None,
        )
        try:
            failed = self._watch(job, cage)
        except LostJobError:
            self._jobs.stop(job)
        except CrashedError as crash:
            self._jobs.crashed(job, str(crash))
        else:
            if failed:
                self._jobs.fail(job, failed)
        finally:
            cage.kill()

    def _watch(self, job: Job, cage: Cage) -> str:
        """Write down how far the work is until it ends; return why it could not be done, or nothing."""
        stage, done, total, failed, said = "", 0, 0, "", 0.0
        for news in cage.news():
            if self._stop_wanted.is_set():
                return ""
            failed = news.get("failed", failed)
            if "stage" in news:
                stage, done, total, said = news["stage"], 0, 0, 0.0
            done, total = news.get("done", done), news.get("total", total)
            if news.get("ended"):
                continue
            if time.monotonic() - said > (SAY_EVERY_S if news else 5 * SAY_EVERY_S):
                self._jobs.renew(job, stage, done, total)
                said = time.monotonic()
        return failed


def _forget_shown(folder: Path) -> None:
    """Delete what was made to be shown long ago."""
    until = time.time() - 3600 * SHOWN_HOURS
    for place in folder.iterdir() if folder.exists() else ():
        if place.stat().st_mtime < until:
            if place.is_dir():
                shutil.rmtree(place, ignore_errors=True)
            else:
                place.unlink(missing_ok=True)
