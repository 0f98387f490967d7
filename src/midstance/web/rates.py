"""Count what one visitor asks for, and refuse what no person would ask for so fast."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

MOST_KNOWN = 20_000
"""Visitors whose requests are counted; the one heard of longest ago is forgotten first."""


class Rate:
    """So many at once, and then so many in a time: what is used up comes back evenly."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most, self._each_s = most, seconds / most
        self._free_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def wait_s(self, who: str) -> float:
        """Count a request; return 0 if it may be done, or after how many seconds it may."""
        now = time.monotonic()
        with self._lock:
            used_until = max(self._free_at.pop(who, now), now)
            wait = used_until + self._each_s - now - self._most * self._each_s
            self._free_at[who] = used_until if wait > 0 else used_until + self._each_s
            while len(self._free_at) > MOST_KNOWN:
                self._free_at.popitem(last=False)
        return max(wait, 0.0)


class SignIns:
    """Passwords that may be tried in a quarter of an hour: for one name, and from one address."""

    def __init__(self) -> None:
        self._by_name, self._by_address = Rate(10, 900.0), Rate(30, 900.0)

    def wait_s(self, address: str, name: str = "") -> float:
        """Count a try; return 0 if it may be made, or after how many seconds it may."""
        waits = [self._by_address.wait_s(address)]
        return max([*waits, self._by_name.wait_s(name.strip().casefold())] if name else waits)
