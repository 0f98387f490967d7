"""Two takes and their differences in, out: did the focus move, and is it time to stay, go on or try another cue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from midstance.model import ChangeVerdict, Difference, FocusMoved, MeasureSide, Plan, Take

Do = Literal["stay", "next", "another_cue", "film_again"]


def focus_moved(before: Take, after: Take, differences: Sequence[Difference]) -> FocusMoved | None:
    """What became of the earlier take's focus; None if it had none."""
    plan = before.plan
    if plan is None:
        return None
    measure, side = _measure_of(plan, before)
    verdict, at_goal = _moved(plan, measure, _of(measure, side, differences))
    first_again = after.plan is not None and after.plan.focus == plan.focus
    seen = first_again or any(finding.problem == plan.focus for finding in after.findings)
    do = _what_now(verdict, done=not seen or (at_goal and not first_again))
    coming = after.plan if do == "next" else None
    return FocusMoved(
        problem=plan.focus,
        cue=before.trying or plan.cue,
        measure=measure,
        side=side,
        verdict=verdict,
        still_seen=seen,
        do=do,
        next_focus=coming.focus if coming else "",
        next_cue=coming.cue if coming else "",
    )


def _measure_of(plan: Plan, before: Take) -> tuple[str, MeasureSide]:
    """The target of the plan, or the first number behind its finding."""
    if plan.target:
        return plan.target.measure, plan.target.side
    evidence = [e for finding in before.findings if finding.problem == plan.focus for e in finding.evidence]
    return (evidence[0].measure, evidence[0].side) if evidence else ("", "both")


def _of(measure: str, side: MeasureSide, differences: Iterable[Difference]) -> list[Difference]:
    """The differences of the focus measure: of its side, or of both sides when only those were seen."""
    same = [d for d in differences if d.measure == measure and d.verdict != "cannot_tell"]
    return [d for d in same if d.side == side] or [d for d in same if "both" in (d.side, side)]


def _moved(plan: Plan, measure: str, found: Sequence[Difference]) -> tuple[ChangeVerdict, bool]:
    """The verdict on the focus measure, the worst of its sides first, and whether the goal is reached."""
    verdicts = {d.verdict for d in found}
    at_goal = bool(found) and plan.target is not None and plan.target.measure == measure
    for d in found:
        to_go = (plan.target.goal - d.after) * (plan.target.goal - plan.target.start) if plan.target else 1.0
        at_goal = at_goal and to_go <= 0
    order: tuple[ChangeVerdict, ...] = ("worse", "better", "changed", "no_clear_change")
    return next((v for v in order if v in verdicts), "cannot_tell"), at_goal


def _what_now(verdict: ChangeVerdict, *, done: bool) -> Do:
    if verdict == "cannot_tell":
        return "film_again"
    if verdict == "worse":
        return "another_cue"
    return "next" if done and verdict in ("better", "changed") else "stay"
