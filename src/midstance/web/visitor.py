"""Say who asks: the owner of this machine, a coach or an athlete of a club; and what each of them may see."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

from midstance.store.accounts import Account
from midstance.store.own import Whose

Role = Literal["owner", "coach", "athlete"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Who asks.

    role     the owner of a machine of one person and a coach see everything, an athlete own takes only
    name     of the account; empty for the owner
    account, athlete   their numbers, as Whose has them
    """

    role: Role
    name: str = ""
    account: int | None = None
    athlete: int | None = None

    @property
    def whose(self) -> Whose:
        """Return for whom the store is opened."""
        return Whose(account=self.account, athlete=self.athlete)


OWNER = Visitor(role="owner")

NOW: ContextVar[Visitor | None] = ContextVar("visitor", default=None)
"""Who asks for the page that is being made; None before anybody has signed in."""


def visitor_of(account: Account) -> Visitor:
    """Return the visitor of an account."""
    return Visitor(role=account.role, name=account.name, account=account.id, athlete=account.athlete)
