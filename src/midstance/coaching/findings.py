"""Find problems and their causes: ask every rule, weigh uncertainty, tie signs to their root, put them in order."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from midstance.coaching.bands import References
from midstance.coaching.rules import load
from midstance.coaching.rules.base import Rule, Words, grade_of
from midstance.coaching.rules.facts import Facts, by_id, possible
from midstance.coaching.rules.folder import Ruleset
from midstance.coaching.rules.seen import fill
from midstance.coaching.rules.verdicts import chance, from_here, judge
from midstance.coaching.unjudged import why_unjudged
from midstance.model import Cause, Cue, Evidence, Finding, Measure, NotAssessed, Verdict, View
from midstance.reasons import Reason

ROOTS: tuple[tuple[str, str, str | None], ...] = (
    # root, the sign it explains, the cause of that sign that must be supported (None: it always explains it)
    ("leaning_forward", "sitting", "bent_at_waist"),
    ("sitting", "low_hip_extension", "sitting"),
    ("low_hip_extension", "flat_stride", None),
    ("low_hip_extension", "swing_angle", "extension_small"),
    ("low_hip_extension", "bounce", None),
    ("forced_extension", "swing_angle", "extension_great"),
    ("forced_extension", "flat_stride", "leg_extended_long"),
    ("leaning_forward", "back_kick", "leaning_forward"),
    ("leaning_back", "reaching", "leaning_back"),
    ("back_kick", "reaching", "slow_back_kick"),
    ("late_arms", "reaching", "late_arm"),
    ("reaching", "flat_stride", "reaching_out"),
    ("reaching", "dorsiflexion", "reaching_out"),
    ("reaching", "sitting", "landing_ahead"),
    ("flat_stride", "swing_angle", "short_steps"),
    ("swing_angle", "pawback", "high_thigh"),
    ("swing_angle", "dorsiflexion", "low_swing"),
    ("shoulder_rotation", "arm_crossing", "shoulder_rotation"),
    ("arm_crossing", "late_arms", "arm_crosses"),
    ("arms_out", "late_arms", "arm_crosses"),
    ("arm_crossing", "reaching", "late_arm"),
    ("shoulder_rotation", "reaching", "shoulder_rotation"),
)
"""One root may explain several signs; where several roots could explain a sign, the first listed does."""

_TRUST = {"strong": 1.0, "moderate": 0.95, "weak": 0.9, "opinion": 0.8}
"""Share of confidence that a band of each grade allows."""

LEAST_CONFIDENCE = 0.45
"""Confidence below which nothing is said: the value lies on a line that is itself a mere proposal."""

NOTHING_TRIED: Mapping[str, bool] = MappingProxyType({})

_VERDICT_ORDER: dict[Verdict, int] = {"supported": 0, "cannot_tell": 1, "not_supported": 2}


def ask_rules(
    measures: Iterable[Measure],
    not_assessed: Iterable[NotAssessed],
    view: View,
    *,
    ruleset: Ruleset | None = None,
    height_m: float = math.nan,
    tried: Mapping[str, bool] = NOTHING_TRIED,
) -> tuple[Finding, ...]:
    """Return every problem whose sign lies beyond its band, the weightiest first, those explained by another last.

    Beyond the band by more than its uncertainty is a flag, beyond it by less is to be watched. A runner who speeds up
    or slows down is not judged: a start asks for another stride, and the bands are for a steady one. Nor is one whose
    lengths contradict each other.

    tried  what experiments said, by "problem.cause"; it decides what the clip leaves open
    """
    if why_unjudged(view):
        return ()
    ruleset = ruleset or load()
    facts = gather(measures, not_assessed, view, bands=ruleset.bands, height_m=height_m)
    asked = (_finding(rule, facts, tried) for rule in ruleset.rules if rule.seen_by(view))
    found = [f for f in asked if f and f.confidence >= LEAST_CONFIDENCE]
    return in_order_of_weight(tell_roots_once(found))


def unanswered(
    measures: Iterable[Measure],
    not_assessed: Iterable[NotAssessed],
    view: View,
    *,
    ruleset: Ruleset | None = None,
) -> tuple[NotAssessed, ...]:
    """List the problems this clip cannot show, and how to film them."""
    ruleset = ruleset or load()
    facts = gather(measures, not_assessed, view, bands=ruleset.bands)
    if why := why_unjudged(view):
        return tuple(_silent(rule, why) for rule in ruleset.rules)
    silent = []
    unseen = Reason("not_seen_from_here", plane=from_here(view.planes))
    for rule in ruleset.rules:
        if not rule.seen_by(view):
            reason = unseen
        elif not (reading := rule.sign(facts)).known:
            lacks = next((facts.reasons[m] for m in reading.missing if m in facts.reasons), Reason("too_little_seen"))
            reason = unseen if lacks.id == "needs_view" else lacks
        else:
            continue
        silent.append(_silent(rule, Reason("and_how_to_film", why=reason, film=rule.film)))
    return tuple(silent)


def _silent(rule: Rule, reason: Reason) -> NotAssessed:
    return NotAssessed(id=rule.id, reason=reason, topic=rule.called)


def gather(
    measures: Iterable[Measure],
    not_assessed: Iterable[NotAssessed],
    view: View,
    *,
    bands: References,
    height_m: float = math.nan,
) -> Facts:
    """Collect what the rules are asked with: all but numbers that no body can have."""
    every = by_id(measures)
    believed = possible(every, bands)
    reasons = {n.id: n.reason for n in not_assessed} | dict.fromkeys(every.keys() - believed.keys(), SEEN_WRONG)
    return Facts(measures=believed, view=view, references=bands, reasons=reasons, height_m=height_m)


SEEN_WRONG = Reason("points_seen_wrong")


def with_bands(
    measures: Iterable[Measure], view: View, *, ruleset: Ruleset | None = None, height_m: float = math.nan
) -> tuple[Measure, ...]:
    """Give each measure the range that is ordinary at this runner's speed, if that is steady and known."""
    measures = tuple(measures)
    if why_unjudged(view):
        return measures
    facts = gather(measures, (), view, bands=(ruleset or load()).bands, height_m=height_m)
    return tuple(replace(m, band=facts.band(m.id)) for m in measures)


