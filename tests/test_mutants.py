"""The table of changes that no test notices: every survivor has its reason, and few survive in any folder."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import pytest
from validation.mutants import FOLDERS, FOUND, REASONS, reason_of, table

LEAST = 0.90
RESULTS = FOUND.with_name("RESULTS.md")


def found() -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = json.loads(FOUND.read_text(encoding="utf-8"))
    return rows


def reasons() -> list[dict[str, str]]:
    rows: list[dict[str, str]] = tomllib.loads(REASONS.read_text(encoding="utf-8"))["survivor"]
    return rows


def test_every_folder_was_tried() -> None:
    assert set(found()) == set(FOLDERS)


@pytest.mark.parametrize("folder", FOLDERS)
def test_few_changes_survive(folder: str) -> None:
    row = found()[folder]
    assert row["tried"] >= min(45, row["all"] // 2)
    assert row["no_verdict"] <= 0.1 * row["tried"]
    assert len(row["survivors"]) <= (1 - LEAST) * row["tried"]


def test_every_survivor_has_its_reason() -> None:
    silent = [s for row in found().values() for s in row["survivors"] if not reason_of(s, reasons())]
    assert not silent


def test_every_reason_says_of_which_change_it_speaks() -> None:
    for reason in reasons():
        assert reason.keys() <= {"file", "function", "before", "after", "why"}
        assert reason["why"]
        assert "function" in reason or "after" in reason


def test_a_reason_is_of_its_own_change_only() -> None:
    change = {"file": "gait/events", "function": "find", "before": "a + b", "after": "a - b", "reached": True}
    rows = [{"function": "find", "after": "a - b", "why": "nobody minds"}]
    assert reason_of(change, rows) == "nobody minds"
    assert reason_of({**change, "after": "a * b"}, rows) == ""
    assert reason_of({**change, "function": "other"}, rows) == ""


def test_the_page_shows_the_table() -> None:
    page = RESULTS.read_text(encoding="utf-8")
    assert [line for line in table() if line not in page] == []
