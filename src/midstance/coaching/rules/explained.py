"""A word in, what it means out: problems, causes and cues, told from the rules themselves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from midstance.coaching.bands import References, references
from midstance.coaching.rules.base import Case, CauseTest, Rule, Source
from midstance.coaching.rules.checks import facts_of
from midstance.coaching.rules.examples import in_order
from midstance.coaching.rules.facts import by_id
from midstance.coaching.rules.folder import all_cues
from midstance.coaching.rules.words import _, numbers_in, told
from midstance.model import Measure

_GRADES = {
    "strong": _("strong evidence"),
    "moderate": _("moderate evidence"),
    "weak": _("weak evidence"),
    "opinion": _("opinion"),
}


def explanation(word: str, rules: Sequence[Rule]) -> str | None:
    """Plain text about a problem, a cause or a cue by its id; None if no rule knows the word."""
    word = word.strip().lower().replace("-", "_").replace(" ", "_")
    rule = next((r for r in rules if r.id == word), None)
    if rule:
        return "\n".join(_problem(rule))
    causes = [(r, c) for r in rules for c in r.causes if c.id == word]
    if causes:
        return "\n".join(_cause(causes))
    cues = [(r, c) for r in rules for c in all_cues(r) if c.id == word]
    if cues:
        problems = ", ".join(dict.fromkeys(told(r.title) for r, _cue in cues))
        return told(cues[0][1].says) + "\n\n" + told(_("A cue for: {problems}.")).format(problems=problems)
    return None


def known_words(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Every id that explanation() answers."""
    ids = [i for r in rules for i in (r.id, *(c.id for c in r.causes), *(c.id for c in all_cues(r)))]
    return tuple(dict.fromkeys(ids))


def _problem(rule: Rule) -> Iterator[str]:
    yield told(rule.title)
    yield ""
    yield told(rule.means)
    yield ""
    yield told(_("Possible causes, each tested in the same clip:"))
    for cause in rule.causes:
        yield f"- {told(cause.title)}" + _cue_of(cause)
    yield told(_("Cue when no cause stands out: {cue}")).format(cue=told(rule.cues[0].says))
    yield ""
    yield told(_("What to expect: {text}")).format(text=" ".join(map(told, rule.expect)))
    yield told(_("What must not get worse: {text}")).format(text=" ".join(map(told, rule.guard)))
    yield told(_("How to film it: {text}")).format(text=told(rule.film))
    yield told(_("Looks at: {measures}")).format(measures=", ".join(asks(rule)))
    yield ""
    yield told(_("What it rests on:"))
    yield from (f"- {source_line(source)}" for source in rule.sources)


def _cue_of(cause: CauseTest) -> str:
    return f' ("{told(cause.cues[0].says)}")' if cause.cues else ""


def source_line(source: Source) -> str:
    """A source with the grade of its evidence."""
    return f"{told(source.says)} [{told(_GRADES[source.grade])}]"


def _cause(found: Sequence[tuple[Rule, CauseTest]]) -> Iterator[str]:
    for rule, cause in found:
        yield f"{told(cause.title)} ({told(rule.title)})"
        yield ""
        yield told(_("When the clip speaks for it: {text}")).format(text=_plain(cause.yes))
        yield told(_("When it speaks against it: {text}")).format(text=_plain(cause.no))
        yield told(_("How to film it: {text}")).format(text=told(cause.film))
        yield from (told(_("Cue: {text}")).format(text=told(cue.says)) for cue in cause.cues)
        yield ""


def _plain(sentence: str) -> str:
    """A sentence with an ellipsis where its numbers would be."""
    blank = {name: _Ellipsis(math.nan) for name in numbers_in(sentence)}
    return told(sentence, blank)


class _Ellipsis(float):
    """A number that prints as three dots, whatever the format."""

    def __format__(self, _spec: str) -> str:
        return "..."


def asks(rule: Rule, bands: References | None = None) -> tuple[str, ...]:
    """The measures a rule looks at, the sign's first, then those of the causes."""
    heard = _Heard(by_id(in_order(bands or references(), 3.0)))
    facts = replace(facts_of(Case(name=""), bands or references()), measures=heard)
    rule.sign(facts)
    for cause in rule.causes:
        cause.test(facts)
    return tuple(heard.names)


class _Heard(dict[str, tuple[Measure, ...]]):
    """Measures that remember which of them were asked for."""

    def __init__(self, measures: dict[str, tuple[Measure, ...]]) -> None:
        super().__init__(measures)
        self.names: dict[str, None] = {}

    def get(self, key: str, default: tuple[Measure, ...] = ()) -> tuple[Measure, ...]:  # type: ignore[override]
        self.names[key] = None
        return super().get(key, default)
