"""Read values between frames: curves, their speed, crossings and extremes; NaN is a gap."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from midstance.kinematics.spline import Spline
from midstance.model import Floats

FINE_S = 0.001
"""Step at which a curve is searched for crossings and extremes."""


@dataclass(frozen=True)
class Corners:
    """A sudden change of the rate of a curve, the same at several moments, that fades within a few widths.

    moments_s  (corner,) seconds, increasing, many widths apart
    width_s    of the fading
    jump       rate after less rate before, units of the curve a second
    """

    moments_s: Floats
    width_s: float
    jump: float = 1.0

    def at(self, moment_s: Floats, derivative: int = 0) -> Floats:
        """Return what the corners before and after add to a curve (or to a derivative of it) at any moments."""
        late = self.late_s(moment_s)
        fading = -self.width_s / 2 * np.exp(-np.abs(late) / self.width_s)
        return np.asarray(self.jump * (fading * (-np.sign(late) / self.width_s) ** derivative).sum(-1))

    def late_s(self, moment_s: Floats) -> Floats:
        """Return (..., 2) seconds since the corner before each moment and since the next; infinite without one."""
        moments = np.asarray(moment_s, float)
        ends = np.concatenate([[-np.inf], self.moments_s, [np.inf]])
        after = np.searchsorted(self.moments_s, moments) + 1
        return np.asarray(moments[..., None] - ends[np.stack([after - 1, after], axis=-1)])


@dataclass(frozen=True)
class Curve:
    """A curve through the frames of a clip, smooth but for its corners.

    time_s   (frame,) seconds, increasing
    values   (frame,) any unit; NaN = unseen
    longest_gap_s  the curve is NaN inside longer gaps and outside the frames; shorter gaps are bridged
    corners        added to what is smooth between the frames
    """

    time_s: Floats
    values: Floats
    longest_gap_s: float = 0.1
    corners: Corners | None = None

    @cached_property
    def _spline(self) -> Spline | None:
        """The curve between frames without a long gap; None of fewer than two frames."""
        seen = np.isfinite(self.values)
        seen_s = self.time_s[seen]
        if len(seen_s) < 2:
            return None
        longest_s = max(self.longest_gap_s, 1.5 * float(np.median(np.diff(self.time_s))))
        return Spline(seen_s, self.values[seen], np.diff(seen_s) <= longest_s)

    def at(self, moment_s: Floats | float, *, derivative: int = 0) -> Floats:
        """Return the value (or a derivative, per second) at any moments; NaN where the curve is not seen."""
        moments = np.asarray(moment_s, float)
        if self._spline is None:
            return np.full(moments.shape, np.nan)
        smooth = self._spline(moments, derivative)
        return smooth + self.corners.at(moments, derivative) if self.corners else smooth

    def over(self, start_s: float, stop_s: float) -> tuple[Floats, Floats]:
        """Return moments and values on a fine grid from start to stop, without unseen moments."""
        steps = max(1, int(np.ceil((stop_s - start_s) / FINE_S)))
        moments = start_s + (stop_s - start_s) / steps * np.arange(steps + 1)
        moments[-1] = stop_s
        values = self.at(moments)
        seen = np.isfinite(values)
        return moments[seen], values[seen]


def highest(curve: Curve, start_s: float, stop_s: float) -> tuple[float, float]:
    """Return the moment and the value of the largest value between two moments; NaN, NaN if less than half is seen."""
    return _extreme(curve, start_s, stop_s, sign=1)


def _top(moments: Floats, values: Floats, best: int) -> tuple[float, float]:
    """Return moment and height of the parabola through a largest value and its neighbours; at an end the value."""
    if not 0 < best < len(values) - 1:
        return float(moments[best]), float(values[best])
    before, top, after = values[best - 1 : best + 2]
    bend = before - 2 * top + after
    ahead = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float(moments[best] + ahead * (moments[best + 1] - moments[best])), float(
        top - 0.25 * (before - after) * ahead
    )


def lowest(curve: Curve, start_s: float, stop_s: float) -> tuple[float, float]:
    """Return the moment and the value of the smallest value between two moments; NaN, NaN if less than half is seen."""
    return _extreme(curve, start_s, stop_s, sign=-1)


def _extreme(curve: Curve, start_s: float, stop_s: float, *, sign: int) -> tuple[float, float]:
    if np.isnan(start_s) or np.isnan(stop_s):
        return np.nan, np.nan
    moments, values = curve.over(start_s, stop_s)
    if len(moments) < 0.5 * (stop_s - start_s) / FINE_S:
        return np.nan, np.nan
    moment, value = _top(moments, sign * values, int(np.argmax(sign * values)))
    return moment, sign * value


def mean_over(curve: Curve, start_s: float, stop_s: float) -> float:
    """Return the mean between two moments; NaN if less than half of it is seen."""
    moments, values = curve.over(start_s, stop_s)
    return float(np.mean(values)) if len(moments) >= 0.5 * (stop_s - start_s) / FINE_S else np.nan


def nearest_frame(time_s: Floats, moment_s: float) -> int:
    """Return the index of the frame nearest to a moment, the earlier of two as near; time_s (frame,) increasing."""
    after = int(np.clip(np.searchsorted(time_s, moment_s), 1, max(1, len(time_s) - 1)))
    two = time_s[after - 1 : after + 1]
    return after - 1 + int(np.argmin(np.abs(two - moment_s)))


def crossings(time_s: Floats, values: Floats, level: float = 0.0, *, rising: bool) -> Floats:
    """Return the moments at which the values pass a level up (rising) or down, between frames; none across NaN."""
    height = (values - level) * (1 if rising else -1)
    before = np.flatnonzero((height[:-1] < 0) & (height[1:] >= 0))
    share = -height[before] / (height[before + 1] - height[before])
    return time_s[before] + share * (time_s[before + 1] - time_s[before])


def speed(time_s: Floats, values: Floats) -> Floats:
    """Return the rate of change per second by central differences along the first axis; NaN spreads by one frame."""
    return np.gradient(values, time_s, axis=0)


def wave_share(time_s: Floats, values: Floats, hz: Floats) -> Floats:
    """Return (frequency,) the share of variance that one wave of each frequency explains, after removing a slow drift.

    The values must have no NaN.
    """
    drift = np.linalg.qr(np.vander(np.linspace(-1, 1, len(time_s)), 4))[0]
    turns = np.exp(2j * np.pi * np.multiply.outer(hz, time_s))
    waves = np.stack([turns.real, turns.imag], -1)
    waves -= drift @ (drift.T @ waves)
    rest = values - drift @ (drift.T @ values)
    with_rest = rest @ waves
    found = np.linalg.solve(waves.swapaxes(1, 2) @ waves, with_rest[..., None])[..., 0]
    return np.asarray((found * with_rest).sum(-1) / np.maximum(rest @ rest, 1e-12))


def fill_gaps(time_s: Floats, values: Floats, *, longest_s: float) -> Floats:
    """Close gaps of at most longest_s by straight lines; longer gaps and the ends stay NaN."""
    seen = np.flatnonzero(np.isfinite(values))
    filled = np.array(values, float)
    for a, b in pairwise(seen):
        if b - a > 1 and time_s[b] - time_s[a] <= longest_s:
            filled[a + 1 : b] = np.interp(time_s[a + 1 : b], time_s[[a, b]], values[[a, b]])
    return filled
