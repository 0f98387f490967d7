"""Before the upload: what the browser says of a chosen film, and what it asks while the film is analysed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient

from midstance.store import Store
from midstance.video.film_writer import FilmWriter
from midstance.web.state import State
from tests.fixtures.browsers import PHONE, browsing
from tests.web.looking import barriers
from tests.web.open_app import open_app

SAID = """async (films) => {
  const { hints } = await import('/static/hints.js');
  return films.map((film) => hints(film, { rate: 60, strides: 10, minutes: 10 }));
}"""


def film(path: Path, *, width: int, height: int, rate_hz: float, seconds: float) -> Path:
    """A film of a moving bar."""
    with FilmWriter(path, width=width, height=height, rate_hz=rate_hz) as writer:
        for number in range(round(rate_hz * seconds)):
            picture = np.full((height, width, 3), 90, np.uint8)
            picture[:, (7 * number) % width :][:, :10] = 220
            writer.write(picture)
    return path


@pytest.fixture
def tab(browser: Any, store: Store, tmp_path: Path) -> Iterator[Any]:
    """A phone's browser on the first page of an app that does no jobs."""
    with open_app(store, tmp_path) as link:
        opened = browser.new_page(viewport=PHONE, bypass_csp=False)
        opened.goto(link)
        opened.wait_for_selector("#drop")
        yield opened
        opened.close()


@browsing
def test_what_is_seen_of_a_film_is_said_and_holds_nothing_up(tab: Any, tmp_path: Path, axe: Path) -> None:
    faults: list[str] = []
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    chosen = film(tmp_path / "slow.mp4", width=240, height=320, rate_hz=30.0, seconds=2.0)
    tab.set_input_files("#clip", str(chosen))
    tab.wait_for_url("**/jobs/*")
    tab.wait_for_selector(".hints li")
    said = tab.locator(".hints").inner_text()
    assert "240 x 320, upright, 2.0 s, about 30 frames a second" in said
    assert "right for a treadmill" in said
    assert "about 2 strides" in said
    assert "30 frames a second blur the landing" in said
    assert tab.locator(".hints img").count() == 2  # the still and the outline over it
    assert faults == []
    tab.context.new_cdp_session(tab).send("Page.setBypassCSP", {"enabled": True})
    tab.reload()
    tab.wait_for_selector(".hints li")
    assert barriers(tab, axe) == []
    assert tab.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@browsing
def test_a_good_film_is_not_talked_about(tab: Any) -> None:
    good = {"width": 1280, "height": 720, "seconds": 9.0, "rate": 59.94}
    films = [good, {**good, "seconds": 700}, {**good, "rate": None}, {**good, "seconds": None}, None]
    said = tab.evaluate(SAID, films)
    busy = "async () => (await import('/static/hints.js')).hints(undefined, { rate: 60, strides: 10, minutes: 10 })"
    assert tab.evaluate(busy) == []  # a busy browser says nothing, and not that it cannot play the film
    assert [len(lines) for lines in said] == [0, 1, 1, 0, 1]
    assert "10 are the most" in said[1][0]
    assert "how many frames a second" in said[2][0]
    assert "read all the same" in said[4][0]


@browsing
def test_a_film_that_the_browser_cannot_play_is_sent_all_the_same(tab: Any, tmp_path: Path) -> None:
    chosen = tmp_path / "odd.avi"
    chosen.write_bytes(b"RIFF\0\0\0\0AVI " + bytes(500))
    tab.set_input_files("#clip", str(chosen))
    tab.wait_for_url("**/jobs/*")
    assert "play the film" in tab.locator(".hints").inner_text()


def test_slow_motion_is_asked_while_the_film_is_analysed(
    client: TestClient, store: Store, state: State, tmp_path: Path
) -> None:
    path = tmp_path / "run.mp4"
    path.write_bytes(b"film")
    take = store.add_take(store.add_athlete("Cody"), path)
    job = state.jobs.add("take", {"name": "run.mp4"}, take=take.id)
    assert "slower than life?" in client.get(f"/jobs/{job.uid}").text
    asked = client.post(f"/takes/{take.id}/slow-motion", data={"slow_motion": "4"})
    assert asked.headers["location"] == f"/jobs/{job.uid}"  # it is read before the times are measured
    assert store.take(take.id).known.slow_motion == 4
    assert "slower than life?" not in client.get(f"/jobs/{job.uid}").text
    state.jobs.renew(state.jobs.claim("w:1:1"), "measuring", 0, 0)
    late = client.post(f"/takes/{take.id}/slow-motion", data={"slow_motion": "8"})
    assert late.headers["location"] != f"/jobs/{job.uid}"  # measured again, from the points that are kept
    assert client.post(f"/takes/{take.id}/slow-motion", data={"slow_motion": "0"}).status_code == 400


def test_a_height_that_is_said_too_late_is_measured_with_all_the_same(
    client: TestClient, store: Store, state: State, tmp_path: Path
) -> None:
    path = tmp_path / "run.mp4"
    path.write_bytes(b"film")
    cody = store.add_athlete("Cody")
    job = state.jobs.add("take", {"name": "run.mp4"}, take=store.add_take(cody, path).id)
    said = {"height": "1.70", "back": f"/jobs/{job.uid}"}
    early = client.post(f"/athletes/{cody.uid}/height", data=said)
    assert early.headers["location"] == said["back"]
    state.jobs.renew(state.jobs.claim("w:1:1"), "measuring", 0, 0)
    late = client.post(f"/athletes/{cody.uid}/height", data={**said, "height": "1.80"})
    (again,) = (one for one in state.jobs.recent(open_only=True) if one.uid != job.uid)
    assert (late.headers["location"], again.kind) == (f"/jobs/{again.uid}", "analyze")
    assert store.athletes()[0].height_m == 1.8


def test_the_page_on_filming_says_it_without_scripts(client: TestClient) -> None:
    page = client.get("/filming").text
    assert page.count('role="img"') == 4
    assert "outline of a runner" in page
    assert client.get("/static/silhouette.svg").headers["content-type"].startswith("image/svg+xml")
