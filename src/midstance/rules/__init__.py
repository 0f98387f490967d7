"""The rules of the coach, one problem a file, listed by hand in the order of DESIGN section 5."""

from __future__ import annotations

from midstance.rules import (
    arm_crossing,
    asymmetry,
    back_kick,
    bounce,
    dorsiflexion,
    fading,
    flat_stride,
    forced_extension,
    heel_whip,
    late_arms,
    leaning_back,
    leaning_forward,
    low_hip_extension,
    pawback,
    reaching,
    shoulder_rotation,
    sitting,
    swing_angle,
)
from midstance.rules.base import Rule

RULES: tuple[Rule, ...] = (
    back_kick.RULE,
    flat_stride.RULE,
    low_hip_extension.RULE,
    reaching.RULE,
    swing_angle.RULE,
    bounce.RULE,
    pawback.RULE,
    dorsiflexion.RULE,
    forced_extension.RULE,
    sitting.RULE,
    leaning_forward.RULE,
    leaning_back.RULE,
    arm_crossing.RULE,
    shoulder_rotation.RULE,
    late_arms.RULE,
    heel_whip.RULE,
    asymmetry.RULE,
    fading.RULE,
)
"""Every built-in rule."""
