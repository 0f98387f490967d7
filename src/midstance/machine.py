"""Count the cores that there are to use, and say which memory is kept and which goes back to the system."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

KEPT_BYTES = 64 << 20
"""Freed memory that is kept for what comes next: pictures of 6 MB come and go, and new memory must be cleared first."""
LARGE_BYTES, COLUMN_BYTES = 12 << 20, 300_000
"""Smaller arrays take the place of freed ones, larger ones go back to the system at once: pictures of 1080p are kept,
whole ones of 4K and the columns of numbers of a long clip are not; where there are columns only, none is."""
LONG_FRAMES = 36_000
"""Ten minutes at 60 frames a second."""
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3  # <malloc.h> of glibc


def cores() -> int:
    """Return the processor cores that this process may use: a container, or whoever starts it, may allow a few only."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def set_memory_limits() -> None:
    """Have the memory of pictures used again, and that of large arrays returned.

    By itself glibc clears new memory for every few pictures, a twentieth of the time of a look, and keeps freed arrays
    of up to 32 MB: 100 MB of them after half an hour of film. Other systems are left as they are.
    """
    _mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)
    _mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def _mallopt(what: int, value: int) -> None:
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(what, value)


@contextmanager
def returning_columns(frames: int) -> Iterator[None]:
    """Have the memory of every column of numbers returned, for a clip of so many frames if it is long."""
    if frames < LONG_FRAMES:
        yield
        return
    return_freed(frames)
    _mallopt(_M_MMAP_THRESHOLD, COLUMN_BYTES)
    try:
        yield
    finally:
        _mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def return_freed(frames: int) -> None:
    """Return what is freed between blocks in use, too, of a clip of so many frames if it is long: it takes a while."""
    if frames >= LONG_FRAMES and sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
