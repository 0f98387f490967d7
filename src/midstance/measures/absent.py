"""Say which measures a file of points cannot give, because it lacks a part of the body."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from midstance.model import Absent
from midstance.reasons import Reason

WITHOUT_FEET = frozenset(
    {
        "cadence_spm",
        "step_time_ms",
        "stride_time_ms",
        "vertical_oscillation_cm",
        "vertical_oscillation_leg",
        "trunk_lean_deg",
        "peak_thigh_extension_deg",
        "peak_knee_flexion_swing_deg",
        "peak_thigh_flexion_deg",
        "peak_thigh_separation_deg",
        "elbow_angle_deg",
        "upper_arm_range_deg",
        "arm_leg_lag_pct",
        "wrist_crossing",
        "elbow_out",
        "shoulder_rotation_deg",
        "pelvic_drop_deg",
        "trunk_sway_deg",
        "asymmetry_step_time_pct",
        "asymmetry_peak_thigh_extension_deg",
    }
)
"""What is read without heel and toe: nothing that looks at them, nor at the very moment a foot strikes or leaves."""
OF_SHOULDERS = frozenset(
    {
        "trunk_lean_deg",
        "trunk_lean_at_strike_deg",
        "heel_ahead_of_com_at_strike_m",
        "elbow_angle_deg",
        "upper_arm_range_deg",
        "arm_leg_lag_pct",
        "wrist_crossing",
        "elbow_out",
        "shoulder_rotation_deg",
        "trunk_sway_deg",
    }
)

_WHY: Mapping[Absent, Reason] = MappingProxyType({"feet": Reason("needs_feet"), "shoulder": Reason("needs_shoulders")})


def needs_absent(measure: str, absent: frozenset[Absent]) -> Reason | None:
    """Return why a measure cannot be read from points that lack these parts; None if it can."""
    if "feet" in absent and measure not in WITHOUT_FEET:
        return _WHY["feet"]
    if "shoulder" in absent and measure in OF_SHOULDERS:
        return _WHY["shoulder"]
    return None
