"""Compare what a watch measured during a take with what the film shows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from midstance.comparison.model import WatchComparison
from midstance.comparison.thresholds import watch_error
from midstance.errors import UsageError
from midstance.formats.watch import READ, Record
from midstance.measures import BY_ID
from midstance.model import Measure
from midstance.reasons import Reason
from midstance.uncertainty import combined

CLOCKS_S = 3.0
"""How far the clocks of phone and watch may be apart: this much of the recording is taken on either side."""


def watch_measures(records: Sequence[Record], start: datetime, duration_s: float) -> tuple[Measure, ...]:
    """Return what the watch measured while a clip was filmed.

    The uncertainty is that of the spread and of the device together. Raises UsageError if the watch was off then.
    """
    slack = timedelta(seconds=CLOCKS_S)
    end = start + timedelta(seconds=duration_s)
    inside = [record for record in records if start - slack <= record.at <= end + slack]
    if not inside:
        first, last = (f"{record.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}" for record in (records[0], records[-1]))
        raise UsageError(
            Reason("watch_not_recording", first=first, last=last, filmed=f"{start.astimezone(UTC):%Y-%m-%d %H:%M:%S}")
        )
    return tuple(m for name in READ if (m := _mean(name, [r.values[name] for r in inside if name in r.values])))


def compare_with_watch(film: Iterable[Measure], watch: Iterable[Measure]) -> tuple[WatchComparison, ...]:
    """Compare film and watch measure by measure; both sides of the film are taken together."""
    seen = list(film)
    rows = []
    for reading in watch:
        same = [m for m in seen if m.id == reading.id and math.isfinite(m.uncertainty)]
        if same:
            error = combined(*(m.uncertainty for m in same)) / len(same)
            rows.append(
                WatchComparison(
                    measure=reading.id,
                    unit=reading.unit,
                    film=float(np.mean([m.value for m in same])),
                    watch=reading.value,
                    error=combined(error, reading.uncertainty),
                )
            )
    return tuple(rows)


def _mean(name: str, values: Sequence[float]) -> Measure | None:
    n = len(values)
    if not n:
        return None
    mean, sd = float(np.mean(values)), float(np.std(values, ddof=1)) if n > 1 else math.nan
    spread = 1.96 * sd / math.sqrt(n) if n > 1 else 0.0
    error = combined(spread, watch_error(name, mean))
    return Measure(id=name, side="both", value=mean, sd=sd, n=n, uncertainty=error, unit=BY_ID[name].unit)
