"""The same abilities as JSON for programs: /api/v1, described by OpenAPI, with a key each (web/tokens.py)."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from midstance import quantities
from midstance.comparison import compare_series
from midstance.comparison.model import Athlete, StoredTake
from midstance.comparison.take import series_json
from midstance.text.answers import answer
from midstance.text.changes import describe_series
from midstance.web import analyses, deletion
from midstance.web.refusals import RefusedRequest, not_here
from midstance.web.routes.compare import MOST, chosen_takes
from midstance.web.routes.tus import number_of, pieces_of
from midstance.web.shown import job_plain, take_lines
from midstance.web.state import Coached, Number, Shared, State, Uid
from midstance.web.tokens import once

router = APIRouter(prefix="/api/v1", tags=["midstance"])

Key = Annotated[str, Header(alias="Idempotency-Key", description="The same request with the same key is done once.")]
RUNNER: dict[str, Any] = {"name": "Cody", "height": "1.78", "mass": "68kg"}
UID = "0123456789abcdef0123456789abcdef"


class RunnerSaid(BaseModel):
    """What is said of a runner; quantities as a person types them."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [RUNNER]})

    name: str | None = Field(None, max_length=200)
    height: str | float | None = None
    mass: str | float | None = None
    notes: str | None = Field(None, max_length=5000)

    def given(self) -> dict[str, Any]:
        """Return what was said. Raises UsageError."""
        sizes = {
            "height_m": None if self.height is None else quantities.height_m(self.height),
            "mass_kg": None if self.mass is None else quantities.mass_kg(self.mass),
        }
        said = {"name": self.name, "notes": self.notes, **sizes}
        return {name: value for name, value in said.items() if value is not None}


