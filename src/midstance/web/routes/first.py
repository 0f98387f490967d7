"""The first page: film, or choose a clip."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from midstance.web.filetypes import ENDINGS
from midstance.web.shown import take_lines
from midstance.web.state import Shared, State, page

router = APIRouter()

LATEST = 3
"""Takes that the first page shows."""


BEST_RATE, BEST_STRIDES = 60, 10
"""Frames a second and strides that a film should have, as every page of advice says (text/refusal.py)."""


def upload_content(state: State) -> dict[str, Any]:
    """Return what every page needs on which a film is chosen."""
    limits = state.settings.limits
    return {
        "endings": ",".join(("video/*", *ENDINGS["film"])),
        "film_gb": limits.film_bytes / 1e9,
        "best": {"rate": BEST_RATE, "strides": BEST_STRIDES, "minutes": limits.minutes},
    }


@router.get("/")
def first(shared: Shared, athlete: str = "") -> Response:
    """Show one big button, what is under way, and the latest takes."""
    athletes = shared.store.athletes()
    latest = shared.store.latest_takes(LATEST)
    content = {
        "athletes": athletes,
        "chosen": athlete or (next((a.uid for a in athletes if latest and a.id == latest[0].athlete_id), "")),
        **upload_content(shared),
        "open_jobs": shared.jobs.recent(open_only=True),
        "latest": take_lines(shared.store, latest),
    }
    return page("first", content)
