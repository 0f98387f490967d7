"""Answer a runner's question in plain words, with the runner's own measures if there are any.

The questions, the answers and the words of the search are in data/questions.toml. The search is a small one: words are
cut to their stems, names of the same idea are taken together, spelling slips are forgiven, and each question is scored
by how much of what was asked it shares, rare words counting more (cosine of inverse document frequencies). Below
THRESHOLD there is no answer, only the nearest topics.
"""

from __future__ import annotations

import difflib
import math
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from midstance import data
from midstance.errors import InputError
from midstance.model import Measure, NotAssessed
from midstance.reasons import Door, say
from midstance.text.names import capital, join, measure_name, with_error
from midstance.text.table import Place, place, usual

THRESHOLD = 0.33
"""Least score of an answer: tests/test_questions.py shows what it lets through and what it turns away."""

STRANGE = 1.5
"""How much more a word counts that no question has than the rarest of those they have: it lowers the score."""

RIVAL = 0.6
"""Share of the best score from which another question may have been meant."""

NEAR = 0.12
"""Least score of a topic that is named when there is no answer."""

SLIP = 0.82
"""Likeness of spelling (difflib ratio) from which an unknown word counts as a known one, and its weight then."""


NO_ANSWER = (
    "I have no answer to that.",
    "I know about the way you run, how to film it and what the numbers mean.",
)


