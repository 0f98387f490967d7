"""Run the quickest tests first when mutmut tries a change: a pytest plugin, named in pyproject.toml.

mutmut names the tests of a change in no order and stops at the first that fails, so the quickest should come first.
"""

from __future__ import annotations

import pytest
from mutmut.state import state


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Sort the tests by the time they took on the unchanged code; before it was measured, they stay as they are."""
    seconds = state().duration_by_test
    items.sort(key=lambda item: seconds.get(item.nodeid, 0.0))
