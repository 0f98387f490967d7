"""Marks in a film: kept with the take, undone from the newest, exported, imported and deleted with it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from midstance.comparison.model import StoredTake
from midstance.errors import UsageError
from midstance.store import Store, export_athlete, import_athlete, open_store
from midstance.store.corrections import add_step, read_step, steps
from midstance.store.marks import MOST, add_mark, marks, read_mark, remove_mark, undo_mark

ANGLE = {"kind": "angle", "frame": 7, "points": [[10, 20], [30, 40.5], [50, 20]]}
LINE = {"kind": "line", "frame": 8, "points": [[0, 0], [100, 100]]}
NOTE = {"kind": "note", "frame": 9, "points": [[5, 5]], "text": "Heel first"}


@pytest.fixture
def take(store: Store, tmp_path: Path) -> StoredTake:
    film = tmp_path / "run.mp4"
    film.write_bytes(b"a film")
    return store.add_take(store.add_athlete("Cody"), film)


def kinds(store: Store, take: StoredTake) -> list[str]:
    return [mark.kind for mark in marks(store, take).values()]


def test_the_newest_change_is_undone_first(store: Store, take: StoredTake) -> None:
    for content in (ANGLE, LINE, NOTE):
        add_mark(store, take, read_mark(content))
    first, *_ = marks(store, take)
    remove_mark(store, take, first)
    assert kinds(store, take) == ["line", "note"]
    undo_mark(store, take)
    assert kinds(store, take) == ["angle", "line", "note"]
    undo_mark(store, take)
    assert kinds(store, take) == ["angle", "line"]
    for _ in range(5):
        undo_mark(store, take)
    assert kinds(store, take) == []


def test_a_mark_of_another_take_stays(store: Store, take: StoredTake, tmp_path: Path) -> None:
    other_film = tmp_path / "other.mp4"
    other_film.write_bytes(b"another")
    other = store.add_take(store.athlete("Cody"), other_film)
    add_mark(store, take, read_mark(NOTE))
    remove_mark(store, other, *marks(store, take))
    undo_mark(store, other)
    assert kinds(store, take) == ["note"]


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "circle"}, {"frame": -1}, {"points": [[1, 2]]}, {"points": [[1, 2], [3, float("nan")], [5, 6]]},
        {"points": [[1, 2], [3, 4], [5, 1e9]]}, {"more": 1}, {"kind": "note", "points": [[1, 2]], "text": ""},
        {"kind": "note", "points": [[1, 2]], "text": "x" * 501},
    ],
)  # fmt: skip
def test_what_cannot_be_drawn(changed: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as fault:
        read_mark({**ANGLE, **changed})
    assert "\n" not in str(fault.value)


def test_there_is_an_end_of_marks(store: Store, take: StoredTake, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("midstance.store.marks.MOST", 2)
    add_mark(store, take, read_mark(LINE))
    add_mark(store, take, read_mark(LINE))
    with pytest.raises(UsageError, match="2 marks at most"):
        add_mark(store, take, read_mark(LINE))
    assert MOST > 100


def test_what_a_person_did_is_exported_and_imported(store: Store, take: StoredTake, tmp_path: Path) -> None:
    for content in (ANGLE, NOTE, LINE):
        add_mark(store, take, read_mark(content))
    remove_mark(store, take, list(marks(store, take))[-1])
    add_step(store, take, read_step({"kind": "height", "said": "1.66"}))
    add_step(store, take, read_step({"kind": "swap"}))
    export_athlete(store, store.athlete("Cody"), tmp_path / "cody.zip")
    elsewhere = open_store(f"sqlite:///{tmp_path / 'else.db'}", str(tmp_path / "else"))
    (taken_in,) = elsewhere.takes(import_athlete(elsewhere, tmp_path / "cody.zip"))
    assert list(marks(elsewhere, taken_in).values()) == [read_mark(ANGLE), read_mark(NOTE)]
    assert steps(elsewhere, taken_in) == steps(store, take)
    elsewhere.delete_take(taken_in)
    with elsewhere.reading() as connection:
        for table in ("marks", "corrections"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0  # noqa: S608
    elsewhere.close()


@pytest.mark.usefixtures("take")
def test_an_export_without_them_is_as_older_versions_know_it(store: Store, tmp_path: Path) -> None:
    export_athlete(store, store.athlete("Cody"), tmp_path / "cody.zip")
    with zipfile.ZipFile(tmp_path / "cody.zip") as archive:
        (take,) = json.loads(archive.read("athlete.json"))["takes"]
    assert not {"marks", "corrections"} & take.keys()