def _finding(rule: Rule, facts: Facts, tried: Mapping[str, bool]) -> Finding | None:
    reading = rule.sign(facts)
    grade = grade_of(reading)
    if grade is None:
        return None
    causes = tuple(
        sorted(
            (judge(c, facts, tried=tried.get(f"{rule.id}.{c.id}")) for c in rule.causes),
            key=lambda c: (_VERDICT_ORDER[c.verdict], -c.support),
        )
    )
    return Finding(
        problem=rule.id,
        grade=grade,
        confidence=round(chance(reading.clearance) * _trust(reading.evidence, facts), 3),
        says=fill(rule.says, facts, reading, instead=rule.or_says or f"{rule.title}."),
        evidence=reading.evidence,
        causes=causes,
        cues=_cues(rule, causes),
        severity=round(rule.weight * min(max(reading.excess, 0.0), 5.0), 3),
        title=rule.seen_as,
        topic=rule.called,
    )


def _trust(evidence: Sequence[Evidence], facts: Facts) -> float:
    grades = [facts.references[e.measure].grade for e in evidence if e.measure in facts.references]
    return max((_TRUST[g] for g in grades), default=_TRUST["opinion"])


def _cues(rule: Rule, causes: Sequence[Cause]) -> tuple[Cue, ...]:
    """Return the cues of the supported causes first, then those of the problem, each once."""
    tests = {test.id: test for test in rule.causes}
    meant: list[tuple[Words, str]] = [
        (words, cause.cause) for cause in causes if cause.verdict == "supported" for words in tests[cause.cause].cues
    ]
    meant += [(words, rule.id) for words in rule.cues]
    once = {words.id: (words, mends) for words, mends in reversed(meant)}
    ordered = dict.fromkeys(words.id for words, _mends in meant)
    return tuple(Cue(id=i, says=once[i][0].says, mends=once[i][1]) for i in ordered)


def tell_roots_once(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Set explained_by where another finding is the root (table ROOTS).

    A root never hides behind a sign it explains, and a mere watch never hides a flag.
    """
    grades = {f.problem: f.grade for f in found}
    explained: dict[str, str] = {}
    for root, sign in _roots_found(found):
        sure_enough = grades[root] == "flag" or grades[sign] == "watch"
        if sure_enough and sign not in explained and explained.get(root) != sign:
            explained[sign] = root
    return tuple(replace(f, explained_by=explained.get(f.problem)) for f in found)


def _roots_found(found: Sequence[Finding]) -> Iterator[tuple[str, str]]:
    """Return each root among some findings with each sign of which it is a supported cause, in the order of ROOTS."""
    by_problem = {f.problem: f for f in found}
    for root, sign, via in ROOTS:
        if root in by_problem and sign in by_problem:
            causes = by_problem[sign].causes
            if via is None or any(c.cause == via and c.verdict == "supported" for c in causes):
                yield root, sign


def in_order_of_weight(found: Sequence[Finding]) -> tuple[Finding, ...]:
    """Sort flags before watches, the weightiest first; a root also carries half of what it is the cause of.

    So does a mere watch that is the cause of a flag, though it explains none: it stands before other watches.
    """
    root_of = {f.problem: f.explained_by for f in found}
    ties = [(f.explained_by, f.problem) for f in found if f.explained_by]
    ties += [(root, sign) for root, sign in _roots_found(found) if not root_of[sign] and root_of[root] != sign]
    own = {f.problem: f.severity for f in found}
    carried = dict(own)
    for root, sign in ties:
        carried[root] += 0.5 * own[sign]
    weighed = [replace(f, severity=round(carried[f.problem], 3)) for f in found]
    return tuple(sorted(weighed, key=lambda f: (f.explained_by is not None, f.grade != "flag", -f.severity)))
