"""A club in a real browser: from the first coach to a link that is opened logged out and taken back; no barrier."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from midstance.store import Store
from tests.fixtures.browsers import PHONE, browsing
from tests.fixtures.least_analysis import analysis
from tests.web.looking import Looking

WORDS = "four words are enough"


@pytest.fixture
def store(store: Store, tmp_path: Path) -> Store:
    """A runner with one take and its report."""
    film, report = tmp_path / "run.mp4", tmp_path / "report.zip"
    film.write_bytes(b"a film")
    with zipfile.ZipFile(report, "w") as packed:
        packed.writestr("report.html", "<!doctype html><html lang=en><title>r</title><h1>You reach forward</h1>")
        packed.writestr("report.pdf", "%PDF-1.4")
    store.add_analysis(store.add_take(store.add_athlete("Cody"), film), analysis(), {"report": report})
    return store


@pytest.fixture
def lines(tmp_path: Path, store: Store) -> Iterator[list[str]]:
    """What `midstance serve --team` prints while it runs."""
    assert store.athletes()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "midstance", "serve", "--team", "--no-open", "--port", str(port)]
    environment = {**os.environ, "MIDSTANCE_DATA": str(tmp_path)}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    yield [re.search(r"http://\S+", process.stdout.readline())[0] for _ in range(2)]
    process.terminate()
    process.wait(timeout=60)
    process.stdout.close()


def join(tab: Any, link: str, name: str) -> None:
    """Accept an invitation, by keyboard."""
    tab.goto(link)
    tab.get_by_label("Name to sign in with").fill(name)
    tab.get_by_label("Password").fill(WORDS)
    tab.keyboard.press("Enter")
    tab.wait_for_selector("text=Film a runner")


@browsing
def test_from_the_first_coach_to_a_link_taken_back(browser: Any, lines: list[str], axe: Path) -> None:
    (here, invited), look = lines, Looking(axe)
    coach, other = (browser.new_page(viewport=PHONE) for _ in range(2))
    coach.goto(invited)
    look.at(coach, "invited")
    join(coach, invited, "Ada")
    coach.get_by_role("link", name="Members").click()
    look.at(coach, "members")
    coach.get_by_role("button", name="Make a link").first.click()
    link = coach.locator(".says code").inner_text()
    coach.goto(f"{here}/takes/1/share")
    coach.get_by_role("button", name="Make a link").click()
    shared = coach.locator(".board a").first.get_attribute("href")
    look.at(coach, "share")
    other.goto(shared)  # without an account
    other.frame_locator("#report").locator("h1").wait_for()
    look.at(other, "shared")
    other.goto(f"{here}/takes/1")
    other.wait_for_selector("text=Ask your coach")
    look.at(other, "sign_in")
    coach.goto(f"{here}/takes/1/share")
    coach.get_by_role("button", name="Take back").click()
    other.goto(shared)
    other.wait_for_selector("text=There is no such link")
    join(other, link, "Cody")  # now an athlete
    assert other.get_by_role("link", name="Members").count() == 0
    assert other.goto(f"{here}/members").status == 403
    other.goto(f"{here}/account")
    look.at(other, "account")
    other.get_by_role("button", name="Sign out").click()
    other.wait_for_url("**/sign-in")
    look.nothing_was_found()
