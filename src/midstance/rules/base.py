"""The nouns of a rule, for a coach's own rules."""

from midstance.coaching.rules.base import LIKELY, SURE, Case, CauseTest, Rule, Source, Test, Words, grade_of, verdict_of
from midstance.model import Experiment

__all__ = [
    "LIKELY",
    "SURE",
    "Case",
    "CauseTest",
    "Experiment",
    "Rule",
    "Source",
    "Test",
    "Words",
    "grade_of",
    "verdict_of",
]
