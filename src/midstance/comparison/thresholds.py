"""data/progress.toml as it is used: limits of comparing, and what each focus brings with it at first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from midstance.data import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far apart two takes may be; shares and ratios without unit unless named, explained in data/progress.toml."""

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
    """The table [comparable]."""
    return Limits(**_table()["comparable"])


def expected_sign(focus: str, measure: str) -> int:
    """+1 or -1 if a measure rises or falls with work on this focus, 0 if nothing is expected of it."""
    entry: Mapping[str, Any] = _table()["expected"].get(focus, {})
    return int(measure in entry.get("up", ())) - int(measure in entry.get("down", ()))


def fading_sign(measure: str) -> int:
    """+1 or -1 if a measure rises or falls as a runner tires, 0 if it says nothing of that."""
    entry = _table()["fading"]
    return int(measure in entry["up"]) - int(measure in entry["down"])


def watch_error(measure: str, value: float) -> float:
    """How far a watch may be off at this value, in its unit: half width of the 95 % interval."""
    entry = _table()["watch"]
    return float(entry["absolute"][measure]) if measure in entry["absolute"] else float(entry[measure]) * abs(value)


def _table() -> dict[str, Any]:
    return table("progress")
