"""Count and log what is asked for, without a word of who asked or whose film it was."""

from __future__ import annotations

import json
import logging
import shutil
import sys
import time
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from midstance.store import tables
from midstance.web.state import State

logger = logging.getLogger("midstance.requests")

BUCKETS_S = (0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0)

FEW = ("GET", "HEAD", "POST", "PATCH", "DELETE", "OPTIONS", "PUT")
"""Methods that are counted by name."""


class Metrics:
    """What a server counts, in the text of Prometheus."""

    def __init__(self, state: State) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "midstance_requests",
            "Requests by route and answer.",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "midstance_request_seconds",
            "Seconds to the first byte of an answer, by route.",
            ("route",),
            buckets=BUCKETS_S,
            registry=self._registry,
        )
        ProcessCollector(registry=self._registry)
        self._registry.register(_Kept(state))

    def text(self) -> bytes:
        """Return everything, as Prometheus reads it."""
        return generate_latest(self._registry)


class _Kept:
    """What the database and the disk say when they are asked."""

    def __init__(self, state: State) -> None:
        self._state = state

    def collect(self) -> Iterator[Metric]:
        """Yield the queue, the uploads and the room on the disk."""
        jobs, uploads = tables.jobs, tables.uploads
        with self._state.store.reading() as connection:
            states = list(connection.execute(select(jobs.c.state, func.count()).group_by(jobs.c.state)))
            oldest = connection.execute(select(func.min(jobs.c.made_at)).where(jobs.c.state == "queued")).scalar()
            left = select(func.coalesce(func.sum(uploads.c.size - uploads.c.offset), 0)).where(uploads.c.job == "")
            coming = connection.execute(left).scalar_one()
        by_state = GaugeMetricFamily("midstance_jobs", "Jobs by state.", labels=["state"])
        for state, n in states:
            by_state.add_metric([state], n)
        yield by_state
        waits = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("midstance_queue_seconds", "How long the oldest job waits.", value=waits)
        yield GaugeMetricFamily("midstance_upload_bytes", "Bytes of uploads still to come.", value=float(coming))
        free = shutil.disk_usage(self._state.settings.folder).free
        yield GaugeMetricFamily("midstance_disk_free_bytes", "Room on the disk of the data folder.", value=free)


class Observed:
    """Stands before everything: counts and logs each request by its route, never by its address."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and write down what came of it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status, first = time.perf_counter(), 500, 0.0

        async def seen(message: Message) -> None:
            nonlocal status, first
            if message["type"] == "http.response.start":
                status, first = message["status"], time.perf_counter() - began
            await send(message)

        try:
            await self._app(scope, receive, seen)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            method = scope["method"] if scope["method"] in FEW else "other"
            self._metrics.requests.labels(method, route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(first or time.perf_counter() - began)
            ms = round(1000 * (time.perf_counter() - began), 1)
            logger.info("request", extra={"about": {"method": method, "route": route, "status": status, "ms": ms}})


class JsonLines(logging.Formatter):
    """Writes an event as one line of JSON; of an error its kind and places, not its words: they may name films."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname.lower(), "logger": record.name, "event": record.msg}
        line |= getattr(record, "about", {})
        if record.exc_info and record.exc_info[0]:
            places = traceback.extract_tb(record.exc_info[2])
            line["error"] = record.exc_info[0].__name__
            line["places"] = [f"{place.filename.rpartition('/')[2]}:{place.lineno} {place.name}" for place in places]
        return json.dumps(line, ensure_ascii=False, default=str)


def log_in_json() -> None:
    """Write every log of this process as lines of JSON."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in ("midstance", "midstance.requests"):
        logging.getLogger(name).setLevel(logging.INFO)
