"""Say how the joint angles of a typical runner go through one stride at a speed (data/typical.toml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from midstance import data
from midstance.model import Floats

STANDS_STRAIGHT = {"thigh": 2.0, "knee_flexion": 4.0, "shank": -2.0, "ankle_dorsiflexion": 2.0}
"""Added to the table, degrees: its markers read knee -4 for people who stand straight, the points of a film read 0.

Seen in films too: at thigh, knee and shank, six rendered runners of these people read 2.8, 5.2 and -2.4 more than it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class TypicalCurve:
    """One angle of typical runners at evenly spaced shares of a stride, from foot strike to the next of that foot.

    share_pct         (point,) 0 to 100
    low, usual, high  (point,) 10th percentile, median and 90th percentile of the runners, degrees
    """

    share_pct: Floats
    low: Floats
    usual: Floats
    high: Floats


def people() -> str:
    """Return who the typical runners are, for beside a curve of them."""
    return str(data.table("typical")["people"])


def source() -> str:
    """Return where the curves come from, with the licence that asks for the name."""
    return str(data.table("typical")["source"])


def speeds_mps() -> tuple[float, float]:
    """Return the slowest and the fastest speed at which the runners were measured."""
    speeds = [row["speed_mps"] for row in _rows()]
    return min(speeds), max(speeds)


def toe_off_pct(speed_mps: float) -> float:
    """Return the share of the stride at which a typical foot leaves the ground, %."""
    return float(_at_speed(speed_mps, tuple(float(row["toe_off_pct"]) for row in _rows())))


def typical_curve(angle: str, speed_mps: float) -> TypicalCurve:
    """Return an angle over one stride as a film reads it; straight between the measured speeds, level beyond.

    angle  "thigh", "knee_flexion", "shank", "ankle_dorsiflexion", or "foot": against the same foot flat on the ground

    Raises KeyError for an unknown angle.
    """
    low, usual, high = (
        _at_speed(speed_mps, tuple(np.array(row[angle][kind], float) for row in _rows()))
        + STANDS_STRAIGHT.get(angle, 0.0)
        for kind in ("low", "usual", "high")
    )
    share = np.arange(len(usual)) * float(data.table("typical")["every_pct"])
    return TypicalCurve(share_pct=share, low=low, usual=usual, high=high)


@cache
def _rows() -> tuple[Mapping[str, Any], ...]:
    return tuple(sorted(data.table("typical")["speeds"], key=lambda row: float(row["speed_mps"])))


def _at_speed(speed_mps: float, values: tuple[Any, ...]) -> Any:
    """Return a value between those at the measured speeds, level beyond; without a speed, at the middle one."""
    speeds = [float(row["speed_mps"]) for row in _rows()]
    if not np.isfinite(speed_mps):
        return values[len(values) // 2]
    place = float(np.interp(speed_mps, speeds, np.arange(len(speeds))))
    below = min(int(place), len(speeds) - 2)
    return (1 - (place - below)) * values[below] + (place - below) * values[below + 1]
