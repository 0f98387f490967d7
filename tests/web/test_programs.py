"""The page for programs: its lines of curl and of Python, run as they stand; addresses that are called."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.testclient import TestClient

from midstance.store import Store
from midstance.store.hooks import hooks
from midstance.store.jobs import Jobs
from tests.fixtures.clips import DEMO
from tests.fixtures.least_analysis import analysis
from tests.web.open_app import open_app

CURL = shutil.which("curl")


def lines_of(page: str) -> dict[str, str]:
    """The lines on the page, by what is written above them."""
    found = re.findall(r"<h2>(Three lines of \w+)</h2>\s*<pre[^>]*><code>(.*?)</code></pre>", page, re.DOTALL)
    return {title: html.unescape(lines) for title, lines in found}


def ran(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(CURL is None, reason="no curl on this machine")
def test_the_lines_run_as_they_stand(store: Store, tmp_path: Path) -> None:
    shutil.copy(DEMO, tmp_path / "run.mov")
    runner = store.add_athlete("Cody")
    for shank in (9.0, 2.0):
        store.add_analysis(store.add_take(runner, tmp_path / "run.mov"), analysis(shank=shank))
    with open_app(store, tmp_path) as link:
        address = urlsplit(link)
        here = f"{address.scheme}://{address.netloc}"
        with httpx.Client(base_url=here, headers={"Origin": here}) as owner:
            owner.post("/open", data={"key": parse_qs(address.query)["key"][0]})
            lines = lines_of(owner.post("/programs", data={"name": "notebook"}).text)
        sent, takes, compared = (
            json.loads(ran(["bash", "-c", f"{line} --silent --fail-with-body"], tmp_path))
            for line in lines["Three lines of curl"].splitlines()
        )
        cue = ran([sys.executable, "-c", lines["Three lines of Python"]], tmp_path).strip()
    assert (sent["kind"], sent["state"]) == ("take", "queued")
    assert Jobs(store).job(sent["uid"]).wanted["name"] == "run.mov"
    assert [take["number"] for take in takes] == [1, 2]
    assert compared["says"]
    assert cue == analysis()["plan"]["cue"]


def test_an_address_is_called_until_it_is_taken_away(client: TestClient, store: Store) -> None:
    page = client.post("/programs/webhooks", data={"url": "https://club.example/done"}).text
    (hook,) = hooks(store)
    assert hook.secret in page  # this once
    page = client.get("/programs").text
    assert "https://club.example/done" in page
    assert hook.secret not in page
    assert "Not called yet" in page
    jobs = Jobs(store)
    jobs.cancel(jobs.add("photo", {"name": "a.jpg"}).uid)
    assert "To be called" in client.get("/programs").text
    assert client.post(f"/programs/webhooks/{hook.number}/delete").status_code == 303
    assert hooks(store) == []


@pytest.mark.parametrize("url", ["club.example", "ftp://club.example/", "https://me:secret@club.example/"])
def test_an_address_that_cannot_be_called_is_one_sentence(client: TestClient, url: str, store: Store) -> None:
    answer: Any = client.post("/programs/webhooks", data={"url": url}, headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert hooks(store) == []


def test_a_beat_is_heard_and_saved(client: TestClient) -> None:
    assert "180 steps a minute" in client.get("/beat?steps=180").text
    sound = client.get("/beat/180.wav?minutes=2")
    assert (sound.headers["content-type"], sound.content[:4]) == ("audio/wav", b"RIFF")
    assert len(sound.content) == pytest.approx(2 * 60 * 8000, rel=0.01)
    assert client.get("/beat/9999.wav").status_code == 400
