"""Keys for programs: only their hash is kept, and each can be taken back."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from midstance.errors import InputError
from midstance.store import Store, tables
from midstance.store.accounts import digest_of
from midstance.store.rows import insert_row
from midstance.web.refusals import RefusedRequest

PREFIX = "ms_"

REMEMBERED_DAYS = 2.0
"""How long the answer to a request with an idempotency key is kept."""

LONGEST_KEY = 200

AT_WORK_S = 60.0
"""How long a request may be at work; one that is not answered by then was ended with its server."""

BEING_DONE = "The same request is being done now. Ask again in a moment."
CUT_OFF = "The server was ended while it did this request. Look whether it was done; if not, ask with another key."


def new_token(store: Store, name: str, account: int | None = None) -> str:
    """Make a key for a program of an account, or of the owner of this machine; it is shown once."""
    token = PREFIX + secrets.token_urlsafe(32)
    row = {"name": name.strip()[:100] or "a program", "digest": digest_of(token), "made_at": datetime.now(UTC)}
    with store.writing() as connection:
        insert_row(connection, tables.tokens, {**row, "account_id": account})
    return token


def known_token(store: Store, token: str) -> tuple[int, str, datetime]:
    """Return the number, the name and the day of a key that was made."""
    with store.reading() as connection:
        row = connection.execute(select(tables.tokens).where(tables.tokens.c.digest == digest_of(token))).one()
    return row.id, row.name, row.made_at


def token_account(store: Store, token: str) -> tuple[int | None] | None:
    """Return whose a key is: the number of an account, or None for the owner's, in a tuple; None for no key of ours."""
    if not token.startswith(PREFIX):
        return None
    with store.reading() as connection:
        wanted = select(tables.tokens.c.account_id).where(tables.tokens.c.digest == digest_of(token))
        row = connection.execute(wanted).first()
    return (row.account_id,) if row else None


def tokens(store: Store, account: int | None = None) -> list[tuple[int, str, datetime]]:
    """Return the number, the name and the day of every key of an account."""
    table = tables.tokens
    with store.reading() as connection:
        wanted = select(table).where(table.c.account_id.is_not_distinct_from(account)).order_by(table.c.id)
        return [(row.id, row.name, row.made_at) for row in connection.execute(wanted)]


def delete_token(store: Store, number: int, account: int | None = None) -> bool:
    """Take a key of an account back; return whether there was one."""
    table = tables.tokens
    mine = table.c.account_id.is_not_distinct_from(account)
    with store.writing() as connection:
        return bool(connection.execute(delete(table).where(table.c.id == number, mine)).rowcount)


def once(store: Store, key: str, request: str, do: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Do what a request asks for, or return what the same request with this key was answered before.

    key      as the header Idempotency-Key has it; empty: do it
    request  what is asked for, so that one key is not used for two things
    """
    if not key:
        return do()
    if len(key) > LONGEST_KEY:
        raise RefusedRequest(400, f"An Idempotency-Key has {LONGEST_KEY} letters at most.")
    table, digest = tables.answers, digest_of(key)
    with store.reading() as connection:
        row = connection.execute(select(table.c.content, table.c.made_at).where(table.c.digest == digest)).first()
    if row is None:
        _claim(store, digest, request)
        try:
            answer = do()
        except Exception:
            with store.writing() as connection:
                connection.execute(delete(table).where(table.c.digest == digest))
            raise
        with store.writing() as connection:
            kept = {"request": request, "answer": answer}
            connection.execute(table.update().where(table.c.digest == digest).values(content=kept))
        return answer
    if row.content["request"] != request:
        raise RefusedRequest(422, "This Idempotency-Key was used for another request.")
    if row.content["answer"] is None:
        cut_off = datetime.now(UTC) - row.made_at > timedelta(seconds=AT_WORK_S)
        raise RefusedRequest(409, CUT_OFF if cut_off else BEING_DONE)
    return dict(row.content["answer"])


def _claim(store: Store, digest: str, request: str) -> None:
    """Say that a request is being done. Raises RefusedRequest if it is already."""
    table, now = tables.answers, datetime.now(UTC)
    row = {"digest": digest, "content": {"request": request, "answer": None}, "made_at": now}
    try:
        with store.writing() as connection:
            connection.execute(delete(table).where(table.c.made_at < now - timedelta(days=REMEMBERED_DAYS)))
            insert_row(connection, table, row)
    except InputError as fault:
        if isinstance(fault.__cause__, IntegrityError):
            raise RefusedRequest(409, BEING_DONE) from fault
        raise
