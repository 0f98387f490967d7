"""Choose one thing to work on: focus, cue, how to try it, what to expect, a number, when to film again."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from midstance.coaching.chain import chain_of, why
from midstance.coaching.findings import gather
from midstance.coaching.rules import load
from midstance.coaching.rules.base import Rule
from midstance.coaching.rules.examples import view_from
from midstance.coaching.rules.facts import Facts
from midstance.coaching.rules.folder import Ruleset
from midstance.model import Finding, Measure, Plan, Target, View

ENOUGH_TO_TRY = 0.65
"""Confidence from which something merely to be watched is offered as a focus."""

HARDLY_SEEN = 2.5
"""A target so many times nearer than the least change the camera can see is no target."""


def make_plan(
    findings: Sequence[Finding],
    measures: Iterable[Measure],
    *,
    view: View | None = None,
    ruleset: Ruleset | None = None,
    asked: bool = False,
) -> Plan | None:
    """Choose the weightiest finding that is not explained by another. None when nothing stands out.

    A sign merely to be watched is no reason to change a stride, so it becomes a focus only for a runner who asks
    what to try (asked). Without a view the running speed is taken from the measure speed_mps.
    """
    standing = [f for f in findings if f.explained_by is None]
    ruleset = ruleset or load()
    rule_of = {rule.id: rule for rule in ruleset.rules}
    worth = [f for f in standing if f.grade == "flag" or (asked and _may_be_tried(f, rule_of[f.problem]))]
    if not worth:
        return None
    focus, measures = worth[0], tuple(measures)
    rule = rule_of[focus.problem]
    view = view or _view_of(measures)
    facts = gather(measures, (), view, bands=ruleset.bands)
    chain = chain_of(focus, findings, view.plane)
    return Plan(
        focus=focus.problem,
        cue=focus.cues[0].says,
        why=why(chain, focus),
        target=target_of(rule, facts, shown=[e.measure for e in focus.evidence]),
        practice=rule.practice,
        expect=rule.expect,
        guard=rule.guard,
        film_again=rule.film_again,
        later=tuple(f.problem for f in standing if f is not focus),
        title=focus.title,
        notice=chain.notice,
        comes_from=chain.comes_from,
    )


def _may_be_tried(finding: Finding, rule: Rule) -> bool:
    return finding.confidence >= ENOUGH_TO_TRY and rule.try_it


def _view_of(measures: Iterable[Measure]) -> View:
    speed = next((m.value for m in measures if m.id == "speed_mps"), math.nan)
    return view_from("side", speed)


def target_of(rule: Rule, facts: Facts, *, shown: Sequence[str] = ()) -> Target | None:
    """Choose the first goal of a rule that was measured; a goal that shows the problem comes first.

    minimal_change is the least change two such clips can separate from their own error: the uncertainties of both
    clips together, sqrt(2) times that of one when both are filmed alike. The goal asks for at least that much, but
    never for more than evenness between left and right; where the camera could hardly see it, there is no target.
    """
    for goal in sorted(rule.goals, key=lambda goal: goal not in shown):
        found = facts.best_seen(goal)
        aim = facts.usual(goal)
        if found is None or math.isnan(aim):
            continue
        minimal = math.sqrt(2) * found.uncertainty
        way = math.copysign(1.0, aim - found.value)
        change = abs(aim - found.value)
        if minimal > HARDLY_SEEN * change:
            continue
        if not goal.startswith("asymmetry_"):
            change = max(change, minimal)
        return Target(
            measure=goal,
            side=found.side,
            start=found.value,
            goal=found.value + way * change,
            minimal_change=minimal,
            unit=found.unit,
        )
    return None
