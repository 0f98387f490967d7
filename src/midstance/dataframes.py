"""Make data frames of pandas or polars, whichever is installed."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Literal, get_args

from midstance.errors import UsageError
from midstance.reasons import Reason

Library = Literal["pandas", "polars"]


def data_frame(columns: Mapping[str, Any], library: Library | None = None) -> Any:
    """Return columns by name as a data frame of a library; None takes the first that is installed.

    Raises UsageError for a library that is unknown or not installed.
    """
    wanted = get_args(Library) if library is None else (library,)
    if not set(wanted) <= set(get_args(Library)):
        raise UsageError(Reason("data_frame_unknown", said=library))
    for name in wanted:
        if find_spec(name):
            return import_module(name).DataFrame(dict(columns))
    raise UsageError(Reason("data_frame_missing", library=wanted[0]))
