"""What a person puts right: the numbers follow from the points that are kept, each step is kept and can be undone."""

from __future__ import annotations

import json
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from starlette.testclient import TestClient
from validation.keep_poses import kept as kept_poses

from midstance import data
from midstance.comparison.model import StoredTake
from midstance.errors import InputError, UsageError
from midstance.formats import poses_npz
from midstance.gait.corrections import corrected_contacts, swapped_sides
from midstance.model import Analysis, ContactCorrection
from midstance.options import Options
from midstance.skeleton import INDEX
from midstance.store import Store
from midstance.store.corrections import add_step, put_right, read_step, steps, undo_step
from midstance.store.ingest import analyze_take
from midstance.store.retention import delete_originals
from midstance.web import task
from midstance.web.judged import Judge
from midstance.web.settings import RULES
from midstance.web.state import State
from tests.fixtures.least_analysis import analysis as least


@pytest.fixture
def take(store: Store, tmp_path: Path) -> StoredTake:
    film = tmp_path / "run.mp4"
    film.write_bytes(b"\0\0\0\x20ftypisom")
    take = store.add_take(store.add_athlete("Cody", height_m=1.7), film)
    points = tmp_path / "poses.npz"
    poses_npz.write(kept_poses("watermark_over_landing_foot"), points)
    store.add_analysis(take, least(), {"poses": points})
    return store.take(take.id)


def test_a_contact_moves_and_goes(run: Analysis) -> None:
    first, second, *rest = run.contacts
    moved = ContactCorrection(side=first.side, at_s=first.strike_s + 0.03, strike_s=first.strike_s + 0.05)
    gone = ContactCorrection(side=second.side, at_s=second.strike_s, gone=True)
    far = ContactCorrection(side=second.side, at_s=second.strike_s + 0.2, gone=True)
    after = corrected_contacts(run.contacts, [moved, gone, far], run.track, slower=1)
    assert len(after) == len(run.contacts) - 1
    assert after[0].strike_s == pytest.approx(first.strike_s + 0.05)
    assert after[0].toe_off_s == first.toe_off_s
    assert after[0].strike_frame == run.track.first_frame + round((first.strike_s + 0.05) * run.track.rate_hz)
    assert list(after[1:]) == rest


def test_in_a_slow_film_seconds_are_those_of_the_film(run: Analysis) -> None:
    first = run.contacts[0]
    moved = ContactCorrection(side=first.side, at_s=4 * first.strike_s, toe_off_s=4 * (first.toe_off_s + 0.02))
    after = corrected_contacts(run.contacts, [moved], run.track, slower=4)
    assert after[0].toe_off_s == pytest.approx(first.toe_off_s + 0.02)


def test_a_contact_never_ends_before_it_begins(run: Analysis) -> None:
    first = run.contacts[0]
    moved = ContactCorrection(side=first.side, at_s=first.strike_s, toe_off_s=0.0)
    after = corrected_contacts(run.contacts, [moved], run.track, slower=1)
    assert after[0].toe_off_s == pytest.approx(first.strike_s + 1 / run.track.rate_hz)


def test_swapped_sides_change_names_and_no_place(run: Analysis) -> None:
    track, view = swapped_sides(run.track, run.view)
    assert {track.near_side, run.track.near_side} == {"left", "right"}
    assert view.near_side == track.near_side
    np.testing.assert_array_equal(track.xy_px[:, INDEX["left_knee"]], run.track.xy_px[:, INDEX["right_knee"]])
    np.testing.assert_array_equal(track.xy[:, INDEX["nose"]], run.track.xy[:, INDEX["nose"]])
    back, _ = swapped_sides(track, view)
    np.testing.assert_array_equal(back.xy, run.track.xy)