# -- nouns ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing runners ask: how they put it (the first is the title), and the answer; see data/questions.toml."""

    id: str
    wordings: tuple[str, ...]
    answer: tuple[str, ...]
    measures: tuple[str, ...]
    problems: tuple[str, ...]
    grade: str
    sources: tuple[str, ...]
    article: bool

    @property
    def title(self) -> str:
        """Return the plainest wording."""
        return self.wordings[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Everything in one questions file; grades and sources map their keys to words."""

    questions: tuple[Question, ...]
    grades: Mapping[str, str]
    sources: Mapping[str, str]
    articles: frozenset[str]
    stopwords: frozenset[str]
    ideas: Mapping[tuple[str, ...], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A question and how well it fits what was asked, 0..1."""

    question: Question
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to a question.

    title     the question that was understood; None if there is no answer
    says      the answer, a sentence each
    yours     the asker's own measures, a sentence each
    absent    what bears on it but could not be measured in that clip, a sentence each
    problems  ids for `midstance explain`
    sure      how good the evidence is
    sources   where it comes from
    nearest   titles of other topics that may have been meant
    """

    asked: str
    title: str | None
    says: tuple[str, ...]
    yours: tuple[str, ...] = ()
    absent: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    sure: str = ""
    sources: tuple[str, ...] = ()
    nearest: tuple[str, ...] = ()


# -- ask -----------------------------------------------------------------------------------------------------------


def answer(
    text: str,
    measures: Sequence[Measure] | None = None,
    not_assessed: Iterable[NotAssessed] = (),
    *,
    door: Door = "page",
) -> Answer:
    """Answer a question in plain words; with the measures of an analysis, also from the runner's own numbers."""
    matches = find(text, top=4)
    if not matches or matches[0].score < THRESHOLD:
        nearest = tuple(match.question.title for match in matches[:3] if match.score >= NEAR)
        return Answer(asked=text, title=None, says=NO_ANSWER, nearest=nearest)
    best, others = matches[0].question, matches[1:]
    return Answer(
        asked=text,
        title=best.title,
        says=best.answer,
        yours=tuple(_own(measure) for measure in _tied(best, measures or ())),
        absent=tuple(_absent(best, not_assessed, door)),
        problems=best.problems,
        sure=book().grades[best.grade],
        sources=tuple(book().sources[key] for key in best.sources),
        nearest=tuple(match.question.title for match in others if match.score >= RIVAL * matches[0].score),
    )


def answer_lines(found: Answer) -> list[str]:
    """Return an answer as lines for a terminal."""
    if found.title is None:
        return [*found.says, *_listed("The nearest topics are:" if found.nearest else "", found.nearest)]
    return [
        found.title,
        *(f"  {sentence}" for sentence in found.says),
        *_listed("In your run", found.yours),
        *_listed("Not measured in your clip", found.absent),
        "",
        f"How sure: {found.sure}",
        f"From: {'; '.join(found.sources)}.",
        *([f"More: midstance explain {found.problems[0]}"] if found.problems else []),
        *_listed("You may also have meant", found.nearest),
    ]


def topics() -> tuple[str, ...]:
    """Return the titles of all questions, in the order of the file."""
    return tuple(question.title for question in book().questions)


def _listed(heading: str, lines: Sequence[str]) -> list[str]:
    return ["", heading, *(f"  {line}" for line in lines)] if lines else []


def _tied(question: Question, measures: Iterable[Measure]) -> list[Measure]:
    """Return the measures a question names, in its order: both sides as one if measured so, none without a value."""
    known = [measure for measure in measures if measure.id in question.measures and math.isfinite(measure.value)]
    whole = {measure.id for measure in known if measure.side == "both"}
    shown = [measure for measure in known if measure.side == "both" or measure.id not in whole]
    return sorted(shown, key=lambda measure: (question.measures.index(measure.id), measure.side))


def _own(measure: Measure) -> str:
    """Return a measure as a sentence: "Forward lean: 12 ± 2°; usual at 3.0 m/s: 2 to 10°. Yours is at the edge."."""
    value = with_error(measure.value, measure.uncertainty, measure.unit)
    line = f"{capital(measure_name(measure.id, measure.side))}: {value}"
    return f"{line}; {usual(measure)}. {_PLACES[place(measure)]}" if measure.band else f"{line}."


_PLACES: dict[Place, str] = {
    "inside": "Yours is inside.",
    "edge": "Yours is at the edge.",
    "above": "Yours is above.",
    "below": "Yours is below.",
}


def _absent(question: Question, not_assessed: Iterable[NotAssessed], door: Door) -> Iterable[str]:
    """Return what bears on a question but could not be measured; one sentence for each reason."""
    reasons: dict[str, list[str]] = {}
    for gap in not_assessed:
        if gap.id in question.measures:
            reasons.setdefault(say(gap.reason, door), []).append(measure_name(gap.id, "both"))
    return (f"{capital(join(dict.fromkeys(names)))}: {reason}" for reason, names in reasons.items())


# -- search --------------------------------------------------------------------------------------------------------


def find(text: str, *, top: int = 3) -> tuple[Match, ...]:
    """Return the questions that share something with the text, best first, at most `top`; scores 0..1."""
    index = _index()
    asked = index.weigh(_forgiven(ideas(text), index))
    scores = ((index.score(asked, question.id), question) for question in book().questions)
    ranked = sorted(((score, question) for score, question in scores if score > 0), key=lambda pair: -pair[0])
    return tuple(Match(question=question, score=score) for score, question in ranked[:top])


def ideas(text: str) -> list[str]:
    """Return the ideas in a text: names of `[search.synonyms]`, the longest that fit, and stems, without stop words."""
    known = book()
    words = _words(text, known.articles)
    stems = [stem(word) for word in words]
    found, at = [], 0
    while at < len(stems):
        length = next((n for n in (5, 4, 3, 2, 1) if tuple(stems[at : at + n]) in known.ideas), 0)
        if length:
            found.append(known.ideas[tuple(stems[at : at + length])])
        elif words[at] not in known.stopwords and not words[at].isdigit():
            found.append(stems[at])
        at += max(1, length)
    return found


@dataclass(frozen=True, slots=True)
class _Index:
    """Weights of every idea, and of every wording and every question as unit vectors over ideas."""

    rarity: Mapping[str, float]
    wordings: Mapping[str, tuple[Mapping[str, float], ...]]
    whole: Mapping[str, Mapping[str, float]]

    def weigh(self, counts: Mapping[str, float]) -> dict[str, float]:
        """Weight counts of ideas by their rarity, as a unit vector."""
        strange = STRANGE * math.log(1 + len(self.whole))
        return _unit({idea: n * self.rarity.get(idea, strange) for idea, n in counts.items()})

    def score(self, asked: Mapping[str, float], question: str) -> float:
        """Return half the likeness to the closest wording plus half that to all wordings together."""
        closest = max(_dot(asked, wording) for wording in self.wordings[question])
        return (closest + _dot(asked, self.whole[question])) / 2


@cache
def _index() -> _Index:
    read = {question.id: [set(ideas(text)) for text in question.wordings] for question in book().questions}
    spread = Counter(idea for texts in read.values() for idea in set().union(*texts))
    rarity = {idea: math.log(1 + len(read) / n) for idea, n in spread.items()}
    together = {name: Counter(idea for text in texts for idea in text) for name, texts in read.items()}
    return _Index(
        rarity=rarity,
        wordings={name: tuple(_unit({i: rarity[i] for i in text}) for text in texts) for name, texts in read.items()},
        whole={name: _unit({i: rarity[i] * math.sqrt(n) for i, n in all_.items()}) for name, all_ in together.items()},
    )


def _forgiven(found: Iterable[str], index: _Index) -> dict[str, float]:
    """Return how much each idea counts: 1, or SLIP for the known idea an unknown word was probably meant to be."""
    counts: dict[str, float] = {}
    for idea in found:
        if idea in index.rarity:
            counts[idea] = 1.0
        else:
            near = _respelt(idea)
            counts.setdefault(near or idea, SLIP if near else 1.0)
    return counts


@cache
def _respelt(word: str) -> str | None:
    """Return the idea behind a misspelt word, if one known word is close; short words are left alone."""
    if len(word) < 5:
        return None
    close = difflib.get_close_matches(word, [w for w in _vocabulary() if w[0] == word[0]], n=1, cutoff=SLIP)
    return _vocabulary()[close[0]] if close else None


@cache
def _vocabulary() -> dict[str, str]:
    """Return every single word the search knows -> its idea."""
    plain_ideas = {idea: idea for idea in _index().rarity}
    return plain_ideas | {names[0]: idea for names, idea in book().ideas.items() if len(names) == 1}


def _words(text: str, articles: frozenset[str]) -> list[str]:
    words = re.findall(r"[a-z0-9±]+", re.sub("['\u2019]", "", text.casefold()))
    return [word for word in words if word not in articles]


def stem(word: str) -> str:
    """Return a word without its English ending: "strides", "striding" and "stride" are one."""
    for ending in ("ingly", "edly", "ing", "ied", "ies", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3 and not word.endswith("ss"):
            word = word.removesuffix(ending) + ("y" if ending in {"ied", "ies"} else "")
            if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "sl":
                word = word[:-1]
            break
    return word.removesuffix("e") if len(word) > 3 else word


def _unit(weights: Mapping[str, float]) -> dict[str, float]:
    size = math.sqrt(sum(weight**2 for weight in weights.values()))
    return {idea: weight / size for idea, weight in weights.items()} if size else {}


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other[idea] for idea, weight in one.items() if idea in other)


# -- the file ------------------------------------------------------------------------------------------------------


@cache
def book() -> Book:
    """Read the questions that come with midstance, data/questions.toml."""
    return load(data.text("questions.toml"))


def load(text: str) -> Book:
    """Read a questions file. Raises InputError on a key that is unknown, missing, or points nowhere."""
    try:
        read = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise InputError(f"questions.toml is not TOML: {fault}.") from None
    table = _exactly(read, {"grades", "sources", "search", "question"}, "the file")
    search = _exactly(table["search"], {"articles", "stopwords", "synonyms"}, "[search]")
    articles = frozenset(search["articles"].split())
    questions = tuple(_question(entry) for entry in table["question"])
    _check(questions, table["grades"], table["sources"])
    return Book(
        questions=questions,
        grades=table["grades"],
        sources=table["sources"],
        articles=articles,
        stopwords=frozenset(search["stopwords"].split()),
        ideas=_named(search["synonyms"], articles),
    )


def _named(synonyms: Mapping[str, Sequence[str]], articles: frozenset[str]) -> dict[tuple[str, ...], str]:
    """Return stems of each name -> its idea. Raises InputError for a name that means two ideas."""
    found: dict[tuple[str, ...], str] = {}
    for idea, names in synonyms.items():
        for name in names:
            key = tuple(stem(word) for word in _words(name, articles))
            if found.setdefault(key, idea) != idea:
                raise InputError(f"questions.toml: “{name}” means both {found[key]} and {idea}. Keep one.")
    return found


def _question(entry: Mapping[str, Any]) -> Question:
    known = _exactly(entry, {field.name for field in fields(Question)}, f"question {entry.get('id', '?')}")
    return Question(
        id=known["id"],
        wordings=tuple(known["wordings"]),
        answer=tuple(known["answer"]),
        measures=tuple(known["measures"]),
        problems=tuple(known["problems"]),
        grade=known["grade"],
        sources=tuple(known["sources"]),
        article=known["article"],
    )


def _exactly(table: Mapping[str, Any], keys: set[str], where: str) -> Mapping[str, Any]:
    for fault, wrong in (("unknown", set(table) - keys), ("missing", keys - set(table))):
        if wrong:
            raise InputError(f"questions.toml, {where}: {fault} {join(sorted(wrong))}. Known are {join(sorted(keys))}.")
    return table


def _check(questions: Sequence[Question], grades: Mapping[str, str], sources: Mapping[str, str]) -> None:
    twice = [name for name, n in Counter(question.id for question in questions).items() if n > 1]
    if twice:
        raise InputError(f"questions.toml: {join(twice)} is there twice. Give each question its own id.")
    for question in questions:
        if question.grade not in grades:
            raise InputError(f"questions.toml, question {question.id}: no grade {question.grade}; see [grades].")
        lost = [key for key in question.sources if key not in sources]
        if lost or not question.sources:
            raise InputError(f"questions.toml, question {question.id}: no source {join(lost)}; see [sources].")
