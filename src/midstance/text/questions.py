"""Read the questions that runners ask and their answers: data/questions.toml, and a coach's own beside them."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any

from midstance import data
from midstance.coaching import rules
from midstance.errors import InputError, UsageError
from midstance.formats.text_file import own_text
from midstance.measures import BY_ID
from midstance.text.names import join


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
    """All questions that can be answered; grades and sources map their keys to words, ideas names to one idea."""

    questions: tuple[Question, ...]
    grades: Mapping[str, str]
    sources: Mapping[str, str]
    articles: frozenset[str]
    stopwords: frozenset[str]
    elsewhere: frozenset[str]
    ideas: Mapping[tuple[str, ...], str]

    def question(self, name: str) -> Question:
        """Return the question of an id. Raises StopIteration if there is none."""
        return next(question for question in self.questions if question.id == name)


@cache
def book(folder: Path | None = None) -> Book:
    """Read the questions that come with midstance, and those of a coach's folder (--rules DIR) laid over them.

    Raises UsageError where the questions.toml of the folder makes no sense.
    """
    if folder and not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder of rules.")
    built_in = load(data.text("questions.toml"))
    path = folder / "questions.toml" if folder else None
    if path is None or not path.exists():
        return built_in
    try:
        return _laid_over(built_in, own_text(path), {r.id for r in rules.load(folder).rules})
    except InputError as fault:
        raise UsageError(f"{path}: {fault}") from None
    except (TypeError, AttributeError, RecursionError):  # a number or a text where a table is meant
        raise UsageError(f"{path}: not built as it should be. See the questions that come with midstance.") from None


def load(text: str) -> Book:
    """Read a questions file. Raises InputError on a key that is unknown, missing, or points nowhere."""
    table = _exactly(_toml(text), {"grades", "sources", "search", "question"}, "the file")
    search = _exactly(table["search"], {"articles", "stopwords", "elsewhere", "synonyms"}, "[search]")
    articles = frozenset(search["articles"].split())
    questions = tuple(_question(entry) for entry in table["question"])
    _check(questions, table["grades"], table["sources"])
    return Book(
        questions=questions,
        grades=table["grades"],
        sources=table["sources"],
        articles=articles,
        stopwords=frozenset(search["stopwords"].split()),
        elsewhere=frozenset(stem(word) for word in search["elsewhere"].split()),
        ideas=_named(search["synonyms"], articles),
    )


LISTS = ("wordings", "answer", "measures", "problems", "sources")

OWN_KEYS = {"id", "wordings", "answer"}
"""What a coach's own question must have; the rest may be left out."""


def _laid_over(built_in: Book, text: str, problems: Collection[str]) -> Book:
    """Return the book with a coach's questions; one with the id of a built-in question replaces it."""
    table = _toml(text)
    if wrong := sorted(table.keys() - {"sources", "synonyms", "question"}):
        raise InputError(f"unknown {join(wrong)}. Known are question, sources and synonyms.")
    sources = {**built_in.sources, "coach": "your coach", **table.get("sources", {})}
    own = tuple(_own(entry) for entry in table.get("question", []))
    _check(own, built_in.grades, sources)
    for question in own:
        if lost := [*(set(question.measures) - set(BY_ID)), *(set(question.problems) - set(problems))]:
            raise InputError(f"question {question.id}: there is no measure or problem {join(sorted(lost))}.")
    by_id = {question.id: question for question in (*built_in.questions, *own)}
    ideas = {**built_in.ideas, **_named(table.get("synonyms", {}), built_in.articles)}
    return Book(
        questions=tuple(by_id.values()),
        grades=built_in.grades,
        sources=sources,
        articles=built_in.articles,
        stopwords=built_in.stopwords,
        elsewhere=built_in.elsewhere,
        ideas=ideas,
    )


def _own(entry: Mapping[str, Any]) -> Question:
    """Read a coach's question: an id, ways to ask it and the answer are enough."""
    if missing := sorted(OWN_KEYS - entry.keys()):
        raise InputError(f"question {entry.get('id', '?')}: missing {join(missing)}.")
    rest: dict[str, Any] = {"measures": [], "problems": [], "grade": "coaching", "sources": ["coach"], "article": False}
    return _question({**rest, **entry})


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise InputError(f"questions.toml is not TOML: {fault}.") from None


def _named(synonyms: Mapping[str, Sequence[str]], articles: frozenset[str]) -> dict[tuple[str, ...], str]:
    """Return stems of each name -> its idea. Raises InputError for a name that means two ideas."""
    found: dict[tuple[str, ...], str] = {}
    for idea, names in synonyms.items():
        for name in names:
            key = tuple(stem(word) for word in words_of(name, articles))
            if found.setdefault(key, idea) != idea:
                raise InputError(f"questions.toml: “{name}” means both {found[key]} and {idea}. Keep one.")
    return found


def _question(entry: Mapping[str, Any]) -> Question:
    known = _exactly(entry, {field.name for field in fields(Question)}, f"question {entry.get('id', '?')}")
    if not all(_are_texts(known[key]) for key in LISTS):
        raise InputError(f"questions.toml, question {known['id']}: {join(LISTS)} are lists of texts.")
    lists = {key: tuple(known[key]) for key in LISTS}
    if not lists["wordings"] or not lists["answer"]:
        raise InputError(f"questions.toml, question {known['id']}: it needs a wording and an answer.")
    return Question(id=known["id"], grade=known["grade"], article=known["article"], **lists)


def _are_texts(listed: object) -> bool:
    return isinstance(listed, list) and all(isinstance(one, str) for one in listed)


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


# -- words ---------------------------------------------------------------------------------------------------------


def words_of(text: str, articles: frozenset[str] = frozenset()) -> list[str]:
    """Return the words of a text in small letters, without apostrophes and without articles."""
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
