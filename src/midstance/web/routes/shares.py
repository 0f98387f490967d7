"""Links that show one take to somebody without an account, until their day, or until they are taken back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from midstance.comparison.model import StoredTake
from midstance.store.shares import Share, add_share, delete_share, share, shares
from midstance.web.refusals import not_here
from midstance.web.reports import APART, paper, papers, report_part
from midstance.web.shown import day_of
from midstance.web.state import Number, Shared, State, Whole, page

router = APIRouter()

DAYS = (7, 30, 90)
"""For how long a link can be given away."""


def key_of(state: State, found: Share) -> str:
    """Return the key of a link: what the database keeps of it opens nothing without the secret of this server."""
    return f"{found.uid}-{state.keys.signed(f'share {found.uid}')}"


def shared_take(state: State, key: str) -> tuple[StoredTake, Share]:
    """Return the take that a link shows. Raises RefusedRequest for one that was taken back or is too old."""
    uid, _, signature = key.partition("-")
    found = share(state.store, uid) if state.keys.is_signed(f"share {uid}", signature) else None
    if found is None:
        raise not_here("link")
    return state.store.take(found.take), found


@router.get("/takes/{number}/share")
def show(number: Number, request: Request, shared: Shared) -> Response:
    """Show the links of a take, and offer another."""
    take, athlete = shared.take(number)
    base = shared.settings.address or f"http://{request.headers.get('host', '')}"
    links = [(one, f"{base}/share/{key_of(shared, one)}") for one in shares(shared.store, take)]
    content = {"take": take, "athlete": athlete, "links": links, "days": DAYS, "report": take.has_report}
    return page("share", {**content, "papers": papers(shared, take)})


@router.post("/takes/{number}/share")
def add(number: Number, shared: Shared, days: Annotated[int, Form()]) -> Response:
    """Make a link."""
    add_share(shared.store, shared.store.take(number), days=days)
    return RedirectResponse(f"/takes/{number}/share", 303)


@router.post("/takes/{number}/share/{link}/delete")
def delete(number: Number, link: Number, shared: Shared) -> Response:
    """Take a link back."""
    delete_share(shared.store, shared.store.take(number), link)
    return RedirectResponse(f"/takes/{number}/share", 303)


# -- without an account ------------------------------------------------------------------------------------------------


@router.get("/share/{key}")
def show_shared(key: str, shared: Whole) -> Response:
    """Show the report of a take to whoever has the link."""
    take, found = shared_take(shared, key)
    content = {"day": day_of(take), "until": found.until, "key": key, "papers": papers(shared, take)}
    return page("shared", {**content, "report": take.has_report})


@router.get("/share/{key}/report.pdf")
def shared_paper(key: str, shared: Whole) -> Response:
    """Give the report on paper to whoever has the link."""
    take, _ = shared_take(shared, key)
    return paper(shared, take, "report.pdf", saved_as="report.pdf")


@router.get("/shown/share/{key}/{name}")
def shared_part(key: str, name: str, shared: Whole) -> Response:
    """Show a part of the report apart from our own pages (web/guard.py)."""
    take, _ = shared_take(shared, key)
    return report_part(shared, take, name, headers=APART)
