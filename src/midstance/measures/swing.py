"""The leg through the air: how far it extends, folds and comes forward."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from midstance.gait.events import time_factor
from midstance.kinematics.curves import highest, lowest
from midstance.measures import drawings
from midstance.measures.registry import Definition, samples
from midstance.measures.run import Run
from midstance.model import Sample, Side, Stride

REARMOST_S = (-0.050, 0.120)
"""Where the thigh turns: from a little before toe-off to a little after."""
LATE_SWING = 0.6
"""The last 40 % of swing (docs/evidence.md#dorsiflexion)."""

StrideReader = Callable[[Run, Side, Stride], tuple[float, float]]


def each_stride(read_one: StrideReader) -> Callable[[Run, Side], list[Sample]]:
    """Return the reader of all strides from a reader of one, which gives the moment and the value."""

    def read(run: Run, side: Side) -> list[Sample]:
        pairs = [read_one(run, side, stride) for stride in run.strides_of(side)]
        return samples(*zip(*pairs, strict=True)) if pairs else []

    return read


def swing_peak(angle: str) -> Callable[[Run, Side], list[Sample]]:
    """Return the reader of the largest angle between toe-off and the next strike."""
    return each_stride(
        lambda run, side, stride: highest(run.angle(angle, side), stride.contact.toe_off_s, stride.next_strike_s)
    )


def rearmost_thigh(run: Run, side: Side, toe_off_s: float) -> tuple[float, float]:
    """Find the moment and the angle at which the thigh turns from going back to coming forward."""
    start, stop = (toe_off_s + after / time_factor(run.track) for after in REARMOST_S)
    return lowest(run.angle("thigh", side), start, stop)


def peak_thigh_extension(run: Run, side: Side) -> list[Sample]:
    """Measure how far the thigh goes behind the vertical about toe-off, degrees."""
    turns = [rearmost_thigh(run, side, c.toe_off_s) for c in run.contacts_of(side)]
    return samples([t for t, _ in turns], [-angle for _, angle in turns])


def _peak_knee_time(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    start, stop = stride.contact.toe_off_s, stride.next_strike_s
    moment, _ = highest(run.angle("knee_flexion", side), start, stop)
    return moment, 100 * (moment - start) / (stop - start)


def _heel_recovery(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    hip_over_heel = run.above("hip", "heel", side)
    moment, height = lowest(hip_over_heel, stride.contact.toe_off_s, stride.next_strike_s)
    return moment, 1 - height * run.true_length


def _pulled_knee(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    knee = run.angle("knee_flexion", side)
    contact = stride.contact
    turn, _ = rearmost_thigh(run, side, contact.toe_off_s)
    if not np.isfinite(turn):
        return np.nan, np.nan
    straightest = lowest(knee, (contact.strike_s + contact.toe_off_s) / 2, turn)[1]
    return turn, float(knee.at(turn)) - straightest


def _separation(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    apart = run.angle("thigh_separation", side)
    ahead = highest(apart, stride.contact.strike_s, stride.next_strike_s)
    behind = lowest(apart, stride.contact.strike_s, stride.next_strike_s)
    return ahead if ahead[1] > -behind[1] else (behind[0], -behind[1])


def _late_dorsiflexion(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    start, stop = stride.contact.toe_off_s, stride.next_strike_s
    moment, angle = highest(run.angle("ankle_dorsiflexion", side), start + LATE_SWING * (stop - start), stop)
    return moment, angle - run.flat_foot_deg(side)


SWING = (
    Definition(
        id="peak_thigh_extension_deg",
        name="greatest hip extension",
        unit="deg",
        group="Leaving the ground",
        says="How far the thigh travels behind the hip.",
        better="ordinary",
        drawn=drawings.THIGH,
        formula="largest -T from 50 ms before to 120 ms after toe-off",
        source="own definition, docs/evidence.md#thigh-extension; validation: Measures, runners outside every fit",
        read=peak_thigh_extension,
    ),
    Definition(
        id="peak_knee_flexion_swing_deg",
        name="greatest knee bend in the air",
        unit="deg",
        group="In the air",
        says="How far the lower leg folds; it grows with speed.",
        better="lower",
        drawn=drawings.KNEE,
        formula="largest K between toe-off and the next strike",
        source="own definition, docs/evidence.md#back-kick; validation: Measures, runners outside every fit",
        read=swing_peak("knee_flexion"),
    ),
    Definition(
        id="peak_knee_flexion_swing_time_pct",
        name="when the knee is most bent",
        unit="%",
        group="In the air",
        says="As a share of the time the foot is in the air.",
        better="ordinary",
        drawn=drawings.KNEE,
        formula="moment of the largest K, per cent of the time from toe-off to the next strike",
        source="own definition, docs/evidence.md#back-kick; validation: Measures, runners outside every fit",
        read=each_stride(_peak_knee_time),
    ),
    Definition(
        id="heel_recovery_leg",
        name="how high the heel comes",
        unit="leg",
        group="In the air",
        says="0 is a straight leg, 1 is the heel at hip height.",
        better="lower",
        drawn=drawings.HEEL,
        formula="1 - smallest (Y hip - Y heel) in swing / leg length",
        source="own definition, docs/evidence.md#back-kick; validation: Measures, runners outside every fit",
        read=each_stride(_heel_recovery),
    ),
    Definition(
        id="knee_flexion_before_rearmost_thigh_deg",
        name="knee bend before the thigh turns forward",
        unit="deg",
        group="In the air",
        says="Much bend this early means that the heel is pulled up instead of folding by itself.",
        better="lower",
        drawn=drawings.KNEE,
        formula="K when the thigh is rearmost - smallest K from mid-stance to then; large = pulled up early",
        source="own definition, docs/evidence.md#back-kick; validation: Measures, runners outside every fit",
        read=each_stride(_pulled_knee),
    ),
    Definition(
        id="peak_thigh_flexion_deg",
        name="greatest knee lift",
        unit="deg",
        group="In the air",
        says="How far the thigh travels ahead of the hip.",
        better="ordinary",
        drawn=drawings.THIGH,
        formula="largest T between toe-off and the next strike",
        source="own definition, docs/evidence.md#swing-angle; validation: Measures, runners outside every fit",
        read=swing_peak("thigh"),
    ),
    Definition(
        id="peak_thigh_separation_deg",
        name="greatest angle between the thighs",
        unit="deg",
        group="In the air",
        says="How far the legs open.",
        better="ordinary",
        drawn=drawings.THIGHS,
        formula="largest |T left - T right| in a stride",
        source="own definition, docs/evidence.md#swing-angle; validation: Measures, runners outside every fit",
        read=each_stride(_separation),
        one_sided=False,
    ),
    Definition(
        id="ankle_dorsiflexion_late_swing_deg",
        name="toes held up before landing",
        unit="deg",
        group="In the air",
        says="0 is the ankle as it is when you stand; above 0 the toes are up.",
        better="ordinary",
        drawn=drawings.FOOT,
        formula="largest F - S - F(flat) in the last 40 % of swing; 0 = flat sole under a vertical shank",
        source="own definition, docs/evidence.md#dorsiflexion; validation: Measures, runners outside every fit",
        read=each_stride(_late_dorsiflexion),
    ),
)
