"""A film on its way into the store: kept first, analysed then, whatever happens in between."""

from __future__ import annotations

import importlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from midstance.comparison.model import Athlete, StoredTake, TakeNotes
from midstance.comparison.take import take_from_analysis, take_from_text
from midstance.errors import InputError, Refused, UsageError
from midstance.formats import analysis_json, poses_npz
from midstance.model import Analysis, CameraMotion, Clip, ClipPoses, Level, Person, PoseModel, Poses
from midstance.options import Options
from midstance.output.results import unpack_report, zip_results
from midstance.reasons import Reason
from midstance.skeleton import KEYPOINTS
from midstance.store import Store, ingest, open_store
from midstance.store.corrections import steps
from midstance.text.refusal import HEADLINES
from tests.fixtures.acted import acted
from tests.fixtures.burnt import burnt_film, poses_over


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    return acted(tmp_path_factory.mktemp("acted"))


@pytest.fixture
def kept(tmp_path: Path, analysis: Analysis, monkeypatch: pytest.MonkeyPatch) -> tuple[Store, Athlete, StoredTake]:
    """A take whose film shows a stick figure: its points are not looked for."""
    monkeypatch.setattr(ingest, "find_poses", lambda clip, _options, **_: seen_in(clip))
    store = open_store(f"sqlite:///{tmp_path / 'm.db'}", str(tmp_path / "films"))
    cody = store.add_athlete("Cody", height_m=1.8)
    return store, cody, store.add_take(cody, analysis.clip.path, TakeNotes(speed_mps=3.1, trying="sooner"))


def seen_in(clip: Clip, *, model: str = "full") -> ClipPoses:
    """Somebody in every frame of a clip, anywhere."""
    draw = np.random.default_rng(3)
    person = Person(
        xy=draw.uniform(0, 400, (clip.frames, len(KEYPOINTS), 2)),
        confidence=draw.uniform(0, 1, (clip.frames, len(KEYPOINTS))),
        peaks=draw.uniform(0, 1, (clip.frames, 10, 4, 3)),
    )
    camera = CameraMotion(
        to_first=draw.uniform(0, 1, (clip.frames, 2, 3)),
        quality=draw.uniform(0, 1, clip.frames),
        cut=np.zeros(clip.frames, bool),
    )
    poses = Poses(
        model=PoseModel(backend="blazepose", model=model, weights_sha256="0" * 64),
        time_s=clip.time_s,
        width=clip.width,
        height=clip.height,
        people=(person,),
        camera=camera,
    )
    return ClipPoses(clip=clip, poses=poses, levels=(Level(frame=3, deg=1.25, sd_deg=0.5),))


