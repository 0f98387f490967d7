"""The runners: the board of all, the page of one, what is known of them, export, import and deletion."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field
from starlette.background import BackgroundTask
from starlette.responses import HTMLResponse, RedirectResponse, Response

from midstance import quantities
from midstance.comparison.model import Athlete
from midstance.formats.files import temporary_folder
from midstance.output.athlete_page import athlete_html
from midstance.output.board import board, due_words, row_of
from midstance.store import export_athlete
from midstance.text.names import capital, count
from midstance.web.analyses import analyze_as_known
from midstance.web.deletion import delete_athlete
from midstance.web.filetypes import clean_name
from midstance.web.guard import SHOWN_POLICY
from midstance.web.refusals import not_here
from midstance.web.reports import SentFile
from midstance.web.routes.compare import drawn_films
from midstance.web.shown import TakeLine, take_lines
from midstance.web.state import Coached, Shared, State, Uid, Whole, page

router = APIRouter()

Words = Annotated[str, Form(max_length=2000)]


class RunnerForm(BaseModel):
    """What a person says of a runner, as typed; empty: not known."""

    name: str = Field(max_length=2000)
    height: str = Field("", max_length=100)
    mass: str = Field("", max_length=100)
    notes: str = Field("", max_length=5000)

    def sizes(self) -> dict[str, Any]:
        """Return the height and the mass. Raises UsageError."""
        return {
            "height_m": quantities.height_m(self.height) if self.height.strip() else None,
            "mass_kg": quantities.mass_kg(self.mass) if self.mass.strip() else None,
        }


@router.get("/athletes")
def show_all(shared: Shared) -> Response:
    """Show every runner: what each works on, the cue, and when to film again."""
    return page("athletes", {"rows": board(shared.store), "today": datetime.now(UTC).astimezone().date()})


@router.get("/athletes/new")
def new(_shared: Coached) -> Response:
    """Ask for the name and the size of a new runner."""
    return page("athlete_edit", {"athlete": None})


@router.post("/athletes")
def add(shared: Coached, said: Annotated[RunnerForm, Form()]) -> Response:
    """Add a runner."""
    athlete = shared.store.add_athlete(said.name, notes=said.notes, another=True, **said.sizes())
    return RedirectResponse(f"/?athlete={athlete.uid}", 303)


@router.get("/athletes/{uid}")
def show(uid: Uid, shared: Shared) -> Response:
    """Show one runner: what to think of now, and every take."""
    athlete = shared.athlete(uid)
    takes = shared.store.takes(athlete)
    now = row_of(shared.store, athlete)
    today = datetime.now(UTC).astimezone().date()
    content = {
        "athlete": athlete,
        "takes": take_lines(shared.store, takes)[::-1],
        "now": now,
        "due": capital(due_words(now.due, today)) if now else "",
        "drawn": drawn_films(shared, athlete),
    }
    return page("athlete", content)


@router.get("/athletes/{uid}/edit")
def edit(uid: Uid, shared: Shared) -> Response:
    """Show what is known of a runner, to be changed."""
    return page("athlete_edit", {"athlete": shared.athlete(uid)})


@router.post("/athletes/{uid}/edit")
def change(uid: Uid, shared: Shared, said: Annotated[RunnerForm, Form()]) -> Response:
    """Change what is known of a runner; an empty size is not known. Another size leads to the takes it may change."""
    athlete = shared.athlete(uid)
    changed = replace(athlete, name=said.name, notes=said.notes, **said.sizes())
    shared.store.edit_athlete(changed)
    other_size = (changed.height_m, changed.mass_kg) != (athlete.height_m, athlete.mass_kg)
    return RedirectResponse(
        f"/athletes/{uid}/again" if other_size and _judged(shared, athlete) else f"/athletes/{uid}", 303
    )


@router.get("/athletes/{uid}/again")
def ask_again(uid: Uid, shared: Shared) -> Response:
    """Show the takes that still have the numbers of an earlier height or mass, to be judged again."""
    athlete = shared.athlete(uid)
    return page("athlete_again", {"athlete": athlete, "takes": _judged(shared, athlete)[::-1]})


@router.post("/athletes/{uid}/again")
def judge_again(uid: Uid, shared: Shared, take: Annotated[list[int] | None, Form()] = None) -> Response:
    """Judge takes again as their runner is known now; their points are kept, so no film is looked at again."""
    athlete = shared.athlete(uid)
    wanted = [one for one in shared.store.takes(athlete) if one.id in (take or ()) and not one.film_deleted]
    jobs = [analyze_as_known(shared, one) for one in wanted]
    return RedirectResponse(f"/jobs/{jobs[0].uid}" if len(jobs) == 1 else "/" if jobs else f"/athletes/{uid}", 303)


def _judged(state: State, athlete: Athlete) -> list[TakeLine]:
    """Return the takes of a runner that were judged and whose films are here."""
    lines = take_lines(state.store, state.store.takes(athlete))
    return [line for line in lines if line.judged and not line.film_deleted]


@router.post("/athletes/{uid}/height")
def set_height(uid: Uid, shared: Shared, height: Words, back: Words = "/") -> Response:
    """Keep a runner's height while a film is looked at; what has been measured already is measured again."""
    athlete = shared.athlete(uid)
    shared.store.edit_athlete(replace(athlete, height_m=quantities.height_m(height)))
    if not back.startswith("/jobs/"):
        return RedirectResponse("/", 303)
    job = shared.job(back.removeprefix("/jobs/"))
    if job.take_id:
        job = analyze_as_known(shared, shared.store.take(job.take_id))
    return RedirectResponse(f"/jobs/{job.uid}", 303)


