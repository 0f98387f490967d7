"""The rules of the coach, one problem a file, listed by hand in the order of DESIGN section 5."""

from __future__ import annotations

from midstance.rules import bounce, low_hip_extension, reaching
from midstance.rules.base import Rule

RULES: tuple[Rule, ...] = (
    low_hip_extension.RULE,
    reaching.RULE,
    bounce.RULE,
)
"""Every built-in rule."""
