"""From an empty folder to deleted again, by keyboard alone, on a phone and on a desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.comparison.model import StoredTake
from midstance.store import Store, ingest, open_store
from midstance.store.jobs import Jobs
from midstance.web import task
from tests.fixtures.browsers import DESK, PHONE, browsing
from tests.fixtures.burnt import burnt_film, poses_over, read_number
from tests.web.looking import BOTH_SIZES
from tests.web.open_app import open_app

FRAMES = 150
MOST_TABS = 80
MOST_MS = 120_000
IN_HAND = "document.activeElement?.matches(%s)"
DRAWN = "(read) => +document.documentElement.dataset.frame === eval(read)(document.getElementById('film'))"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty store, in which the points of every film are those of a rendered runner: no pose model looks."""
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(ingest, "find_poses", lambda clip, *_options, **_more: poses_over(clip.path))
    monkeypatch.setattr(task, "_bring", lambda *_said: None)
    store = open_store()
    yield store
    store.close()


def work(store: Store) -> None:
    """Do the next job as the worker does."""
    job = Jobs(store).claim("w:1:1")
    task.WORK[job.kind](store, job, task.Says())


def reach(tab: Any, selector: str) -> None:
    """Press Tab until the keyboard is on what a selector names."""
    for _ in range(MOST_TABS):
        if tab.evaluate(IN_HAND % json.dumps(selector)):
            return
        tab.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {selector}")


def press(tab: Any, selector: str, leads_to: str = "") -> None:
    """Come to something by keyboard and press Enter on it."""
    reach(tab, selector)
    tab.keyboard.press("Enter")
    if leads_to:
        tab.wait_for_url(leads_to)


def choose(tab: Any, film: Path) -> None:
    """Choose a film by keyboard."""
    reach(tab, "#clip")
    with tab.expect_file_chooser() as chooser:
        tab.keyboard.press("Enter")
    chooser.value.set_files(str(film))
    tab.wait_for_url("**/jobs/*")


def second_take(store: Store, first: StoredTake, film: Path) -> StoredTake:
    """Another take of the runner, whose numbers differ by a tenth."""
    (content,) = store.analyses(first)
    measures = [{**measure, "value": 1.1 * measure["value"]} for measure in content["measures"]]
    clip = {**content["clip"], "sha256": "1" * 64}
    added = store.add_take(store.owner(first), film, replace(first.known, trying="quick feet"))
    loop = next(file for file in first.files if file.kind == "film")
    with store.shelf.local(loop.key) as path:
        store.add_analysis(added, {**content, "clip": clip, "measures": measures}, {"film": path})
    return store.take(added.id)


@browsing
@pytest.mark.slow
@pytest.mark.parametrize("size", [PHONE, pytest.param(DESK, marks=BOTH_SIZES)], ids=["phone", "desk"])
def test_by_keyboard_alone(browser: Any, kept: Store, tmp_path: Path, size: Any) -> None:  # noqa: PLR0915
    film = burnt_film(tmp_path / "run.mp4", list(np.arange(FRAMES) / 60))
    front = burnt_film(tmp_path / "front.mp4", list(np.arange(30) / 60))
    faults: list[str] = []
    with open_app(kept, tmp_path / "data") as link:
        tab = browser.new_page(viewport=size)
        tab.set_default_timeout(MOST_MS)
        tab.on(
            "filechooser", lambda _chooser: None
        )  # or the browser is asked to say so with the key, which may be sooner
        tab.on("pageerror", lambda fault: faults.append(str(fault)))
        tab.goto(link)
        tab.wait_for_selector("#drop")
        choose(tab, film)
        tab.reload()
        assert "Waiting for its turn" in tab.locator("#headline").inner_text()
        work(kept)
        tab.wait_for_url("**/takes/1")
        report = tab.frame_locator("#report").locator("h1")
        report.wait_for()
        assert report.inner_text()

        press(tab, "a[href='/takes/1/film']", "**/film")
        tab.wait_for_selector("#tiles li")
        tab.wait_for_function(DRAWN, arg=read_number(960))
        press(tab, "#contacts button:nth-child(3)")
        before, rows = int(tab.locator("html").get_attribute("data-frame")), tab.locator("#rows").text_content()
        for _ in range(2):
            tab.keyboard.press("ArrowRight")
        tab.wait_for_function(DRAWN, arg=read_number(960))  # burnt into the picture
        assert int(tab.locator("html").get_attribute("data-frame")) == before + 2
        press(tab, "#land-here")
        tab.wait_for_selector("#steps li")
        assert tab.locator("#rows").text_content() != rows
        press(tab, "#undo")
        tab.wait_for_selector("#steps li", state="detached")
        assert tab.locator("#rows").text_content() == rows

        tab.goto(f"{link.partition('/open')[0]}/takes/1")
        press(tab, "a[href='/takes/1/next']", "**/next")
        press(tab, "a[href='/takes/1/next/side']", "**/side")
        tab.wait_for_selector("#drop")
        choose(tab, front)
        second_take(kept, kept.take(1), front)
        tab.goto(f"{link.partition('/open')[0]}/takes/1/beside/2")
        assert "Both films are from the side" in tab.locator("main").inner_text()

        tab.goto(f"{link.partition('/open')[0]}/athletes/{kept.athletes()[0].uid}")
        for number in (1, 2):
            reach(tab, f"input[name=take][value='{number}']")
            tab.keyboard.press("Space")
        press(tab, "form[action='/compare'] button[type=submit]", "**/compare?*")
        assert "cadence" in tab.locator("main").text_content().lower()
        reach(tab, "#on")

        tab.goto(f"{link.partition('/open')[0]}/athletes/{kept.athletes()[0].uid}")
        press(tab, "a[href$='/delete']", "**/delete")
        press(tab, "button.danger", "**/athletes")
        assert kept.athletes() == ()
        tab.close()
    assert faults == []
    assert not [path for path in (tmp_path / "data" / "films").rglob("*") if path.is_file()]
