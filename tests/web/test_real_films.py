"""The demo's films in the app: put right, join the front view, compare, share, take back, delete; no barrier."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from midstance import data
from midstance.comparison.model import TakeNotes
from midstance.options import Options
from midstance.output.results import zip_results
from midstance.store import Store, open_store
from midstance.store.hooks import add_hook
from midstance.store.ingest import analyze_take
from midstance.store.jobs import Jobs
from midstance.store.shares import add_share
from tests.fixtures.browsers import DESK, PHONE, browsing
from tests.fixtures.models import bring
from tests.web.looking import BOTH_SIZES, Looking
from tests.web.open_app import open_app
from tests.web.test_whole_way import press, work

FILMS = ("demo_before_side.mp4", "demo_before_front.mp4", "demo_after_side.mp4")
MOST_MS = 180_000


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which the demo's films are takes 1 to 3, each looked at once; the first has a report."""
    bring("full", "detector")
    folder = tmp_path_factory.mktemp("judged")
    store = open_store(f"sqlite:///{folder / 'midstance.db'}", str(folder / "films"))
    runner = store.add_athlete("Cody", height_m=1.66)
    for number, name in enumerate(FILMS):
        with data.on_disk(name) as film:
            take = store.add_take(runner, film, TakeNotes(trying="steps a little quicker" if number == 2 else ""))
        analyze_take(store, take, Options(), write_report=zip_results if number == 0 else None)
    store.close()
    return folder


@pytest.fixture
def store(judged: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A copy of it, which the work in the background finds too."""
    shutil.copytree(judged, tmp_path / "data")
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    opened = open_store()
    yield opened
    opened.close()


def opened(browser: Any, link: str, size: Any) -> tuple[Any, list[str]]:
    """A tab that is let in, and the faults of its scripts."""
    tab, faults = browser.new_page(viewport=size), list[str]()
    tab.set_default_timeout(MOST_MS)
    tab.on("pageerror", lambda fault: faults.append(str(fault)))
    tab.goto(link)
    tab.wait_for_selector("#drop")
    return tab, faults


def move_a_contact(tab: Any, here: str) -> None:
    """The numbers follow, and come back."""
    tab.goto(f"{here}/takes/1/film")
    tab.wait_for_selector("#tiles li")
    tab.locator("#contacts button").nth(2).click()
    before = tab.locator("#rows").text_content()
    for _ in range(2):
        tab.keyboard.press("ArrowRight")
    tab.get_by_role("button", name="It lands on this frame").click()
    tab.wait_for_selector("#steps li")
    assert tab.locator("#rows").text_content() != before
    tab.get_by_role("button", name="Undo the last", exact=True).click()
    tab.wait_for_selector("#steps li", state="detached")
    assert tab.locator("#rows").text_content() == before


def join_the_front(tab: Any, here: str, store: Store) -> None:
    """The report of the side then has what the front alone shows."""
    tab.goto(f"{here}/takes/1/beside/2")
    press(tab, "form[action$='/join'] button", "**/jobs/*")
    work(store)
    tab.wait_for_url("**/takes/1")
    tab.frame_locator("#report").locator("h1").wait_for()
    found = store.newest_analysis(store.take(1))
    assert found
    assert {"cadence_spm", "wrist_crossing"} <= {measure["id"] for measure in found["measures"]}


def compare_two(tab: Any, here: str, uid: str) -> None:
    """What changed is said, and both films are there."""
    tab.goto(f"{here}/athletes/{uid}")
    for number in (1, 3):
        tab.locator(f"input[name=take][value='{number}']").check()
    tab.get_by_role("button", name="Compare").click()
    tab.wait_for_url("**/compare?*")
    assert tab.locator(".lead p").count()
    tab.locator("#on").click()


def share_and_take_back(tab: Any, stranger: Any, here: str) -> None:
    """Somebody logged out sees the report and nothing else, until the link is taken back."""
    tab.goto(f"{here}/takes/1/share")
    press(tab, "form[action$='/share'] button")
    shared = tab.locator(".board a").first.get_attribute("href")
    stranger.set_default_timeout(MOST_MS)
    stranger.goto(shared)
    stranger.frame_locator("#report").locator("h1").wait_for()
    assert stranger.goto(f"{here}/takes/1").status == 401
    press(tab, "button.danger")
    tab.wait_for_selector(".board", state="detached")
    assert stranger.goto(shared).status == 404


@browsing
@pytest.mark.slow
@pytest.mark.parametrize("size", [pytest.param(PHONE, marks=BOTH_SIZES), DESK], ids=["phone", "desk"])
def test_from_two_sides_to_deleted(browser: Any, store: Store, tmp_path: Path, size: Any) -> None:
    uid = store.athletes()[0].uid
    with open_app(store, tmp_path / "data") as link:
        here = link.partition("/open")[0]
        tab, faults = opened(browser, link, size)
        join_the_front(tab, here, store)
        move_a_contact(tab, here)
        compare_two(tab, here, uid)
        share_and_take_back(tab, browser.new_page(viewport=size), here)
        tab.goto(f"{here}/athletes/{uid}/delete")
        press(tab, "button.danger", "**/athletes")
        assert store.athletes() == ()
        tab.close()
    assert faults == []
    assert not [path for path in (tmp_path / "data" / "films").rglob("*") if path.is_file()]


@browsing
@pytest.mark.slow
def test_no_barrier_on_any_page(browser: Any, store: Store, tmp_path: Path, axe: Path) -> None:
    uid, look = store.athletes()[0].uid, Looking(axe)
    add_share(store, store.take(1), days=7)
    add_hook(store, "https://club.example/done", None)
    work = Jobs(store).add("analyze", {"name": "run.mov"}, take=2)
    film = Jobs(store).add("beside", {"name": "", "takes": [1, 3]})
    (tmp_path / "data" / "shown").mkdir(exist_ok=True)
    with data.on_disk(FILMS[0]) as drawn:
        shutil.copy(drawn, tmp_path / "data" / "shown" / f"beside-{film.uid}.mp4")
    paths = (
        "/", "/athletes", "/athletes/new", f"/athletes/{uid}", f"/athletes/{uid}/edit", f"/athletes/{uid}/again",
        f"/athletes/{uid}/course", f"/athletes/{uid}/delete", "/takes/1", "/takes/2", "/takes/1/about",
        "/takes/1/film", "/takes/1/next", "/takes/1/next/side", "/takes/1/beside/2", "/takes/1/beside/3",
        "/takes/1/share", "/takes/1/delete",
        f"/jobs/{work.uid}", f"/beside/{film.uid}", "/compare?take=1&take=3", "/ask?q=my+shins+ache", "/explain",
        "/explain/cadence_spm",
        "/photo", "/beat", "/filming", "/settings", "/phone", "/programs", "/takes/77",
    )  # fmt: skip
    with open_app(store, tmp_path / "data") as link:
        tab, faults = opened(browser, link, PHONE)
        for path in paths:
            tab.goto(link.partition("/open")[0] + path)
            if path.endswith("/film"):
                tab.wait_for_selector("#tiles li")
            tab.evaluate("document.querySelectorAll('details').forEach((folded) => (folded.open = true))")
            look.at(tab, re.sub(r"[0-9a-f]{32}", "N", path))
        tab.close()
    look.nothing_was_found()
    assert faults == []
