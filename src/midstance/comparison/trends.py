"""Compare two or more takes: each with the next, the first with the last, and from three on the trends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from midstance.comparison.change_points import find_course
from midstance.comparison.comparability import Correction, correction, obstacles
from midstance.comparison.differences import compare
from midstance.comparison.model import Comparison, Gain, SeriesComparison, Take, Trend
from midstance.comparison.step_length import is_clear
from midstance.errors import UsageError
from midstance.model import Floats, Measure, MeasureSide
from midstance.reasons import Reason
from midstance.uncertainty import HALF_WIDTH, combined

TAKES_FOR_A_TREND = 3


def compare_series(takes: Sequence[Take]) -> SeriesComparison:
    """Compare takes of one runner, given in their order.

    Raises UsageError for fewer than two.
    """
    if len(takes) < 2:
        raise UsageError(Reason("two_takes_needed"))
    steps = tuple(compare(a, b) for a, b in pairwise(takes))
    return SeriesComparison(
        takes=tuple(take.label for take in takes),
        steps=steps,
        overall=steps[0] if len(takes) == 2 else compare(takes[0], takes[-1]),
        trends=_trends(takes) if len(takes) >= TAKES_FOR_A_TREND else (),
        gains=_gains(takes, steps),
    )


def _gains(takes: Sequence[Take], steps: Sequence[Comparison]) -> tuple[Gain, ...]:
    """Return what was gained before the last step, and whether the last take still has it."""
    won = []
    for step, before, later in list(zip(steps, takes, takes[1:], strict=False))[:-1]:
        focus = step.focus
        if focus and focus.verdict == "better":
            key = (focus.measure, focus.side)
            gained, since = _clear_change(step, *key), _clear_change(compare(later, takes[-1]), *key)
            kept = gained * since >= 0
            partly = not kept and gained * _clear_change(compare(before, takes[-1]), *key) > 0
            won.append(
                Gain(problem=focus.problem, measure=key[0], side=key[1], since=later.label, kept=kept, partly=partly)
            )
    return tuple(won)


def _clear_change(comparison: Comparison, measure: str, side: MeasureSide) -> float:
    """Return the change of one measure, 0 if it is not clear."""
    return next(
        (d.change for d in comparison.differences if (d.measure, d.side) == (measure, side) and is_clear(d)), 0.0
    )


def _trends(takes: Sequence[Take]) -> tuple[Trend, ...]:
    """Fit a line through each measure that every take has, at the speed of the first."""
    keys = [(m.id, m.side) for m in takes[0].measures]
    columns = {key: [_at_first_speed(takes[0], take, *key) for take in takes] for key in keys}
    days = [take.taken_on for take in takes]
    dated = all(days) and len(set(days)) > 1
    when = np.array([d.toordinal() / 7 for d in days if d] if dated else range(len(takes)), float)
    trends = []
    for column in columns.values():
        seen = [m for m in column if m is not None and np.isfinite(m.uncertainty) and m.uncertainty > 0]
        if len(seen) == len(takes):
            trends.append(_trend(takes, seen, when, "week" if dated else "take"))
    return tuple(trends)


def _trend(takes: Sequence[Take], seen: Sequence[Measure], when: Floats, per: Literal["take", "week"]) -> Trend:
    """Fit a line through one measure of all takes, and find how it changed from take to take."""
    values, errors = np.array([m.value for m in seen]), np.array([m.uncertainty for m in seen])
    slope, half, misfit = _line(when, values, errors)
    verdict: Literal["rising", "falling", "level"] = (
        "level" if abs(slope) <= half else "rising" if slope > 0 else "falling"
    )
    course, shifts = find_course([take.label for take in takes], values, errors, (misfit, verdict != "level"))
    return Trend(
        measure=seen[0].id,
        side=seen[0].side,
        unit=seen[0].unit,
        values=tuple(map(float, values)),
        uncertainties=tuple(map(float, errors)),
        slope=slope,
        low=slope - half,
        high=slope + half,
        per=per,
        verdict=verdict,
        course=course,
        shifts=shifts,
        at_first_speed=any(_is_moved(m, take) for m, take in zip(seen, takes, strict=True)),
    )


def _is_moved(measure: Measure, take: Take) -> bool:
    """Return whether a value differs from the one measured in its take."""
    return all(m.value != measure.value for m in take.measures if (m.id, m.side) == (measure.id, measure.side))


def _at_first_speed(first: Take, take: Take, name: str, side: MeasureSide) -> Measure | None:
    """Return a measure of a take as at the first take's speed; None if absent or not comparable."""
    found = next((m for m in take.measures if (m.id, m.side) == (name, side)), None)
    origin = next(m for m in first.measures if (m.id, m.side) == (name, side))
    if found is None or take is first:
        return found
    moved = correction(first, take, origin, obstacles(first, take))
    if not isinstance(moved, Correction):
        return None
    return replace(found, value=found.value - moved.change, uncertainty=combined(found.uncertainty, moved.uncertainty))


def _line(when: Floats, values: Floats, half_widths: Floats) -> tuple[float, float, float]:
    """Fit a weighted straight line: slope, half width of its 95 % interval, and the squares left, in standard errors.

    The interval is widened when the points do not lie on the line.
    """
    weight = (HALF_WIDTH / half_widths) ** 2
    middle = np.average(when, weights=weight)
    level = np.average(values, weights=weight)
    spread = float(np.sum(weight * (when - middle) ** 2))
    slope = float(np.sum(weight * (when - middle) * (values - level)) / spread)
    misfit = float(np.sum(weight * (values - level - slope * (when - middle)) ** 2))
    return slope, HALF_WIDTH * float(np.sqrt(max(1.0, misfit / (len(when) - 2)) / spread)), misfit
