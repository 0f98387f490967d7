"""Load a library that only some formats need."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from midstance.errors import UsageError
from midstance.reasons import Reason


def needed(library: str, *, extra: str = "formats") -> Any:
    """Return a library that an extra of midstance brings. Raises UsageError, which says how to have it."""
    try:
        return import_module(library)
    except ImportError:
        raise UsageError(Reason("extra_missing", library=library.split(".", maxsplit=1)[0], extra=extra)) from None
