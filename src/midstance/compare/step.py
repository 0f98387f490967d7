"""Differences in, whether the step became longer or shorter out, and by flight or by reach of the lower leg.

The article's third stride is longer than its second, yet not by reaching: more ground is covered in the air.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from midstance.progress import Difference, StepChange

LENGTH = ("step_length_m", "step_length_leg")
FLIGHT = ("flight_distance_m", "flight_time_ms")
REACH = ("shank_angle_at_strike_deg", "foot_ahead_of_hip_at_strike_leg")


def step_change(differences: Iterable[Difference]) -> StepChange | None:
    """None if the step length did not clearly change."""
    clear = [d for d in differences if d.verdict in ("better", "worse", "changed")]
    sign = _sign(clear, LENGTH)
    if not sign:
        return None
    parts: tuple[tuple[Literal["flight", "reach"], tuple[str, ...]], ...] = (("flight", FLIGHT), ("reach", REACH))
    return StepChange(
        direction="longer" if sign > 0 else "shorter",
        by=tuple(name for name, measures in parts if _sign(clear, measures) == sign),
    )


def _sign(clear: Iterable[Difference], measures: tuple[str, ...]) -> int:
    """+1 or -1 if all clear changes of these measures agree, else 0."""
    signs = {1 if d.change > 0 else -1 for d in clear if d.measure in measures}
    return signs.pop() if len(signs) == 1 else 0
