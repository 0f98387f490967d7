"""End a session by Ctrl-C, or when the system asks for it, without losing what was filmed."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM)
GIVES_UP_AFTER = 3
"""Presses of Ctrl-C that leave at once, whatever is then lost; fewer wait until the session is kept."""


class Stop:
    """Whether somebody wants the session to end."""

    def __init__(self) -> None:
        self.presses = 0

    @property
    def is_wanted(self) -> bool:
        """Return whether Ctrl-C was pressed, or the system asked."""
        return self.presses > 0

    def press(self, _number: int, _frame: FrameType | None) -> None:
        """Note that somebody wants to stop. Raises KeyboardInterrupt the third time."""
        self.presses += 1
        if self.presses >= GIVES_UP_AFTER:
            raise KeyboardInterrupt


@contextmanager
def stopped_by_hand() -> Iterator[Stop]:
    """Have Ctrl-C noted instead of raised; in a thread that is not the first one nothing is noted."""
    stop = Stop()
    if threading.current_thread() is not threading.main_thread():
        yield stop
        return
    before = {number: signal.signal(number, stop.press) for number in SIGNALS}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
