"""Read data/progress.toml: how far apart two takes may be, and what each focus changes at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from midstance.data import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far apart two takes may be, explained in data/progress.toml; shares and ratios unless a unit is named."""

    speed_share: float
    speed_share_corrected: float
    slope_doubt: float
    rate_ratio: float
    size_ratio: float
    camera_far_deg: float
    camera_doubt_deg: float
    camera_doubt_share: float
    rhythm_share: float
    rhythm_doubt_ms: float
    false_discoveries: float
    own_band_takes: int


@cache
def limits() -> Limits:
    """Read the table [comparable]."""
    return Limits(**_table()["comparable"])


def expected_sign(focus: str, measure: str) -> int:
    """Return +1 or -1 if a measure rises or falls with work on this focus, 0 if neither is expected."""
    entry: Mapping[str, Any] = _table()["expected"].get(focus, {})
    return int(measure in entry.get("up", ())) - int(measure in entry.get("down", ()))


def fading_sign(measure: str) -> int:
    """Return +1 or -1 if a measure rises or falls as a runner tires, 0 if neither."""
    entry = _table()["fading"]
    return int(measure in entry["up"]) - int(measure in entry["down"])


def watch_error(measure: str, value: float) -> float:
    """Return how far a watch may be off at this value: half width of the 95 % interval, in its unit."""
    entry = _table()["watch"]
    return float(entry["absolute"][measure]) if measure in entry["absolute"] else float(entry[measure]) * abs(value)


def _table() -> dict[str, Any]:
    return table("progress")
