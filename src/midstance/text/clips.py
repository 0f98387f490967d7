"""Describe many clips in a table: of each the speed, the cadence, the time on the ground, and what to change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from midstance.text.outcome import outcome

HEADS = ("clip", "speed", "cadence", "on the ground", "to change")


def table_lines(contents: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the table of analyses (analysis.json as plain data) by the name of their clip; none if there are none."""
    if not contents:
        return []
    rows = [HEADS, *(_row(name, content) for name, content in contents.items())]
    widths = [max(len(row[i]) for row in rows) for i in range(len(HEADS))]
    return ["", *(_line(row, widths) for row in rows)]


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    return "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(name: str, content: Mapping[str, Any]) -> tuple[str, ...]:
    if "refused" in content:
        return (name, "", "", "", content["refused"]["says"])
    measures = content["measures"]
    numbers = (
        _mean(measures, "speed_mps", ".2f", " m/s"),
        _mean(measures, "cadence_spm", ".0f", ""),
        _mean(measures, "contact_time_ms", ".0f", " ms"),
    )
    return (name, *numbers, outcome(content))


def _mean(measures: Iterable[Mapping[str, Any]], name: str, form: str, unit: str) -> str:
    """Return the mean over the sides of a measure with its unit; empty if it was not measured."""
    values = [measure["value"] for measure in measures if measure["id"] == name]
    return f"{sum(values) / len(values):{form}}{unit}" if values else ""
