"""Every page that is written into a folder: no barrier that axe-core finds, nothing wider than the screen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from midstance.formats import analysis_json
from midstance.model import Analysis
from midstance.output.athlete_page import write_athlete_page
from midstance.output.board import board, write_board
from midstance.output.page import write_page
from midstance.output.refusal import write_refusal
from midstance.store import Store
from midstance.text.report import describe
from tests.fixtures.acted import figure, without_plan
from tests.fixtures.browsers import DESK, PHONE, UNFOLD, browsing
from tests.output.test_athlete_page import loop, store, three_takes
from tests.output.test_page import film, pictures, written
from tests.output.test_refusal import CUT, clip, found, refused
from tests.web.looking import WIDER, barriers

__all__ = ["clip", "film", "loop", "pictures", "store", "written"]

EVERY = tuple((size, scheme) for size in ("phone", "desk") for scheme in ("light", "dark"))
BOTH = (("phone", "light"), ("desk", "dark"))
"""For pages that share the report's styles: each size and each scheme once."""


def barriers_of(browser: Any, page: Path, axe: Path, views: tuple[tuple[str, str], ...]) -> list[Any]:
    """What axe finds, and by how much a page is wider than the screen."""
    seen = []
    for size, scheme in views:
        tab = browser.new_page(viewport=PHONE if size == "phone" else DESK, color_scheme=scheme)
        tab.goto(page.as_uri())
        tab.evaluate(UNFOLD)
        seen += [(size, scheme, *barrier) for barrier in barriers(tab, axe)]
        if (wider := tab.evaluate(WIDER)) > 0:
            seen.append((size, scheme, "wider than the screen", wider))
        tab.close()
    return seen


@browsing
def test_the_report(browser: Any, written: Path, axe: Path) -> None:
    assert barriers_of(browser, written, axe, EVERY) == []


@browsing
def test_a_report_with_nothing_to_change(browser: Any, run: Analysis, axe: Path, tmp_path: Path) -> None:
    calm = without_plan(run)
    assert barriers_of(browser, write_page(describe(calm), calm, tmp_path / "report.html"), axe, BOTH) == []


@browsing
def test_the_page_of_a_runner_and_the_squad(  # noqa: PLR0917  (fixtures)
    browser: Any, store: Store, axe: Path, loop: Path, tmp_path: Path
) -> None:
    three_takes(store, tmp_path, loop)
    squad = write_board(board(store), tmp_path / "board.html", today=date(2026, 11, 30))
    page = write_athlete_page(store, store.athletes()[0], tmp_path / "athlete.html")
    store.close()
    assert barriers_of(browser, page, axe, BOTH) == []
    assert barriers_of(browser, squad, axe, BOTH) == []


@browsing
def test_a_refusal(browser: Any, clip: Any, axe: Path, tmp_path: Path) -> None:
    fault = refused("body_not_in_view", CUT, found(clip, figure(np.arange(30) / 60, start=(470, 170))))
    page = write_refusal(analysis_json.plain_refusal("0", clip, fault), clip, fault, tmp_path / "out")
    assert page is not None
    assert barriers_of(browser, page, axe, BOTH) == []