@router.get("/athletes/{uid}/course")
def course(uid: Uid, shared: Shared) -> Response:
    """Show any two takes side by side, and the trend of each focus."""
    athlete = shared.athlete(uid)
    address = f"/shown/course/{uid}/{shared.keys.signed_today(f'course {uid}')}/page.html"
    return page("course", {"athlete": athlete, "address": address})


@router.get("/shown/course/{uid}/{signature}/{name}")
def course_page(uid: Uid, signature: str, name: str, shared: Whole) -> Response:
    """Show the runner's page apart from our own pages (web/guard.py)."""
    if not shared.keys.fits(f"course {uid}", signature) or name != "page.html":
        raise not_here("page")
    athlete = shared.athlete(uid)
    with temporary_folder() as folder:
        text = athlete_html(shared.store, athlete, films=Path(folder) / "films")
    addresses = _loop_addresses(shared, athlete)
    for old, address in addresses.items():
        text = text.replace(f'"{old}"', f'"{address}"')
    return HTMLResponse(text, headers={"Content-Security-Policy": SHOWN_POLICY})


def _loop_addresses(state: State, athlete: Athlete) -> Mapping[str, str]:
    """Return where the loops are that do not lie in the page."""
    found = {}
    for take in state.store.takes(athlete):
        signature = state.keys.signed_today(f"loop {take.uid}")
        found[f"films/take-{take.id}.mp4"] = f"/shown/{take.id}/{signature}/loop.mp4"
    return found


@router.get("/athletes/{uid}/export.zip")
def export(uid: Uid, shared: Shared) -> Response:
    """Give everything about a runner as one zip."""
    athlete = shared.athlete(uid)
    shared.settings.shown.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(dir=shared.settings.shown, prefix="export-"))
    path = folder / "athlete.zip"
    export_athlete(shared.store, athlete, path)
    after = BackgroundTask(shutil.rmtree, folder, ignore_errors=True)
    return SentFile(path, filename=clean_name(f"{athlete.name}.zip"), background=after)


@router.get("/athletes/{uid}/delete")
def ask_before_deletion(uid: Uid, shared: Shared) -> Response:
    """Ask before a runner is deleted."""
    athlete = shared.athlete(uid)
    what = f"{athlete.name} with {count(len(shared.store.takes(athlete)), 'take')}, results and films"
    content = {"what": what, "to": f"/athletes/{uid}/delete", "back": f"/athletes/{uid}"}
    return page("delete", content)


@router.post("/athletes/{uid}/delete")
def delete(uid: Uid, shared: Shared) -> Response:
    """Delete a runner with every take, result and film."""
    athlete = shared.athlete(uid)
    delete_athlete(shared, athlete)
    return RedirectResponse("/athletes", 303)
