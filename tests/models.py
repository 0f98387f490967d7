"""The pose models that tests look with: fetched at first use, by one process at a time, or the tests are skipped."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache

import pytest

from midstance import weights
from midstance.errors import WeightsError


def bring(*names: str) -> None:
    """See that these models are here; skips the test where they are not and cannot be had, saying why."""
    for name in names:
        if why := _why_not(name):
            pytest.skip(f"no pose model: {why}")


@cache
def _why_not(name: str) -> str:
    """Empty once the model is here. Tests run in several processes: the others wait instead of fetching it too."""
    folder = weights.cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / "tests.lock", timeout=600)) as lock:  # let go of even by a process that dies
        lock.execute("BEGIN EXCLUSIVE")
        try:
            weights.find(name)
        except WeightsError as fault:
            return str(fault)
    return ""
