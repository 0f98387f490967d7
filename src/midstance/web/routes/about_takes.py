"""What is known of a take, to be read and changed; the watch; a new analysis; deletion."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, UploadFile
from pydantic import BaseModel, Field, TypeAdapter
from starlette.responses import RedirectResponse, Response

from midstance import quantities
from midstance.comparison.experiment import is_experiment
from midstance.comparison.model import StoredTake, TakeNotes
from midstance.comparison.watch import compare_with_watch, watch_measures
from midstance.errors import MidstanceError, UsageError
from midstance.formats.files import temporary_folder
from midstance.formats.watch import read_watch
from midstance.model import Measure
from midstance.options import checked_model, models
from midstance.text.changes import describe_watch
from midstance.text.outcome import plan_title
from midstance.web import deletion
from midstance.web.analyses import analyze_again, analyze_as_known
from midstance.web.refusals import RefusedRequest
from midstance.web.shown import state_of, take_lines
from midstance.web.state import Number, Shared, State, page

router = APIRouter(prefix="/takes/{number}")

Words = Annotated[str, Form(max_length=2000)]


class NotesForm(BaseModel):
    """What a person says of a take, as typed; empty: not known."""

    taken_at: str = Field("", max_length=100)
    trying: str = Field("", max_length=1000)
    surface: str = Field("", max_length=1000)
    shoes: str = Field("", max_length=1000)
    speed: str = Field("", max_length=100)
    slow_motion: str = Field("", max_length=100)
    notes: str = Field("", max_length=5000)

    def known(self, before: TakeNotes) -> TakeNotes:
        """Return it as it is kept. Raises UsageError."""
        return TakeNotes(
            taken_at=_moment(self.taken_at, before),
            trying=self.trying.strip(),
            surface=self.surface.strip(),
            shoes=self.shoes.strip(),
            speed_mps=quantities.speed_mps(self.speed) if self.speed.strip() else None,
            slow_motion=quantities.times_slower(self.slow_motion) if self.slow_motion.strip() else 1.0,
            notes=self.notes.strip(),
        )


READINGS = TypeAdapter(tuple[Measure, ...])

WATCH_BYTES = 20_000_000
"""The largest recording of a watch: a whole day."""


@router.get("/about")
def about(number: Number, shared: Shared) -> Response:
    """Show what is known of a take, its analyses and its plans."""
    take, athlete = shared.take(number)
    analyses = shared.store.analyses(take)
    content = {
        "take": take_lines(shared.store, [take])[0],
        "known": take.known,
        "is_test": is_experiment(take.known.trying),
        "athlete": athlete,
        "size_mb": take.clip.size / 1e6,
        "analyses": [(content["version"], state_of(content)) for content in analyses],
        "plans": [(plan_title(plan), plan["cue"]) for plan in shared.store.plans(take)],
        "watch": _watch_lines(shared, take),
        "models": models(),
        "others": [other for other in take_lines(shared.store, shared.store.takes(athlete)) if other.number != take.id],
    }
    return page("take_about", content)


def _watch_lines(shared: State, take: StoredTake) -> tuple[str, ...]:
    read = READINGS.validate_python(shared.store.watch(take))
    try:
        return describe_watch(compare_with_watch(shared.store.read(take).measures, read)) if read else ()
    except MidstanceError:
        return ()


@router.post("/about")
def change(number: Number, shared: Shared, said: Annotated[NotesForm, Form()]) -> Response:
    """Change what is known of a take; another speed or slow motion is measured again from the points that are kept."""
    take = shared.store.take(number)
    before = take.known
    known = said.known(before)
    shared.store.edit_take(take, known)
    if (known.speed_mps, known.slow_motion) != (before.speed_mps, before.slow_motion) and not take.film_deleted:
        return RedirectResponse(f"/jobs/{analyze_again(shared, take).uid}", 303)
    return RedirectResponse(f"/takes/{number}/about", 303)


@router.post("/slow-motion")
def slow_motion(number: Number, shared: Shared, slow_motion: Words) -> Response:
    """Keep how many times slower than life a film plays; what has been measured already is measured again."""
    take = shared.store.take(number)
    shared.store.edit_take(take, replace(take.known, slow_motion=quantities.times_slower(slow_motion)))
    return RedirectResponse(f"/jobs/{analyze_as_known(shared, take).uid}", 303)


def _moment(said: str, before: TakeNotes) -> datetime | None:
    """Return when a film was made, to the second as it was known unless another minute was said. Raises UsageError."""
    if not said.strip():
        return None
    at = quantities.moment(said)
    old = before.taken_at
    return old if old and old.replace(second=0, microsecond=0) == at.replace(second=0, microsecond=0) else at


@router.post("/analyze")
def analyze(
    number: Number, shared: Shared, model: Words = "", *, what_to_try: Annotated[bool, Form(alias="try")] = False
) -> Response:
    """Analyse a take again; without a model by the one that measured it."""
    take = shared.store.take(number)
    by = {"model": checked_model(model)} if model else {}
    job = analyze_again(shared, take, **by, **{"try": what_to_try})
    return RedirectResponse(f"/jobs/{job.uid}", 303)


@router.post("/join")
def join(number: Number, shared: Shared, other: Annotated[int, Form()]) -> Response:
    """Analyse two takes of one run from two sides together."""
    take, second = shared.store.take(number), shared.store.take(other)
    if take.athlete_id != second.athlete_id or take.id == second.id:
        raise UsageError("Choose another take of the same runner, filmed from another side.")
    wanted = {"name": take.clip.name, "takes": [take.id, second.id]}
    job = shared.jobs.add("join", wanted, take=take.id)
    return RedirectResponse(f"/jobs/{job.uid}", 303)


@router.post("/watch")
def watch(number: Number, shared: Shared, recording: UploadFile) -> Response:
    """Put what the watch read beside what the film shows."""
    take = shared.store.take(number)
    if take.known.taken_at is None:
        raise UsageError("When was this take filmed? Say so above, then add the watch.")
    content = recording.file.read(WATCH_BYTES + 1)
    ending = Path(recording.filename or "").suffix.lower()
    if len(content) > WATCH_BYTES or ending not in {".fit", ".csv"}:
        raise RefusedRequest(415, "A watch's recording is a FIT or CSV file of 20 MB at most.")
    with temporary_folder() as folder:
        file = Path(folder) / f"watch{ending}"
        file.write_bytes(content)
        found = shared.store.analyses(take)
        read = watch_measures(read_watch(file), take.known.taken_at, found[-1]["clip"]["duration_s"] if found else 0.0)
    if not read:
        raise UsageError("The watch read nothing in the seconds of this film. Check the time above.")
    shared.store.set_watch(take, [asdict(measure) for measure in read])
    return RedirectResponse(f"/takes/{number}/about", 303)


@router.get("/delete")
def ask_before_deletion(number: Number, shared: Shared) -> Response:
    """Ask before a take is deleted."""
    take = shared.store.take(number)
    content = {
        "what": f"take {number} ({take.clip.name}), its results and its film",
        "to": f"/takes/{number}/delete",
        "back": f"/takes/{number}",
    }
    return page("delete", content)


@router.post("/delete")
def delete(number: Number, shared: Shared) -> Response:
    """Delete a take, its results and its film."""
    take, athlete = shared.take(number)
    deletion.delete_take(shared, take)
    return RedirectResponse(f"/athletes/{athlete.uid}", 303)
