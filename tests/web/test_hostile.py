"""What a hostile or a broken sender, and a killed job, must not do to the app."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from midstance.store import Store
from midstance.web import worker
from midstance.web.filetypes import clean_name
from midstance.web.guard import MOST_BYTES
from midstance.web.settings import Settings
from midstance.web.state import State
from midstance.web.tokens import new_token


@pytest.mark.parametrize("said", [b"filename \xe9\xe9", b"filename \xff", b"\xff"])
def test_a_header_of_strange_letters_is_refused(client: TestClient, said: bytes) -> None:
    headers = {b"Tus-Resumable": b"1.0.0", b"Upload-Length": b"100", b"Upload-Metadata": said}
    assert client.post("/uploads", headers=headers).status_code in {400, 415}


@pytest.mark.parametrize("length", ["9" * 5000, "-1", "1e3"])
def test_a_film_of_no_known_length_is_refused(client: TestClient, store: Store, length: str) -> None:
    athlete = store.add_athlete("Zoë")
    headers = {"Authorization": f"Bearer {new_token(store, 'test')}", "Content-Length": length}
    address = f"/api/v1/athletes/{athlete.uid}/takes?name=a.mp4"
    assert client.post(address, content=b"x", headers=headers).status_code == 400


def test_a_form_that_would_fill_the_memory_is_refused(stranger: TestClient, client: TestClient) -> None:
    assert client.post("/athletes", headers={"Content-Length": str(MOST_BYTES + 1)}).status_code == 413
    assert client.post("/athletes", content=iter([b"name=x"])).status_code == 411
    assert stranger.post("/open", headers={"Content-Length": "9" * 30}).status_code == 413


def test_a_name_fits_on_the_disk_in_any_script(tmp_path: Path) -> None:
    name = clean_name("🏃" * 300 + ".mp4")
    assert name.endswith("🏃.mp4")
    (tmp_path / name).touch()


def test_what_a_killed_job_left_is_tidied(state: State) -> None:
    left = state.uploads.path("0" * 32).with_name(f"{'0' * 32}.d")
    left.mkdir()
    (left / "run.mp4").write_bytes(b"x")
    young = left.with_name(f"{'1' * 32}.d")
    young.mkdir()
    os.utime(left, (time.time() - 600, time.time() - 600))
    state.uploads.tidy()
    assert not left.exists()
    assert young.exists()


def test_a_worker_outlives_any_fault(store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    made = worker.Worker(store, settings)
    tried = list[int]()

    def broken() -> None:
        tried.append(1)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(worker, "AFTER_FAULT_S", 0.01)
    monkeypatch.setattr(worker, "IDLE_S", 0.01)
    monkeypatch.setattr(made._uploads, "tidy", broken)
    made.start()
    until = time.monotonic() + 20
    while len(tried) < 3 and time.monotonic() < until:
        time.sleep(0.01)
    assert made.is_alive()
    made.stop()
    assert len(tried) >= 3
