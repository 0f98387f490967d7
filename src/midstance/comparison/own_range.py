"""Compute a runner's own range from three or more takes: where the next ordinary take will lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from midstance.comparison.comparability import RHYTHM, Correction, correction, obstacles
from midstance.comparison.model import Take
from midstance.comparison.thresholds import limits
from midstance.model import Band, MeasureSide
from midstance.uncertainty import student_t


def own_bands(takes: Sequence[Take]) -> Mapping[tuple[str, MeasureSide], Band]:
    """Compute the 95 % range of the runner's next take, for each measure and side, at the speed of the last take.

    A prediction interval from the takes themselves, never narrower than the error of one take. Takes that cannot be
    compared with the last are left out; empty before there are three.
    """
    needed = limits().own_band_takes
    if len(takes) < needed:
        return {}
    last = takes[-1]
    bands: dict[tuple[str, MeasureSide], Band] = {}
    for measure in last.measures:
        values = [v for take in takes if (v := _like_last(take, last, measure.id, measure.side)) is not None]
        n = len(values)
        if n >= needed:
            half = float(student_t(n - 1) * np.std(values, ddof=1) * np.sqrt(1 + 1 / n))
            half = max(half, np.nan_to_num(measure.uncertainty))
            middle = float(np.mean(values))
            low = max(middle - half, 0.0) if measure.id in RHYTHM else middle - half
            bands[measure.id, measure.side] = Band(
                low=low, high=middle + half, at_speed_mps=last.speed_mps, source=f"your own {n} takes"
            )
    return bands


def _like_last(take: Take, last: Take, name: str, side: MeasureSide) -> float | None:
    """Return a take's value at the speed of the last take; None if absent or not comparable."""
    found = next((m for m in take.measures if (m.id, m.side) == (name, side)), None)
    if found is None:
        return None
    moved = correction(take, last, found, obstacles(take, last))
    return found.value + moved.change if isinstance(moved, Correction) else None
