"""What the arms do, seen from the side: elbow, swing of the upper arm, and its timing against the opposite leg."""

from __future__ import annotations

import numpy as np

from midstance.kinematics.curves import Curve, highest, lowest, mean_over
from midstance.measures import drawings
from midstance.measures.registry import Definition
from midstance.measures.run import Run
from midstance.measures.swing import each_stride
from midstance.model import Floats, Side, Stride
from midstance.skeleton import other


def _elbow(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    start, stop = stride.contact.strike_s, stride.next_strike_s
    return start, 180 - mean_over(run.angle("elbow_flexion", side), start, stop)


def _upper_arm_range(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    arm = run.angle("upper_arm", side)
    start, stop = stride.contact.strike_s, stride.next_strike_s
    moment, forward = highest(arm, start, stop)
    return moment, forward - lowest(arm, start, stop)[1]


def _arm_lag(run: Run, side: Side, stride: Stride) -> tuple[float, float]:
    start, stop = stride.contact.strike_s, stride.next_strike_s
    arm = first_harmonic(run.angle("upper_arm", side), start, stop)
    leg = first_harmonic(run.angle("thigh", other(side)), start, stop)
    return start, float(100 * np.angle(leg / arm) / (2 * np.pi)) if arm else np.nan


def first_harmonic(curve: Curve, start_s: float, stop_s: float) -> complex:
    """Compute the complex amplitude of the once-a-stride part of a curve; NaN if the stride is not wholly seen."""
    share: Floats = np.linspace(0, 1, 200, endpoint=False)
    values = curve.at(start_s + share * (stop_s - start_s))
    return complex(np.mean(values * np.exp(-2j * np.pi * share)))


ARMS = (
    Definition(
        id="elbow_angle_deg",
        name="elbow angle",
        unit="deg",
        group="Arms",
        says="180 is a straight arm.",
        better="ordinary",
        drawn=drawings.ELBOW,
        formula="mean angle between upper arm and forearm over a stride; 180 straight",
        source="own definition, docs/evidence.md#arms; validation: Measures, runners outside every fit",
        near_only=True,
        read=each_stride(_elbow),
    ),
    Definition(
        id="upper_arm_range_deg",
        name="swing of the upper arm",
        unit="deg",
        group="Arms",
        says="From its foremost to its rearmost position.",
        better="ordinary",
        drawn=drawings.UPPER_ARM,
        formula="largest minus smallest angle of the upper arm over a stride",
        source="own definition, docs/evidence.md#arms; validation: Measures, runners outside every fit",
        near_only=True,
        read=each_stride(_upper_arm_range),
    ),
    Definition(
        id="arm_leg_lag_pct",
        name="arm behind the opposite leg",
        unit="%",
        group="Arms",
        says="As a share of the stride; above 0 the arm is late.",
        better="ordinary",
        drawn=drawings.UPPER_ARM,
        formula="phase of the upper arm behind the opposite thigh, first harmonic, per cent of a stride; + arm late",
        source="own definition, docs/evidence.md#arm-timing; validation: Measures, runners outside every fit",
        near_only=True,
        read=each_stride(_arm_lag),
    ),
)
