"""Keep who is called when work ends, and every call that is still due, so that a server that stops loses none."""

from __future__ import annotations

import base64
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, delete, func, select, update

from midstance.errors import UsageError
from midstance.store import tables
from midstance.store.rows import insert_row
from midstance.store.store import Store

MOST_HOOKS = 20

MOST_DUE = 2_000
"""Calls that wait at most; what ends while so many wait is not called out."""

WAITS_S = (10.0, 60.0, 600.0, 3600.0, 6 * 3600.0)
"""After each call that failed; after the last one it is given up."""

CALL_S = 30.0
"""A call that was begun and says nothing for so long was cut short: it is made again."""

KEPT_DAYS = 7.0
"""How long calls are listed after they ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """An address that is called when work ends; the secret signs the calls."""

    number: int
    url: str
    secret: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that is due: the uid of the call and of the work that ended."""

    uid: str
    job: str
    tries: int
    hook: Hook


def add_hook(store: Store, url: str, account: int | None) -> Hook:
    """Add an address. Raises UsageError for one too many."""
    if len(hooks(store)) >= MOST_HOOKS:
        raise UsageError(f"There are {MOST_HOOKS} webhooks already. Delete one first.")
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()
    row: dict[str, Any] = {"url": url, "secret": secret, "made_at": datetime.now(UTC)}
    with store.writing() as connection:
        number = insert_row(connection, tables.hooks, {**row, "account_id": account})
    return Hook(number=number, **row)


def hooks(store: Store) -> list[Hook]:
    """Return every address."""
    with store.reading() as connection:
        return [_hook(row) for row in connection.execute(select(tables.hooks).order_by(tables.hooks.c.id))]


def _hook(row: Any) -> Hook:
    return Hook(number=row.id, url=row.url, secret=row.secret, made_at=row.made_at)


def delete_hook(store: Store, number: int) -> bool:
    """Delete an address with its calls; return whether there was one."""
    with store.writing() as connection:
        gone = connection.execute(delete(tables.hooks).where(tables.hooks.c.id == number))
        return bool(gone.rowcount)


def note_end(connection: Connection, job: str) -> None:
    """Have every address called, within the transaction that ends a job."""
    hooks, calls = tables.hooks, tables.deliveries
    numbers = list(connection.execute(select(hooks.c.id)).scalars())
    if not numbers:
        return
    waiting = connection.execute(select(func.count()).where(calls.c.state == "due")).scalar_one()
    row: Mapping[str, Any] = {"job": job, "state": "due", "tries": 0, "due_at": datetime.now(UTC), "says": ""}
    for number in numbers if waiting < MOST_DUE else ():
        insert_row(connection, calls, {**row, "uid": uuid.uuid4().hex, "hook_id": number})


def next_call(store: Store) -> Call | None:
    """Take the call that is longest due; it is due again if nothing is heard of it."""
    calls, now = tables.deliveries, datetime.now(UTC)
    with store.reading() as connection:  # most often there is none: a look disturbs nobody
        if connection.execute(select(calls.c.id).where(calls.c.state == "due", calls.c.due_at <= now)).first() is None:
            return None
    with store.writing() as connection:
        wanted = select(calls).where(calls.c.state == "due", calls.c.due_at <= now).order_by(calls.c.due_at).limit(1)
        row = connection.execute(wanted.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        again = {"tries": row.tries + 1, "due_at": now + timedelta(seconds=CALL_S)}
        connection.execute(update(calls).where(calls.c.id == row.id).values(**again))
        hook = connection.execute(select(tables.hooks).where(tables.hooks.c.id == row.hook_id)).one()
    return Call(uid=row.uid, job=row.job, tries=row.tries + 1, hook=_hook(hook))


def end_call(store: Store, call: Call, failed: str = "") -> None:
    """Write down that a call arrived, or why not: then it is made again later, some times."""
    calls, now = tables.deliveries, datetime.now(UTC)
    values: dict[str, Any] = {"says": failed[:200], "state": "failed" if failed else "done", "due_at": now}
    if failed and call.tries <= len(WAITS_S):
        values |= {"state": "due", "due_at": now + timedelta(seconds=WAITS_S[call.tries - 1])}
    with store.writing() as connection:
        connection.execute(update(calls).where(calls.c.uid == call.uid, calls.c.tries == call.tries).values(**values))
        old = (calls.c.state != "due") & (calls.c.due_at < now - timedelta(days=KEPT_DAYS))
        connection.execute(delete(calls).where(old))


def calls_of(store: Store, hook: int, *, most: int = 20) -> list[tuple[str, str, int, str]]:
    """Return the newest calls of an address: the work, the state, how often it was tried, and why it failed."""
    calls = tables.deliveries
    with store.reading() as connection:
        wanted = select(calls).where(calls.c.hook_id == hook).order_by(calls.c.id.desc()).limit(most)
        return [(row.job, row.state, row.tries, row.says) for row in connection.execute(wanted)]
