"""Find how a measure changed over the takes: not at all, in steps, gradually, or not clearly yet.

A runner changes one thing at a time, so change comes in steps: between two takes, to stay or to go back. Of all
explanations the one with the fewest changes is chosen: every step, and the slope of a line, has to explain more than
chance would, and with more takes chance has more places for a step.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from statistics import NormalDist

import numpy as np

from midstance.comparison.model import Course, Shift
from midstance.model import Floats
from midstance.uncertainty import HALF_WIDTH


def find_course(
    labels: Sequence[str], values: Floats, half_widths: Floats, line: tuple[float, bool]
) -> tuple[Course, tuple[Shift, ...]]:
    """Return how the values changed from take to take, and the steps if they changed in steps.

    labels       names of the takes
    values       (take,) values of one measure
    half_widths  (take,) half the width of each 95 % interval
    line         squares left by the straight line through them, in standard errors, and whether its slope is clear
    """
    misfit, clear = line
    starts, left = _plateaus(values, half_widths)
    if clear and misfit + HALF_WIDTH**2 < left:
        return "gradual", ()
    if len(starts) > 1:
        return "steps", _shifts(labels, values, half_widths, starts)
    return ("unclear" if _any_pair_differs(values, half_widths) else "level"), ()


def _plateaus(values: Floats, half_widths: Floats) -> tuple[list[int], float]:
    """Return the takes at which a plateau starts (0 is one), and the squares left plus the price of the steps.

    Every way to cut the takes is tried (dynamic programming): `best[j]` is the cheapest way for the first j of them.
    """
    n = len(values)
    price = NormalDist().inv_cdf(1 - 0.025 / (n - 1)) ** 2
    best: list[tuple[float, list[int]]] = [(0.0, [])]
    for end in range(1, n + 1):
        ways = []
        for start in range(end):
            cost, starts = best[start]
            misfit = _misfit(values[start:end], half_widths[start:end])
            ways.append((cost + misfit + (price if start else 0.0), [*starts, start]))
        best.append(min(ways))
    return best[n][1], best[n][0]


def _misfit(values: Floats, half_widths: Floats) -> float:
    """Compute the squared distances from the mean, in standard errors."""
    middle, _ = _mean(values, half_widths)
    return float(np.sum(((values - middle) * HALF_WIDTH / half_widths) ** 2))


def _mean(values: Floats, half_widths: Floats) -> tuple[float, float]:
    """Compute the mean weighted by the errors, and half the width of its 95 % interval."""
    weight = half_widths**-2.0
    return float(np.average(values, weights=weight)), float(np.sum(weight) ** -0.5)


def _shifts(labels: Sequence[str], values: Floats, half_widths: Floats, starts: list[int]) -> tuple[Shift, ...]:
    ends = [*starts[1:], len(values)]
    levels = [_mean(values[a:b], half_widths[a:b]) for a, b in zip(starts, ends, strict=True)]
    found = []
    for i, ((before, error), (after, other)) in enumerate(pairwise(levels), start=1):
        back = i > 1 and abs(after - levels[i - 2][0]) <= np.hypot(other, levels[i - 2][1])
        found.append(
            Shift(
                take=labels[starts[i]],
                change=after - before,
                error=float(np.hypot(error, other)),
                back=bool(back),
                newest=starts[i] == len(values) - 1,
            )
        )
    return tuple(found)


def _any_pair_differs(values: Floats, half_widths: Floats) -> bool:
    apart = np.abs(values[:, None] - values)
    return bool(np.any(apart > np.hypot(half_widths[:, None], half_widths)))
