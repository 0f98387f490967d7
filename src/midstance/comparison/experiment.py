"""Judge a cause by an experiment: two takes, the second with one thing done differently for twenty seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from midstance.coaching.rules import RULES
from midstance.comparison.model import Difference, ExperimentResult, ExperimentVerdict, Take
from midstance.errors import UsageError
from midstance.model import Cause, Experiment, Finding, MeasureSide
from midstance.reasons import Reason

NOTE = "experiment: "
"""How the note of a take begins that was filmed as an experiment; the problem and the cause follow."""


SETTLED: Mapping[str, bool] = MappingProxyType({"confirmed": True, "excluded": False})
"""Verdicts that decide: whether it is the cause."""


def note_of(cause: str) -> str:
    """Return the note of a take in which the runner tested a cause."""
    return f"{NOTE}{cause}"


def is_experiment(note: str) -> bool:
    """Return whether the note of a take says that it was filmed as an experiment."""
    return note.startswith(NOTE)


def tested(take: Take) -> str:
    """Return the cause that a take was filmed to test, as its note says; empty if it was no experiment."""
    return take.trying.removeprefix(NOTE).strip() if is_experiment(take.trying) else ""


def judge_experiment(before: Take, differences: Sequence[Difference], word: str) -> ExperimentResult | None:
    """Judge the cause that was tested; None if the earlier take has no such question."""
    try:
        finding, cause, experiment = asked(before, word)
    except UsageError:
        return None
    side: MeasureSide = next((piece.side for piece in finding.evidence if piece.measure == experiment.measure), "both")
    moved = _of(experiment.measure, side, differences)
    gain = _gain(moved, experiment.way) if moved else 0.0
    return ExperimentResult(
        problem=finding.problem,
        cause=cause.cause,
        title=cause.title or cause.cause,
        measure=experiment.measure,
        side=moved.side if moved else side,
        unit=moved.unit if moved else "",
        gain=gain,
        by=experiment.by,
        verdict=_verdict(moved, gain, experiment.by, _done(experiment.done, experiment.done_way, differences)),
        cue=_cue(finding, cause),
        next=next(
            (_test(c) for c in finding.causes if c.verdict == "cannot_tell" and c is not cause and c.experiment), ""
        ),
    )


def _test(cause: Cause) -> str:
    return f"{cause.title}? {cause.experiment.says}" if cause.experiment else ""


def _cue(finding: Finding, cause: Cause) -> str:
    """Return the cue that mends a cause, as its rule has it; empty if it has none of its own."""
    rule = next((rule for rule in RULES if rule.id == finding.problem), None)
    test = next((test for test in rule.causes if test.id == cause.cause), None) if rule else None
    return test.cues[0].says if test and test.cues else ""


def settled(comparisons: Iterable[Mapping[str, Any]]) -> dict[str, bool]:
    """Return what experiments said of causes in comparisons that were kept (compare.json), the oldest first."""
    found: dict[str, bool] = {}
    for comparison in comparisons:
        for step in comparison.get("steps", ()):
            result = step.get("experiment") or {}
            if result.get("verdict") in SETTLED:
                found[f"{result['problem']}.{result['cause']}"] = SETTLED[result["verdict"]]
    return found


def asked(before: Take, word: str) -> tuple[Finding, Cause, Experiment]:
    """Return the finding, the cause and the experiment that a word means, a finding that stands by itself first.

    word  the id of the cause, with or without its problem: "late_arm", "reaching.late_arm"

    Raises UsageError if the take has no such question.
    """
    problem, _, name = word.strip().replace("-", "_").rpartition(".")
    every = [(f, c) for f in before.findings for c in f.causes if not problem or f.problem == problem]
    for finding, cause in sorted(every, key=lambda pair: pair[0].explained_by is not None):
        if cause.cause == name and cause.experiment is None:
            raise UsageError(Reason("no_experiment", cause=cause.title or cause.cause, settle=cause.settle))
        if cause.cause == name and cause.experiment:
            return finding, cause, cause.experiment
    known = ", ".join(dict.fromkeys(f"{f.problem}.{c.cause}" for f, c in every if c.experiment))
    raise UsageError(Reason("no_such_experiment" if known else "nothing_to_test", cause=word, known=known))


def _of(measure: str, side: MeasureSide, differences: Iterable[Difference]) -> Difference | None:
    """Return the difference of a measure on the side that was judged, else on any."""
    same = [d for d in differences if d.measure == measure and d.verdict != "cannot_tell"]
    return next((d for d in same if d.side == side), next(iter(same), None))


def _gain(difference: Difference, way: int) -> float:
    """Return how far a number moved the expected way; way 0 is towards zero."""
    return way * difference.change if way else abs(difference.before) - abs(difference.before + difference.change)


def _done(measure: str, way: int, differences: Sequence[Difference]) -> bool | None:
    """Return whether the runner did what was to be tried; None if no number of both takes shows it."""
    shown = [d for d in differences if d.measure == measure and d.verdict != "cannot_tell"]
    return any(_gain(d, way) > (d.minimal_change or 0.0) for d in shown) if shown else None


def _verdict(moved: Difference | None, gain: float, by: float, done: bool | None) -> ExperimentVerdict:
    """Judge by the 95 % interval of the change: beyond chance and large enough, surely smaller, or open."""
    if moved is None:
        return "not_measured"
    least = moved.minimal_change or 0.0
    if gain > least and gain >= by:
        return "confirmed"
    if done is False:
        return "not_done"
    return "excluded" if gain + least < by else "open"
