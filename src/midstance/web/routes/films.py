"""The film frame by frame with what was found in it, and what a person puts right."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body
from starlette.responses import JSONResponse, Response

from midstance.comparison.model import StoredTake
from midstance.errors import MidstanceError
from midstance.store.corrections import add_step, read_step, steps, undo_step
from midstance.web.analyses import draw_again
from midstance.web.judged import judge_of
from midstance.web.player import player_data
from midstance.web.refusals import RefusedRequest, not_here
from midstance.web.reports import SentFile
from midstance.web.routes.marks import marks_plain
from midstance.web.shown import take_lines
from midstance.web.state import Number, Shared, State, page

router = APIRouter(prefix="/takes/{number}/film")


@router.get("")
def show(number: Number, shared: Shared) -> Response:
    """Show the player."""
    take, athlete = shared.take(number)
    try:
        judge_of(shared).points(take)
    except RefusedRequest:  # analysed by an older midstance, which kept none
        return page("film_none", {"take": take_lines(shared.store, [take])[0], "athlete": athlete})
    return page("film", {"take": take_lines(shared.store, [take])[0], "athlete": athlete})


@router.get("/data.json")
def data(number: Number, shared: Shared) -> Response:
    """Return what the player draws."""
    return JSONResponse(_data(shared, shared.store.take(number)))


def _data(state: State, take: StoredTake) -> dict[str, Any]:
    judge = judge_of(state)
    drawn = player_data(judge.judge(take), judge.points(take), steps(state.store, take))
    return {**drawn, "marks": marks_plain(state.store, take)}


@router.post("/right")
def put_right(number: Number, shared: Shared, content: Annotated[dict[str, Any], Body()]) -> Response:
    """Put something right; the numbers follow at once, the report is drawn again in the background."""
    take = shared.store.take(number)
    add_step(shared.store, take, read_step(content))
    try:
        after = _data(shared, take)
    except MidstanceError:  # nobody runs there, or there is no such person
        undo_step(shared.store, take)
        raise
    draw_again(shared, take)
    return JSONResponse(after)


@router.post("/undo")
def undo(number: Number, shared: Shared, *, every: bool = False) -> Response:
    """Undo the newest step, or every one."""
    take = shared.store.take(number)
    undo_step(shared.store, take, every=every)
    draw_again(shared, take)
    return JSONResponse(_data(shared, take))


@router.get("/proxy.mp4")
def proxy(number: Number, shared: Shared) -> Response:
    """Give the film in a form that every browser plays, one frame for each of its own; it is made when it is needed."""
    take = shared.store.take(number)
    path = shared.settings.shown / f"proxy-{take.uid}.mp4"
    if not path.exists():
        raise not_here("film")
    return SentFile(path, media_type="video/mp4")


@router.post("/proxy")
def make_proxy(number: Number, shared: Shared) -> Response:
    """Make the film in a form that every browser plays."""
    take = shared.store.take(number)
    job = shared.jobs.add("proxy", {"name": take.clip.name}, take=take.id)
    return JSONResponse({"job": job.uid})
