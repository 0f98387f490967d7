"""Keep work that waits for its turn in the database: nothing is lost or done twice, whoever is killed when.

A worker claims a job for some seconds and renews the claim while it works; a claim that runs out is free again. Each
claim has a number (`attempt`), and what a job makes is written together with its end under that number: work that has
lost its claim cannot write any more.
"""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Row, Update, and_, func, or_, select, true, update

from midstance.formats.files import is_alive
from midstance.store import tables
from midstance.store.hooks import note_end
from midstance.store.own import EVERYBODY, Whose
from midstance.store.rows import insert_row
from midstance.store.store import Store

State = Literal["queued", "running", "done", "failed", "cancelled"]

LEASE_S = 20.0
"""How long a claim lasts without a sign of life."""

MOST_CRASHES = 2
"""A job whose work died so often has failed: it is tried again once."""

MOST_ATTEMPTS = 8
"""A job that took its worker down so often has failed too."""

LONGEST_HISTORY = 200
"""Jobs that are listed."""


class LostJobError(Exception):
    """The job was cancelled or claimed by another worker: what was made of it must not be kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something to be done in the background.

    kind      what is done: the name of a function of midstance.web.task
    wanted    what it needs to know, as plain data
    stage     what it does now; done of total, where that can be counted
    attempt   number of its newest claim
    says      why it failed, in a sentence
    result    what came of it, as plain data
    account_id  who asked for it; None on a machine of one person
    """

    uid: str
    kind: str
    athlete_id: int | None
    take_id: int | None
    wanted: dict[str, Any]
    state: State
    stage: str
    done: int
    total: int
    attempt: int
    crashes: int
    worker: str
    cancel: bool
    says: str
    result: dict[str, Any] | None
    made_at: datetime = field(repr=False)
    ended_at: datetime | None = None
    account_id: int | None = None

    @property
    def ended(self) -> bool:
        """Return whether nothing more will happen."""
        return self.state in {"done", "failed", "cancelled"}


def this_worker() -> str:
    """Return a name that no other worker has: machine, process and a number."""
    return f"{socket.gethostname()[:24]}:{os.getpid()}:{uuid.uuid4().hex[:8]}"


class Jobs:
    """The queue in the database of a store, as one visitor sees it."""

    def __init__(self, store: Store, whose: Whose = EVERYBODY) -> None:
        self._store, self._whose = store, whose

    # -- those who want something ------------------------------------------------------------------------------------

    def add(self, kind: str, wanted: Mapping[str, Any], *, athlete: int | None = None, take: int | None = None) -> Job:
        """Put a job at the end of the queue."""
        with self._store.writing() as connection:
            uid = add_job(connection, kind, wanted, athlete=athlete, take=take, account=self._whose.account)
        return self.job(uid)

    def job(self, uid: str) -> Job:
        """Return a job. Raises KeyError if there is none."""
        found = self._rows(tables.jobs.c.uid == uid)
        if not found:
            raise KeyError(uid)
        return found[0]

    def of_take(self, take: int) -> tuple[Job, ...]:
        """Return the jobs of a take, the newest first."""
        return self._rows(tables.jobs.c.take_id == take)

    def recent(self, *, open_only: bool = False) -> tuple[Job, ...]:
        """Return jobs, the newest first."""
        table = tables.jobs
        return self._rows(table.c.state.in_(("queued", "running")) if open_only else table.c.id > 0)

    def cancel(self, uid: str) -> None:
        """Stop a job: one that waits at once, one that runs at its worker's next sign of life."""
        table = tables.jobs
        ended = {"state": "cancelled", "stage": "", "ended_at": datetime.now(UTC)}
        with self._store.writing() as connection:
            waiting = update(table).where(table.c.uid == uid, table.c.state == "queued")
            if connection.execute(waiting.values(**ended)).rowcount:
                note_end(connection, uid)
            connection.execute(update(table).where(table.c.uid == uid, table.c.state == "running").values(cancel=True))

    # -- those who work ----------------------------------------------------------------------------------------------

    def claim(self, worker: str, *, lease_s: float = LEASE_S) -> Job | None:
        """Take a job that waits, or whose worker gave no sign of life; None if there is none.

        The turn is of whoever has the least running, then of whoever waited longest for a turn. Of one's jobs it is the
        oldest of those that were tried least: what takes the program down waits behind what does not.
        """
        table, now = tables.jobs, datetime.now(UTC)
        free = or_(table.c.state == "queued", and_(table.c.state == "running", table.c.lease_until < now))
        with self._store.reading() as connection:  # an empty queue is looked at often: no writer waits for that
            if connection.execute(select(table.c.id).where(free).limit(1)).first() is None:
                return None
        with self._store.writing() as connection:
            wanted = select(table).where(free).order_by(*_turn()).limit(1).with_for_update(of=table, skip_locked=True)
            row = connection.execute(wanted).first()
            if row is None:
                return None
            values: dict[str, Any] = {"state": "running", "worker": worker, "attempt": row.attempt + 1}
            values |= {"lease_until": now + timedelta(seconds=lease_s), "started_at": now}
            if row.cancel:
                values |= {"state": "cancelled", "ended_at": now, "stage": ""}
            elif row.attempt >= MOST_ATTEMPTS:
                values |= {"state": "failed", "ended_at": now, "says": "It stopped the program each time it was tried."}
            connection.execute(update(table).where(table.c.id == row.id).values(**values))
            if values["state"] != "running":
                note_end(connection, row.uid)
        claimed = self.job(row.uid)
        return None if claimed.ended else claimed

    def renew(self, job: Job, stage: str, done: int, total: int, *, lease_s: float = LEASE_S) -> None:
        """Give a sign of life. Raises LostJobError for a job that is cancelled, deleted or claimed by another."""
        until = datetime.now(UTC) + timedelta(seconds=lease_s)
        values = {"stage": stage, "done": done, "total": total, "lease_until": until}
        with self._store.writing() as connection:
            held = _held(job)
            if not connection.execute(held.where(tables.jobs.c.cancel.is_(False)).values(**values)).rowcount:
                raise LostJobError(job.uid)

    def fail(self, job: Job, says: str) -> None:
        """End a job that cannot be done, with the reason."""
        self._end(job, state="failed", says=says)

    def stop(self, job: Job) -> None:
        """End a job that was cancelled while it ran."""
        self._end(job, state="cancelled")

    def crashed(self, job: Job, says: str) -> None:
        """Put a job whose work died back into the queue, once; then it has failed."""
        if job.crashes + 1 >= MOST_CRASHES:
            self._end(job, state="failed", says=says, crashes=job.crashes + 1)
        else:
            self._put_back(_held(job), crashes=job.crashes + 1)

    def let_go(self, worker: str) -> None:
        """Put everything that a worker claimed back into the queue, as it stops in good order or has died."""
        table = tables.jobs
        self._put_back(update(table).where(table.c.worker == worker, table.c.state == "running"))

    def let_go_of_the_dead(self) -> None:
        """Put back what workers of this machine claimed whose process is gone, without waiting for the claim's end."""
        here = f"{socket.gethostname()[:24]}:"
        for job in self._rows(tables.jobs.c.state == "running"):
            if job.worker.startswith(here) and is_alive(int(job.worker.split(":")[1])) is False:
                self.let_go(job.worker)

    def _put_back(self, chosen: Update, **values: Any) -> None:
        with self._store.writing() as connection:
            connection.execute(chosen.values(state="queued", stage="", done=0, total=0, lease_until=None, **values))

    def _end(self, job: Job, **values: Any) -> None:
        with self._store.writing() as connection:
            if connection.execute(_held(job).values(ended_at=datetime.now(UTC), lease_until=None, **values)).rowcount:
                note_end(connection, job.uid)

    def _rows(self, chosen: ColumnElement[bool]) -> tuple[Job, ...]:
        table = tables.jobs
        with self._store.reading() as connection:
            wanted = select(table).where(chosen, self._seen()).order_by(table.c.id.desc()).limit(LONGEST_HISTORY)
            return tuple(_job(row) for row in connection.execute(wanted))

    def _seen(self) -> ColumnElement[bool]:
        """Return which jobs the visitor may know of: an athlete's own, and those on the athlete's takes."""
        table, whose = tables.jobs, self._whose
        if whose.athlete is None:
            return true()
        own = select(tables.takes.c.id).where(tables.takes.c.athlete_id == whose.athlete)
        mine = and_(table.c.account_id.is_not(None), table.c.account_id == whose.account)
        return or_(mine, table.c.athlete_id == whose.athlete, table.c.take_id.in_(own))


