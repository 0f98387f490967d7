"""The rules of the coach, one problem a file, listed by hand in the order of docs/rules.md."""

from __future__ import annotations

from pathlib import Path

from midstance.coaching.rules import (
    arm_crossing,
    arms_out,
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
from midstance.coaching.rules.base import Rule
from midstance.coaching.rules.checks import failures
from midstance.coaching.rules.explained import explanation, known_words
from midstance.coaching.rules.folder import Ruleset, laid_over

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
    arms_out.RULE,
    shoulder_rotation.RULE,
    late_arms.RULE,
    heel_whip.RULE,
    asymmetry.RULE,
    fading.RULE,
)
"""Every built-in rule."""


def load(folder: Path | None = None) -> Ruleset:
    """Load the built-in rules and bands, with a coach's own folder laid over them (--rules DIR)."""
    return laid_over(RULES, folder)


def check(folder: Path | None = None) -> list[str]:
    """Run every worked example and look up every name; return a sentence per failure, none if all is well."""
    return failures(load(folder))


def explain(word: str, folder: Path | None = None) -> str | None:
    """Explain a problem, a cause or a cue; None if no rule knows the word."""
    return explanation(word, load(folder).rules)


def explained_words(folder: Path | None = None) -> tuple[str, ...]:
    """Return every word that explain() knows."""
    return known_words(load(folder).rules)
