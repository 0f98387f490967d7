"""Questions and their answers, and what the words of the reports mean."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from midstance.coaching import rules
from midstance.comparison.model import StoredTake
from midstance.errors import MidstanceError, UsageError
from midstance.measures import BY_ID
from midstance.model import Measure, NotAssessed
from midstance.reasons import as_written
from midstance.text.answers import answer, topics
from midstance.text.names import capital
from midstance.web.refusals import not_here
from midstance.web.shown import take_lines
from midstance.web.state import Shared, State, page

router = APIRouter()

LATEST = 20
"""Takes that a question can be asked of."""

Question = Annotated[str, Query(max_length=300)]


@router.get("/ask")
def ask(shared: Shared, q: Question = "", take: int = 0) -> Response:
    """Answer a question, with the numbers of a take if one is chosen."""
    newest = _judged(shared, take)
    chosen = next((one for one in newest if one.id == take), newest[0] if newest else None)
    measures, gaps = _numbers(shared, chosen)
    found = answer(q, measures, gaps) if q.strip() else None
    content = {
        "question": q,
        "found": found,
        "topics": topics(),
        "takes": take_lines(shared.store, newest),
        "chosen": chosen.id if chosen else 0,
    }
    return page("ask", content)


def _judged(state: State, chosen: int) -> list[StoredTake]:
    """Return the takes that were analysed last, the newest first, and the chosen one."""
    found = state.store.latest_takes(LATEST)
    if chosen and chosen not in {take.id for take in found}:
        with suppress(UsageError):  # deleted meanwhile
            found.append(state.store.take(chosen))
    return [take for take in found if take.has_report]


def _numbers(state: State, take: StoredTake | None) -> tuple[Sequence[Measure], Sequence[NotAssessed]]:
    if take is None:
        return (), ()
    try:
        measures = state.store.read(take).measures
    except MidstanceError:
        return (), ()
    gaps = (state.store.newest_analysis(take) or {}).get("not_assessed", [])
    return measures, [NotAssessed(id=gap["id"], reason=as_written(gap["reason"])) for gap in gaps]


@router.get("/explain")
def words() -> Response:
    """List every word that is explained."""
    names = {word: word.replace("_", " ") for word in rules.explained_words()}
    names |= {word: f"{measure.name} ({word})" for word, measure in BY_ID.items()}
    return page("explain", {"title": "", "lines": (), "words": names})


@router.get("/explain/{word}")
def explain(word: str) -> Response:
    """Explain a problem, a cause, a cue or a measure."""
    if text := rules.explain(word):
        title, lines = word.replace("_", " "), tuple(text.split("\n"))
    elif word in BY_ID:
        measure = BY_ID[word]
        title = capital(measure.name)
        lines = (measure.says, f"How: {measure.formula}", f"Source: {measure.source}", f"In files: {measure.id}")
    else:
        raise not_here("word")
    return page("explain", {"title": title, "lines": lines, "words": {}})
