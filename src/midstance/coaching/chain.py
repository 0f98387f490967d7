"""Follow a sign to its cause: what the runner would notice, where it comes from, by name and by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from midstance.coaching.findings import ROOTS
from midstance.coaching.rules.verdicts import REMARK_ON_A_WATCH, START_WITH_THE_SIGN, words
from midstance.model import Cause, Finding, Plane
from midstance.reasons import small


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The way from a sign to its cause, a sentence each; no sentence comes twice.

    signs       findings that the root explains, the one farthest from it first; empty if the root is the sign itself
    notice      what the runner would notice
    comes_from  the cause by name, the numbers that show it and step by step what they lead to, and what may be behind
                it; or what is ruled out and what is open
    """

    signs: tuple[Finding, ...]
    notice: tuple[str, ...]
    comes_from: tuple[str, ...]


def chain_of(root: Finding, findings: Iterable[Finding], planes: Sequence[Plane]) -> Chain:
    """Return the chain that ends in a root, or in a finding that nothing explains."""
    signs = explained_by(root, findings)
    if signs:
        links = [_sentence(root.topic), *(cause.says for sign in reversed(signs) if (cause := link(sign))), root.says]
        links += [cause.says for cause in _supported(root)[:1]] or verdicts(_open(root), planes)
        notice = once(sign.says for sign in signs)
        return Chain(signs=signs, notice=notice, comes_from=once(links, before=notice))
    notice = once([root.says])
    supported = _supported(root)
    links = (
        [_sentence(supported[0].title), supported[0].says]
        if supported
        else [*verdicts(root.causes, planes), START_WITH_THE_SIGN]
    )
    return Chain(signs=(), notice=notice, comes_from=once(links, before=notice))


def explained_by(root: Finding, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return what a root explains, directly or through another finding, the farthest from it first."""
    found = {finding.problem: finding for finding in findings}
    steps: dict[str, int] = {}
    for problem, finding in found.items():
        at, count = finding, 0
        while at.explained_by in found:
            at, count = found[str(at.explained_by)], count + 1
            if at.problem == root.problem:
                steps[problem] = count
                break
    return tuple(found[problem] for problem in sorted(steps, key=lambda p: (-steps[p], -found[p].severity)))


def link(sign: Finding) -> Cause | None:
    """Return the supported cause of a sign that is, seen by itself, the finding that explains it."""
    ways = {via for root, problem, via in ROOTS if (root, problem) == (sign.explained_by, sign.problem)}
    return next((c for c in _supported(sign) if c.root == sign.explained_by or c.cause in ways), None)


def verdicts(causes: Sequence[Cause], planes: Sequence[Plane]) -> list[str]:
    """Say by name which of the usual causes are ruled out and which stay open, and what would show those."""
    said: list[str] = []
    for verdict in dict.fromkeys(words(cause, planes) for cause in causes):
        same = [cause for cause in causes if words(cause, planes) == verdict]
        said.append(f"{verdict}: {listed(small(cause.title) for cause in same)}.")
        said += [cause.settle for cause in same]
    return said


def why(chain: Chain, root: Finding) -> str:
    """Return the whole chain in one paragraph; something merely to be watched is no must."""
    remark = (REMARK_ON_A_WATCH,) if root.grade == "watch" else ()
    return " ".join(once((*chain.notice, *chain.comes_from, *remark)))


def listed(names: Iterable[str]) -> str:
    """Return names as in a sentence: a, b and c."""
    parts = list(names)
    return " and ".join(part for part in (", ".join(parts[:-1]), *parts[-1:]) if part)


def once(texts: Iterable[str], *, before: Iterable[str] = ()) -> tuple[str, ...]:
    """Return the sentences of some texts in order, each once, without those said before."""
    said = {sentence for text in before for sentence in sentences(text)}
    fresh = dict.fromkeys(sentence for text in texts for sentence in sentences(text))
    return tuple(sentence for sentence in fresh if sentence not in said)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [part for part in re.split(r"(?<=[.!?]) +", text.strip()) if part]


def _supported(finding: Finding) -> list[Cause]:
    return [cause for cause in finding.causes if cause.verdict == "supported"]


def _open(finding: Finding) -> list[Cause]:
    return [cause for cause in finding.causes if cause.verdict == "cannot_tell"]


def _sentence(title: str) -> str:
    return f"{title[:1].upper()}{title[1:]}."
