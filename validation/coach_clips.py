"""Rendered runners with one fault put in and fault-free ones, analysed as films: did the coach see it, and first?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from midstance.coaching.findings import ask_rules
from midstance.coaching.plan import make_plan
from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import measure
from midstance.model import Finding
from validation.cases import Case
from validation.coach import RIGHT

FIRST_OR_SECOND = 2


def table(chosen: Iterable[Case]) -> Iterator[str]:
    """One row a runner, then the share of faults found first or second and the fault-free runners with a flag."""
    yield "| runner | fault put in | m/s | rank of its problem | findings, weightiest first | focus | causes |"
    yield "|---|---|---|---|---|---|---|"
    ranks: list[int | None] = []
    flagged = clean = 0
    for case in chosen:
        subject = case.truth["people"][0]
        fault = subject["faults"][0]["name"] if subject["faults"] else None
        label = f"| {case.name} | {fault or 'none'} | {subject['speed_mps']:.1f} |"
        try:
            found, focus = judge(case)
        except Refused as refused:
            yield f"{label} | refused: {refused.reason} | | |"
            ranks += [None] if fault else []
            continue
        told = ", ".join(f"{f.problem} ({f.grade})" for f in found) or "nothing"
        rank = rank_of(fault, found) if fault else None
        if fault:
            ranks.append(rank)
        else:
            clean += 1
            flagged += any(f.grade == "flag" for f in found)
        yield f"{label} {rank or '-'} | {told} | {focus or '-'} | {causes_of(found[rank - 1 if rank else 0 :])} |"
    well = sum(rank is not None and rank <= FIRST_OR_SECOND for rank in ranks)
    yield ""
    yield f"Fault first or second: {well} of {len(ranks)}. Fault-free runners with a flag: {flagged} of {clean}."


MARKS = {"supported": "+", "not_supported": "-", "cannot_tell": "?"}


def causes_of(found: tuple[Finding, ...]) -> str:
    """The verdict on each cause of the first of these: + supported, - not supported, ? cannot be told."""
    return ", ".join(f"{MARKS[cause.verdict]} {cause.cause}" for cause in found[0].causes) if found else ""


def judge(case: Case, *, strikes_earlier_s: float = 0.0) -> tuple[tuple[Finding, ...], str | None]:
    """Findings in order and the focus of the plan, with the runner's height known.

    strikes_earlier_s  moves every strike that was found, where the truth of a set of films has another moment of it
    """
    track, view = case.track, case.view
    contacts = tuple(replace(c, strike_s=c.strike_s - strikes_earlier_s) for c in find_contacts(track, view))
    view = measure_scale(view, track, contacts, height_m=case.truth["people"][0]["height_m"])
    measures, missing = measure(track, contacts, view)
    found = ask_rules(measures, missing, view)
    plan = make_plan(found, measures, view=view)
    return found, plan.focus if plan else None


def rank_of(fault: str, found: tuple[Finding, ...]) -> int | None:
    """Place of the fault's problem among the findings, 1 first; None if it was not found."""
    wanted = RIGHT[fault]
    return next((i for i, f in enumerate(found, start=1) if f.problem in wanted), None)
