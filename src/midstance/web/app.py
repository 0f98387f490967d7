"""Put the app together: routes, guard, errors as one sentence, and the worker that does the jobs."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, PlainTextResponse, Response

from midstance import __version__
from midstance.errors import MidstanceError
from midstance.store import Store
from midstance.store.jobs import Jobs
from midstance.web.doors import OwnerDoor, TeamDoor
from midstance.web.guard import Guard
from midstance.web.keys import Keys
from midstance.web.messenger import Messenger
from midstance.web.observed import Metrics, Observed
from midstance.web.refusals import RefusedRequest, status_of
from midstance.web.routes import (
    about_takes,
    api,
    api_keys,
    athletes,
    beat,
    compare,
    door,
    films,
    first,
    house,
    marks,
    next_film,
    operations,
    photos,
    programs,
    shares,
    takes,
    team,
    tus,
    words,
    work,
)
from midstance.web.settings import Settings
from midstance.web.state import STATIC, State, page, static_text
from midstance.web.uploads import Uploads
from midstance.web.worker import Worker

PAGES = (
    door, operations, shares, first, takes, about_takes, next_film, films, marks, athletes, compare, beat, words,
    photos, house, programs, tus, work,
)  # fmt: skip
"""The parts of the app that are for people, in the order in which they are asked for an address."""

NO_SUCH_PAGE = "There is no such page."


def make_app(store: Store, settings: Settings) -> FastAPI:
    """Return the app on a store; its workers run as long as it does."""
    settings.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = Keys(settings.folder)
    state = State(store=store, jobs=Jobs(store), uploads=Uploads(store, settings), keys=keys, settings=settings)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        workers = [Worker(store, settings) for _ in range(settings.workers)]
        threads: list[Worker | Messenger] = (
            [*workers, Messenger(store, private=settings.private_hooks)] if workers else []
        )
        for thread in threads:
            thread.start()
        yield
        for thread in threads:
            thread.stop()

    app = FastAPI(
        title="midstance",
        version=__version__,
        lifespan=lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.midstance = state
    for part in (*PAGES, team) if settings.team else PAGES:
        app.include_router(part.router, include_in_schema=False)
    for part in (api, api_keys):
        app.include_router(part.router)
    app.add_api_route("/static/{name}", static, include_in_schema=False)
    app.add_middleware(Guard, settings=settings, door=TeamDoor(store) if settings.team else OwnerDoor(store, keys))
    app.state.metrics = Metrics(state)
    app.add_middleware(Observed, metrics=app.state.metrics)
    _add_errors(app)
    return app


def static(name: str, request: Request) -> Response:
    """Serve one of the packaged files."""
    kind = STATIC.get(PurePosixPath(name).suffix)
    if kind is None or not re.fullmatch(r"[a-z_-]+\.[a-z]+", name):
        raise RefusedRequest(404, "There is no such file.")
    lasting = "max-age=31536000, immutable" if request.url.query else "no-cache"  # the address has the digest
    return Response(static_text(name), media_type=kind, headers={"Cache-Control": lasting})


def _add_errors(app: FastAPI) -> None:
    """Turn every error into its status and one sentence."""

    @app.exception_handler(RefusedRequest)
    async def refused(request: Request, fault: RefusedRequest) -> Response:
        return answer(request, fault.status, fault.says)

    @app.exception_handler(MidstanceError)
    async def ours(request: Request, fault: MidstanceError) -> Response:
        return answer(request, status_of(fault), fault.say("page"))

    @app.exception_handler(RequestValidationError)
    async def misspelt(request: Request, fault: RequestValidationError) -> Response:
        first_fault = fault.errors()[0]
        if first_fault["loc"][0] == "path" and for_a_person(request):
            return answer(request, 404, NO_SUCH_PAGE)
        where = ".".join(str(part) for part in first_fault["loc"][1:])
        return answer(request, 422, f"{where or 'The request'}: {first_fault['msg']}.")

    @app.exception_handler(HTTPException)
    async def plain(request: Request, fault: HTTPException) -> Response:
        says = {404: NO_SUCH_PAGE, 405: "That cannot be done here."}.get(fault.status_code, fault.detail)
        return answer(request, fault.status_code, says)

    @app.exception_handler(Exception)
    async def inside(request: Request, _fault: Exception) -> Response:
        return answer(request, 500, "Something went wrong inside. Try again; the terminal says what it was.")


def answer(request: Request, status: int, says: str) -> Response:
    """Return a sentence in the form that is read: JSON for a program, plain text for an upload, a page for a person."""
    if request.url.path.startswith("/api/"):
        return JSONResponse({"says": says}, status)
    if for_a_person(request):
        return page("sorry", {"says": says}, status=status)
    return PlainTextResponse(says + "\n", status)


def for_a_person(request: Request) -> bool:
    """Return whether a browser asks for a page to be read."""
    return not request.url.path.startswith("/api/") and "text/html" in request.headers.get("accept", "")
