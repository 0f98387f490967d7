"""/api/v1: a key for each program, the same abilities as JSON, a request sent twice done once."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from midstance.store import Store
from midstance.web import tokens
from midstance.web.refusals import RefusedRequest
from midstance.web.state import State
from midstance.web.tokens import once
from tests.fixtures.least_analysis import analysis

MP4 = b"\0\0\0\x20ftypisom" + bytes(500)


@pytest.fixture
def program(client: TestClient) -> TestClient:
    """A program with a key, and without the cookie and the pages of a browser."""
    token = re.search(r"<code>(ms_[\w-]+)</code>", client.post("/programs", data={"name": "notebook"}).text)[1]
    client.cookies.clear()
    del client.headers["Origin"]
    client.headers["Authorization"] = f"Bearer {token}"
    return client


def test_without_a_key(stranger: TestClient) -> None:
    assert stranger.get("/api/v1/athletes").status_code == 401
    for header in ("Bearer ms_guessed", "Bearer ", "Basic eA=="):
        assert stranger.get("/api/v1/athletes", headers={"Authorization": header}).status_code == 401


def test_a_key_opens_no_page_and_is_taken_back(program: TestClient, store: Store) -> None:
    assert program.get("/").status_code == 401
    assert program.get("/api/v1/athletes").json() == []
    with store.reading() as connection:
        digest = connection.exec_driver_sql("SELECT digest FROM tokens").scalar()
    assert digest not in program.headers["Authorization"]
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM tokens")
    assert program.get("/api/v1/athletes").status_code == 401


def test_a_runner_from_the_first_to_the_last(program: TestClient) -> None:
    made = program.post("/api/v1/athletes", json={"name": "Cody", "height": "5'10\""}).json()
    address = f"/api/v1/athletes/{made['uid']}"
    assert program.patch(address, json={"mass": "68kg"}).json()["mass_kg"] == 68.0
    assert program.get("/api/v1/athletes").json() == [program.get(address).json()]
    assert program.get(f"{address}/takes").json() == []
    assert program.delete(address).status_code == 204
    assert program.get(address).json() == {"says": "There is no such runner here. It may have been deleted."}


def test_a_film_as_a_body_becomes_a_job_once(program: TestClient, state: State) -> None:
    uid = program.post("/api/v1/athletes", json={"name": "Cody"}).json()["uid"]
    send = f"/api/v1/athletes/{uid}/takes?name=run.mp4"
    jobs = [program.post(send, content=MP4, headers={"Idempotency-Key": "a"}).json()["uid"] for _ in range(3)]
    assert len(set(jobs)) == 1
    job = state.jobs.job(jobs[0])
    assert job.wanted["about"] == {"athlete": uid}
    assert program.get(f"/api/v1/jobs/{job.uid}").json()["state"] == "queued"
    assert program.post(send, content=b"PK\x03\x04" + bytes(99)).status_code == 415
    assert program.post(send.replace(".mp4", ".exe"), content=MP4).status_code == 415
    other = program.post(send, content=MP4 + b"more", headers={"Idempotency-Key": "a"})
    assert other.status_code == 422


def test_the_same_request_twice_adds_one_runner(program: TestClient) -> None:
    for _ in range(2):
        assert program.post("/api/v1/athletes", json={"name": "A"}, headers={"Idempotency-Key": "k"}).status_code == 201
    assert len(program.get("/api/v1/athletes").json()) == 1
    assert program.post("/api/v1/athletes", json={"name": "A"}).status_code == 400
    failed = program.post("/api/v1/athletes", json={"name": "A"}, headers={"Idempotency-Key": "m"})
    assert (failed.status_code, list(failed.json())) == (400, ["says"])


def test_a_request_that_was_cut_off_with_its_server_says_so(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether it was done is not known: it is neither done twice nor said to be done."""

    class KilledError(BaseException):
        """The server ends here."""

    def do() -> dict[str, Any]:
        raise KilledError

    with pytest.raises(KilledError):
        once(store, "k", "add A", do)
    with pytest.raises(RefusedRequest, match="being done now"):
        once(store, "k", "add A", do)
    monkeypatch.setattr(tokens, "AT_WORK_S", 0.0)
    with pytest.raises(RefusedRequest, match="ask with another key"):
        once(store, "k", "add A", do)


def test_takes_and_what_came_of_them(program: TestClient, store: Store, tmp_path: Path) -> None:
    cody = store.add_athlete("Cody")
    for number, shank in enumerate((9.0, 4.0)):
        film = tmp_path / f"{number}.mp4"
        film.write_bytes(bytes([number]))
        store.add_analysis(store.add_take(cody, film), analysis(shank=shank))
    assert program.get("/api/v1/takes/1").json()["judged"] is True
    assert program.get("/api/v1/takes/1/analysis").json() == analysis(shank=9.0)
    compared = program.get("/api/v1/compare?take=1&take=2").json()
    assert compared["schema"] == 1
    assert program.get("/api/v1/ask", params={"q": "my shins ache"}).json()["title"] == "My shins ache"
    assert program.delete("/api/v1/takes/1").status_code == 204
    assert program.get("/api/v1/takes/1").status_code == 404


def test_it_describes_itself_with_examples(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    assert all(path.startswith("/api/v1/") for path in described["paths"])
    assert len(described["paths"]) == 13
    schemas = described["components"]["schemas"]
    assert schemas["RunnerSaid"]["examples"]
    for ways in described["paths"].values():
        assert all(way["summary"] and way["description"] for way in ways.values())
