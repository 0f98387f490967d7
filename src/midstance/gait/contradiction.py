"""Find two ways to metres that contradict each other, and say which of them to check.

Why the limits are where they are: docs/decisions/scales.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from midstance.gait.lengths import height_from_metres, running_speed_leg
from midstance.gait.time_base import FALL_LOOKS
from midstance.model import Contact, ScaleSource, Track
from midstance.reasons import Reason

APART = float(np.log(1.25))
"""From here on two given scales contradict each other; what is known of each is 2 to 4 %."""
GRAVITY_READS = 2 * FALL_LOOKS
"""How much too long gravity makes lengths on good films, natural logarithm: they grow with the square of the time."""
GRAVITY_APART = float(np.log(1.55))
"""From here on gravity contradicts a given scale. On rendered films, disturbed ones too, it was off by 26 % at most
with that taken off; a speed in miles an hour given for one in kilometres an hour is off by 61 %."""
PEOPLE_M = (1.3, 2.15)
"""Heights of runners; who comes out taller or smaller was given a wrong number."""


class Scale(NamedTuple):
    """One way to metres: metres in a length unit of the track, and the half width of its 95 % interval as a share."""

    source: ScaleSource
    metres: float
    uncertainty: float


class Contradiction(NamedTuple):
    """Two ways to metres that cannot both be right.

    why    in words, and which to check
    wrong  the one that is more likely wrong; None if that cannot be said
    apart  by how much they differ, as a share, at most 1: so unsure is every length
    """

    why: Reason
    wrong: Scale | None
    apart: float


def contradiction(ways: Sequence[Scale], track: Track, contacts: tuple[Contact, ...]) -> Contradiction | None:
    """Return the two ways to metres that contradict each other most; None if none do.

    Where two given ones agree, gravity is outvoted: it is by far the least sure.
    """
    given = [way for way in ways if way.source != "gravity"]
    fall = next((way for way in ways if way.source == "gravity"), None)
    pairs = [pair for pair in combinations(given, 2) if _apart(*pair) > APART]
    if not pairs and len(given) == 1 and fall and _apart(given[0], fall) > GRAVITY_APART:
        pairs = [(given[0], fall)]
    if not pairs:
        return None
    first, second = max(pairs, key=lambda pair: _apart(*pair))
    wrong = _doubtful((first, second), fall, track)
    right = second if wrong is first else first
    why = Reason(
        "scales_contradict",
        first=NAMES[first.source],
        second=NAMES[second.source],
        first_m=_height_m(track, first),
        second_m=_height_m(track, second),
        check=_check(wrong, float(np.exp(_log(right))) * running_speed_leg(track, contacts)),
    )
    return Contradiction(why, wrong, min(1.0, float(np.expm1(_apart(first, second)))))


def _apart(one: Scale, other: Scale) -> float:
    """Return by how much two lengths differ, natural logarithm."""
    return abs(_log(one) - _log(other))


def _log(way: Scale) -> float:
    return float(np.log(way.metres)) - (GRAVITY_READS if way.source == "gravity" else 0.0)


def _doubtful(pair: tuple[Scale, Scale], fall: Scale | None, track: Track) -> Scale | None:
    """Return which of two scales to check; None for both. Gravity decides, or what no runner can measure."""
    given = [way for way in pair if way.source != "gravity"]
    if len(given) == 1:
        return given[0]
    odd = [way for way in pair if not PEOPLE_M[0] <= _height_m(track, way) <= PEOPLE_M[1]]
    if len(odd) == 1:
        return odd[0]
    return max(pair, key=lambda way: _apart(way, fall)) if fall else None


def _height_m(track: Track, way: Scale) -> float:
    return height_from_metres(track, float(np.exp(_log(way))))


NAMES = MappingProxyType(
    {
        "height": Reason("scale_of_height"),
        "belt_speed": Reason("scale_of_speed"),
        "known_length": Reason("scale_of_known_length"),
        "file": Reason("scale_of_file"),
        "gravity": Reason("scale_of_fall"),
    }
)


def _check(wrong: Scale | None, speed_mps: float) -> Reason:
    """Say what to check; of a speed, what it should be by the other scale."""
    if wrong is None:
        return Reason("check_both")
    if wrong.source == "belt_speed":
        return Reason("check_speed", speed_mps=speed_mps, speed_kmh=3.6 * speed_mps)
    if wrong.source == "file":
        return Reason("check_file")
    return Reason("check_height") if wrong.source == "height" else Reason("check_known_length")
