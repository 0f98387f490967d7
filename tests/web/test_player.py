"""The player in a browser: the number burnt into the picture is the frame it says; what is drawn into it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.comparison.model import StoredTake
from midstance.store import Store, open_store
from midstance.store.marks import marks
from tests.fixtures.browsers import PHONE, browsing
from tests.fixtures.burnt import burnt_film, keep_poses, read_number
from tests.fixtures.least_analysis import analysis as least
from tests.web.open_app import open_app

UNEVEN = np.random.default_rng(7)
TIMES_S = {
    "variable rate": np.cumsum([0.0, *UNEVEN.choice([1 / 120, 1 / 60, 1 / 30], 149)]),
    "late start": 0.25 + np.arange(120) / 60,
    "240 a second": np.arange(480) / 240,
    "hevc": np.arange(180) / 60,
    "phone held upright": np.arange(180) / 60,
    "phone upside down": np.arange(180) / 60,
    "lying on its side": np.arange(180) / 60,
}
CODEC = {"hevc": "libx265"}
QUARTERS = {"phone held upright": 3, "phone upside down": 2, "lying on its side": 1}
SAYS_NOT = {"lying on its side": 270}
"""Degrees that a film is turned by its runner, because the file does not say how it was held."""
AT_FIRST_LANDING = "(read) => +document.documentElement.dataset.frame === eval(read)(document.getElementById('film'))"
SETTLED = "!document.getElementById('film').seeking && document.getElementById('film').readyState >= 2"


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """The store that the work in the background finds, too."""
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path))
    store = open_store()
    yield store
    store.close()


def add_take(store: Store, folder: Path, kind: str) -> StoredTake:
    turn_deg, content = SAYS_NOT.get(kind, 0), least()
    more = {"codec": CODEC.get(kind, "libx264"), "quarters": QUARTERS.get(kind, 0), "says": not turn_deg}
    film = burnt_film(folder / f"{kind.replace(' ', '_')}.mp4", list(TIMES_S[kind]), **more)
    athlete = store.athletes()[0] if store.athletes() else store.add_athlete("Cody", height_m=1.75)
    take = store.add_take(athlete, film)
    content["clip"]["rotation_deg"] = turn_deg
    store.add_analysis(take, content, {"poses": keep_poses(film, turn_deg=turn_deg)})
    return store.take(take.id)


def shown(tab: Any) -> tuple[int, int]:
    """The frame that the page names, and the number in the picture."""
    tab.wait_for_function(SETTLED)
    burnt = tab.locator("#film").evaluate(read_number(960))
    return int(tab.locator("html").get_attribute("data-frame")), burnt


@browsing
@pytest.mark.parametrize("kind", list(TIMES_S))
def test_every_step_shows_the_frame_it_says(browser: Any, kept: Store, tmp_path: Path, kind: str) -> None:
    take = add_take(kept, tmp_path, kind)
    with open_app(kept, tmp_path, workers=1) as link:
        tab = browser.new_page(viewport=PHONE)
        tab.goto(link)
        tab.wait_for_selector("#drop")
        tab.goto(f"{link.partition('/open')[0]}/takes/{take.id}/film")
        tab.wait_for_selector("#tiles li")
        tab.wait_for_function(AT_FIRST_LANDING, arg=read_number(960))
        frames = len(TIMES_S[kind])
        tab.locator("#place").focus()
        seen = [shown(tab)]
        for _ in range(12):
            tab.keyboard.press("ArrowRight")
            seen.append(shown(tab))
        for _ in range(5):
            tab.keyboard.press("ArrowLeft")
            seen.append(shown(tab))
        for place in (0, frames - 1, 61, 60, 59, frames // 2):
            tab.locator("#place").evaluate(
                "(slider, at) => { slider.value = at; slider.dispatchEvent(new Event('input')); }", place
            )
            seen.append(shown(tab))
            assert seen[-1][0] == place
        assert [burnt for _, burnt in seen] == [said for said, _ in seen]
        assert [said for said, _ in seen[:18]] == [seen[0][0] + n for n in (*range(13), *range(11, 6, -1))]
        tab.click("#play")
        tab.wait_for_function(f"+document.documentElement.dataset.frame > {frames // 2 + 5}")
        tab.click("#play")
        assert len(set(shown(tab))) == 1  # where it is stopped, too
        tab.close()


@browsing
def test_marks_are_drawn_by_keyboard_alone_and_kept(browser: Any, kept: Store, tmp_path: Path) -> None:
    take = add_take(kept, tmp_path, "variable rate")
    faults: list[str] = []
    with open_app(kept, tmp_path) as link:
        tab = browser.new_page(viewport=PHONE)
        tab.on("pageerror", lambda fault: faults.append(str(fault)))
        tab.goto(link)
        tab.wait_for_selector("#drop")
        tab.goto(f"{link.partition('/open')[0]}/takes/{take.id}/film")
        tab.wait_for_function(AT_FIRST_LANDING, arg=read_number(960))
        here = shown(tab)[0]
        tab.locator("[data-tool=angle]").press("Enter")
        for keys in (["Enter"], ["ArrowLeft"] * 10 + ["Enter"], ["ArrowUp"] * 10 + ["Enter"]):
            for key in keys:
                tab.keyboard.press(key)
        tab.wait_for_selector("#marks li")
        (angle,) = marks(kept, take).values()
        assert (angle.kind, angle.frame) == ("angle", here)  # the arrow keys moved the cross, not the film
        assert angle.points == ((480.0, 270.0), (426.0, 270.0), (426.0, 216.0))
        assert "angle 90°" in tab.locator("#marks").inner_text()
        tab.locator("[data-tool=note]").press("Enter")
        tab.keyboard.press("Enter")
        tab.keyboard.type("Heel first")
        tab.keyboard.press("Enter")
        tab.wait_for_selector("#marks li:nth-child(2)")
        tab.locator("#place").press("End")
        tab.reload()
        tab.wait_for_function(AT_FIRST_LANDING, arg=read_number(960))
        tab.locator("#marks button", has_text="Heel first").first.press("Enter")
        assert shown(tab) == (here, here)
        tab.locator("[aria-label*='Remove'][aria-label*='angle']").press("Enter")
        tab.wait_for_selector("#marks li:nth-child(2)", state="detached")
        assert [mark.kind for mark in marks(kept, take).values()] == ["note"]
        tab.locator("#undo-mark").press("Enter")
        tab.wait_for_selector("#marks li:nth-child(2)")
        tab.locator("#undo-mark").press("Enter")
        tab.wait_for_selector("#marks li:nth-child(2)", state="detached")
        assert [mark.kind for mark in marks(kept, take).values()] == ["angle"]
        tab.close()
    assert faults == []
