"""Hand things from one thread to the next: the newest one, or every one."""

from __future__ import annotations

from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Handover(Generic[Item]):
    """Keep one thing until it is taken. What is not taken before the next one comes is dropped and counted.

    every  drop nothing: who gives waits for who takes
    """

    def __init__(self, *, every: bool = False) -> None:
        self.dropped = 0
        self._every = every
        self._item: Item | None = None
        self._closed = False
        self._fault: BaseException | None = None
        self._changed = Condition()

    def give(self, item: Item) -> bool:
        """Lay something down; return False when nobody takes any more."""
        with self._changed:
            while self._every and self._item is not None and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            self.dropped += self._item is not None
            self._item = item
            self._changed.notify_all()
            return True

    def take(self) -> Item | None:
        """Wait for the next thing; None when no more comes. Raises what the giver failed with."""
        with self._changed:
            while self._item is None and not self._closed:
                self._changed.wait()
            item, self._item = self._item, None
            self._changed.notify_all()
            if item is None and self._fault:
                raise self._fault
            return item

    def close(self, fault: BaseException | None = None) -> None:
        """End it, from either side; what lies there can still be taken."""
        with self._changed:
            self._closed = True
            self._fault = self._fault or fault
            self._changed.notify_all()
