"""Find the question that was meant: a small search by words (data/questions.toml, [search]).

Words are cut to their stems, names of the same idea are taken together, spelling slips are forgiven, and each question
is scored by how much of what was asked it shares, rare words counting more (cosine of inverse document frequencies).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from rapidfuzz import process
from rapidfuzz.distance import OSA

from midstance.text.questions import Book, Question, book, stem, words_of

THRESHOLD = 0.36
"""Least score of an answer: `python -m validation questions` shows what it lets through and what it turns away."""

STRANGE = 0.9
"""How much a word counts that no question has, of what the rarest of those they have counts: it lowers the score."""

ELSEWHERE = 2.5
"""The same for a word of another subject: food, weather, training plans."""

SLIP = 0.79
"""Likeness of spelling from which a word is a known one: one slip in five letters; two letters swapped are one slip."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A question and how well it fits what was asked, 0..1."""

    question: Question
    score: float


@dataclass(frozen=True)
class Search:
    """Weights of every idea, and of every wording and every question as unit vectors over ideas."""

    book: Book

    def find(self, text: str, *, top: int = 3) -> tuple[Match, ...]:
        """Return the questions that share something with the text, best first, at most `top`; scores 0..1."""
        asked = self._weigh(self._forgiven(self.ideas(text)))
        scores = ((self._score(asked, question.id), question) for question in self.book.questions)
        ranked = sorted(((score, question) for score, question in scores if score > 0), key=lambda pair: -pair[0])
        return tuple(Match(question=question, score=score) for score, question in ranked[:top])

    def ideas(self, text: str) -> list[str]:
        """Return the ideas in a text: names of [search.synonyms], the longest that fit, and stems; no stop words."""
        words = words_of(text, self.book.articles)
        stems = [stem(word) for word in words]
        found, at = [], 0
        while at < len(stems):
            length = next((n for n in (5, 4, 3, 2, 1) if tuple(stems[at : at + n]) in self.book.ideas), 0)
            if length:
                found.append(self.book.ideas[tuple(stems[at : at + length])])
            elif words[at] not in self.book.stopwords and not words[at].isdigit():
                found.append(stems[at])
            at += max(1, length)
        return found

    @cached_property
    def _read(self) -> Mapping[str, list[set[str]]]:
        return {question.id: [set(self.ideas(text)) for text in question.wordings] for question in self.book.questions}

    @cached_property
    def _rarity(self) -> Mapping[str, float]:
        spread = Counter(idea for texts in self._read.values() for idea in set().union(*texts))
        return {idea: math.log(1 + len(self._read) / n) for idea, n in spread.items()}

    @cached_property
    def _wordings(self) -> Mapping[str, tuple[Mapping[str, float], ...]]:
        weights = self._rarity
        return {
            name: tuple(_unit({i: weights[i] for i in text}) for text in texts) for name, texts in self._read.items()
        }

    @cached_property
    def _whole(self) -> Mapping[str, Mapping[str, float]]:
        together = {name: Counter(idea for text in texts for idea in text) for name, texts in self._read.items()}
        weights = self._rarity
        return {name: _unit({i: weights[i] * math.sqrt(n) for i, n in all_.items()}) for name, all_ in together.items()}

    def _weigh(self, counts: Mapping[str, float]) -> dict[str, float]:
        """Weight counts of ideas by their rarity, as a unit vector."""
        rarest = math.log(1 + len(self._whole))

        def weight(idea: str) -> float:
            if idea in self.book.elsewhere:
                return ELSEWHERE * rarest
            return self._rarity.get(idea, STRANGE * rarest)

        return _unit({idea: n * weight(idea) for idea, n in counts.items()})

    def _score(self, asked: Mapping[str, float], question: str) -> float:
        """Return half the likeness to the closest wording plus half that to all wordings together."""
        closest = max(_dot(asked, wording) for wording in self._wordings[question])
        return (closest + _dot(asked, self._whole[question])) / 2

    def _forgiven(self, found: Iterable[str]) -> dict[str, float]:
        """Return how much each idea counts; a misspelt word counts as the known one it was probably meant to be."""
        return {idea if idea in self._rarity else self._respelt(idea) or idea: 1.0 for idea in found}

    def _respelt(self, word: str) -> str | None:
        """Return the idea behind a misspelt word, if one known word is close; short words are left alone."""
        if len(word) < 5:
            return None
        known = [name for name in self.vocabulary if name[0] == word[0]]
        close = process.extractOne(word, known, scorer=OSA.normalized_similarity, score_cutoff=SLIP)
        return self.vocabulary[close[0]] if close else None

    @cached_property
    def vocabulary(self) -> Mapping[str, str]:
        """Return every single word the search knows -> its idea."""
        return {idea: idea for idea in self._rarity} | {
            names[0]: idea for names, idea in self.book.ideas.items() if len(names) == 1
        }


@cache
def search(folder: Path | None = None) -> Search:
    """Return the search over the questions of midstance and of a coach's folder. Raises UsageError."""
    return Search(book(folder))


def _unit(weights: Mapping[str, float]) -> dict[str, float]:
    size = math.sqrt(sum(weight**2 for weight in weights.values()))
    return {idea: weight / size for idea, weight in weights.items()} if size else {}


def _dot(one: Mapping[str, float], other: Mapping[str, float]) -> float:
    return sum(weight * other[idea] for idea, weight in one.items() if idea in other)
