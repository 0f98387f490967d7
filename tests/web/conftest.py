"""An app on an empty store, without workers, and a browser that has its cookie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from starlette.testclient import TestClient

from midstance.store import Store
from midstance.web.app import make_app
from midstance.web.settings import Limits, Settings
from midstance.web.state import State

HOST = "127.0.0.1:8460"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    limits = Limits(film_bytes=2_000_000, waiting_bytes=3_000_000)
    return Settings(hosts=frozenset({HOST}), folder=tmp_path, limits=limits, workers=0)


@pytest.fixture
def stranger(store: Store, settings: Settings) -> Iterator[TestClient]:
    """Somebody without a cookie."""
    with TestClient(make_app(store, settings), base_url=f"http://{HOST}", follow_redirects=False) as client:
        yield client


@pytest.fixture
def state(stranger: TestClient) -> State:
    return cast("Any", stranger.app).state.midstance


@pytest.fixture
def client(stranger: TestClient, state: State) -> TestClient:
    """The user of this machine, on our own pages."""
    stranger.headers["Origin"] = f"http://{HOST}"
    answer = stranger.post("/open", data={"key": state.keys.new_link()})
    assert answer.status_code == 303
    return stranger
