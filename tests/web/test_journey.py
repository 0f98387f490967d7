"""From an empty folder to the report on a phone-sized page: upload, a killed server, progress, frames."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from midstance.store import open_store
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from tests.fixtures.browsers import PHONE, browsing
from tests.fixtures.clips import DEMO
from tests.fixtures.models import bring

FRAMES, LINES = 170, 360
MOST_MS = 600_000


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the demo clip, small."""
    path = tmp_path_factory.mktemp("film") / "run.mp4"
    clip = open_clip(DEMO)
    width = 2 * round(clip.width * LINES / clip.height / 2)
    with FilmWriter(path, width=width, height=LINES, rate_hz=clip.rate_hz) as writer:
        for picture in frames(clip, stop=FRAMES, height=LINES):
            writer.write(picture)
    return path


class Serving:
    """`midstance serve` on a folder, to be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._environment = {**os.environ, "MIDSTANCE_DATA": str(folder)}
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-m", "midstance", "serve", "--no-open", "--port", str(self._port)]
        self.process = subprocess.Popen(command, env=self._environment, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout
        self.link = re.search(r"http://\S+", self.process.stdout.readline())[0]

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        assert self.process.stdout
        self.process.stdout.close()


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Serving]:
    bring("full", "detector")
    server = Serving(tmp_path / "data")
    yield server
    server.kill()


@browsing
@pytest.mark.slow
def test_from_nothing_to_the_report(browser: Any, serving: Serving, film: Path, tmp_path: Path) -> None:
    tab = browser.new_page(viewport=PHONE)
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.goto(serving.link)
    tab.wait_for_selector("#drop")
    tab.set_input_files("#clip", str(film))
    tab.wait_for_url("**/jobs/*")
    tab.wait_for_selector("#headline:has-text('Finding you')")
    serving.kill()  # in the middle of the work
    serving.start()
    tab.reload()  # the cookie is still good, and so is what was uploaded
    tab.wait_for_url("**/takes/1", timeout=MOST_MS)
    report = tab.frame_locator("#report")
    report.locator("h1").wait_for()
    assert report.locator("h1").inner_text()
    tab.goto(f"{tab.url}/film")
    tab.wait_for_selector("#tiles li")
    before = int(tab.locator("html").get_attribute("data-frame"))
    tab.locator("#place").focus()
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    assert int(tab.locator("html").get_attribute("data-frame")) == before + 3
    assert faults == []
    tab.close()
    store = open_store(f"sqlite:///{tmp_path / 'data' / 'midstance.db'}", str(tmp_path / "data" / "films"))
    (take,) = store.takes(store.athletes()[0])
    assert take.analyses == 1  # nothing lost, nothing twice
    with store.reading() as connection:
        states = connection.exec_driver_sql("SELECT state, crashes FROM jobs").fetchall()
    assert [tuple(row) for row in states] == [("done", 0)]
    store.close()
    assert not [file for file in (tmp_path / "data" / "uploads").iterdir() if file.is_file()]
