"""The house itself: how to film, settings, what lies where."""

from __future__ import annotations

import shutil

from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.responses import Response

from midstance.pose import weights
from midstance.store import tables
from midstance.store.locations import locations
from midstance.web.phone import phone_link, qr_svg
from midstance.web.state import Coached, page

router = APIRouter()


@router.get("/filming")
def filming() -> Response:
    """Show how to place the phone."""
    return page("filming", {})


@router.get("/settings")
def settings(shared: Coached) -> Response:
    """Show what lies where, how much of it there is, and the way to the phone."""
    with shared.store.reading() as connection:
        size = connection.execute(select(func.coalesce(func.sum(tables.files.c.size), 0))).scalar_one()
    where = locations()
    content = {
        "database": where.database.rpartition("@")[2].removeprefix("sqlite:///"),
        "films": where.films,
        "films_gb": size / 1e9,
        "free_gb": shutil.disk_usage(shared.settings.folder).free / 1e9,
        "limits": shared.settings.limits,
        "models": weights.status(),
        "waiting": shared.uploads.waiting(),
        "phone": shared.settings.phone,
    }
    return page("settings", content)


@router.get("/phone")
def phone(shared: Coached) -> Response:
    """Show the QR code that opens midstance on a phone."""
    link = phone_link(shared) if shared.settings.phone else ""
    return page("phone", {"code": qr_svg(link) if link else "", "address": shared.settings.phone})
