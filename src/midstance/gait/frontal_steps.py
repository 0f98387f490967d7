"""Find the steps of a runner seen from the front or from behind: when the body is lowest, and over which foot.

From there the feet come towards the camera or go away from it, so no contact is seen. But head and shoulders go down
and up once a step, as clearly as from the side, and the foot on the ground is the lower one.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from midstance.kinematics.angles import height_of_bounce
from midstance.kinematics.curves import wave_share
from midstance.model import Floats, Side, Track
from midstance.skeleton import INDEX, SIDES

FREQUENCIES = np.geomspace(0.88, 1.14, 131)
"""Where the stride rate is searched, as a factor on the track's own, which is right to some per cent."""
WINDOW_STEPS = 0.30
"""Standard deviation of the window in which one step is fitted."""
REACH_STEPS = 4.0
"""How far from its middle a window reaches: there a frame counts 1e-19 of one in the middle."""
WITHIN_STEPS, FEWEST = 0.35, 4
"""A lowest moment counts if so many steps before and after it, and so many frames around it, are seen."""
ROUNDS = 6


class Step(NamedTuple):
    """The moment at which the body is lowest over one foot, seconds, and that foot."""

    side: Side
    lowest_s: float


def find_steps(track: Track) -> tuple[Step, ...]:
    """Find every step of the track in time order, left and right in turn; none if too few frames are seen."""
    height = height_of_bounce(track.xy)
    seen = np.isfinite(height)
    time_s, height, lift = track.time_s[seen], height[seen], left_lift(track)[seen]
    if len(time_s) < 2 * FEWEST:
        return ()
    step_hz = 2 * stride_frequency(time_s, height, lift, near_hz=track.stride_hz)
    first_s = time_s[0] + _to_lowest(time_s, height, time_s[0] + 1 / step_hz, step_hz) + 1 / step_hz
    numbers = np.arange(-1, round((time_s[-1] - first_s) * step_hz) + 2)
    lowest = [(k, lowest_near(time_s, height, first_s + k / step_hz, step_hz)) for k in numbers.tolist()]
    found = [(k, moment) for k, moment in lowest if np.isfinite(moment)]
    even = sum((-1) ** k * np.interp(moment, time_s, lift) for k, moment in found)
    order = SIDES if even < 0 else SIDES[::-1]
    return tuple(Step(order[k % 2], moment) for k, moment in found)


def spans_of_steps(track: Track, *, count: int) -> list[tuple[Side, float, float]]:
    """Return foot, start and end in seconds from every step to the one `count` later (1: a step, 2: a stride)."""
    found = find_steps(track)
    longest_s = (count + 0.5) / (2 * track.stride_hz)
    return [
        (a.side, a.lowest_s, b.lowest_s)
        for a, b in zip(found, found[count:], strict=False)
        if b.lowest_s - a.lowest_s < longest_s
    ]


def left_lift(track: Track) -> Floats:
    """Return the height of the left ankle over the right one, (frame,) leg lengths."""
    left, right = (track.xy[:, INDEX[f"{side}_ankle"], 1] for side in SIDES)
    return np.asarray(left - right)


def stride_frequency(time_s: Floats, height: Floats, lift: Floats, *, near_hz: float) -> float:
    """Find the strides a second that explain most of the bounce (twice a stride) and of the ankles' lift (once).

    time_s, height, lift  (frame,) seconds and leg lengths, no NaN
    near_hz               strides a second around which to search
    """
    hz = near_hz * FREQUENCIES
    explained = wave_share(time_s, height, 2 * hz) + wave_share(time_s, lift, hz)
    best = int(np.clip(explained.argmax(), 1, len(hz) - 2))
    bend, slope, _ = np.polyfit([-1, 0, 1], explained[best - 1 : best + 2], 2)
    between = np.clip(-slope / (2 * bend), -1, 1) if bend < 0 else 0.0
    return float(hz[best] * (FREQUENCIES[1] / FREQUENCIES[0]) ** between)


def lowest_near(time_s: Floats, height: Floats, moment_s: float, step_hz: float) -> float:
    """Find the moment near another at which the body is lowest, between frames; NaN if too little is seen around it.

    time_s, height  (frame,) seconds and leg lengths, no NaN
    """
    for _ in range(ROUNDS):
        moment_s += _to_lowest(time_s, height, moment_s, step_hz)
    around = time_s[_around(time_s, moment_s, WITHIN_STEPS / step_hz)]
    inside = time_s[0] + WITHIN_STEPS / step_hz <= moment_s <= time_s[-1] - WITHIN_STEPS / step_hz
    return moment_s if inside and len(around) >= FEWEST else np.nan


def _around(time_s: Floats, moment_s: float, reach_s: float) -> slice:
    """Return the frames nearer to a moment than reach_s."""
    return slice(
        int(np.searchsorted(time_s, moment_s - reach_s, side="right")),
        int(np.searchsorted(time_s, moment_s + reach_s, side="left")),
    )


def _to_lowest(time_s: Floats, height: Floats, moment_s: float, step_hz: float) -> float:
    """Return the seconds to the nearest trough of the wave that fits best around a moment, on sloping ground."""
    rows = _around(time_s, moment_s, REACH_STEPS / step_hz)
    away, height = time_s[rows] - moment_s, height[rows]
    weight = np.exp(-0.25 * np.square(away * step_hz / WINDOW_STEPS))
    turn = 2 * np.pi * step_hz * away
    terms = np.stack([np.ones(len(away)), away, np.cos(turn), np.sin(turn)], 1)
    _, _, cos, sin = np.linalg.lstsq(terms * weight[:, None], height * weight, rcond=None)[0]
    return float(np.angle(-(cos + 1j * sin)) / (2 * np.pi * step_hz))