def test_points_are_kept_to_the_last_digit_and_not_looked_for_again(
    kept: tuple[Store, Athlete, StoredTake], analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _, take = kept
    monkeypatch.setattr(ingest, "judge_upright", lambda found, _options, **_: (analysis, found))
    ingest.analyze_take(store, take)
    take, clip = store.take(take.id), analysis.clip
    again, before = ingest.kept_poses(store, take, clip, "full"), seen_in(clip)
    assert again is not None
    for name in ("xy", "confidence", "peaks"):
        np.testing.assert_array_equal(getattr(again.poses.people[0], name), getattr(before.poses.people[0], name))
    np.testing.assert_array_equal(again.poses.camera.to_first, before.poses.camera.to_first)
    assert (again.levels, again.poses.model) == (before.levels, before.poses.model)
    assert ingest.kept_poses(store, take, clip, "lite") is None
    monkeypatch.setattr(ingest, "find_poses", lambda *_, **__: pytest.fail("looked again"))
    ingest.analyze_take(store, take)
    store.close()


def test_points_that_cannot_be_read_are_looked_for_again(tmp_path: Path, analysis: Analysis) -> None:
    file = tmp_path / "poses.npz"
    poses_npz.write(seen_in(analysis.clip), file)
    whole = file.read_bytes()
    for broken in (b"", b"PK", whole[: len(whole) // 2], whole[:200] + b"?" * 50 + whole[250:]):
        file.write_bytes(broken)
        with pytest.raises(InputError, match="Analyse the film again"):
            poses_npz.read(file, file)


def test_analysis_is_kept_with_a_thumbnail(
    kept: tuple[Store, Athlete, StoredTake], analysis: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _, take = kept
    asked: list[Any] = []

    def judge(found: ClipPoses, options: Options, **_: object) -> tuple[Analysis, ClipPoses]:
        asked.append(options)
        return replace(analysis, clip=found.clip), found

    monkeypatch.setattr(ingest, "judge_upright", judge)
    content = ingest.analyze_take(store, take)
    assert (asked[0].height_m, asked[0].speed_mps) == (1.8, 3.1)
    assert content["clip"]["path"] == "acted.mp4"
    now = store.take(take.id)
    assert [file.kind for file in now.files] == ["clip", "thumbnail", "film", "poses"]
    assert store.read(now).trying == "sooner"
    store.close()


def test_refusal_is_kept_too(kept: tuple[Store, Athlete, StoredTake], monkeypatch: pytest.MonkeyPatch) -> None:
    store, _, take = kept

    def refuse(*_: object, **__: object) -> Analysis:
        raise Refused("not_running", "This runner walks.")

    monkeypatch.setattr(ingest, "judge_upright", refuse)
    assert ingest.analyze_take(store, take)["refused"]["reason"] == "not_running"
    with pytest.raises(Exception, match=r"take 1 was not judged.*walks"):
        store.read(store.take(take.id))
    store.close()


def test_a_refused_take_keeps_the_page_that_shows_why(
    kept: tuple[Store, Athlete, StoredTake], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _, take = kept

    def refuse(found: ClipPoses, *_: object, **__: object) -> Analysis:
        fault = Refused("body_not_in_view", Reason("part_out_of_view", seen=0.4, needed=0.8))
        fault.found = found
        raise fault

    monkeypatch.setattr(ingest, "judge_upright", refuse)
    ingest.analyze_take(store, take, write_report=zip_results)
    take = store.take(take.id)
    page = unpack_report(store, take, tmp_path / "out").read_text(encoding="utf-8")
    assert HEADLINES["body_not_in_view"] in page
    assert "acted.mp4" in page
    assert page.count("data:image/jpeg;base64,") >= 3
    store.close()


def test_of_a_film_that_lies_on_its_side_the_upright_points_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Judged again, by another height or in the player, it is not looked at a third time."""
    looked: list[int] = []

    def look(clip: Clip | ClipPoses, _options: Options, **_: object) -> ClipPoses:
        assert isinstance(clip, Clip)
        looked.append(clip.turned_deg)
        upright = poses_over(clip.path)
        if clip.turned_deg:
            return replace(upright, clip=clip)
        (runner,) = upright.poses.people
        lying = np.stack([clip.width - 1 - runner.xy[..., 1], runner.xy[..., 0]], axis=-1)
        return replace(upright, poses=replace(upright.poses, people=(replace(runner, xy=lying),)))

    for place in (ingest, importlib.import_module("midstance.analyze")):
        monkeypatch.setattr(place, "find_poses", look)
    store = open_store(f"sqlite:///{tmp_path / 'm.db'}", str(tmp_path / "films"))
    film = burnt_film(tmp_path / "lying.mp4", list(np.arange(120) / 60), quarters=1, says=False)
    take = store.add_take(store.add_athlete("Cody"), film)
    for _ in range(2):
        content = ingest.analyze_take(store, take)
        assert content["clip"]["rotation_deg"] == 270
        take = store.take(take.id)
    assert looked == [0, 270]
    store.close()


def test_analysis_cut_short_leaves_the_film(
    kept: tuple[Store, Athlete, StoredTake], monkeypatch: pytest.MonkeyPatch
) -> None:
    store, _, take = kept

    def stop(*_: object, **__: object) -> Analysis:
        raise KeyboardInterrupt

    monkeypatch.setattr(ingest, "judge_upright", stop)
    with pytest.raises(KeyboardInterrupt):
        ingest.analyze_take(store, take)
    assert store.take(take.id).analyses == 0
    assert store.shelf.has(take.clip.key)
    store.close()


def test_memory_and_file_give_the_same_take(analysis: Analysis) -> None:
    """But for the strides behind each number, which the file does not hold, and the last digits."""
    plain = analysis_json.plain(analysis)
    read, held = take_from_text(json.dumps(plain), "here", label="a"), take_from_analysis(analysis, label="a")
    assert [(m.id, m.side) for m in read.measures] == [(m.id, m.side) for m in held.measures]
    assert [m.value for m in read.measures] == pytest.approx([m.value for m in held.measures], abs=1e-5)
    assert (read.plane, read.near_side, read.pose) == (held.plane, held.near_side, held.pose)
    assert read.rate_hz == pytest.approx(held.rate_hz)
    assert [f.problem for f in read.findings] == [f.problem for f in held.findings]
    assert read.plan is not None
    assert held.plan is not None
    assert read.plan.focus == held.plan.focus


def test_day_of_the_film_is_read_from_it(analysis: Analysis, tmp_path: Path) -> None:
    assert ingest.filmed_at(analysis.clip.path) is None
    stamped = tmp_path / "stamped.mp4"
    with av.open(str(analysis.clip.path)) as source, av.open(str(stamped), "w") as target:
        target.metadata["creation_time"] = "2026-05-01T07:30:00.000000Z"
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    assert ingest.filmed_at(stamped) == datetime(2026, 5, 1, 7, 30, tzinfo=UTC)
    with pytest.raises(UsageError, match="is a folder"):
        ingest.filmed_at(tmp_path)


def test_faces_once_blurred_stay_blurred(
    kept: tuple[Store, Athlete, StoredTake], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is drawn later, and what a link shows, must not bring a face back that nobody asked for."""
    store, _, take = kept
    monkeypatch.setattr(
        ingest, "find_poses", lambda clip, _o, **_: clip if isinstance(clip, ClipPoses) else seen_in(clip)
    )
    asked = list[bool]()
    real = ingest._judge

    def judge(found: ClipPoses, options: Options, *more: Any) -> Any:
        asked.append(options.blur_faces)
        return real(found, replace(options, blur_faces=False), *more)  # nobody's head is in this film

    monkeypatch.setattr(ingest, "_judge", judge)
    for options in (None, Options(blur_faces=True), None, Options(blur_faces=True)):
        ingest.analyze_take(store, take, options)
    assert asked == [False, True, True, True]
    assert len(steps(store, take)) == 1
