"""One take: its report with the film, its picture and its film as it was given."""

from __future__ import annotations

from contextlib import suppress
from typing import Literal

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from midstance.coaching.plan import offer
from midstance.comparison.model import FileKind, StoredTake
from midstance.errors import InputError, UsageError
from midstance.output.newest import REMEMBERED
from midstance.output.newest import newest as newest_of
from midstance.remembered import Remembered
from midstance.web.refusals import not_here
from midstance.web.reports import SentFile, kept_file, media_type, paper, report_address, signed_part
from midstance.web.shown import take_lines
from midstance.web.state import Number, Shared, State, Whole, page

router = APIRouter()


@router.get("/takes/{number}")
def show_take(number: Number, shared: Shared) -> Response:
    """Show the report of a take; while it is being made, how far that is."""
    take, athlete = shared.take(number)
    newest = next(iter(shared.jobs.of_take(take.id)), None)
    if newest and not newest.ended and not take.has_report:
        return RedirectResponse(f"/jobs/{newest.uid}", 303)
    content = {
        "take": take_lines(shared.store, [take])[0],
        "athlete": athlete,
        "report": report_address(shared, take) if take.has_report else "",
        "why": known.why if (known := newest_of(shared.store, take)) else "",
        "job": newest if newest and not newest.ended else None,
        "failed": newest.says if newest and newest.state == "failed" else "",
        "may_try": take.has_report and not take.film_deleted and _may_try(shared, take),
    }
    return page("take", content)


_MAY_TRY: Remembered[tuple[str, int], bool] = Remembered(REMEMBERED)


def _may_try(shared: State, take: StoredTake) -> bool:
    """Return whether nothing must change, and there is something to try for who asks; an analysis never changes."""
    return _MAY_TRY.get((take.uid, take.analyses), lambda: _offers(shared, take))


def _offers(shared: State, take: StoredTake) -> bool:
    with suppress(UsageError, InputError):  # not judged
        found = shared.store.read(take)
        return found.plan is None and offer(found.findings) is not None
    return False


@router.get("/shown/{number}/{signature}/{name}")
def show_report(number: Number, signature: str, name: str, shared: Whole) -> Response:
    """Show a part of a report, apart from our own pages (web/guard.py)."""
    take = shared.store.take(number)
    if name == "loop.mp4" and shared.keys.fits(f"loop {take.uid}", signature):
        return _kept(shared, take, "film", name)
    return signed_part(shared, take, signature, name)


@router.get("/takes/{number}/{name}.pdf")
def show_paper(number: Number, name: Literal["report", "handout"], shared: Shared) -> Response:
    """Give the report on paper, or the page to hand out."""
    return paper(shared, shared.store.take(number), f"{name}.pdf", saved_as=f"take-{number}-{name}.pdf")


@router.get("/takes/{number}/picture.jpg")
def show_picture(number: Number, shared: Shared) -> Response:
    """Show the picture of a take."""
    return _kept(shared, shared.store.take(number), "thumbnail", "picture.jpg")


@router.get("/takes/{number}/loop.mp4")
def show_loop(number: Number, shared: Shared) -> Response:
    """Show the loop of a take."""
    return _kept(shared, shared.store.take(number), "film", "loop.mp4")


@router.get("/takes/{number}/clip")
def show_clip(number: Number, shared: Shared) -> Response:
    """Show the film as it was given."""
    take = shared.store.take(number)
    return _kept(shared, take, "clip", take.clip.name)


def _kept(shared: State, take: StoredTake, kind: FileKind, name: str) -> Response:
    """Return a file of a take from the shelf."""
    file = take.file(kind)
    if file is None or not shared.store.shelf.has(file.key):
        raise not_here("file")
    return SentFile(kept_file(shared, file.key), media_type=media_type(name))
