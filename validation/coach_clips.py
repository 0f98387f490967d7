"""Coach a rendered film: findings in order and the focus of the plan."""

from __future__ import annotations

from dataclasses import replace

from midstance.coaching.findings import ask_rules
from midstance.coaching.plan import make_plan
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import measure
from midstance.model import Finding
from validation.accuracy import true_measures, truth_with_contacts_as_read
from validation.cases import Case

Judgement = tuple[tuple[Finding, ...], str | None]

FIRST_OR_SECOND = 2
MARKS = {"supported": "+", "not_supported": "-", "cannot_tell": "?"}
"""Of the verdict on a cause."""


def judge(case: Case, *, earlier_s: tuple[float, float] = (0.0, 0.0), on_truth: bool = False) -> Judgement:
    """Findings in order and the focus of the plan, with the runner's height known.

    earlier_s  moves every strike and toe-off that was found, where the truth of a set of films has other moments
    on_truth   the same measures with the same uncertainty, but their true values, as far as there is a truth
    """
    track, view = case.track, case.view
    contacts = tuple(
        replace(c, strike_s=c.strike_s - earlier_s[0], toe_off_s=c.toe_off_s - earlier_s[1])
        for c in find_contacts(track, view)
    )
    view = measure_scale(view, track, contacts, height_m=case.truth["people"][0]["height_m"])
    measures, missing = measure(track, contacts, view)
    if on_truth:
        truth = case.truth if any(earlier_s) else truth_with_contacts_as_read(case)
        true = true_measures(truth, contacts, view)
        measures = tuple(replace(m, value=true.get((m.id, m.side), m.value)) for m in measures)
    found = ask_rules(measures, missing, view)
    plan = make_plan(found, measures, view=view)
    return found, plan.focus if plan else None
