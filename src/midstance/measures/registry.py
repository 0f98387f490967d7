"""What a measure is: every fact about it once, and the function that reads it from a run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from midstance.measures.drawings import Drawing
from midstance.measures.run import Run
from midstance.model import Floats, Measure, MeasureSide, Sample, Side
from midstance.reasons import Reason
from midstance.uncertainty import Error
from midstance.units import Unit

Need = Literal["scale", "speed", "mass", "true_time", "depth"]
Better = Literal["lower", "higher", "ordinary", "zero", "neither"]
"""Which way a change is an improvement: towards the usual range from above only (lower), from below only (higher) or
from either side (ordinary), towards 0, or no way. Agrees with the edges of the band in data/references.toml."""

Group = Literal[
    "Rhythm",
    "Distance",
    "Landing",
    "On the ground",
    "Leaving the ground",
    "In the air",
    "Arms",
    "From the front or behind",
    "Left against right",
    "Springs",
]
GROUPS: tuple[Group, ...] = get_args(Group)
"""The groups in the order in which a reader meets them."""

Found = Mapping[tuple[str, MeasureSide], Measure]
"""Measures by id and side."""
Reader = Callable[[Run, Side], list[Sample]]
Derive = Callable[[Run, Found], Measure | None]


TOO_LITTLE_SEEN = Reason("too_little_seen")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """Every fact about one measure, but for its band (data/references.toml) and own error (data/accuracy.toml).

    name      what a runner reads, without unit and side
    says      one sentence on how to read the number
    better    which way a change is an improvement
    drawn     how it is drawn on the body; None for a measure of time or of the whole clip
    formula   in words, as docs/measures.md prints it
    source    where the definition comes from
    read      (run, side) -> one sample a stride or step, in the unit; NaN samples are dropped
    derive    (run, measures found so far) -> the measure made from them; exactly one of read and derive is given
    made_from ids of the measures that derive takes
    one_sided given for each side; otherwise both feet are pooled
    near_only given for the side towards the camera only: the body hides the other
    needs     what must be known beside the track: a scale, a speed, a body mass, a time base that does not lie, depth
    missing   the reason when a clip supports the measure and yet gives no value
    error     how far off it is, where data/accuracy.toml does not say: for measures that another package adds
    with_scale, with_speed  power with which the value follows the scale and the speed, so that it carries their error
    """

    id: str
    name: str
    unit: Unit
    group: Group
    says: str
    formula: str
    source: str
    better: Better = "neither"
    drawn: Drawing | None = None
    read: Reader | None = None
    derive: Derive | None = None
    made_from: tuple[str, ...] = ()
    one_sided: bool = True
    near_only: bool = False
    plane: Literal["side", "front", "rear", "front_or_rear", "any"] = "side"
    needs: tuple[Need, ...] = ()
    missing: Reason = TOO_LITTLE_SEEN
    error: Error | None = None
    with_scale: float = 0.0
    with_speed: float = 0.0


def samples(moments_s: Iterable[float], values: Iterable[float]) -> list[Sample]:
    """Make samples from parallel moments and values; unseen ones are left out."""
    pairs = zip(moments_s, values, strict=True)
    return [Sample(time_s=float(t), value=float(v)) for t, v in pairs if np.isfinite(t) and np.isfinite(v)]


def at_strike(angle: str, *, before_s: float = 0.0, sign: int = 1) -> Reader:
    """Return the reader of an angle at foot strike, or a moment before it."""

    def read(run: Run, side: Side) -> list[Sample]:
        moments = strikes_s(run, side) - before_s
        return samples(moments, sign * run.angle(angle, side).at(moments))

    return read


def at_toe_off(angle: str, *, sign: int = 1) -> Reader:
    """Return the reader of an angle at toe-off."""

    def read(run: Run, side: Side) -> list[Sample]:
        moments = toe_offs_s(run, side)
        return samples(moments, sign * run.angle(angle, side).at(moments))

    return read


def strikes_s(run: Run, side: Side) -> Floats:
    """Return the moments, seconds, of all strikes of one foot."""
    return np.array([c.strike_s for c in run.contacts_of(side)])


def toe_offs_s(run: Run, side: Side) -> Floats:
    """Return the moments, seconds, of all toe-offs of one foot."""
    return np.array([c.toe_off_s for c in run.contacts_of(side)])
