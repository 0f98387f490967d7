"""Choose one thing to work on: focus, cue, how to try it, what to expect, a number, when to film again."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Sequence

from midstance.coaching.chain import chain_of, why
from midstance.coaching.findings import gather
from midstance.coaching.practice import training_for
from midstance.coaching.rules import load
from midstance.coaching.rules.base import Rule
from midstance.coaching.rules.examples import view_from
from midstance.coaching.rules.facts import Facts
from midstance.coaching.rules.folder import Ruleset
from midstance.coaching.rules.seen import measures_said
from midstance.model import Evidence, Finding, Measure, MeasureSide, Plan, Target, View

ENOUGH_TO_TRY = 0.65
"""Confidence from which something merely to be watched is offered as a focus."""


def make_plan(
    findings: Sequence[Finding],
    measures: Iterable[Measure],
    *,
    view: View | None = None,
    ruleset: Ruleset | None = None,
    asked: bool = False,
    height_m: float = math.nan,
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
    facts = gather(measures, (), view, bands=ruleset.bands, height_m=height_m)
    chain = chain_of(focus, findings, view.planes)
    reasons = why(chain, focus)
    return Plan(
        focus=focus.problem,
        cue=focus.cues[0].says,
        why=reasons,
        target=target_of(rule, facts, said=measures_said(rule.goals, facts, reasons), shown=focus.evidence),
        practice=rule.practice,
        expect=rule.expect,
        guard=rule.guard,
        film_again=rule.film_again,
        later=tuple(f.problem for f in standing if f is not focus),
        title=focus.title,
        notice=chain.notice,
        comes_from=chain.comes_from,
        grade=focus.grade,
        training=training_for(focus, measures),
    )


def focus_first(findings: Sequence[Finding], plan: Plan | None) -> tuple[Finding, ...]:
    """Return the findings with the one to change first: the order of every list that a person or a program reads."""
    return tuple(sorted(findings, key=lambda finding: plan is not None and finding.problem != plan.focus))


def offer(findings: Iterable[Finding]) -> Finding | None:
    """Return what a runner is offered who asks what to try; None if nothing. A coach's own rule may be tried."""
    rule_of = {rule.id: rule for rule in load().rules}
    standing = (f for f in findings if f.explained_by is None and f.grade == "watch")
    return next((f for f in standing if _may_be_tried(f, rule_of.get(f.problem))), None)


def _may_be_tried(finding: Finding, rule: Rule | None) -> bool:
    return finding.confidence >= ENOUGH_TO_TRY and (rule is None or rule.try_it)


def _view_of(measures: Iterable[Measure]) -> View:
    speed = next((m.value for m in measures if m.id == "speed_mps"), math.nan)
    return view_from("side", speed)


def target_of(rule: Rule, facts: Facts, *, said: Collection[str] = (), shown: Iterable[Evidence] = ()) -> Target | None:
    """Choose the number that should move, and aim it at the edge of what is ordinary.

    Of the goals outside their ordinary range it is the one that shows the change best: the distance to the edge over
    the least change that two such clips can separate (sqrt(2) times the uncertainty of one). Goals whose number the
    runner has read (said) come first, on the side that was shown. The aim is at least that least change away and never
    beyond the middle of what is ordinary, so it can be seen and reached; None where no goal allows both.
    """
    sides = {piece.measure: piece.side for piece in shown}
    aims = [aim for goal in rule.goals if (aim := _aim(goal, facts, sides.get(goal)))]
    return max(aims, key=lambda aim: (aim.measure in said, _visibility(aim, facts)), default=None)


def _aim(goal: str, facts: Facts, shown: MeasureSide | None) -> Target | None:
    """Return the way of one goal to the edge, read on the side that was shown if that is outside, else on the other."""
    for found in sorted(facts.seen_best_first(goal), key=lambda measure: measure.side != shown):
        minimal, to_edge = math.sqrt(2) * found.uncertainty, _beyond_the_edge(found.value, goal, facts)
        to_middle = abs(facts.usual(goal) - found.value)
        if to_edge > 0 and minimal <= to_middle:
            way = math.copysign(1.0, facts.usual(goal) - found.value)
            return Target(
                measure=goal,
                side=found.side,
                start=found.value,
                goal=found.value + way * min(max(to_edge, minimal), to_middle),
                minimal_change=minimal,
                unit=found.unit,
            )
    return None


def _beyond_the_edge(value: float, goal: str, facts: Facts) -> float:
    """Return how far a value lies outside what is ordinary, in its unit; 0 inside, or where nothing is known."""
    band = facts.band(goal)
    return max(band.low - value, value - band.high, 0.0) if band else 0.0


def _visibility(aim: Target, facts: Facts) -> float:
    """Return the distance to the edge in least changes that can be seen."""
    return _beyond_the_edge(aim.start, aim.measure, facts) / max(aim.minimal_change, 1e-9)
