"""Answer a runner's question in plain words, with the runner's own measures if there are any.

What belongs to a doctor is noticed first (text/medical.py) and ends the answer; pain is answered by the topic of the
part that hurts. Only then is the question searched for (text/question_search.py); below its THRESHOLD there is no
answer, only the nearest topics.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from midstance.model import Measure, NotAssessed
from midstance.reasons import Door, say
from midstance.text.medical import doctor_first, painful_part
from midstance.text.names import capital, join, measure_name, with_error
from midstance.text.question_search import THRESHOLD, Match, search
from midstance.text.questions import Question, book
from midstance.text.table import Place, place, usual

RIVAL = 0.6
"""Share of the best score from which another question may have been meant."""

NEAR = 0.12
"""Least score of a topic that is named when there is no answer."""

DOCTOR_FIRST = "This is for a doctor, not for a running coach."

NO_ANSWER = (
    "I have no answer to that.",
    "I know about the way you run, how to film it and what the numbers mean.",
)


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
    folder: Path | None = None,
) -> Answer:
    """Answer a question in plain words; with the measures of an analysis, also from the runner's own numbers.

    folder  a coach's folder, whose questions.toml is asked too (--rules DIR). Raises UsageError if it makes no sense.
    """
    if sign := doctor_first(text):
        return Answer(asked=text, title=DOCTOR_FIRST, says=sign.advice)
    matches, known = matches_of(text, folder=folder), book(folder)
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
        sure=known.grades[best.grade],
        sources=tuple(known.sources[key] for key in best.sources),
        nearest=tuple(match.question.title for match in others if match.score >= RIVAL * matches[0].score),
    )


def matches_of(text: str, *, top: int = 4, folder: Path | None = None) -> tuple[Match, ...]:
    """Return the questions that fit a text, best first; where something hurts, the topic of that part comes first."""
    found = search(folder).find(text, top=top)
    part = painful_part(text)
    if part is None:
        return found
    others = tuple(match for match in found if match.question.id != part)
    return (Match(question=book(folder).question(part), score=1.0), *others)[:top]


def answer_lines(found: Answer) -> list[str]:
    """Return an answer as lines for a terminal."""
    if found.title is None:
        return [*found.says, *_listed("The nearest topics are:" if found.nearest else "", found.nearest)]
    if not found.sources:
        return [found.title, *(f"  {sentence}" for sentence in found.says)]
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


def topics(folder: Path | None = None) -> tuple[str, ...]:
    """Return the titles of all questions, in the order of the file, a coach's own last."""
    return tuple(question.title for question in book(folder).questions)


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
