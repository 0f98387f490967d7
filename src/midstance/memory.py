"""Keep the memory of long clips low."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress

LARGE_BYTES = 16 << 20
"""Arrays of so many bytes are returned to the system when they are done with: a column of numbers over half an hour."""
LONG_FRAMES = 36_000
"""Ten minutes at 60 frames a second; the pictures of shorter clips are the larger arrays, and are better kept."""
_M_MMAP_THRESHOLD = -3  # <malloc.h> of glibc


def return_large_arrays(frames: int) -> None:
    """Have the memory of large arrays returned, for a clip of so many frames if it is long.

    glibc keeps freed blocks of up to 32 MB: 100 MB of them after half an hour of film. Other systems return them.
    """
    if frames >= LONG_FRAMES and sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)
