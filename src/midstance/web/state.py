"""What every route needs: the store, the queue, the uploads, the keys, and how a page is filled."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Annotated, Any

from fastapi import Depends, Path, Request
from jinja2 import Environment, FunctionLoader, StrictUndefined
from starlette.responses import HTMLResponse

from midstance import __version__, data
from midstance.comparison.model import Athlete, StoredTake
from midstance.reasons import shown
from midstance.store import Store
from midstance.store.jobs import Job, Jobs
from midstance.store.own import store_for
from midstance.web.guard import VISITOR
from midstance.web.keys import Keys
from midstance.web.rates import SignIns
from midstance.web.refusals import RefusedRequest, not_here
from midstance.web.settings import Settings
from midstance.web.uploads import Uploads
from midstance.web.visitor import NOW, OWNER, Visitor

STATIC = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
"""The files that are served as they are, by their endings."""

SHARED = {name: f"page/{name}" for name in ("page.css", "athlete.css", "athlete.js", "filmbar.js")}
"""Files of the report that the app uses too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything that lives as long as the server, as one visitor sees it; `whole` is all of it, for nobody's eyes."""

    store: Store
    jobs: Jobs
    uploads: Uploads
    keys: Keys
    settings: Settings
    sign_ins: SignIns = field(default_factory=SignIns)
    visitor: Visitor = OWNER
    whole: State | None = None

    def seen_by(self, visitor: Visitor) -> State:
        """Return what a visitor sees; what is another's is not there."""
        store, whose = store_for(self.store, visitor.whose), visitor.whose
        jobs, uploads = Jobs(store, whose), self.uploads.seen_by(whose)
        return replace(self, store=store, jobs=jobs, uploads=uploads, visitor=visitor, whole=self)

    def athlete(self, uid: str) -> Athlete:
        """Return an athlete by uid. Raises RefusedRequest."""
        found = self.store.athlete_by_uid(uid)
        if found is None:
            raise not_here("runner")
        return found

    def job(self, uid: str) -> Job:
        """Return a job. Raises RefusedRequest."""
        try:
            return self.jobs.job(uid)
        except KeyError:
            raise not_here("work") from None

    def take(self, number: int) -> tuple[StoredTake, Athlete]:
        """Return a take and its athlete. Raises UsageError."""
        take = self.store.take(number)
        return take, self.store.owner(take)


# These do next to nothing: as coroutines they need no thread of their own.


async def _whole(request: Request) -> State:
    state: State = request.app.state.midstance
    return state


async def _seen(request: Request) -> State:
    visitor = request.scope.get(VISITOR)
    if visitor is None:
        raise RefusedRequest(401, "Sign in first.")
    whole = await _whole(request)
    return whole if visitor == OWNER else whole.seen_by(visitor)


async def _coached(request: Request) -> State:
    state = await _seen(request)
    if state.visitor.role == "athlete":
        raise RefusedRequest(403, "Only a coach can do this.")
    return state


Shared = Annotated[State, Depends(_seen)]
"""What whoever asks may see; every route but those of the door takes this one."""
Coached = Annotated[State, Depends(_coached)]
"""The same, for what only the owner or a coach may do."""
Whole = Annotated[State, Depends(_whole)]
"""Everything, for routes that need no cookie and check a key of their own."""

Uid = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Number = Annotated[int, Path(ge=1, le=2**31 - 1)]


# -- pages -------------------------------------------------------------------------------------------------------------


def page(name: str, content: Mapping[str, Any], *, status: int = 200) -> HTMLResponse:
    """Fill one of the templates in data/web."""
    return HTMLResponse(_environment().get_template(f"{name}.html.j2").render(content), status)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: data.text(f"web/{name}")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=shown,
    )
    environment.globals["static"] = lambda name: f"/static/{name}?{_digest(name)}"
    environment.globals["version"] = __version__
    environment.globals["visitor"] = NOW.get
    return environment


@cache
def _digest(name: str) -> str:
    return hashlib.sha256(static_text(name).encode()).hexdigest()[:10]


def static_text(name: str) -> str:
    """Return a file that is served as it is. Raises RefusedRequest."""
    try:
        return data.text(SHARED.get(name, f"web/{name}"))
    except (FileNotFoundError, IsADirectoryError):
        raise RefusedRequest(404, "There is no such file.") from None
