"""Single pictures: what they show of the runners in them. Nothing of them is kept."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from midstance.web.filetypes import ENDINGS
from midstance.web.refusals import not_here
from midstance.web.reports import SentFile
from midstance.web.state import Shared, Uid, page

router = APIRouter(prefix="/photo")


@router.get("")
def choose() -> Response:
    """Ask for a picture."""
    return page("photo", {"endings": ",".join(("image/*", *ENDINGS["photo"])), "uid": "", "result": {}})


@router.get("/{uid}")
def show(uid: Uid, shared: Shared) -> Response:
    """Show what was read in a picture."""
    job = shared.job(uid)
    if job.kind != "photo" or job.result is None:
        raise not_here("photo")
    return page("photo", {"endings": "", "uid": uid, "result": job.result})


@router.get("/{uid}/drawn.jpg")
def drawn(uid: Uid, shared: Shared) -> Response:
    """Give the picture with what was measured drawn in it."""
    path = shared.settings.shown / f"photo-{shared.job(uid).uid}.jpg"
    if not path.exists():
        raise not_here("picture")
    return SentFile(path, media_type="image/jpeg")
