"""Lay a cubic spline through points: the one of scipy's CubicSpline, whose import takes 0.1 s of every start.

The spline has no knot at its second and its last but one point (de Boor 1978, A Practical Guide to Splines, chapter 4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from midstance.model import Floats

_NOTHING = 1e-17
"""A neighbour that weighs no more changes nothing."""


class Spline:
    """A cubic spline through two or more points; a parabola through three, a line through two.

    joined  (point - 1,) which pieces there are: after the point before them, up to their last; None: all
    """

    def __init__(self, at: Floats, values: Floats, joined: NDArray[np.bool_] | None = None) -> None:
        step, slope = np.diff(at), np.diff(values) / np.diff(at)
        bend = _second_derivatives(step, slope)
        mean_bend = (2 * bend[:-1] + bend[1:]) / 6
        parts = np.full((4, len(at) + 1), np.nan)  # outside there is nothing
        parts[:, 1:-1] = values[:-1], slope - step * mean_bend, bend[:-1] / 2, np.diff(bend) / (6 * step)
        if joined is not None:
            parts[:, 1:-1][:, ~joined] = np.nan
        self._parts = [parts]
        self._starts = np.concatenate([at[:1], at])
        self._before = np.concatenate([[np.nextafter(at[0], -np.inf)], at[1:]])  # the first point belongs to it

    def __call__(self, at: Floats, derivative: int = 0) -> Floats:
        """Return values, or those of a derivative; NaN outside the points."""
        while derivative >= len(self._parts):
            last = self._parts[-1]
            self._parts.append(last[1:] * np.arange(1, len(last))[:, None])
        piece = self._before.searchsorted(at)
        ahead, parts = at - self._starts[piece], self._parts[derivative][:, piece]
        found = parts[-1]
        for part in parts[-2::-1]:
            found = found * ahead + part
        return np.asarray(found)


def _second_derivatives(step: Floats, slope: Floats) -> Floats:
    """Return the second derivative at every point, from the steps between them and the slopes of straight lines."""
    if len(step) < 3:
        return np.full(len(step) + 1, 2 * np.diff(slope)[0] / step.sum() if len(step) == 2 else 0.0)
    before, here, after = step[:-1].copy(), 2 * (step[:-1] + step[1:]), step[1:].copy()
    first, last = step[0] / step[1], step[-1] / step[-2]
    here[0] += step[0] * (1 + first)
    after[0] -= step[0] * first
    here[-1] += step[-1] * (1 + last)
    before[-1] -= step[-1] * last
    before[0] = after[-1] = 0
    inner = _solved(before / here, after / here, 6 * np.diff(slope) / here)
    start = (1 + first) * inner[0] - first * inner[1]
    end = (1 + last) * inner[-1] - last * inner[-2]
    return np.concatenate([[start], inner, [end]])


def _solved(before: Floats, after: Floats, right: Floats) -> Floats:
    """Solve before x[i-1] + x[i] + after x[i+1] = right for x by cyclic reduction of all rows at once.

    Each round doubles how far away the neighbours are and squares their weight, which is about a quarter at first
    (Hockney 1965, doi:10.1145/321250.321259).
    """
    count, reach = len(right), 1
    while reach < count and max(np.abs(before).max(), np.abs(after).max()) > _NOTHING:
        rows = np.zeros((3, count + 2 * reach))
        rows[:, reach:-reach] = before, after, right
        earlier, later = rows[:, :count], rows[:, 2 * reach :]
        here = 1 - before * earlier[1] - after * later[0]
        right = (right - before * earlier[2] - after * later[2]) / here
        before, after = -before * earlier[0] / here, -after * later[1] / here
        reach *= 2
    return right