class Runner(BaseModel):
    """A runner."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"uid": UID, "name": "Cody", "height_m": 1.78, "mass_kg": 68.0, "notes": ""}]}
    )

    uid: str
    name: str
    height_m: float | None
    mass_kg: float | None
    notes: str


class TakeOut(BaseModel):
    """A take, and what its newest analysis came to."""

    number: int = Field(examples=[3])
    athlete: str = Field(examples=[UID])
    film: str = Field(examples=["run.mov"])
    state: str = Field(examples=["You reach forward with the lower leg"])
    judged: bool
    taken_at: datetime | None
    trying: str
    surface: str
    shoes: str
    speed_mps: float | None
    slow_motion: float
    notes: str


class JobOut(BaseModel):
    """Work in the background: queued, running, done, failed or cancelled."""

    uid: str = Field(examples=[UID])
    kind: str = Field(examples=["take"])
    state: str = Field(examples=["running"])
    stage: str = Field(examples=["looking"])
    done: int = Field(examples=[120])
    total: int = Field(examples=[240])
    says: str = Field("", description="Why it failed.")
    take: int | None = Field(None, examples=[3])


def _runner(athlete: Athlete) -> Runner:
    return Runner(**{name: value for name, value in asdict(athlete).items() if name != "id"})


def _take(state: State, take: StoredTake, athlete: Athlete) -> TakeOut:
    (line,) = take_lines(state.store, [take])
    about: dict[str, Any] = {"number": take.id, "athlete": athlete.uid, "film": take.clip.name}
    return TakeOut(**about, state=line.state, judged=line.judged, **asdict(take.known))


# -- runners -----------------------------------------------------------------------------------------------------------


@router.get("/athletes")
def list_athletes(shared: Shared) -> list[Runner]:
    """List every runner."""
    return [_runner(athlete) for athlete in shared.store.athletes()]


@router.post("/athletes", status_code=201)
def add_athlete(shared: Coached, said: RunnerSaid, key: Key = "") -> Runner:
    """Add a runner."""

    def add() -> dict[str, Any]:
        given = said.given()
        return _runner(shared.store.add_athlete(given.pop("name", ""), another=True, **given)).model_dump()

    return Runner(**once(shared.store, _own(shared, key), f"add {said.model_dump_json()}", add))


@router.get("/athletes/{uid}")
def read_athlete(uid: Uid, shared: Shared) -> Runner:
    """Read one runner."""
    return _runner(shared.athlete(uid))


@router.patch("/athletes/{uid}")
def change_athlete(uid: Uid, shared: Shared, said: RunnerSaid) -> Runner:
    """Change what is said of a runner; what is not said stays."""
    shared.store.edit_athlete(replace(shared.athlete(uid), **said.given()))
    return _runner(shared.athlete(uid))


@router.delete("/athletes/{uid}", status_code=204)
def delete_athlete(uid: Uid, shared: Shared) -> None:
    """Delete a runner with every take, result and film."""
    deletion.delete_athlete(shared, shared.athlete(uid))


# -- takes -------------------------------------------------------------------------------------------------------------


@router.get("/athletes/{uid}/takes")
def list_takes(uid: Uid, shared: Shared) -> list[TakeOut]:
    """List the takes of a runner in the order of filming."""
    athlete = shared.athlete(uid)
    return [_take(shared, take, athlete) for take in shared.store.takes(athlete)]


@router.post("/athletes/{uid}/takes", status_code=202)
async def add_take(  # noqa: PLR0917  (as they come in the request)
    uid: Uid, request: Request, shared: Shared, name: Annotated[str, Query(max_length=200)], key: Key = ""
) -> JobOut:
    """Send a film as the body; it is analysed in the background. Larger ones: by tus 1.0 at /uploads."""
    if "content-length" not in request.headers:
        raise RefusedRequest(411, "Say how long the film is: the header Content-Length.")
    size = number_of(request, "Content-Length")
    await run_in_threadpool(shared.athlete, uid)
    said = {"filename": name, "athlete": uid}
    made = await run_in_threadpool(
        once,
        shared.store,
        _own(shared, key),
        f"take {uid} {name} {size}",
        lambda: {"upload": shared.uploads.announce(size, said).uid},
    )
    upload = shared.uploads.upload(made["upload"])
    if not upload.job:
        upload = await shared.uploads.take_in(upload.uid, upload.offset, pieces_of(request, skip=upload.offset))
    if not upload.job:
        raise RefusedRequest(400, f"Only {upload.offset} of {upload.size} bytes came. Send the film again.")
    return _job(shared, upload.job)


@router.get("/takes/{number}")
def read_take(number: Number, shared: Shared) -> TakeOut:
    """Read one take."""
    return _take(shared, *shared.take(number))


@router.get("/takes/{number}/analysis")
def read_analysis(number: Number, shared: Shared) -> dict[str, Any]:
    """Read the newest analysis.json of a take, or why it was refused (`midstance schema`)."""
    found = shared.store.newest_analysis(shared.store.take(number))
    if found is None:
        raise not_here("analysis")
    return found


@router.post("/takes/{number}/analysis", status_code=202)
def analyze_again(number: Number, shared: Shared, key: Key = "") -> JobOut:
    """Analyse a take again."""
    take = shared.store.take(number)

    def add() -> dict[str, Any]:
        return {"job": analyses.analyze_again(shared, take).uid}

    return _job(shared, once(shared.store, _own(shared, key), f"analyze {number}", add)["job"])


@router.delete("/takes/{number}", status_code=204)
def delete_take(number: Number, shared: Shared) -> None:
    """Delete a take, its results and its film."""
    deletion.delete_take(shared, shared.store.take(number))


# -- what came of it ---------------------------------------------------------------------------------------------------


@router.get("/jobs/{uid}")
def read_job(uid: Uid, shared: Shared) -> JobOut:
    """Read how far a job is."""
    return _job(shared, uid)


@router.get("/compare")
def compare(shared: Shared, take: Annotated[list[int], Query(max_length=MOST)]) -> dict[str, Any]:
    """Say what changed between two takes or more of one runner, as `midstance compare --json`."""
    stored, _ = chosen_takes(shared, take)
    series = compare_series([shared.store.read(one) for one in stored])
    return series_json(series, [line for chapter in describe_series(series) for line in chapter.says])


@router.get("/ask")
def ask(q: Annotated[str, Query(max_length=300, examples=["my shins ache"])]) -> dict[str, Any]:
    """Answer a question about running form."""
    return asdict(answer(q))


def _job(state: State, uid: str) -> JobOut:
    plain = job_plain(state.job(uid))
    return JobOut(**{name: plain[name] for name in JobOut.model_fields})


def _own(state: State, key: str) -> str:
    """Return an Idempotency-Key as a key of this account alone."""
    return f"{state.visitor.account}:{key}" if key and state.visitor.account else key