@pytest.mark.parametrize(
    "content",
    [
        {}, {"kind": "all"}, {"kind": "person", "person": -1}, {"kind": "cut", "start_s": 2, "stop_s": 1},
        {"kind": "cut", "start_s": 0, "stop_s": float("inf")}, {"kind": "contact", "side": "up", "at_s": 1},
        {"kind": "height", "said": "16 m"}, {"kind": "speed", "speed_mps": 1e308}, {"kind": "swap", "more": 1},
    ],
)  # fmt: skip
def test_what_cannot_be_put_right(content: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as fault:
        read_step(content)
    assert "\n" not in str(fault.value)


def test_steps_are_kept_in_order_and_undone_from_the_end(store: Store, take: StoredTake) -> None:
    said = [{"kind": "height", "said": "5'5\""}, {"kind": "swap"}, {"kind": "swap"}, {"kind": "person", "person": 1}]
    for content in said:
        add_step(store, take, read_step(content))
    options = put_right(Options(height_m=1.8), steps(store, take))
    assert (options.height_m, options.person, options.corrections.swap_sides) == (1.651, 1, False)
    undo_step(store, take)
    undo_step(store, take)
    assert put_right(Options(), steps(store, take)).corrections.swap_sides
    add_step(store, take, read_step({"kind": "faces"}))
    assert put_right(Options(), steps(store, take)).blur_faces
    undo_step(store, take, every=True)
    assert put_right(Options(), steps(store, take)) == Options()
    add_step(store, take, read_step({"kind": "swap"}))
    store.delete_take(take)
    with store.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM corrections").scalar() == 0


def test_the_numbers_follow_without_the_film(client: TestClient, take: StoredTake, state: State) -> None:
    before = client.get(f"/takes/{take.id}/film/data.json").json()
    assert len(before["points"][0]) == 2 * len(before["names"])
    contact = before["contacts"][1]
    later = contact["strike_s"] + 0.03
    step = {"kind": "contact", "side": contact["side"], "at_s": contact["strike_s"], "strike_s": later}
    after = client.post(f"/takes/{take.id}/film/right", json=step).json()
    moved = next(one for one in after["contacts"] if one["by_hand"])
    assert moved["strike_s"] == pytest.approx(later, abs=1e-4)
    assert after["rows"] != before["rows"]
    assert any("by hand" in line for line in after["warnings"])
    assert [job.kind for job in state.jobs.of_take(take.id)] == ["analyze"]
    assert client.post(f"/takes/{take.id}/film/undo").json() == before
    assert [job.state for job in state.jobs.of_take(take.id)] == ["queued", "cancelled"]


def test_what_leaves_no_run_is_not_kept(client: TestClient, take: StoredTake, store: Store) -> None:
    cut = client.post(f"/takes/{take.id}/film/right", json={"kind": "cut", "start_s": 0.0, "stop_s": 0.2})
    assert cut.status_code == 422
    assert steps(store, take) == ()
    nobody = client.post(f"/takes/{take.id}/film/right", json={"kind": "person", "person": 7})
    assert (nobody.status_code, steps(store, take)) == (400, ())


def test_a_take_without_points_is_analysed_again(client: TestClient, take: StoredTake, store: Store) -> None:
    kept = next(file for file in take.files if file.kind == "poses")
    store.shelf.discard(kept.key)
    assert "were not kept" in client.get(f"/takes/{take.id}/film").text
    assert client.get(f"/takes/{take.id}/film/data.json").status_code == 409


def test_without_its_film_the_numbers_follow_and_the_report_stays(
    client: TestClient, state: State, take: StoredTake
) -> None:
    assert delete_originals(state.store, days=0) == 1
    film = f"/takes/{take.id}/film"
    before = client.get(f"{film}/data.json").json()
    after = client.post(f"{film}/right", json={"kind": "height", "said": "1.9"}).json()
    assert after["rows"] != before["rows"]
    assert state.jobs.recent() == ()  # there is nothing to draw into
    for path in (film, f"/takes/{take.id}", f"/takes/{take.id}/about"):
        page = client.get(path).text
        assert "The film was deleted some time after its analysis" in page
        assert "/clip" not in page
        assert f"/takes/{take.id}/analyze" not in page
    with pytest.raises(InputError, match=f"film of take {take.id} was deleted"):
        analyze_take(state.store, state.store.take(take.id))


def test_with_a_coachs_own_bands_every_film_is_judged(
    state: State, take: StoredTake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules = tmp_path / "rules"
    rules.mkdir()
    builtin = tomllib.loads(data.text("references.toml"))["cadence_spm"]
    lines = {**builtin, **{edge: [[2, at], [6, at]] for edge, at in (("low", 190), ("usual", 195), ("high", 200))}}
    text = "\n".join(f"{name} = {json.dumps(value)}" for name, value in lines.items() if name != "edge_error")
    (rules / "references.toml").write_text(f"[cadence_spm]\n{text}\n")
    club = replace(state, settings=replace(state.settings, rules=rules))
    (cadence,) = (measure for measure in Judge(club).judge(take).measures if measure.id == "cadence_spm")
    assert cadence.band
    assert cadence.band.low == pytest.approx(190)
    monkeypatch.setenv(RULES, str(rules))  # as a worker tells its process
    seen: list[Any] = []
    monkeypatch.setattr(task, "_bring", lambda *_said: None)
    monkeypatch.setattr(task, "analyze_take", lambda _store, _take, options, **_more: seen.append(options.rules))
    task.analyze(state.store, state.jobs.add("analyze", {}, take=take.id), task.Says())
    assert seen == [rules]
