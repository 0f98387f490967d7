"""Check rules: run every worked example, look up every reference, fill every sentence."""

from __future__ import annotations

from collections.abc import Iterator

from midstance.coaching.bands import References
from midstance.coaching.rules.base import Case, Rule, grade_of, verdict_of
from midstance.coaching.rules.examples import measures_of, view_from
from midstance.coaching.rules.facts import Facts, Reading, by_id, possible, unknown
from midstance.coaching.rules.folder import Ruleset, all_cues
from midstance.coaching.rules.words import SEEN_PREFIX, USUAL, numbers_in


def failures(ruleset: Ruleset) -> list[str]:
    """List what is wrong with a set of rules, a sentence each; empty = all is well."""
    known = {rule.id for rule in ruleset.rules}
    found = []
    for rule in ruleset.rules:
        found += [
            f"{rule.id}: {fault}" for fault in (*_shape(rule, known, ruleset.bands), *_words(rule, ruleset.bands))
        ]
        for case in (*rule.fires, *rule.silent):
            found += [f"{rule.id}, {case.name!r}: {fault}" for fault in case_faults(rule, case, ruleset.bands)]
    return found


def case_faults(rule: Rule, case: Case, bands: References) -> list[str]:
    """List how one worked example differs from what it promises."""
    facts = facts_of(case, bands)
    reading = sign_of(rule, facts)
    grade = grade_of(reading)
    faults = []
    if grade != case.grade:
        faults.append(
            f"expected {case.grade or 'silence'}, got {grade or 'silence'} (clearance {reading.clearance:.2f})"
        )
    tests = {cause.id: cause.test for cause in rule.causes}
    for cause, verdict in case.causes.items():
        got = verdict_of(tests[cause](facts)) if cause in tests else "no such cause"
        if got != verdict:
            faults.append(f"cause {cause}: expected {verdict}, got {got}")
    return faults


def facts_of(case: Case, bands: References) -> Facts:
    """Make the facts of a worked example."""
    measures = possible(by_id(measures_of(case, bands)), bands)
    return Facts(measures=measures, view=view_from(case.plane, case.speed_mps), references=bands)


def sign_of(rule: Rule, facts: Facts) -> Reading:
    """Read the sign of a rule, unknown where the camera stood on the wrong side."""
    return rule.sign(facts) if rule.seen_by(facts.view) else unknown(*facts.measures)


def _shape(rule: Rule, known: set[str], bands: References) -> Iterator[str]:
    ids = [cause.id for cause in rule.causes]
    if len(set(ids)) < len(ids):
        yield "two causes have the same id"
    if not rule.cues:
        yield "has no cue"
    if not rule.fires or not rule.silent:
        yield "needs worked examples of both kinds, fires and silent"
    if not any(case.grade for case in rule.fires) or any(case.grade for case in rule.silent):
        yield "examples that fire need a grade, silent ones none"
    for cause in rule.causes:
        if cause.root is not None and cause.root not in known:
            yield f"cause {cause.id}: there is no problem {cause.root!r}"
    for goal in rule.goals:
        if _row(goal) not in bands:
            yield f"goal {goal}: references.toml has no such table"


def _words(rule: Rule, bands: References) -> Iterator[str]:
    sentences = [rule.says, *(s for cause in rule.causes for s in (cause.yes, cause.no))]
    names = {n.removeprefix(USUAL).removeprefix(SEEN_PREFIX) for s in sentences for n in numbers_in(s)}
    for name in names - {"seen", "signs"}:
        if _row(name) not in bands:
            yield f"speaks of {name}, which has no table in references.toml"
    for cue in all_cues(rule):
        if not cue.says.strip():
            yield f"cue {cue.id} says nothing"


def _row(measure: str) -> str:
    return f"asymmetry_{measure.rpartition('_')[2]}" if measure.startswith("asymmetry_") else measure
