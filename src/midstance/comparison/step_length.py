"""Decide whether the step became longer or shorter, and whether by flight or by reach.

A longer step is a gain if it covers more ground in the air, not if the leg reaches (docs/evidence.md#step-length).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Literal

from midstance.comparison.model import Difference, StepChange, Take
from midstance.comparison.thresholds import limits
from midstance.model import Measure
from midstance.uncertainty import combined

LENGTH = ("step_length_m", "step_length_leg")
FLIGHT = ("flight_distance_m", "flight_time_ms")
REACH = ("shank_angle_at_strike_deg", "foot_ahead_of_hip_at_strike_leg")


def step_change(before: Take, after: Take, differences: Iterable[Difference]) -> StepChange | None:
    """Return how the step length changed, by its own measure or by speed over cadence.

    None if it did not clearly change.
    """
    known = [d for d in differences if d.verdict != "cannot_tell"]
    sign = _sign([d for d in known if is_clear(d)], LENGTH) or _by_rhythm(before, after)
    if not sign:
        return None
    parts: tuple[tuple[Literal["flight", "reach"], tuple[str, ...]], ...] = (("flight", FLIGHT), ("reach", REACH))
    return StepChange(
        direction="longer" if sign > 0 else "shorter",
        by=tuple(name for name, measures in parts if _sign(_of_every_side(known), measures) == sign),
    )


def _by_rhythm(before: Take, after: Take) -> int:
    """Return +1 or -1 if steps must have become longer or shorter: at equal speed a quicker step is a shorter one.

    A step is as long as the speed over the cadence, whatever the points on the feet show; both errors are counted.
    """
    change = error = 0.0
    for name, sign in (("speed_mps", 1), ("cadence_spm", -1)):
        old, new = _only(before, name), _only(after, name)
        if old is None or new is None:
            return 0
        moved = math.log(new.value / old.value)
        if name == "speed_mps" and abs(moved) > limits().speed_share:
            return 0
        change += sign * moved
        error = combined(error, old.uncertainty / old.value, new.uncertainty / new.value)
    return 0 if not abs(change) > error else 1 if change > 0 else -1


def _only(take: Take, name: str) -> Measure | None:
    """Return the measure of this name, if it was seen once and with a known error."""
    found = [m for m in take.measures if m.id == name and math.isfinite(m.uncertainty) and m.value > 0]
    return found[0] if len(found) == 1 else None


def is_clear(difference: Difference) -> bool:
    """Return whether a difference is beyond the minimal detectable change."""
    return difference.verdict in ("better", "worse", "changed")


def _of_every_side(known: Iterable[Difference]) -> list[Difference]:
    """Keep the clear changes of measures that changed on every side seen: one side alone is chance too often."""
    seen = list(known)
    partly = {d.measure for d in seen if not is_clear(d)}
    return [d for d in seen if d.measure not in partly]


def _sign(clear: Iterable[Difference], measures: tuple[str, ...]) -> int:
    """Return +1 or -1 if all clear changes of these measures agree, else 0."""
    signs = {1 if d.change > 0 else -1 for d in clear if d.measure in measures}
    return signs.pop() if len(signs) == 1 else 0
