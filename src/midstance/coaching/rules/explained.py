"""Explain a problem, a cause or a cue in plain text, from the rules themselves."""

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
from midstance.coaching.rules.seen import SEEN
from midstance.coaching.rules.words import is_sentence, numbers_in
from midstance.model import Experiment, Measure

GRADES = {
    "strong": "strong evidence",
    "moderate": "moderate evidence",
    "weak": "weak evidence",
    "opinion": "opinion",
}


def explanation(word: str, rules: Sequence[Rule]) -> str | None:
    """Return plain text about a problem, a cause or a cue by its id; None if no rule knows the word."""
    word = word.strip().lower().replace("-", "_").replace(" ", "_")
    rule = next((r for r in rules if r.id == word), None)
    if rule:
        return "\n".join(_problem(rule))
    causes = [(r, c) for r in rules for c in r.causes if c.id == word]
    if causes:
        return "\n".join(_cause(causes))
    cues = [(r, c) for r in rules for c in all_cues(r) if c.id == word]
    if cues:
        problems = ", ".join(dict.fromkeys(r.title for r, _cue in cues))
        return f"{cues[0][1].says}\n\nA cue for: {problems}."
    return None


def known_words(rules: Sequence[Rule]) -> tuple[str, ...]:
    """Return every id that explanation() answers."""
    ids = [i for r in rules for i in (r.id, *(c.id for c in r.causes), *(c.id for c in all_cues(r)))]
    return tuple(dict.fromkeys(ids))


def _problem(rule: Rule) -> Iterator[str]:
    yield rule.title
    yield ""
    yield rule.means
    yield ""
    yield "What may cause it, each tested in the same film:"
    for cause in rule.causes:
        yield f"- {cause.title}" + _cue_of(cause)
    yield f"Cue where no cause is found: {rule.cues[0].says}"
    yield ""
    yield f"What to expect: {' '.join(rule.expect)}"
    yield f"What must not get worse: {' '.join(rule.guard)}"
    yield f"How to film it: {rule.film}"
    yield f"Looks at: {', '.join(asks(rule))}"
    yield ""
    yield "What it rests on:"
    yield from (f"- {source_line(source)}" for source in rule.sources)


def _cue_of(cause: CauseTest) -> str:
    return f' ("{cause.cues[0].says}")' if cause.cues else ""


def source_line(source: Source) -> str:
    """Return a source with the grade of its evidence."""
    return f"{source.says} [{GRADES[source.grade]}]"


def _cause(found: Sequence[tuple[Rule, CauseTest]]) -> Iterator[str]:
    for rule, cause in found:
        yield f"{cause.title} ({rule.title})"
        yield ""
        yield f"When the film shows it: {_plain(cause.yes) or 'Your number lies outside what is ordinary.'}"
        yield f"When the film rules it out: {_plain(cause.no) or 'Your number is ordinary.'}"
        yield f"How to film it: {cause.film}"
        if cause.experiment:
            yield f"How to test it: {test_in_words(cause.experiment)}"
        yield from (f"Cue: {cue.says}" for cue in cause.cues)
        yield ""


def test_in_words(experiment: Experiment) -> str:
    """Return an experiment by the least difference that matters; a runner's film may need a larger one."""
    by = references()[experiment.measure].matters
    return replace(experiment, then=experiment.then.format(by=format(by, SEEN[experiment.measure].shown))).says


def _plain(sentence: str) -> str:
    """Return a sentence without its numbers: three dots for a bare one, nothing for a whole sentence."""
    blank = {name: "" if is_sentence(name) else _Ellipsis(math.nan) for name in numbers_in(sentence)}
    return " ".join(sentence.format(**blank).split())


class _Ellipsis(float):
    """A number that prints as three dots, whatever the format."""

    def __format__(self, _spec: str) -> str:
        return "..."


def asks(rule: Rule, bands: References | None = None) -> tuple[str, ...]:
    """Return the measures a rule looks at, the sign's first, then those of the causes."""
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
