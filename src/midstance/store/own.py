"""Show of the store what one visitor may see: everything, or one runner's own takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from midstance.comparison.model import Athlete, StoredTake
from midstance.errors import UsageError
from midstance.reasons import Reason
from midstance.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Whose:
    """For whom the store is opened.

    account  who asks; None on a machine of one person
    athlete  number of the one runner who is seen; None: every runner
    """

    account: int | None = None
    athlete: int | None = None


EVERYBODY = Whose()


class OwnStore(Store):
    """A store that knows one runner alone: whatever is another's is not there."""

    def __init__(self, whole: Store, athlete: int) -> None:
        super().__init__(whole.engine, whole.shelf)
        self._athlete = athlete

    def athletes(self) -> tuple[Athlete, ...]:
        """Return the one runner."""
        return tuple(athlete for athlete in super().athletes() if athlete.id == self._athlete)

    def athlete_by_uid(self, uid: str) -> Athlete | None:
        """Return the one runner, if it is theirs."""
        found = super().athlete_by_uid(uid)
        return found if found and found.id == self._athlete else None

    def add_athlete(self, name: str, **_said: Any) -> Athlete:
        """Refuse: a coach adds runners. Raises UsageError."""
        raise UsageError(f"A coach adds runners. {name} was not added.")

    def takes(self, athlete: Athlete) -> tuple[StoredTake, ...]:
        """Return the takes of the runner."""
        return super().takes(athlete) if athlete.id == self._athlete else ()

    def latest_takes(self, most: int, *, of: int | None = None) -> list[StoredTake]:
        """Return the runner's takes that were added last."""
        return super().latest_takes(most, of=self._athlete) if of in {None, self._athlete} else []

    def take(self, number: int) -> StoredTake:
        """Return one of the runner's takes. Raises UsageError if there is none."""
        found = super().take(number)
        if found.athlete_id != self._athlete:
            raise UsageError(Reason("no_such_take", take=number))
        return found


def store_for(store: Store, whose: Whose) -> Store:
    """Return a store as a visitor sees it."""
    return store if whose.athlete is None else OwnStore(store, whose.athlete)
