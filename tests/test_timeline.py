"""The athlete's page, and the commands of the store from end to end without a pose model."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from midstance.cli_takes import app
from midstance.progress import TakeNotes
from midstance.store import Store, open_store
from midstance.store.timeline import timeline_html
from tests.least_analysis import analysis


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("MIDSTANCE_DATABASE", raising=False)
    monkeypatch.delenv("MIDSTANCE_FILES", raising=False)
    return open_store()


def three_takes(store: Store, tmp_path: Path) -> None:
    cody = store.add_athlete("Cody <3", height_m=1.8)
    clip = tmp_path / "run.mp4"
    clip.write_bytes(b"film")
    for day, shank in enumerate((12.0, 8.0, 4.0), start=1):
        known = TakeNotes(taken_at=datetime(2026, 5, day, tzinfo=UTC), trying="sooner" if day > 1 else "")
        take = store.add_take(cody, clip, known)
        content = analysis(shank=shank)
        content["measures"][0]["band"] = {"low": None, "high": 7.0, "at_speed_mps": 3.0, "source": "by hand"}
        store.add_analysis(take, content)
        store.set_watch(
            take,
            [{"id": "speed_mps", "side": "both", "value": 3.4, "sd": 0.1, "n": 9, "uncertainty": 0.1, "unit": "m/s"}],
        )


def test_page_tells_every_take_and_draws_the_focus(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    page = timeline_html(store, store.athletes()[0])
    assert "Cody &lt;3" in page
    assert page.count("<h2>Take") == 3
    assert "went from 12.0° to 8.0°: a real change, and in the right direction" in page
    assert page.count("<circle") == 3
    assert 'class="usual"' in page
    assert 'class="own"' in page
    assert "they differ by more than both errors explain" in page
    assert "http" not in page.replace("http://www.w3.org", "")
    store.close()


def test_take_without_an_analysis_is_shown(store: Store, tmp_path: Path) -> None:
    clip = tmp_path / "run.mp4"
    clip.write_bytes(b"film")
    store.add_take(store.add_athlete("Ann"), clip)
    assert "could not be judged" in timeline_html(store, store.athlete("Ann"))
    store.close()


def run(*words: str, fails: bool = False) -> str:
    result = CliRunner().invoke(app, list(words), catch_exceptions=True)
    assert (result.exit_code != 0) == fails, result.output
    return result.output


def test_commands_of_athletes_and_takes(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    store.close()
    assert "3 takes" in run("athletes", "list")
    run("athletes", "edit", "Cody <3", "--name", "Cody", "--mass", "66")
    assert run("takes", "list", "Cody").count("You reach forward") == 3
    run("takes", "edit", "1", "--shoes", "red", "--date", "2026-04-30")
    shown = run("takes", "show", "1")
    assert "shoes: red" in shown
    assert "2026-04-30" in shown
    run("athletes", "export", "Cody", str(tmp_path / "cody.zip"))
    run("takes", "delete", "2", "--yes")
    run("athletes", "delete", "Cody", fails=True)  # nobody said yes
    run("athletes", "delete", "Cody", "--yes")
    assert list((tmp_path / "data" / "films").rglob("*.mp4")) == []
    assert "3 takes" in run("athletes", "import", str(tmp_path / "cody.zip"), "--name", "Cody again")
    page = tmp_path / "page.html"
    run("athletes", "show", "Cody again", "--page", str(page))
    assert "Cody again" in page.read_text(encoding="utf-8")


def test_compare_takes_numbers_and_folders(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    told = run("compare", "1", "2", "3", "--table")
    assert "take 1 to take 2" in told
    assert "over 3 takes" in told
    assert "falling" in told
    assert "shin angle at landing" in told
    assert len(store.comparisons(store.athletes()[0])) == 1
    store.close()
    folder = tmp_path / "later.mp4.midstance"
    folder.mkdir()
    (folder / "analysis.json").write_text(json.dumps(analysis(shank=3.0)), encoding="utf-8")
    content: dict[str, Any] = json.loads(run("compare", "1", str(folder), "--json", "-"))
    assert content["takes"] == ["take 1", "later.mp4"]
    assert content["steps"][0]["focus"]["do"] == "stay"


def test_watch_beside_a_take(store: Store, tmp_path: Path) -> None:
    three_takes(store, tmp_path)
    store.close()
    table = tmp_path / "watch.csv"
    table.write_text("time,speed_mps\n2026-05-01T00:00:01Z,3.05\n", encoding="utf-8")
    assert "they agree" in run("takes", "watch", "1", str(table))