def _turn() -> tuple[ColumnElement[Any], ...]:
    """Return the order in which work is taken, fair between accounts: work of nobody's counts as one account."""
    table, other = tables.jobs, tables.jobs.alias()
    same = func.coalesce(other.c.account_id, 0) == func.coalesce(table.c.account_id, 0)
    running = select(func.count()).where(same, other.c.state == "running").correlate(table).scalar_subquery()
    turn = select(func.max(other.c.started_at)).where(same).correlate(table).scalar_subquery()
    return running, turn.asc().nulls_first(), table.c.attempt, table.c.id


# -- within somebody else's transaction --------------------------------------------------------------------------------


def add_job(
    connection: Connection,
    kind: str,
    wanted: Mapping[str, Any],
    *,
    athlete: int | None = None,
    take: int | None = None,
    account: int | None = None,
) -> str:
    """Put a job at the end of the queue within a transaction; return its uid."""
    uid = uuid.uuid4().hex
    values = {"stage": "", "done": 0, "total": 0, "attempt": 0, "crashes": 0, "worker": "", "cancel": False, "says": ""}
    owner = {"athlete_id": athlete, "take_id": take, "account_id": account}
    kept = {"uid": uid, "kind": kind, "wanted": dict(wanted), "state": "queued", "made_at": datetime.now(UTC)}
    insert_row(connection, tables.jobs, {**kept, **owner, **values})
    return uid


def end_job(connection: Connection, job: Job, result: Mapping[str, Any] | None = None) -> None:
    """End a job that is done, within the transaction that writes what it made. Raises LostJobError."""
    values = {"state": "done", "stage": "", "ended_at": datetime.now(UTC), "lease_until": None, "result": result}
    if not connection.execute(_held(job).where(tables.jobs.c.cancel.is_(False)).values(**values)).rowcount:
        raise LostJobError(job.uid)
    note_end(connection, job.uid)


def set_take(connection: Connection, job: Job, take: int) -> None:
    """Say which take a job made, within the transaction that adds it. Raises LostJobError."""
    if not connection.execute(_held(job).where(tables.jobs.c.cancel.is_(False)).values(take_id=take)).rowcount:
        raise LostJobError(job.uid)


def _held(job: Job) -> Update:
    """Return the update of a job as long as this claim of it holds."""
    table = tables.jobs
    return update(table).where(table.c.uid == job.uid, table.c.state == "running", table.c.attempt == job.attempt)


def _job(row: Row[Any]) -> Job:
    names: Sequence[str] = [name for name in Job.__dataclass_fields__ if name != "wanted"]
    return Job(wanted=dict(row.wanted), **{name: getattr(row, name) for name in names})
