"""For whoever runs the server: whether it is well, and what it counts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from starlette.responses import Response

from midstance.web.observed import Metrics
from midstance.web.state import Coached, Whole

router = APIRouter()


@router.get("/health")
def health(shared: Whole) -> dict[str, str]:
    """Say whether the server and its database answer."""
    with shared.store.reading() as connection:
        connection.execute(text("SELECT 1"))
    return {"state": "well"}


@router.get("/metrics")
def metrics(request: Request, _shared: Coached) -> Response:
    """Return what is counted, as Prometheus reads it."""
    counted: Metrics = request.app.state.metrics
    return Response(counted.text(), media_type=CONTENT_TYPE_LATEST)
