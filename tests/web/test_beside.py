"""The film of takes side by side has a bar of its own: nothing lies over its lines, and each step is one frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from midstance.store import Store
from midstance.store.jobs import Jobs, end_job
from midstance.video.film_writer import FilmWriter
from tests.fixtures.browsers import DESK, PHONE, browsing
from tests.fixtures.burnt import picture, read_number
from tests.web.open_app import open_app

RATE_HZ = 25.0
SETTLED = "(film) => film.seeking && new Promise((done) => film.addEventListener('seeked', done, { once: true }))"
"""Waits without eval, which our own pages forbid: this tab keeps to their policy."""


@browsing
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_controls_lie_below_the_picture(browser: Any, store: Store, tmp_path: Path, size: Any) -> None:
    jobs = Jobs(store)
    job = jobs.add("beside", {"name": "", "takes": [1, 2]})
    claimed = jobs.claim("worker:1:1")
    with store.writing() as connection:
        end_job(connection, claimed, {"takes": [1, 2], "rate_hz": RATE_HZ})
    (tmp_path / "shown").mkdir()
    drawn = tmp_path / "shown" / f"beside-{job.uid}.mp4"
    with FilmWriter(drawn, width=960, height=540, rate_hz=RATE_HZ) as film:
        for number in range(40):
            film.write(picture(number, 960, 540))
    with open_app(store, tmp_path) as link:
        tab = browser.new_page(viewport=size, bypass_csp=False)
        tab.goto(link)
        tab.wait_for_selector("#drop")
        tab.goto(f"{link.partition('/open')[0]}/beside/{job.uid}")
        video, bar = tab.locator("video"), tab.get_by_role("group", name="Film controls")
        bar.wait_for()
        assert not video.evaluate("(film) => film.controls")
        assert video.bounding_box()["y"] + video.bounding_box()["height"] <= bar.bounding_box()["y"]
        seen = []
        for name in ("One frame on", "One frame on", "One frame back"):
            tab.get_by_role("button", name=name).click()
            video.evaluate(SETTLED)
            seen.append(video.evaluate(read_number(960)))
        assert seen == [1, 2, 1]
        place = tab.get_by_role("slider", name="Place in the film")
        assert place.get_attribute("max") == "39"
        place.press("End")
        video.evaluate(SETTLED)
        assert video.evaluate(read_number(960)) == 39
        tab.close()
