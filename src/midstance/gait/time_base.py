"""Judge whether the film's seconds can be those of a runner, or whether it plays slower or faster than life."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from midstance.gait.lengths import metres_from_gravity, metres_from_height
from midstance.model import Contact, Track, View
from midstance.reasons import Reason

POSSIBLE_STEPS_HZ, ORDINARY_STEPS_HZ = (2.0, 5.2), 2.8
USUAL_FACTORS = (0.5, 2.0, 4.0, 8.0, 16.0, 32.0)
CLEARLY_SLOWER = 1.6
"""By how much a fall must look slower, or faster, than life; in real time it looked 0.9 to 1.3 times slower."""
ORDINARY_HEIGHT_M = 1.72
"""Of a runner whose height is not given; adults differ by 8 %, a clock read from a fall by half as much."""


class TimeBase(NamedTuple):
    """Whether the film's seconds can be those of a runner.

    slower  how many times slower than life the film seems to play; 1 if nothing speaks against its time stamps
    why     what speaks against the time stamps; None if slower is 1
    """

    slower: float
    why: Reason | None


def time_base(track: Track, view: View, contacts: tuple[Contact, ...] = ()) -> TimeBase:
    """Judge the time stamps by the steps a second and by how fast the body falls.

    Nobody runs with a flight at fewer than 2.0 steps a second or at more than 5.2; running is near 2.8
    (docs/evidence.md#cadence). And a film played n times slower shows a fall n times slower, as the size of the runner
    reveals. The factor is the usual one (2, 4, 8, ...) nearest to both.
    """
    steps_hz, falls = 2 * track.stride_hz, slowdown_of_fall(track, view, contacts)
    possible = POSSIBLE_STEPS_HZ[0] <= steps_hz <= POSSIBLE_STEPS_HZ[1]
    if possible and not abs(np.log(falls)) > np.log(CLEARLY_SLOWER):
        return TimeBase(1.0, None)
    guesses = np.log([falls] if possible else [falls, ORDINARY_STEPS_HZ / steps_hz])
    slower = min(USUAL_FACTORS, key=lambda factor: abs(np.log(factor) - float(np.nanmean(guesses))))
    judged = {"pace": pace_of(slower), "slower": slower}
    if possible:
        return TimeBase(slower, Reason("fall_cannot_be", **judged))
    return TimeBase(slower, Reason("steps_cannot_be", steps_spm=60 * steps_hz, **judged))


def slowdown_of_fall(track: Track, view: View, contacts: tuple[Contact, ...]) -> float:
    """Measure how many times slower than life the body falls; NaN if too little of it was seen.

    The length of a fall grows with the square of its time. Without a scale that needs no time, the runner is taken to
    be of ordinary height.
    """
    if len(contacts) < 2:
        return np.nan
    taped = view.scale_source in {"height", "known_length"}
    metres = view.scale_m_per_leg if taped else metres_from_height(track, ORDINARY_HEIGHT_M)
    return float(np.sqrt(metres_from_gravity(track, contacts) / metres))


def pace_of(slower: float) -> Reason:
    """Return the pace of a film in words: "4 times slower than life", "2 times faster than life"."""
    return Reason("slower_than_life", times=slower) if slower >= 1 else Reason("faster_than_life", times=1 / slower)
