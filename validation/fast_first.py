"""Run the quickest tests first when mutmut tries a change: a pytest plugin, named in pyproject.toml.

mutmut names the tests of a change in no order and stops at the first that fails, so the quickest should come first.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

STATS = Path("mutmut-stats.json")
"""What mutmut measured of the unchanged code; it runs the tests in the folder of this file."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by the time they took on the unchanged code."""
    if STATS.exists():
        seconds: dict[str, float] = json.loads(STATS.read_text(encoding="utf-8"))["duration_by_test"]
        items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
