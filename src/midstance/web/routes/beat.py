"""A click for every step, to run to."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from midstance.output.beat import FASTEST_SPM, SLOWEST_SPM, beat_sound
from midstance.web.state import page

router = APIRouter(prefix="/beat")

MOST_MINUTES = 10
"""The longest beat that is made; it is played over and over without a gap."""

USUAL_SPM = 170.0

Steps = Annotated[float, Query(ge=SLOWEST_SPM, le=FASTEST_SPM)]


@router.get("")
def show(steps: Steps = USUAL_SPM) -> Response:
    """Ask how many steps a minute, and play them."""
    return page("beat", {"steps": steps, "slowest": SLOWEST_SPM, "fastest": FASTEST_SPM, "minutes": MOST_MINUTES})


@router.get("/{steps}.wav")
def sound(steps: float, minutes: Annotated[float, Query(gt=0, le=MOST_MINUTES)] = 1.0) -> Response:
    """Give a click for every step as a WAV file, whole beats only."""
    return Response(beat_sound(steps, seconds=60 * minutes), media_type="audio/wav")
