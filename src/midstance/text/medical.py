"""Notice what is no question of form: signs that belong to a doctor, and pain (data/medical.toml).

It comes before any search. A sign stops the answer; pain is answered by the topic of the part that hurts. Words count
in any form and with slips of spelling, for a sign must not be missed because it was typed in a hurry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import OSA

from midstance import data
from midstance.text.question_search import SLIP, search
from midstance.text.questions import stem, words_of

Phrase = tuple[str, ...]
"""Stems of words that stand side by side."""

Pattern = tuple[tuple[Phrase, ...], ...]
"""Groups that must all be there, each by any of its phrases."""

ARTICLES = frozenset({"a", "an", "the"})

STOP_NOW = "Stop running. If it is there now, call the emergency number."
STOP = "Stop running until a doctor has looked at it."
NO_FORM = "I say nothing about form before that."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Something that belongs to a doctor before any running; urgent means now."""

    id: str
    urgent: bool
    says: tuple[str, ...]

    @property
    def advice(self) -> tuple[str, ...]:
        """Return the advice in sentences, what to do first."""
        return (STOP_NOW if self.urgent else STOP, *self.says, NO_FORM)


def doctor_first(text: str) -> Sign | None:
    """Return the sign in a question that belongs to a doctor, an urgent one before another; None without one."""
    stems = _stems(text)
    found = [sign for sign, when, unless in _signs() if _any(when, stems) and not _any(unless, stems)]
    return min(found, key=lambda sign: not sign.urgent, default=None)


def painful_part(text: str) -> str | None:
    """Return the topic in questions.toml of the part that hurts; None where nothing hurts."""
    stems, pain = _stems(text), _pain()
    if _any(pain.unless, stems) or not _any(pain.words, stems):
        return None
    part = next((topic for topic, names in pain.parts if _any(names, stems)), None)
    return part or ("pain_anywhere" if _any(pain.sure, stems) else None)


# -- patterns ------------------------------------------------------------------------------------------------------


def _any(patterns: Iterable[Pattern], stems: Sequence[str]) -> bool:
    return any(all(any(_has(phrase, stems) for phrase in group) for group in pattern) for pattern in patterns)


def _has(phrase: Phrase, stems: Sequence[str]) -> bool:
    n = len(phrase)
    return any(tuple(stems[at : at + n]) == phrase for at in range(len(stems) - n + 1))


def _stems(text: str) -> list[str]:
    """Return the stems of a text, with misspelt words of medicine put right."""
    return [_respelt(stem(word)) for word in words_of(text, ARTICLES)]


@cache
def _respelt(word: str) -> str:
    medical = _vocabulary()
    if len(word) < 4 or word in medical or word in _plain_words():
        return word
    known = [name for name in medical if name[0] == word[0]]
    close = process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=SLIP)
    return close[0] if close else word


@cache
def _plain_words() -> frozenset[str]:
    """Return stems of everyday words, which are no misspelt words of medicine."""
    known = search().book
    asked = (word for question in known.questions for text in question.wordings for word in words_of(text))
    named = (word for names in known.ideas for word in names)
    return frozenset(map(stem, (*asked, *known.stopwords))) | frozenset(named)


@cache
def _vocabulary() -> frozenset[str]:
    pain = _pain()
    every = [*pain.words, *(name for _, names in pain.parts for name in names)]
    every += [pattern for _, when, _ in _signs() for pattern in when]
    return frozenset(word for pattern in every for group in pattern for phrase in group for word in phrase)


def _patterns(texts: Iterable[str]) -> tuple[Pattern, ...]:
    return tuple(
        tuple(tuple(_phrase(name) for name in group.split("/")) for group in text.split(" + ")) for text in texts
    )


def _phrase(name: str) -> Phrase:
    return tuple(stem(word) for word in words_of(name, ARTICLES))


@dataclass(frozen=True, slots=True)
class _Pain:
    words: tuple[Pattern, ...]
    sure: tuple[Pattern, ...]
    unless: tuple[Pattern, ...]
    parts: tuple[tuple[str, tuple[Pattern, ...]], ...]


@cache
def _signs() -> tuple[tuple[Sign, tuple[Pattern, ...], tuple[Pattern, ...]], ...]:
    return tuple(
        (
            Sign(id=row["id"], urgent=row["urgent"], says=tuple(row["says"])),
            _patterns(row["when"]),
            _patterns(row.get("unless", ())),
        )
        for row in data.table("medical")["stop"]
    )


@cache
def _pain() -> _Pain:
    table: Mapping[str, Any] = data.table("medical")["pain"]
    return _Pain(
        words=_patterns([table["words"]]),
        sure=_patterns([table["sure"]]),
        unless=_patterns(table["unless"]),
        parts=tuple((part["topic"], _patterns([part["names"]])) for part in table["parts"]),
    )
