"""Decide what became of the focus between two takes: stay with it, go on, or try another cue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from midstance.comparison.model import ChangeVerdict, Difference, FocusChange, Take
from midstance.model import MeasureSide, Target

Do = Literal["stay", "next", "another_cue", "film_again"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a take asks the runner to change: the focus of its plan, or without a plan its first finding."""

    problem: str
    title: str
    cue: str
    measure: str
    side: MeasureSide
    target: Target | None
    planned: bool


def aim_of(take: Take) -> Aim | None:
    """Return the aim of a take; None if it asks for no change."""
    plan, target = take.plan, take.plan.target if take.plan else None
    standing = [f for f in take.findings if f.explained_by is None and f.evidence]
    finding = next((f for f in standing if plan is None or f.problem == plan.focus), None)
    if plan is None and finding is None:
        return None
    evidence = target or (finding.evidence[0] if finding else None)
    cue = finding.cues[0].says if finding and finding.cues else ""
    return Aim(
        problem=plan.focus if plan else finding.problem if finding else "",
        title=plan.title if plan else finding.title if finding else "",
        cue=plan.cue if plan else cue,
        measure=evidence.measure if evidence else "",
        side=evidence.side if evidence else "both",
        target=target,
        planned=plan is not None,
    )


def focus_change(before: Take, after: Take, differences: Sequence[Difference]) -> FocusChange | None:
    """Judge the earlier take's aim; None if it had none, or if it was not planned and did not change."""
    aim = aim_of(before)
    if aim is None:
        return None
    verdict, at_goal = _moved(aim, _of(aim.measure, aim.side, differences))
    if not aim.planned and verdict not in ("better", "worse"):
        return None
    first_again = after.plan is not None and after.plan.focus == aim.problem
    seen = first_again or any(finding.problem == aim.problem for finding in after.findings)
    do = _what_now(verdict, done=not seen or (at_goal and not first_again))
    coming = after.plan if do == "next" else None
    fresh = other_words(before) if do == "another_cue" else ""
    return FocusChange(
        problem=aim.problem,
        cue=before.trying or aim.cue,
        measure=aim.measure,
        side=aim.side,
        verdict=verdict,
        still_seen=seen,
        do=do,
        next_focus=coming.focus if coming else "",
        next_cue=coming.cue if coming else fresh,
        title=aim.title,
        next_title=coming.title if coming else "",
    )


def other_words(take: Take) -> str:
    """Return the next wording of the cue of a take, after the one that was tried; empty if there is only one."""
    plan = take.plan
    if plan is None:
        return ""
    found = (cue.says for finding in take.findings if finding.problem == plan.focus for cue in finding.cues)
    words = tuple(dict.fromkeys((plan.cue, *(plan.training.next_cues if plan.training else found))))
    tried = words.index(take.trying) if take.trying in words else 0
    return words[(tried + 1) % len(words)] if len(words) > 1 else ""


def _of(measure: str, side: MeasureSide, differences: Iterable[Difference]) -> list[Difference]:
    """Return the differences of the focus measure: of its side, or of both sides if only those were seen."""
    same = [d for d in differences if d.measure == measure and d.verdict != "cannot_tell"]
    return [d for d in same if d.side == side] or [d for d in same if "both" in (d.side, side)]


def _moved(aim: Aim, found: Sequence[Difference]) -> tuple[ChangeVerdict, bool]:
    """Return the verdict on the focus measure, the worst of its sides, and whether the goal is reached."""
    verdicts = {d.verdict for d in found}
    order: tuple[ChangeVerdict, ...] = ("worse", "better", "changed", "no_clear_change")
    return next((v for v in order if v in verdicts), "cannot_tell"), bool(found) and _at_goal(aim.target, found)


def _at_goal(target: Target | None, found: Iterable[Difference]) -> bool:
    """Return whether every side has gone as far as the target asks."""
    if target is None:
        return False
    return all((target.goal - d.after) * (target.goal - target.start) <= 0 for d in found)


def _what_now(verdict: ChangeVerdict, *, done: bool) -> Do:
    if verdict == "cannot_tell":
        return "film_again"
    if verdict == "worse":
        return "another_cue"
    return "next" if done and verdict in ("better", "changed") else "stay"
