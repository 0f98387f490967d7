"""Describe what was found: the one thing to change, what the runner would notice, and each possible cause by name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from midstance.coaching.chain import explained_by, link, listed, once, sentences
from midstance.coaching.rules.seen import AT_THIS_SPEED, aim_sentence, is_share
from midstance.coaching.rules.verdicts import words
from midstance.model import Analysis, Cause, Evidence, Finding, Plan, Remark, Target, Training
from midstance.reasons import small
from midstance.text.names import bare, capital, measure_name, problem_title, topic
from midstance.text.people import more_or_less
from midstance.text.shots import Shot, shots_of

SURE = {"flag": "clearly seen", "watch": "worth a try"}
LABELS = {"flag": "The one thing to change", "watch": "Worth a try"}
"""Over the focus, by its grade: what is merely to be watched is no must."""

SHOTS_IN_FILM = 2
"""Pictures of one link of the chain at which the film stops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseText:
    """A possible cause: its verdict in words, its name, what the clip shows, the pictures, and how to test it."""

    verdict: str
    title: str
    says: str
    shots: tuple[Shot, ...]
    tests: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """Return all of it: "Ruled out: leaning back. Your trunk leans 6 degrees forward; ordinary is 1 to 11."."""
        return f"{self.verdict}: {self.title}. {self.says}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingText:
    """One finding, and inside it the signs that it explains."""

    problem: str
    title: str
    sure: str
    says: str
    shots: tuple[Shot, ...]
    causes: tuple[CauseText, ...]
    cues: tuple[str, ...]
    signs: tuple[FindingText, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RemarkText:
    """What is good, or good to know: nothing to change.

    says  the number with what is ordinary, and where the runner is among the people measured
    """

    title: str
    says: str
    shots: tuple[Shot, ...]

    @property
    def line(self) -> str:
        """Return all of it."""
        return f"{self.title}. {self.says}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class Focus:
    """The one thing to change, or to try: what you would notice, where it comes from, what to do.

    sign     what to say first: the number of the focus
    noticed  what you would notice of it; empty where nothing follows from it
    tests    what to try to find out about each cause that is open
    """

    label: str
    title: str
    sign: str
    noticed: str
    notice: str
    comes_from: str
    cue: str
    practice: str
    target: str
    expect: tuple[str, ...]
    guard: tuple[str, ...]
    film_again: str
    later: tuple[str, ...]
    tests: tuple[str, ...] = ()
    training: Training | None = None


def describe_focus(analysis: Analysis) -> Focus | None:
    """Return the plan in words; None without one."""
    plan = analysis.plan
    if plan is None:
        return None
    topics = {finding.problem: finding.topic for finding in analysis.findings}
    notice, comes_from = _at_this_speed_once(" ".join(plan.notice) or plan.why, " ".join(plan.comes_from))
    root = next((finding for finding in analysis.findings if finding.problem == plan.focus), None)
    return Focus(
        label=LABELS[plan.grade],
        title=problem_title(plan.focus, plan.title),
        sign=sentences(root.says if root else plan.why)[0],
        noticed=_noticed(root, analysis.findings) if root else "",
        notice=notice,
        comes_from=comes_from,
        cue=plan.cue,
        practice=plan.practice,
        target=_target(plan),
        expect=plan.expect,
        guard=plan.guard,
        film_again=plan.film_again,
        later=tuple(topic(problem, topics.get(problem, "")) for problem in plan.later),
        tests=tuple(f"{cause.title}? {test}" for cause in root.causes if (test := test_of(cause))) if root else (),
        training=plan.training,
    )


def _at_this_speed_once(*texts: str) -> list[str]:
    """Return texts that say only once that what is ordinary is so at this speed."""
    first, found, rest = "\n".join(texts).partition(AT_THIS_SPEED)
    return f"{first}{found}{rest.replace(AT_THIS_SPEED, '')}".split("\n")


def _noticed(root: Finding, findings: Iterable[Finding]) -> str:
    return " ".join(f"You'd notice: {small(_title(sign))}." for sign in explained_by(root, findings)[:1])


def describe_findings(analysis: Analysis, said: Iterable[str] = ()) -> tuple[FindingText, ...]:
    """Return every finding that no other explains, the focus first; a sentence said before is not said again."""
    first = analysis.plan.focus if analysis.plan else ""
    roots = [finding for finding in analysis.findings if finding.explained_by is None]
    roots.sort(key=lambda finding: finding.problem != first)
    heard = {sentence for text in said for sentence in sentences(text)}
    return tuple(_finding_text(finding, analysis, heard) for finding in roots)


def describe_remarks(analysis: Analysis, kind: Literal["good", "edge"]) -> tuple[RemarkText, ...]:
    """Return the remarks of a kind in words."""
    return tuple(_remark_text(remark, analysis) for remark in analysis.remarks if remark.kind == kind)


def _remark_text(remark: Remark, analysis: Analysis) -> RemarkText:
    same = [m for m in analysis.measures if remark.evidence and m.id == remark.evidence.measure]
    said = remark.says.removesuffix(".")
    if remark.ordinary:
        rank = more_or_less(same) if remark.kind == "edge" else ""
        said = f"{said}{f'. {rank}' if rank else f'; ordinary is {remark.ordinary}'}"
    about = f"{remark.title}."
    return RemarkText(
        title=remark.title,
        says=f"{said}.",
        shots=shots_of([remark.evidence], analysis, about=about) if remark.evidence else (),
    )


def all_shots(finding: FindingText) -> Iterator[Shot]:
    """Return every picture of a finding, of its signs and of its causes."""
    yield from finding.shots
    for sign in finding.signs:
        yield from all_shots(sign)
    for cause in finding.causes:
        yield from cause.shots


def film_shots(analysis: Analysis, film: int = 0) -> tuple[Shot, ...]:
    """Return the pictures in one film of the run that show the chain of the focus, in the order of the film.

    Without a focus they show what is good.
    """
    if analysis.plan is None:
        good = [shot for remark in describe_remarks(analysis, "good") for shot in remark.shots if shot.film == film]
        return tuple(sorted(good[:SHOTS_IN_FILM], key=lambda shot: shot.frame))
    focus = analysis.plan.focus if analysis.plan else ""
    root = next((finding for finding in analysis.findings if finding.problem == focus), None)
    if root is None:
        return ()
    signs = explained_by(root, analysis.findings)
    links = [(f"You'd notice: {small(_title(sign))}.", _of_the_sign(sign, root)) for sign in signs]
    links.append((f"It comes from {topic(root.problem, root.topic)}." if signs else f"{_title(root)}.", root.evidence))
    if not signs:
        supported = [cause for cause in root.causes if cause.verdict == "supported"]
        links += [(f"It comes from {small(cause.title)}.", cause.evidence) for cause in supported[:1]]
    found = [shot for about, of in links for shot in shots_of(of, analysis, about=about)[:SHOTS_IN_FILM]]
    first = {shot.frame: shot for shot in reversed(found) if shot.film == film}
    return tuple(first[frame] for frame in sorted(first))


def focus_shot(analysis: Analysis) -> Shot | None:
    """Return the one picture of the first screen: of the measure that should change, or without one what is good."""
    plan = analysis.plan
    if plan is None:
        return next((shot for remark in describe_remarks(analysis, "good") for shot in remark.shots), None)
    found = [
        shot for f in analysis.findings if plan and f.problem == plan.focus for shot in shots_of(f.evidence, analysis)
    ]
    aimed = [shot for shot in found if plan and plan.target and shot.measure == plan.target.measure]
    return next(iter(aimed or found), None)


# -- one finding ---------------------------------------------------------------------------------------------------


def _of_the_sign(sign: Finding, root: Finding) -> tuple[Evidence, ...]:
    """Return the evidence of a sign without the numbers that show its root."""
    shown = {piece.measure for piece in root.evidence}
    return tuple(piece for piece in sign.evidence if piece.measure not in shown)


def _finding_text(
    finding: Finding, analysis: Analysis, heard: set[str], *, inside: Finding | None = None
) -> FindingText:
    """Put a finding into words, inside its root or by itself; `heard` are the sentences said so far, and grows."""
    says = _fresh(finding.says, heard)
    signs = () if inside else explained_by(finding, analysis.findings)
    causes = [link(finding)] if inside else finding.causes
    evidence = _of_the_sign(finding, inside) if inside else finding.evidence
    return FindingText(
        problem=finding.problem,
        title=_name(finding, analysis),
        sure=_how_sure(finding, analysis),
        says=says,
        shots=shots_of(evidence, analysis),
        signs=tuple(_finding_text(sign, analysis, heard, inside=finding) for sign in signs),
        causes=tuple(_cause_text(alike, analysis, heard) for alike in _alike(cause for cause in causes if cause)),
        cues=tuple(cue.says for cue in finding.cues),
    )


def least_change(target: Target) -> str:
    """Return the least change that this camera can see, as the aim writes its numbers."""
    least = target.minimal_change
    return f"{least:.0%}" if is_share(target.measure) else bare(least, least, target.unit)


def _alike(causes: Iterable[Cause]) -> Iterator[list[Cause]]:
    """Put together the causes that the same other view would show: they are named in one line."""
    for _what, group in groupby(causes, key=lambda c: c.settle if c.why_open == "other_view" else c.cause):
        yield list(group)


def _cause_text(alike: list[Cause], analysis: Analysis, heard: set[str]) -> CauseText:
    """Put one cause into words, or several that the same other view would show."""
    cause = alike[0]
    pictures = shots_of(cause.evidence, analysis)[:SHOTS_IN_FILM] if cause.verdict == "supported" else ()
    verdict = words(cause, analysis.view.planes)
    opened = {f"{verdict}."}
    return CauseText(
        verdict=verdict,
        title=listed(small(each.title) for each in alike),
        says=_fresh(cause.says, heard, without=opened),
        shots=pictures,
        tests=tuple(dict.fromkeys(test for each in alike if (test := test_of(each)))),
    )


def test_of(cause: Cause) -> str:
    """Return the runner's own test of a cause that is open; empty if it is settled, or none is known."""
    return cause.experiment.says if cause.experiment and cause.verdict == "cannot_tell" else ""


def _fresh(text: str, heard: set[str], *, without: Iterable[str] = ()) -> str:
    """Return the sentences of a text that were not said before, and remember them."""
    fresh = once([text], before=[*heard, *without])
    heard.update(fresh)
    return " ".join(fresh)


def _title(finding: Finding) -> str:
    return problem_title(finding.problem, finding.title)


def _name(finding: Finding, analysis: Analysis) -> str:
    """Return the headline of a finding; one merely to be watched, and not planned, is only named."""
    return capital(topic(finding.problem, finding.topic)) if _only_watched(finding, analysis) else _title(finding)


def _how_sure(finding: Finding, analysis: Analysis) -> str:
    """Return how sure a finding is; one that may be the cause of another finding has the verdict on that cause."""
    if _only_watched(finding, analysis):
        others = (other for other in analysis.findings if other.explained_by != finding.problem)
        named = (cause for other in others for cause in other.causes if cause.root == finding.problem)
        possible = next((cause for cause in named if cause.verdict != "not_supported"), None)
        if possible:
            return small(words(possible, analysis.view.planes))
    return SURE[finding.grade]


def _only_watched(finding: Finding, analysis: Analysis) -> bool:
    planned = analysis.plan is not None and analysis.plan.focus == finding.problem
    return finding.grade == "watch" and not planned and finding.explained_by is None


def _target(plan: Plan) -> str:
    target = plan.target
    if target is None:
        return ""
    aim = aim_sentence(target)
    if not aim:
        start, goal = (bare(value, target.minimal_change, target.unit) for value in (target.start, target.goal))
        aim = f"{capital(measure_name(target.measure, target.side))}: from {start} towards {goal}."
    if not (math.isfinite(target.minimal_change) and target.minimal_change > 0):
        return aim
    return f"{aim} Changes under {least_change(target)} are within this camera's error."
