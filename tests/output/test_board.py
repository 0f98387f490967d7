"""The squad at a glance: who is overdue comes first, each with focus and cue; the report of a take comes back whole."""

from __future__ import annotations

import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from midstance.comparison.model import StoredTake, TakeNotes
from midstance.errors import InputError
from midstance.output.athlete_page import athlete_html
from midstance.output.board import board, board_lines, write_board
from midstance.output.results import unpack_report
from midstance.store import Store
from tests.fixtures.least_analysis import analysis

PLAN: dict[str, Any] = analysis()["plan"] | {"cue": "Foot down sooner.", "title": "You reach"}


def filmed(store: Store, name: str, day: int, film: Path) -> StoredTake:
    film.write_bytes(f"{name} {day}".encode())
    at = datetime(2026, 11, day, 12, tzinfo=UTC)
    return store.add_take(store.athlete(name), film, TakeNotes(taken_at=at))


def test_the_longest_overdue_comes_first(store: Store, tmp_path: Path) -> None:
    for name in ("Dai", "Carl", "Ben", "Anna"):
        store.add_athlete(name)
    film = tmp_path / "f.mp4"
    store.add_analysis(filmed(store, "Ben", 2, film), {**analysis(), "plan": None})
    store.add_analysis(filmed(store, "Anna", 20, film), {**analysis(), "plan": PLAN})
    store.add_analysis(filmed(store, "Carl", 10, film), {**analysis(), "plan": PLAN})
    refused = {"version": "0", "refused": {"reason": "not_running", "says": "This is a walk."}}
    store.add_analysis(filmed(store, "Carl", 11, film), refused)
    rows = board(store)
    assert [(row.name, row.due) for row in rows] == [
        ("Carl", date(2026, 11, 25)),
        ("Anna", date(2026, 12, 4)),
        ("Ben", None),
        ("Dai", None),
    ]
    assert [line.rstrip() for line in board_lines(rows, today=date(2026, 11, 30))] == [
        "Carl                      2 takes  last film 2026-11-11  film again: 5 days overdue",
        "    You reach. “Foot down sooner.”",
        "Anna                       1 take  last film 2026-11-20  film again on 2026-12-04",
        "    You reach. “Foot down sooner.”",
        "Ben                        1 take  last film 2026-11-02",
        "    nothing in this clip asks for a change",
        "Dai                       0 takes",
        "    no film yet",
    ]


def test_a_report_comes_back_as_it_was_kept(store: Store, tmp_path: Path) -> None:
    store.add_athlete("Anna")
    take = filmed(store, "Anna", 1, tmp_path / "f.mp4")
    assert not take.has_report
    packed = tmp_path / "report.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("report.html", "<p>one")
        archive.writestr("frames/a.jpg", "picture")
    store.add_analysis(take, analysis(), {"report": packed})
    take = store.take(take.id)
    assert take.has_report
    page = unpack_report(store, take, tmp_path / "take-1")
    assert page.read_text() == "<p>one"
    assert (tmp_path / "take-1" / "frames" / "a.jpg").read_text() == "picture"


def test_a_damaged_report_is_one_line_that_says_what_to_do(store: Store, tmp_path: Path) -> None:
    store.add_athlete("Anna")
    take = filmed(store, "Anna", 1, tmp_path / "f.mp4")
    packed = tmp_path / "report.zip"
    packed.write_bytes(b"no zip")
    store.add_analysis(take, analysis(), {"report": packed})
    with pytest.raises(InputError, match="report of take 1 is damaged"):
        unpack_report(store, store.take(take.id), tmp_path / "out")
    assert not list((tmp_path / "out").iterdir())


def test_the_board_is_a_page_as_well(store: Store, tmp_path: Path) -> None:
    for name in ("Anna <b>", "Dai"):
        store.add_athlete(name)
    store.add_analysis(filmed(store, "Anna <b>", 10, tmp_path / "f.mp4"), {**analysis(), "plan": PLAN})
    text = write_board(board(store), tmp_path / "board.html", today=date(2026, 11, 30)).read_text("utf-8")
    assert "Anna &lt;b&gt;" in text
    assert 'class="late">Film again: 6 days overdue' in text
    assert "Foot down sooner." in text
    assert "No film yet" in text
    assert "://" not in text, "it opens offline"


def test_a_runner_whose_last_film_was_refused_keeps_the_cue_and_the_day(store: Store, tmp_path: Path) -> None:
    store.add_athlete("Anna")
    store.add_analysis(filmed(store, "Anna", 10, tmp_path / "f.mp4"), {**analysis(), "plan": PLAN})
    refused = {"version": "0", "refused": {"reason": "not_running", "says": "This is a walk."}}
    store.add_analysis(filmed(store, "Anna", 11, tmp_path / "f.mp4"), refused)
    page = athlete_html(store, store.athlete("Anna"), films=tmp_path / "films", today=date(2026, 11, 20))
    start = page.index("To think of now")
    assert start < page.index("Foot down sooner.") < page.index("Film again on 2026-11-25") < page.index("Take by take")


def test_a_runner_whose_only_film_was_refused_is_told_so(store: Store, tmp_path: Path) -> None:
    store.add_athlete("Anna")
    refused = {"version": "0", "refused": {"reason": "not_running", "says": "This is a walk."}}
    take = filmed(store, "Anna", 11, tmp_path / "f.mp4")
    assert [row.state for row in board(store)] == ["not judged yet"]
    store.add_analysis(take, refused)
    assert [row.state for row in board(store)] == ["could not be judged"]
