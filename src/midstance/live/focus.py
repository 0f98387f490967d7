"""The one number that is watched: the focus of a runner's plan, or a measure that was asked for."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from midstance.errors import UsageError
from midstance.measures import BY_ID
from midstance.model import Measure, MeasureSide, Plan, Sample
from midstance.reasons import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """What is watched, and from where on the cue is met.

    measure, side  which number; side None: whichever side was measured, the one towards the camera first
    way            +1 the goal is met from there up, -1 from there down, 0 within what is ordinary
    goal           in the unit of the measure; NaN without one
    cue            what the runner thinks of; empty for a measure that was asked for
    """

    measure: str
    side: MeasureSide | None = None
    way: int = 0
    goal: float = math.nan
    cue: str = ""

    def of(self, measures: Iterable[Measure], near: MeasureSide | None) -> Measure | None:
        """Return the number that is watched; None where it was not measured."""
        found = {m.side: m for m in measures if m.id == self.measure}
        if self.side:
            return found.get(self.side)
        return found.get(near or "both") or next(iter(found.values()), None)

    def is_met(self, measure: Measure, sample: Sample) -> bool:
        """Return whether one stride does what is asked."""
        if self.way:
            return (sample.value - self.goal) * self.way >= 0
        return measure.band is not None and measure.band.low <= sample.value <= measure.band.high


def focus_of_plan(plan: Plan | None) -> Focus | None:
    """Return what a plan asks for; None if it has no number that should move."""
    target = plan.target if plan else None
    if plan is None or target is None:
        return None
    way = 1 if target.goal > target.start else -1
    return Focus(measure=target.measure, side=target.side, way=way, goal=target.goal, cue=plan.cue)


def focus_of_word(said: str) -> Focus:
    """Return the focus of a measure by its id. Raises UsageError."""
    if said not in BY_ID:
        raise UsageError(Reason("live_no_such_measure", said=said))
    return Focus(measure=said)
