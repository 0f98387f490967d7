"""Work in the background: its page, live progress, and stopping it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response, StreamingResponse

from midstance.web.analyses import analyze_again
from midstance.web.refusals import RefusedRequest
from midstance.web.shown import STAGES, WORDS, job_json, job_plain
from midstance.web.state import Shared, State, Uid, page

router = APIRouter(prefix="/jobs")

LOOK_EVERY_S = 0.4
"""How often the browser gets news, if there is any."""

SILENCE_S = 15.0
"""After so long without news one is sent all the same: nobody on the way closes the connection, and the page knows that
it stands (data/web/live.js)."""


@router.get("/{uid}")
def show(uid: Uid, shared: Shared) -> Response:
    """Show how far a job is; one that is done leads to what it made."""
    job = shared.job(uid)
    plain = job_plain(job)
    if plain["address"]:
        return RedirectResponse(plain["address"], 303)
    stages = STAGES if job.kind in {"take", "analyze"} else {}
    take, athlete = shared.take(job.take_id) if job.take_id else (None, None)
    content = {
        "job": plain,
        "stages": stages,
        "title": WORDS.get(job.kind, "Work"),
        "athlete": athlete,
        "asks_slow": bool(stages) and not job.ended and take is not None and take.known.slow_motion == 1,
    }
    return page("job", content)


@router.get("/{uid}/events")
async def events(uid: Uid, shared: Shared) -> Response:
    """Send the state of a job whenever it changes (server-sent events)."""
    shared.job(uid)
    return StreamingResponse(_news(uid, shared), media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


async def _news(uid: str, shared: State) -> AsyncIterator[str]:
    before, silent = "", 0.0
    while True:
        try:
            job = await run_in_threadpool(shared.job, uid)
        except RefusedRequest:
            yield 'data: {"state": "gone"}\n\n'
            return
        now = job_json(job)
        if now != before:
            yield f"data: {now}\n\n"
            before, silent = now, 0.0
        elif silent > SILENCE_S:
            yield "event: still\ndata: here\n\n"
            silent = 0.0
        if job.ended:
            return
        await asyncio.sleep(LOOK_EVERY_S)
        silent += LOOK_EVERY_S


@router.get("/{uid}/state")
def state(uid: Uid, shared: Shared) -> dict[str, object]:
    """Return the state of a job once."""
    return job_plain(shared.job(uid))


@router.post("/{uid}/cancel")
def cancel(uid: Uid, shared: Shared) -> Response:
    """Stop a job."""
    shared.jobs.cancel(shared.job(uid).uid)
    return RedirectResponse("/", 303)


@router.post("/{uid}/again")
def again(uid: Uid, shared: Shared) -> Response:
    """Try the take of a job that failed once more."""
    job = shared.job(uid)
    if job.take_id is None or not job.ended:
        raise RefusedRequest(409, "Only a film that was kept can be tried again. Send it once more.")
    return RedirectResponse(f"/jobs/{analyze_again(shared, shared.store.take(job.take_id)).uid}", 303)
