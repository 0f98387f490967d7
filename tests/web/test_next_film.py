"""The next film: a test of a cause whose verdict is kept, and the other side of the same run."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from midstance.comparison.model import StoredTake, TakeNotes
from midstance.store import Store
from midstance.store.jobs import LostJobError, end_job, set_take
from midstance.store.store import Also
from midstance.web import task
from midstance.web.shown import address_of
from midstance.web.state import State
from tests.fixtures.least_analysis import analysis

DAY = datetime(2026, 5, 1, 7, 30, tzinfo=UTC)
CLOSER, RANGE = "foot_ahead_of_hip_at_strike_leg", "upper_arm_range_deg"


def number(name: str, value: float, unit: str) -> dict[str, Any]:
    return {
        "id": name,
        "value": value,
        "uncertainty": 0.01,
        "unit": unit,
        "side": "both",
        "sd": 0.01,
        "n": 8,
        "band": None,
    }


def judged(*, ahead: float, arms: float, plane: str = "side") -> dict[str, Any]:
    """An analysis that leaves one cause open, which a test can settle."""
    content = analysis(shank=100 * ahead)
    content["view"]["plane"] = plane
    content["measures"] += [number(CLOSER, ahead, "leg"), number(RANGE, arms, "deg")]
    piece = {"measure": CLOSER, "side": "both", "value": ahead, "time_s": None}
    test = {
        "do": "Run 20 seconds with your hands quiet at your chest.", "then": "your foot lands 0.03 leg lengths closer",
        "measure": CLOSER, "way": -1, "by": 0.03, "done": RANGE, "done_way": -1,
    }  # fmt: skip
    cause: dict[str, Any] = {
        "cause": "late_arm", "title": "A late opposite arm", "verdict": "cannot_tell", "says": "Too close to call.",
        "evidence": [], "root": None, "why_open": "too_close", "settle": "", "experiment": test,
    }  # fmt: skip
    content["findings"] = [
        {"problem": "reaching", "grade": "flag", "confidence": 0.9, "says": "You reach.", "evidence": [piece],
         "causes": [cause], "cues": [], "explained_by": None, "title": "", "topic": ""}
    ]  # fmt: skip
    return content


def add(store: Store, tmp_path: Path, content: dict[str, Any], **known: Any) -> StoredTake:
    found = store.athletes()
    path = tmp_path / f"run{len(list(tmp_path.glob('run*')))}.mp4"
    path.write_bytes(path.name.encode())
    take = store.add_take(found[0] if found else store.add_athlete("Cody"), path, TakeNotes(**known))
    store.add_analysis(take, content, {})
    return store.take(take.id)


@pytest.fixture
def first(store: Store, tmp_path: Path) -> StoredTake:
    return add(store, tmp_path, judged(ahead=0.36, arms=40.0), taken_at=DAY)


def about_of(page: str) -> dict[str, str]:
    """What an upload on a page says of its film."""
    said: dict[str, str] = json.loads(html.unescape(re.search(r'data-about="([^"]*)"', page)[1]))
    return said


def test_a_test_of_a_cause_is_filmed_compared_and_kept(
    client: TestClient, state: State, first: StoredTake, *, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = state.store
    choices = client.get(f"/takes/{first.id}/next").text
    assert "hands quiet at your chest. If your foot lands 0.03 leg lengths closer, that was the cause." in choices
    page = client.get(re.search(r'href="(/takes/\d+/next/reaching[^"]*)"', choices)[1]).text
    said = about_of(page)
    assert said == {
        "athlete": store.athletes()[0].uid, "after": str(first.id), "trying": "experiment: reaching.late_arm",
    }  # fmt: skip
    job = state.jobs.add("take", {"name": "run.mp4", "upload": "0" * 32, "about": said})
    after = add(store, tmp_path, judged(ahead=0.27, arms=8.0), taken_at=DAY, trying=said["trying"])
    claimed = state.jobs.claim("w:1:1")
    with store.writing() as connection:
        set_take(connection, claimed, after.id)

    def analyzed(_store: Store, _take: StoredTake, _options: Any, *, also: Also, **_more: Any) -> None:
        with store.writing() as connection:
            also(connection, after.id)

    monkeypatch.setattr(task, "_bring", lambda *_: None)
    monkeypatch.setattr(task, "analyze_take", analyzed)
    with pytest.raises(LostJobError):  # another worker has it by now: what this one says is not kept
        task.take(store, replace(state.jobs.job(job.uid), attempt=0), task.Says())
    assert store.comparisons(store.athletes()[0]) == ()
    task.take(store, state.jobs.job(job.uid), task.Says())
    (kept,) = store.comparisons(store.athletes()[0])
    assert kept["steps"][0]["experiment"]["verdict"] == "confirmed"
    where = client.get(f"/jobs/{job.uid}").headers["location"]
    where = client.get(where).headers["location"]
    assert where == f"/compare?take={first.id}&take={after.id}"
    assert "late opposite arm" in client.get(where).text


def test_a_test_that_could_not_be_judged_leads_to_why(
    client: TestClient, store: Store, first: StoredTake, tmp_path: Path
) -> None:
    refused = {"schema": 1, "version": "1.0", "clip": {}, "refused": {"id": "no_person", "says": "Nobody is there."}}
    other = add(store, tmp_path, refused)
    assert client.get(f"/takes/{other.id}/after/{first.id}").headers["location"] == f"/takes/{other.id}"
    assert client.get(f"/takes/{first.id}/beside/{other.id}").headers["location"] == f"/takes/{other.id}"


def test_the_front_view_is_joined_by_the_job_of_takes_join(
    client: TestClient, state: State, first: StoredTake, *, tmp_path: Path
) -> None:
    store = state.store
    page = client.get(f"/takes/{first.id}/next/side").text
    assert "Add the front view" in page
    said = about_of(page)
    assert said["beside"] == str(first.id)
    job = state.jobs.add("take", {"name": "front.mp4", "about": said})
    front = add(store, tmp_path, judged(ahead=0.3, arms=40.0, plane="front"), taken_at=DAY)
    claimed = state.jobs.claim("w:1:1")
    with store.writing() as connection:
        set_take(connection, claimed, front.id)
        end_job(connection, claimed, {"take": front.id})
    where = client.get(f"/jobs/{job.uid}").headers["location"]
    offer = client.get(where).text
    assert "Two sides of one run?" in offer
    assert "which day" not in offer
    action = re.search(r'action="([^"]*)"', offer)[1]
    made = client.post(action, data={"other": re.search(r'name="other" value="(\d+)"', offer)[1]})
    joining = state.jobs.job(made.headers["location"].rpartition("/")[2])
    assert (joining.kind, joining.wanted["takes"]) == ("join", [first.id, front.id])


@pytest.mark.parametrize(
    ("plane", "at", "says"),
    [
        ("side", DAY, "Both films are from the side"),
        ("front", DAY.replace(day=2), "of two days"),
        ("front", None, "don’t say on which day"),  # noqa: RUF001  (as it is printed)
    ],
)
def test_what_is_no_other_side_of_the_run(
    client: TestClient, store: Store, first: StoredTake, tmp_path: Path, *, plane: str, at: datetime | None, says: str
) -> None:
    other = add(store, tmp_path, judged(ahead=0.3, arms=40.0, plane=plane), taken_at=at)
    page = client.get(f"/takes/{first.id}/beside/{other.id}").text
    assert says in page
    assert ('action="/takes' in page) == (at is None)


@pytest.mark.parametrize("path", ["/takes/1/next/nothing", "/takes/1/beside/1", "/takes/77/next", "/takes/1/after/77"])
@pytest.mark.usefixtures("first")
def test_what_cannot_be_filmed_next_is_one_sentence(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept": "text/html"})
    assert answer.status_code in {400, 404, 422}
    assert 'role="alert"' in answer.text


def test_a_film_with_the_cue_is_compared_at_once(client: TestClient, state: State, first: StoredTake) -> None:
    plan = state.store.read(first).plan
    assert plan
    choices = client.get(f"/takes/{first.id}/next").text
    assert plan.cue in choices
    page = client.get(re.search(r'href="(/takes/\d+/next/again)"', choices)[1]).text
    assert plan.cue in html.unescape(page)
    said = about_of(page)
    assert said == {"athlete": state.store.athletes()[0].uid, "after": str(first.id), "trying": plan.cue}
    job = replace(state.jobs.add("take", {"name": "run.mp4", "about": said}), state="done", take_id=2)
    assert address_of(job, {}) == f"/takes/2/after/{first.id}"
