"""What a measure is: its id, unit, formula and source, what it needs, and the function that reads it from a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from midstance.measures.run import Run
from midstance.model import Floats, Sample, Side

Need = Literal["scale", "speed", "mass", "true_time", "depth"]
Reader = Callable[[Run, Side], list[Sample]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One row of DESIGN section 4.

    formula   in words, as docs/measures.md prints it
    source    where the definition comes from
    read      (run, side) -> one sample a stride or step, in the unit; NaN samples are dropped
    one_sided read and told for each side; otherwise both feet are pooled
    near_only told for the side towards the camera only: the body hides the other
    needs     what must be known beside the track: a scale, a speed, a body mass, a time base that does not lie, depth
    with_scale, with_speed  power with which the value follows the scale and the speed, so that it carries their error
    """

    id: str
    unit: str
    formula: str
    source: str
    read: Reader
    one_sided: bool = True
    near_only: bool = False
    plane: Literal["side", "front", "rear", "front_or_rear", "any"] = "side"
    needs: tuple[Need, ...] = ()
    with_scale: float = 0.0
    with_speed: float = 0.0


def samples(moments_s: Iterable[float], values: Iterable[float]) -> list[Sample]:
    """Samples from parallel moments and values; unseen ones are left out."""
    pairs = zip(moments_s, values, strict=True)
    return [Sample(time_s=float(t), value=float(v)) for t, v in pairs if np.isfinite(t) and np.isfinite(v)]


def at_strike(angle: str, *, before_s: float = 0.0, sign: int = 1) -> Reader:
    """Reader of an angle at foot strike, or a moment before it."""

    def read(run: Run, side: Side) -> list[Sample]:
        moments = strikes_s(run, side) - before_s
        return samples(moments, sign * run.angle(angle, side).at(moments))

    return read


def at_toe_off(angle: str, *, sign: int = 1) -> Reader:
    """Reader of an angle at toe-off."""

    def read(run: Run, side: Side) -> list[Sample]:
        moments = toe_offs_s(run, side)
        return samples(moments, sign * run.angle(angle, side).at(moments))

    return read


def strikes_s(run: Run, side: Side) -> Floats:
    """Moments of all strikes of one foot."""
    return np.array([c.strike_s for c in run.contacts_of(side)])


def toe_offs_s(run: Run, side: Side) -> Floats:
    """Moments of all toe-offs of one foot."""
    return np.array([c.toe_off_s for c in run.contacts_of(side)])
