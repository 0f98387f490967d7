"""Turn what the store keeps into what the pages show."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from midstance.comparison.model import StoredTake
from midstance.output.newest import Newest, newest
from midstance.store import Store
from midstance.store.jobs import Job
from midstance.text.names import capital, tried
from midstance.text.outcome import outcome

STAGES = {
    "checking": "Checking the film",
    "fetching": "Fetching the pose model, this once",
    "looking": "Finding you in every frame",
    "measuring": "Measuring your stride",
    "drawing": "Drawing the film and the report",
    "keeping": "Keeping it",
}
"""What each stage of a job is called on the page, in their order."""

REFUSED = "Could not be judged"

WORDS = {
    "take": "New film",
    "analyze": "Analysis",
    "photo": "Photo",
    "import": "Import",
    "beside": "Side by side",
    "join": "Two sides together",
}
"""What each kind of job is called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeLine:
    """One take in a list; picture is empty where there is none."""

    number: int
    day: str
    clip: str
    state: str
    tried: str
    picture: str
    judged: bool
    film_deleted: bool


def take_lines(store: Store, takes: Iterable[StoredTake]) -> list[TakeLine]:
    """Return takes as the pages list them."""
    return [_line(store, take) for take in takes]


def _line(store: Store, take: StoredTake) -> TakeLine:
    found = newest(store, take)
    pictured = take.file("thumbnail") is not None
    return TakeLine(
        number=take.id,
        day=day_of(take),
        clip=take.clip.name,
        state=_state(found),
        tried=tried(take.known.trying),
        picture=f"/takes/{take.id}/picture.jpg" if pictured else "",
        judged=found is not None and not found.refused,
        film_deleted=take.film_deleted,
    )


def _state(found: Newest | None) -> str:
    if found is None:
        return "Not analysed yet"
    return REFUSED if found.refused else capital(found.says)


def day_of(take: StoredTake) -> str:
    """Return the day of a take as a person says it; empty if it is not known."""
    at = take.known.taken_at
    return f"{at.day} {at:%B %Y}" if at else ""


def state_of(content: Mapping[str, Any]) -> str:
    """Return what an analysis came to."""
    return REFUSED if "refused" in content else capital(outcome(content))


def job_plain(job: Job) -> dict[str, Any]:
    """Return a job as plain data: for live progress and for programs."""
    result = job.result or {}
    return {
        "uid": job.uid,
        "kind": job.kind,
        "name": str(job.wanted.get("name", "")),
        "state": job.state,
        "stage": job.stage,
        "stage_says": STAGES.get(job.stage, "Waiting for its turn" if job.state == "queued" else "Starting"),
        "done": job.done,
        "total": job.total,
        "says": job.says,
        "take": job.take_id,
        "address": address_of(job, result),
        "tried_again": job.crashes > 0,
    }


def address_of(job: Job, result: Mapping[str, Any]) -> str:
    """Return where the result of a job is looked at; empty while there is none."""
    if job.state != "done":
        return ""
    if job.kind == "import":
        return f"/athletes/{result.get('athlete', '')}"
    if job.kind in {"photo", "beside"}:
        return f"/{job.kind}/{job.uid}"
    about = job.wanted.get("about", {}) if job.kind == "take" else {}
    if str(about.get("after", "")).isdecimal():
        return f"/takes/{job.take_id}/after/{about['after']}"
    if str(about.get("beside", "")).isdecimal():
        return f"/takes/{about['beside']}/beside/{job.take_id}"
    return f"/takes/{job.take_id}"


def job_json(job: Job) -> str:
    """Return a job as one line of JSON."""
    return json.dumps(job_plain(job), ensure_ascii=False)
