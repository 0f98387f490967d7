"""Uploads by tus 1.0: in pieces, broken off, and lying about what they are."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update
from starlette.testclient import TestClient

from midstance.store import Store, tables
from midstance.web.filetypes import clean_name
from midstance.web.state import State
from midstance.web.tokens import new_token

TUS = {"Tus-Resumable": "1.0.0"}
MP4 = b"\0\0\0\x20ftypisom" + bytes(500)


def metadata(**said: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in said.items())


def announce(client: TestClient, size: int = len(MP4), name: str = "run.mp4", **said: str) -> Any:
    headers = {**TUS, "Upload-Length": str(size), "Upload-Metadata": metadata(filename=name, **said)}
    return client.post("/uploads", headers=headers)


def send(client: TestClient, address: str, content: bytes, offset: int = 0) -> Any:
    headers = {**TUS, "Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
    return client.patch(address, content=content, headers=headers)


def test_in_pieces_to_a_job(client: TestClient, state: State) -> None:
    made = announce(client, trying="land sooner")
    address = made.headers["location"]
    assert made.status_code == 201
    assert send(client, address, MP4[:100]).headers["upload-offset"] == "100"
    asked = client.head(address, headers=TUS)
    assert (asked.headers["upload-offset"], asked.headers["upload-length"]) == ("100", str(len(MP4)))
    assert "midstance-job" not in asked.headers
    done = send(client, address, MP4[100:], offset=100)
    job = state.jobs.job(done.headers["midstance-job"])
    assert (job.kind, job.state, job.wanted["about"]) == ("take", "queued", {"trying": "land sooner"})
    assert state.uploads.path(job.wanted["upload"]).read_bytes() == MP4
    assert send(client, address, b"", offset=len(MP4)).status_code == 409  # nothing is taken in twice
    assert len(state.jobs.recent()) == 1


def test_at_another_offset_nothing_is_written(client: TestClient) -> None:
    address = announce(client).headers["location"]
    send(client, address, MP4[:50])
    for offset in (0, 49, 51, 10_000):
        assert send(client, address, b"x" * 10, offset=offset).status_code == 409
    assert client.head(address, headers=TUS).headers["upload-offset"] == "50"


def test_bytes_that_were_not_counted_are_written_again(client: TestClient, state: State) -> None:
    """A server that dies between writing and counting: the next piece goes where the count is."""
    address = announce(client).headers["location"]
    send(client, address, MP4[:50])
    file = state.uploads.path(address.rsplit("/", 1)[1])
    file.write_bytes(file.read_bytes() + b"lost")
    done = send(client, address, MP4[50:], offset=50)
    assert done.status_code == 204
    assert file.read_bytes() == MP4


@pytest.mark.parametrize(
    ("size", "name", "status", "says"),
    [
        (20_000_000_000, "run.mp4", 413, "20.0 GB"),
        (2_000_001, "run.mp4", 413, "is the most"),
        (0, "run.mp4", 400, "empty"),
        (11, "run.mp4", 415, "whatever its name says"),
        (999, "run.exe", 415, "not a film"),
        (999, "run", 415, "not a film"),
        (999, "run.mp4.zip", 415, "not a film"),
        (999, "", 415, "not a film"),
    ],
)
def test_before_the_first_byte(client: TestClient, size: int, name: str, *, status: int, says: str) -> None:
    answer = announce(client, size, name)
    assert answer.status_code == status
    assert says in answer.text
    assert len(answer.text.splitlines()) == 1


@pytest.mark.parametrize("length", ["", "-1", "1e9", "9" * 30, "²"])
def test_a_size_that_is_none(client: TestClient, length: str) -> None:
    headers = {**TUS, "Upload-Length": length.encode(), "Upload-Metadata": metadata(filename="run.mp4")}
    assert client.post("/uploads", headers=headers).status_code == 400


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"<html><body>", b"#!/bin/sh\n..", b"\0" * 12, b"%PDF-1.7 ..."])
def test_a_film_by_its_name_alone(client: TestClient, state: State, start: bytes) -> None:
    address = announce(client).headers["location"]
    answer = send(client, address, start + bytes(600 - len(start)))
    assert answer.status_code in {413, 415}
    address = announce(client).headers["location"]
    answer = send(client, address, start + bytes(100))
    assert answer.status_code == 415
    assert "whatever its name says" in answer.text
    assert client.head(address, headers=TUS).status_code == 404
    assert not state.jobs.recent()
    assert not [file for file in state.settings.uploads.iterdir() if file.stat().st_size > 0]


def test_more_bytes_than_announced(client: TestClient) -> None:
    address = announce(client).headers["location"]
    assert send(client, address, MP4 + b"more").status_code == 413


def test_all_unfinished_together(client: TestClient) -> None:
    assert announce(client, 1_900_000).status_code == 201
    assert "unfinished" in announce(client, 1_900_000).text


def test_a_full_disk(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 5000})())
    answer = announce(client)
    assert (answer.status_code, "no room" in answer.text) == (507, True)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("../../etc/passwd.mp4", "passwd.mp4"),
        ("C:\\Users\\me\\run.mov", "run.mov"),
        ("/run.mp4", "run.mp4"),
        ("a\0b\n\x1b[31m.mp4", "ab[31m.mp4"),
        ("..", "film"),
        ("", "film"),
        ("x" * 400 + ".mp4", "x" * 116 + ".mp4"),
    ],
)
def test_a_path_in_the_name(said: str, kept: str) -> None:
    assert clean_name(said) == kept


def test_a_path_in_the_name_writes_nowhere_else(client: TestClient, state: State) -> None:
    address = announce(client, name="../../../evil.mp4").headers["location"]
    assert state.uploads.upload(address.rsplit("/", 1)[1]).name == "evil.mp4"
    assert client.head("/uploads/..%2f..%2fmidstance.db", headers=TUS).status_code == 404
    assert client.head("/uploads/" + "g" * 32, headers=TUS).status_code == 422


def test_without_tus(client: TestClient) -> None:
    assert client.post("/uploads", content=MP4).status_code == 412
    assert client.options("/uploads").headers["tus-extension"] == "creation,expiration,termination"


def test_stopped_by_its_owner(client: TestClient, state: State) -> None:
    address = announce(client).headers["location"]
    send(client, address, MP4[:50])
    assert client.delete(address, headers=TUS).status_code == 204
    assert client.head(address, headers=TUS).status_code == 404
    assert list(state.settings.uploads.iterdir()) == []


@pytest.mark.parametrize("way", ["page", "program"])
def test_it_goes_with_its_runner(client: TestClient, state: State, store: Store, way: str) -> None:
    """Whoever deletes a runner deletes the film that is half here, too."""
    uid = store.add_athlete("Cody").uid
    address = announce(client, athlete=uid).headers["location"]
    send(client, address, MP4[:50])
    if way == "page":
        assert client.post(f"/athletes/{uid}/delete").status_code == 303
    else:
        key = {"Authorization": f"Bearer {new_token(store, 'notebook')}"}
        assert client.delete(f"/api/v1/athletes/{uid}", headers=key).status_code == 204
    assert client.head(address, headers=TUS).status_code == 404
    assert list(state.settings.uploads.iterdir()) == []


def test_without_news_it_expires(client: TestClient, state: State, store: Store, tmp_path: Path) -> None:
    address = announce(client).headers["location"]
    send(client, address, MP4[:50])
    state.uploads.tidy()
    assert client.head(address, headers=TUS).status_code == 200
    with store.writing() as connection:
        connection.execute(update(tables.uploads).values(expires_at=datetime(2020, 1, 1, tzinfo=UTC)))
    state.uploads.tidy()
    assert client.head(address, headers=TUS).status_code == 404
    assert tmp_path.exists()
