"""The next film of a runner: with the cue, from another side, or as a test of a cause, and what came of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from midstance.comparison.experiment import asked, note_of
from midstance.comparison.model import StoredTake, Take
from midstance.errors import InputError, UsageError
from midstance.model import Plane
from midstance.store.next_take import another_side
from midstance.web.routes.first import upload_content
from midstance.web.shown import day_of
from midstance.web.state import Number, Shared, State, page

router = APIRouter(prefix="/takes/{number}")

SEEN_FROM: dict[Plane, str] = {"side": "from the side", "front": "from the front", "rear": "from behind"}

OTHER: dict[Plane, tuple[str, str]] = {
    "side": ("Add the front view", "Film the same run from the front: the runner comes straight towards the phone."),
    "front": ("Add the side view", "Film the same run from the side, square to the way you run."),
    "rear": ("Add the side view", "Film the same run from the side, square to the way you run."),
}
"""By the side that a take shows: what is missing, and how to film it."""


@router.get("/next")
def choose(number: Number, shared: Shared) -> Response:
    """Show what can be filmed next: with the cue, the other side, and every test of a cause that stays open."""
    take, athlete = shared.take(number)
    seen = shared.store.read(take)
    open_causes = [
        (f"{finding.problem}.{cause.cause}", cause.title or cause.cause, cause.experiment.says)
        for finding in seen.findings
        for cause in finding.causes
        if cause.experiment and cause.verdict == "cannot_tell"
    ]
    cue = seen.plan.cue if seen.plan else ""
    content = {"take": take, "athlete": athlete, "cue": cue, "other": OTHER[seen.plane], "tests": open_causes}
    return page("next", content)


@router.get("/next/side")
def other_side(number: Number, shared: Shared) -> Response:
    """Take in the same run from another side."""
    take, _ = shared.take(number)
    return _upload_page(shared, take, OTHER[shared.store.read(take).plane], {"beside": str(take.id)})


@router.get("/next/again")
def again(number: Number, shared: Shared) -> Response:
    """Take in a film that is compared with this one as soon as it is analysed."""
    take, _ = shared.take(number)
    plan = shared.store.read(take).plan
    how = f"Think of one thing: “{plan.cue}”" if plan else "Film the same way as before."
    about = {"after": str(take.id), "trying": plan.cue if plan else ""}
    return _upload_page(shared, take, ("Did it work?" if plan else "Film again", how), about)


@router.get("/next/{cause}")
def test(number: Number, cause: str, shared: Shared) -> Response:
    """Take in a film that tests a cause of this take."""
    take, _ = shared.take(number)
    finding, found, experiment = asked(shared.store.read(take), cause)
    about = {"after": str(take.id), "trying": note_of(f"{finding.problem}.{found.cause}")}
    return _upload_page(shared, take, (f"{found.title or found.cause}?", experiment.says), about)


def _upload_page(state: State, take: StoredTake, says: tuple[str, str], about: dict[str, str]) -> Response:
    athlete, (title, how) = state.store.owner(take), says
    content = {"take": take, "title": title, "how": how, "about": {"athlete": athlete.uid, **about}}
    return page("next_film", {**content, **upload_content(state)})


@router.get("/after/{before}")
def compare_now(number: Number, before: Number, shared: Shared) -> Response:
    """Lead to the comparison with the take before, or to why there is none."""
    if _read(shared, shared.store.take(number)) and _read(shared, shared.store.take(before)):
        return RedirectResponse(f"/compare?take={before}&take={number}", 303)
    return RedirectResponse(f"/takes/{number}", 303)


@router.get("/beside/{other}")
def offer_to_join(number: Number, other: Number, shared: Shared) -> Response:
    """Offer to join a take with one of the same run, or say why they are not joined."""
    (take, athlete), (second, owner) = shared.take(number), shared.take(other)
    if athlete.id != owner.id or number == other:
        raise UsageError("Choose another take of the same runner, filmed from another side.")
    one, new = _read(shared, take), _read(shared, second)
    if one is None or new is None:
        return RedirectResponse(f"/takes/{other if new is None else number}", 303)
    content: dict[str, Any] = {
        "athlete": athlete,
        "number": number,
        "other": other,
        "takes": [(t.id, SEEN_FROM[seen.plane], day_of(t), t.clip.name) for t, seen in ((take, one), (second, new))],
    }
    return page("join", {**content, "why_not": _why_not(one, new), "sure": another_side(one, new)})


def _why_not(one: Take, other: Take) -> str:
    """Return why two takes cannot be joined; empty if they can."""
    if one.plane == other.plane:
        return f"Both films are {SEEN_FROM[one.plane]}. Two sides of one run are joined."
    if one.taken_on and other.taken_on and one.taken_on != other.taken_on:
        return "The films are of two days. Two sides of one run are joined."
    return ""


def _read(state: State, take: StoredTake) -> Take | None:
    """Return a take ready to compare; None if it could not be judged."""
    with suppress(UsageError, InputError):
        return state.store.read(take)
    return None
