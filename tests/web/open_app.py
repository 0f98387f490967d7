"""The app on a port of its own, as long as a block runs."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from midstance.store import Store
from midstance.web.app import make_app
from midstance.web.settings import Settings

WAIT_S = 60.0


@contextmanager
def open_app(store: Store, folder: Path, *, workers: int = 0) -> Iterator[str]:
    """Serve the app; give the link that opens it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    app = make_app(store, Settings(hosts=frozenset({f"127.0.0.1:{port}"}), folder=folder, workers=workers))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + WAIT_S
    while not server.started:
        assert time.monotonic() < until
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}/open?key={app.state.midstance.keys.new_link()}"
    server.should_exit = True
    thread.join(timeout=WAIT_S)
