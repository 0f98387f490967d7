"""Conditions on the measures of one clip, for a coach's own rules."""

from midstance.coaching.rules.facts import (
    Facts,
    Reading,
    all_of,
    any_of,
    at_least,
    by_id,
    capped,
    evidence_of,
    high,
    isnt,
    low,
    outside,
    provided,
    trend,
    unknown,
)

__all__ = [
    "Facts",
    "Reading",
    "all_of",
    "any_of",
    "at_least",
    "by_id",
    "capped",
    "evidence_of",
    "high",
    "isnt",
    "low",
    "outside",
    "provided",
    "trend",
    "unknown",
]
