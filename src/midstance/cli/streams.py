"""Have the three streams of a process there, whoever started it, and let none of them break over a letter."""

from __future__ import annotations

import os
import sys


def open_all() -> None:
    """Open the streams that are closed, to nowhere; a letter that one cannot show becomes "?".

    Where one is closed, the next file that is opened has its number: what a library prints would be written into it.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # the lowest free number: this one
            os.set_inheritable(opened, True)
        if getattr(sys, name) is None:
            there = os.fdopen(number, mode, encoding="utf-8", closefd=False)
            setattr(sys, name, there)
            setattr(sys, f"__{name}__", there)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
