"""The door: a link that opens once gives this browser a cookie."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import RedirectResponse, Response

from midstance.web.keys import COOKIE_DAYS
from midstance.web.refusals import RefusedRequest
from midstance.web.state import Whole, page

router = APIRouter()


@router.get("/open")
def show_door(key: str = "") -> Response:
    """Show a button that opens: a link that is only looked at, as by a preview, is not used up."""
    return page("open", {"key": key[:100]})


@router.post("/open")
def open_door(shared: Whole, key: Annotated[str, Form(max_length=100)]) -> Response:
    """Use up the link and give the cookie."""
    if not shared.keys.use_link(key):
        raise RefusedRequest(401, "This link was used, or is too old. Start midstance serve again for a new one.")
    response = RedirectResponse("/", 303)
    response.set_cookie(
        shared.settings.cookie,
        shared.keys.new_cookie(),
        max_age=86400 * COOKIE_DAYS,
        httponly=True,
        samesite="strict",
        path="/",
    )
    return response
