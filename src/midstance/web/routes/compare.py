"""What changed between takes of one runner, and their films side by side."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Query
from starlette.responses import RedirectResponse, Response

from midstance.comparison import compare, compare_series
from midstance.comparison.model import Athlete, SeriesComparison, StoredTake, Take
from midstance.comparison.take import series_json
from midstance.errors import UsageError
from midstance.reasons import Reason
from midstance.render.film import SHOWN_HZ
from midstance.render.side_by_side import LOOP_HZ
from midstance.text.changes import change_rows, describe_comparison, describe_series
from midstance.text.next_words import did_not_click
from midstance.web.refusals import RefusedRequest, not_here
from midstance.web.reports import SentFile
from midstance.web.shown import day_of
from midstance.web.state import Shared, State, Uid, page

router = APIRouter()

MOST = 12
"""Takes that are compared at once."""
FEWEST = {1: "Choose a take first.", 2: "Choose two takes or more of one runner, then compare them."}
"""What is said where fewer takes were chosen than are needed."""

Numbers = Annotated[list[int], Query(alias="take", max_length=MOST, default_factory=list)]


def chosen_takes(state: State, numbers: Sequence[int], *, fewest: int = 2) -> tuple[tuple[StoredTake, ...], Athlete]:
    """Return takes of one runner in the order of filming. Raises RefusedRequest."""
    found = [state.take(number) for number in dict.fromkeys(numbers)]
    if len(found) < fewest:
        raise RefusedRequest(400, FEWEST[fewest])
    owners = {athlete.id for _, athlete in found}
    if len(owners) > 1:
        raise RefusedRequest(409, "Only takes of one runner are compared.")
    wanted = {take.id for take, _ in found}
    athlete = found[0][1]
    return tuple(take for take in state.store.takes(athlete) if take.id in wanted), athlete


@router.get("/compare")
def show(shared: Shared, take: Numbers) -> Response:
    """Show what changed, beyond the error of the camera, and what to do now."""
    stored, athlete = chosen_takes(shared, take)
    seen = [shared.store.read(one) for one in stored]
    series = compare_series(seen)
    looped = [one.id for one in stored if one.file("film")]
    content = {
        "athlete": athlete,
        "takes": stored,
        "names": {one.id: f"Take {one.id}{', ' if day_of(one) else ''}{day_of(one)}" for one in stored},
        "chapters": describe_series(series),
        "rows": change_rows(series.overall),
        "other_words": did_not_click(seen[-2]) if seen[-2].plan else "",
        "looped": looped,
        "pairs": {
            "rate_hz": LOOP_HZ,
            "numbers": looped,
            "films": {number: f"/takes/{number}/loop.mp4" for number in looped},
            "says": _pairs(stored, seen, series),
        },
    }
    return page("compare", content)


def _pairs(stored: Sequence[StoredTake], seen: Sequence[Take], series: SeriesComparison) -> dict[str, tuple[str, ...]]:
    """Return what changed between any two of the takes, by their numbers ("3-5"); of two alone the page says it."""
    if len(stored) == 2:
        return {}
    known = {**dict(enumerate(series.steps)), -1: series.overall}
    found = {}
    for i, j in combinations(range(len(stored)), 2):
        done = known[i] if j == i + 1 else known[-1] if j - i == len(stored) - 1 else compare(seen[i], seen[j])
        found[f"{stored[i].id}-{stored[j].id}"] = describe_comparison(done).says
    return found


@router.post("/compare")
def keep(shared: Shared, take: Annotated[list[int], Form()]) -> Response:
    """Keep a comparison with its runner, and show it."""
    stored, _ = chosen_takes(shared, take[:MOST])
    series = compare_series([shared.store.read(one) for one in stored])
    said = [line for chapter in describe_series(series) for line in chapter.says]
    shared.store.add_comparison(stored, series_json(series, said))
    return RedirectResponse("/compare?" + "&".join(f"take={one.id}" for one in stored), 303)


@router.post("/beside")
def draw(
    shared: Shared,
    take: Annotated[list[int], Form()],
    *,
    ghost: Annotated[bool, Form()] = False,
    clean: Annotated[bool, Form()] = False,
) -> Response:
    """Draw two or three takes into one film, a clean stride counting as one."""
    stored, athlete = chosen_takes(shared, take, fewest=1 if clean else 2)
    if len(stored) + clean > 3:
        raise UsageError(Reason("two_or_three_takes", n=len(stored) + clean))
    wanted = {"name": "", "takes": [one.id for one in stored], "ghost": ghost, "clean": clean}
    return RedirectResponse(f"/jobs/{shared.jobs.add('beside', wanted, athlete=athlete.id).uid}", 303)


@router.get("/beside/{uid}")
def show_film(uid: Uid, shared: Shared) -> Response:
    """Show the film of takes side by side."""
    job = shared.job(uid)
    if job.kind != "beside":
        raise not_here("film")
    rate_hz = (job.result or {}).get("rate_hz", SHOWN_HZ)
    content = {"uid": uid, "numbers": job.wanted["takes"], "here": _film_of(shared, uid).exists(), "rate_hz": rate_hz}
    return page("beside", content)


@router.get("/beside/{uid}/film.mp4")
def film(uid: Uid, shared: Shared) -> Response:
    """Give the film of takes side by side."""
    path = _film_of(shared, shared.job(uid).uid)
    if not path.exists():
        raise not_here("film")
    return SentFile(path, media_type="video/mp4")


def drawn_films(state: State, athlete: Athlete) -> list[tuple[str, list[int]]]:
    """Return the films of a runner's takes side by side that are here, the newest first: the work, and the takes."""
    return [
        (job.uid, job.wanted["takes"])
        for job in state.jobs.recent()
        if job.kind == "beside" and job.athlete_id == athlete.id and _film_of(state, job.uid).exists()
    ]


def _film_of(state: State, uid: str) -> Path:
    return state.settings.shown / f"beside-{uid}.mp4"
