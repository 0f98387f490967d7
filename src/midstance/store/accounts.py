"""Keep the people of a club: accounts with a password and a role, who is signed in, and invitations."""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal, cast

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection, Row, bindparam, delete, select, update
from sqlalchemy.exc import IntegrityError

from midstance.errors import InputError, UsageError
from midstance.reasons import Reason
from midstance.store import tables
from midstance.store.rows import as_heard, checked_name, insert_row
from midstance.store.store import Store

Role = Literal["coach", "athlete"]

SHORTEST, LONGEST = 10, 200
"""Letters of a password."""

SESSION_DAYS = 30.0
INVITED_DAYS = 7.0

_HASHER = PasswordHash((Argon2Hasher(memory_cost=19_456, time_cost=2, parallelism=1),))
"""The least that OWASP's Password Storage Cheat Sheet asks of Argon2id: 19 MiB, 2 passes."""

_AT_ONCE = threading.Semaphore(2)
"""Passwords that are hashed at the same time, so that many who sign in at once do not fill the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody of a club; `athlete` is the number of the one runner whom an athlete sees, None for a coach."""

    id: int
    name: str
    role: Role
    athlete: int | None
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a link of invitation is for: a new account, or a new password of one that is here."""

    role: Role
    athlete: int | None
    account: int | None


def digest_of(key: str) -> str:
    """Return what is kept of a key that opens something."""
    return hashlib.sha256(key.encode()).hexdigest()


# -- people ------------------------------------------------------------------------------------------------------------


def accounts(store: Store) -> list[Account]:
    """Return everybody, by name."""
    with store.reading() as connection:
        return [_account(row) for row in connection.execute(select(tables.accounts).order_by(tables.accounts.c.heard))]


def account(store: Store, number: int) -> Account | None:
    """Return one account; None if there is none."""
    with store.reading() as connection:
        row = connection.execute(select(tables.accounts).where(tables.accounts.c.id == number)).first()
    return _account(row) if row else None


def delete_account(store: Store, number: int) -> None:
    """Delete an account with all that it may sign in with; a runner's takes stay. Raises UsageError: the last coach."""
    table = tables.accounts
    with store.writing() as connection:
        coaches = set(connection.execute(select(table.c.id).where(table.c.role == "coach")).scalars())
        if coaches == {number}:
            raise UsageError("This is the only coach. Invite another one first.")
        connection.execute(delete(table).where(table.c.id == number))


def _account(row: Row[Any]) -> Account:
    return Account(id=row.id, name=row.name, role=row.role, athlete=row.athlete_id, made_at=row.made_at)


# -- passwords ---------------------------------------------------------------------------------------------------------


def check_password(store: Store, name: str, password: str) -> Account | None:
    """Return whose name and password these are; None if they do not fit. A name that is nobody's takes as long."""
    table = tables.accounts
    with store.reading() as connection:
        row = connection.execute(select(table).where(table.c.heard == as_heard(name))).first()
    known = row.password if row else _nobodys()
    with _AT_ONCE:
        fits = _HASHER.verify(password[: LONGEST + 1], known)
    return _account(row) if row and fits else None


def set_password(store: Store, number: int, password: str) -> None:
    """Give an account another password, and sign it out everywhere. Raises UsageError for one that is too short."""
    hashed = _hashed(password)
    with store.writing() as connection:
        _set_password(connection, number, hashed)


def _set_password(connection: Connection, number: int, hashed: str) -> None:
    connection.execute(update(tables.accounts).where(tables.accounts.c.id == number).values(password=hashed))
    connection.execute(delete(tables.sessions).where(tables.sessions.c.account_id == number))


def _hashed(password: str) -> str:
    if not SHORTEST <= len(password) <= LONGEST:
        raise UsageError(f"A password has {SHORTEST} letters or more. Three or four words do well.")
    with _AT_ONCE:
        return _HASHER.hash(password)


@cache
def _nobodys() -> str:
    return _HASHER.hash(secrets.token_hex(16))


# -- who is signed in --------------------------------------------------------------------------------------------------


def sign_in(store: Store, number: int) -> str:
    """Return the value of a cookie that is good for SESSION_DAYS; only its hash is kept."""
    key, now = secrets.token_urlsafe(32), datetime.now(UTC)
    row = {"digest": digest_of(key), "account_id": number, "until": now + timedelta(days=SESSION_DAYS)}
    with store.writing() as connection:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.until < now))
        insert_row(connection, tables.sessions, row)
    return key


_SIGNED_IN = (
    select(tables.accounts)
    .join(tables.sessions, tables.sessions.c.account_id == tables.accounts.c.id)
    .where(tables.sessions.c.digest == bindparam("digest"), tables.sessions.c.until > bindparam("now"))
)
"""Asked before every page: put together once."""


def signed_in(store: Store, key: str) -> Account | None:
    """Return whose cookie this is; None if it is nobody's, or too old."""
    with store.reading() as connection:
        row = connection.execute(_SIGNED_IN, {"digest": digest_of(key), "now": datetime.now(UTC)}).first()
    return _account(row) if row else None


def sign_out(store: Store, key: str) -> None:
    """Let a cookie open nothing any more."""
    with store.writing() as connection:
        connection.execute(delete(tables.sessions).where(tables.sessions.c.digest == digest_of(key)))


# -- invitations -------------------------------------------------------------------------------------------------------


def invite(store: Store, role: Role, *, athlete: int | None = None, account: int | None = None) -> str:
    """Return the key of a link with which somebody makes an account, or a new password; it is good once."""
    if role == "athlete" and athlete is None:
        raise UsageError("Which runner is this athlete? Choose one.")
    key, now = secrets.token_urlsafe(24), datetime.now(UTC)
    row: dict[str, Any] = {"digest": digest_of(key), "role": role, "until": now + timedelta(days=INVITED_DAYS)}
    row |= {"athlete_id": athlete if role == "athlete" else None, "account_id": account}
    with store.writing() as connection:
        connection.execute(delete(tables.invitations).where(tables.invitations.c.until < now))
        insert_row(connection, tables.invitations, row)
    return key


def invitation(store: Store, key: str) -> Invitation | None:
    """Return what a link is for; None if it was used, or is too old."""
    with store.reading() as connection:
        row = connection.execute(_invited(key)).first()
    return Invitation(role=cast("Role", row.role), athlete=row.athlete_id, account=row.account_id) if row else None


def _invited(key: str) -> Any:
    table = tables.invitations
    return select(table).where(table.c.digest == digest_of(key), table.c.until > datetime.now(UTC))


def accept(store: Store, key: str, name: str, password: str) -> int | None:
    """Use up an invitation; return the number of the account, or None if it was used, or is too old.

    Raises UsageError for a name that is taken or a password that is too short; then it can be used still.
    """
    hashed, now = _hashed(password), datetime.now(UTC)
    found = invitation(store, key)
    if found is None:
        return None
    values: Mapping[str, Any] = {}
    if found.account is None:
        checked = checked_name(name)
        values = {"name": checked, "heard": as_heard(checked), "password": hashed, "made_at": now}
    try:
        with store.writing() as connection:
            table = tables.invitations
            if not connection.execute(delete(table).where(table.c.digest == digest_of(key))).rowcount:
                return None
            if found.account is not None:
                _set_password(connection, found.account, hashed)
                return found.account
            return insert_row(connection, tables.accounts, {**values, "role": found.role, "athlete_id": found.athlete})
    except InputError as fault:
        if isinstance(fault.__cause__, IntegrityError):
            raise UsageError(Reason("name_taken", name=name)) from fault
        raise
