"""Films that are kept elsewhere: a browser gets the part it asks for, and after a deletion nothing is left here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from midstance.store import Store, open_store
from midstance.web.state import State
from tests.fixtures.least_analysis import analysis

FILM = bytes(range(256)) * 40


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store whose films are at an address."""
    opened = open_store(f"sqlite:///{tmp_path / 'midstance.db'}", f"memory://{tmp_path.name}")
    yield opened
    opened.close()


def test_a_part_of_a_film_that_is_elsewhere(client: TestClient, state: State, tmp_path: Path) -> None:
    film = tmp_path / "run.mp4"
    film.write_bytes(FILM)
    take = state.store.add_take(state.store.add_athlete("Cody"), film)
    state.store.add_analysis(take, analysis())
    part = client.get("/takes/1/clip", headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, FILM[1000:2000])  # a browser seeks in a film by its parts
    shown = state.settings.shown
    (shown / f"proxy-{take.uid}.mp4").write_bytes(FILM)
    job = state.jobs.add("beside", {"takes": [take.id, 2]})
    (shown / f"beside-{job.uid}.mp4").write_bytes(FILM)
    assert client.post("/takes/1/delete").status_code == 303
    assert list(shown.iterdir()) == []
