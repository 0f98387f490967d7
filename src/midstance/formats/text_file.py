"""Read a text of numbers with its size checked, so that a file of gigabytes or of bytes gives one clear line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from midstance.errors import InputError, UsageError
from midstance.limits import plain_file
from midstance.model import Floats
from midstance.reasons import Reason

LARGEST_BYTES = 400_000_000
"""A file of points larger than this is not read: an hour at 200 frames a second with 50 markers is half of it."""


LARGEST_OWN_BYTES = 10_000_000
"""A coach's rules, words, limits or questions: the longest that come with midstance have 0.2 MB."""

FORMULA = frozenset("=+-@\t\r")
"""Signs with which a spreadsheet takes a text for a formula (OWASP, CSV Injection)."""


def checked_size(path: Path) -> Path:
    """Return a path that is there and not too large to be read. Raises InputError."""
    try:
        size = plain_file(path).stat().st_size
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from None
    if size > LARGEST_BYTES:
        raise InputError(Reason("points_too_large", path=path, gigabytes=size / 1e9, most=LARGEST_BYTES / 1e9))
    return path


def text_of(path: Path) -> str:
    """Return the text of a file, with or without a byte order mark. Raises InputError."""
    try:
        return checked_size(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(Reason("points_no_text", path=path)) from None
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from None


def own_text(path: Path) -> str:
    """Return what a coach wrote: rules, words, limits or questions. Raises UsageError, InputError."""
    try:
        if plain_file(path).stat().st_size > LARGEST_OWN_BYTES:
            raise UsageError(Reason("own_file_too_large", path=path, most=LARGEST_OWN_BYTES / 1e6))
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UsageError(Reason("own_file_no_text", path=path)) from None
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from None


def cell(text: str) -> str:
    """Return a text for a table, without what a spreadsheet would run as a formula: then an apostrophe leads it."""
    return f"'{text}" if text[:1] in FORMULA else text


def numbers(rows: Sequence[Sequence[str]], width: int, *, path: Path, first_line: int) -> Floats:
    """Return rows of fields as (row, width) numbers; an empty field or one that is missing at the end is NaN.

    Raises InputError with the line of the first field that is no number.
    """
    try:
        return np.array([[_number(field) for field in (*row[:width], *[""] * (width - len(row)))] for row in rows])
    except ValueError:
        for line, row in enumerate(rows, start=first_line):
            for field in row[:width]:
                try:
                    _number(field)
                except ValueError:
                    raise InputError(Reason("points_no_number", path=path, line=line, field=field[:40])) from None
        raise


def _number(field: str) -> float:
    field = field.strip()
    return float(field) if field else np.nan
