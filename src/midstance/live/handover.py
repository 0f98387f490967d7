"""Hand things from one thread to the next: the newest ones, or every one."""

from __future__ import annotations

from collections import deque
from threading import Condition
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Handover(Generic[Item]):
    """Keep a few things until they are taken, in order. Where one more comes than may wait, the oldest is dropped.

    waiting  how many may wait
    every    drop nothing: who gives waits for who takes
    """

    def __init__(self, *, waiting: int = 1, every: bool = False) -> None:
        self.dropped = 0
        self._most, self._every = waiting, every
        self._items: deque[Item] = deque()
        self._closed = False
        self._fault: BaseException | None = None
        self._changed = Condition()

    def give(self, item: Item) -> bool:
        """Lay something down; return False when nobody takes any more."""
        with self._changed:
            while self._every and len(self._items) == self._most and not self._closed:
                self._changed.wait()
            if self._closed:
                return False
            if len(self._items) == self._most:
                self._items.popleft()
                self.dropped += 1
            self._items.append(item)
            self._changed.notify_all()
            return True

    def take(self) -> Item | None:
        """Wait for the next thing; None when no more comes. Raises what the giver failed with."""
        with self._changed:
            while not self._items and not self._closed:
                self._changed.wait()
            item = self._items.popleft() if self._items else None
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
