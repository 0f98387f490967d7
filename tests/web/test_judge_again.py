"""What the pages offer to judge again: with something to try, and with another height."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from midstance.comparison.model import StoredTake
from midstance.formats import analysis_json
from midstance.model import Analysis
from midstance.store import Store
from midstance.web.state import State
from tests.fixtures.judged import judged
from tests.fixtures.least_analysis import analysis as least

TRY = "What could I try?"
WATCHED = {"vertical_oscillation_leg": 0.132, "vertical_oscillation_cm": 11.6, "take_off_angle_deg": 12.0}
"""A bounce merely to be watched: nothing must change."""


def add_take(store: Store, folder: Path, content: dict[str, Any]) -> StoredTake:
    """A take with this analysis and a report of it."""
    film, report = folder / "run.mp4", folder / "report.zip"
    film.write_bytes(b"\0\0\0\x20ftypisom%d" % len(store.athletes()))
    with zipfile.ZipFile(report, "w") as packed:
        packed.writestr("report.html", "<h1>Nothing you must change</h1>")
    athlete = store.athletes()[0] if store.athletes() else store.add_athlete("Cody", height_m=1.7)
    take = store.add_take(athlete, film)
    store.add_analysis(take, content, {"report": report})
    return store.take(take.id)


@pytest.mark.parametrize(
    ("asked", "values", "offered"),
    [(False, WATCHED, True), (True, WATCHED, False), (False, {}, False)],
    ids=["nothing must change", "what was asked for is there", "nothing to try"],
)
def test_who_asks_what_to_try_is_judged_again(
    client: TestClient, state: State, tmp_path: Path, *, run: Analysis, asked: bool, values: Any, offered: bool
) -> None:
    take = add_take(state.store, tmp_path, analysis_json.plain(judged(run, asked=asked, **values)))
    page = client.get(f"/takes/{take.id}").text
    assert (TRY in page) == offered
    if offered:
        assert f'action="/takes/{take.id}/analyze"' in page
        client.post(f"/takes/{take.id}/analyze", data={"try": "true"})
        (job,) = state.jobs.of_take(take.id)
        assert job.wanted["try"] is True


def test_another_height_leads_to_the_takes_that_still_have_the_old_one(
    client: TestClient, store: Store, state: State, tmp_path: Path
) -> None:
    lite = least(shank=4.0)
    lite["pose"]["model"] = "lite"
    takes = [add_take(store, tmp_path, content) for content in (least(), lite)]
    uid = store.athletes()[0].uid
    said = {"name": "Cody", "height": "1.70 m"}
    assert client.post(f"/athletes/{uid}/edit", data=said).headers["location"] == f"/athletes/{uid}"
    changed = client.post(f"/athletes/{uid}/edit", data={**said, "height": "1.80 m"})
    assert changed.headers["location"] == f"/athletes/{uid}/again"
    page = client.get(f"/athletes/{uid}/again").text
    assert "keep their numbers and reports until they are judged again" in page
    assert [f'value="{take.id}" checked' in page for take in takes] == [True, True]
    assert state.jobs.recent() == ()  # nothing is judged unasked
    one = client.post(f"/athletes/{uid}/again", data={"take": [takes[1].id]}).headers["location"]
    (job,) = state.jobs.of_take(takes[1].id)
    assert (one, job.kind, job.wanted["model"]) == (f"/jobs/{job.uid}", "analyze", "lite")  # from the points it has
    both = client.post(f"/athletes/{uid}/again", data={"take": [take.id for take in takes]})
    assert both.headers["location"] == "/"
    assert len(state.jobs.of_take(takes[0].id)) == len(state.jobs.of_take(takes[1].id)) == 1
    assert client.post(f"/athletes/{uid}/again").headers["location"] == f"/athletes/{uid}"


def test_a_take_of_somebody_else_is_not_judged_again(
    client: TestClient, store: Store, state: State, tmp_path: Path
) -> None:
    take = add_take(store, tmp_path, least())
    other = store.add_athlete("Ann", height_m=1.6)
    client.post(f"/athletes/{other.uid}/again", data={"take": [take.id]})
    assert state.jobs.recent() == ()
    edited = client.post(f"/athletes/{other.uid}/edit", data={"name": "Ann", "height": "1.65 m"})
    assert edited.headers["location"] == f"/athletes/{other.uid}"  # who has no take has nothing to judge again
