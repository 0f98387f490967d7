"""A film of several scenes: each is judged and named, any can be asked for, and they can be compared."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from midstance.analyze import analyze
from midstance.comparison.sources import compare
from midstance.comparison.take import take_from_text
from midstance.errors import Refused, UsageError
from midstance.formats import analysis_json
from midstance.model import Clip, ClipPoses, Floats, Person
from midstance.reasons import say
from midstance.text.changes import describe_series
from tests.fixtures.drawn_runner import HEIGHT, WIDTH, as_poses, draw_runner

RATE_HZ = 60


def film(*scenes: Floats) -> ClipPoses:
    """One person, cut from scene to scene."""
    xy = np.concatenate(scenes)
    cut = tuple(np.cumsum([len(scene) for scene in scenes])[:-1].tolist())
    time_s = np.arange(len(xy)) / RATE_HZ
    poses = as_poses(time_s, Person(xy=xy, confidence=np.ones(xy.shape[:2])), cut=cut)
    clip = Clip(
        path=Path("scenes.mp4"), sha256="abc", width=WIDTH, height=HEIGHT, time_s=time_s, rate_hz=float(RATE_HZ),
        variable_rate=False, rotation_deg=0,
    )  # fmt: skip
    return ClipPoses(clip=clip, poses=poses)


def runs(seconds: float, stride_hz: float = 1.4, seed: int = 0) -> Floats:
    return draw_runner(seconds=seconds, stride_hz=stride_hz, seed=seed).poses.people[0].xy


def walks(seconds: float) -> Floats:
    return draw_runner(gait="walk", stride_hz=0.9, seconds=seconds).poses.people[0].xy


def test_every_scene_is_judged_and_named() -> None:
    analysis = analyze(film(walks(3), runs(2), runs(3, 1.6, seed=3)), height_m=1.75)
    assert analysis.scene == 3
    walk, other = analysis.other_scenes
    assert (walk.number, walk.analysis) == (1, None)
    assert walk.why_not is not None
    assert other.analysis is not None
    assert other.analysis.measures["cadence_spm"].value == pytest.approx(168, abs=2)
    notes = [say(note, "cli") for note in analysis.view.notes]
    assert notes[0] == "This film has 3 scenes. Scene 3, from 5.0 to 8.0 s, is measured here."
    assert notes[1].startswith("Scene 1, from 0.0 to 3.0 s, cannot be measured. This looks like walking")
    assert notes[2].startswith("Scene 2, from 3.0 to 5.0 s, is seen from the side: 168 steps a minute. ")
    assert notes[2].endswith("--scene 2 shows all of it.")
    plan = other.analysis.plan
    assert (f"First to change there: {plan.title}." if plan else "Nothing there asks for a change.") in notes[2]
    assert notes[3] == "Is it one runner in these scenes? midstance compare scenes.mp4 says what differs."
    content = analysis_json.plain(analysis)
    assert content["scene"] == 3
    assert [scene["number"] for scene in content["other_scenes"]] == [1, 2]
    assert content["other_scenes"][0]["why_not"]
    assert content["other_scenes"][1]["cadence_spm"] == pytest.approx(168, abs=2)
    assert take_from_text(json.dumps(content), "a", label="a").measures


def test_a_scene_can_be_asked_for() -> None:
    found = film(walks(3), runs(2), runs(3, 1.6, seed=3))
    second = analyze(found, scene=2)
    assert second.scene == 2
    assert 120 * second.track.stride_hz == pytest.approx(168, abs=2)
    assert [other.number for other in second.other_scenes] == [1, 3]
    with pytest.raises(Refused, match="walking"):
        analyze(found, scene=1)
    with pytest.raises(UsageError, match="no scene 4"):
        analyze(found, scene=4)
    with pytest.raises(UsageError, match="counted from 1"):
        analyze(found, scene=0)


def test_a_film_without_cuts_is_scene_1() -> None:
    analysis = analyze(film(runs(3)), scene=1)
    assert (analysis.scene, analysis.other_scenes) == (1, ())
    assert not any("scene" in say(note).lower() for note in analysis.view.notes)
    with pytest.raises(UsageError, match="no scene 2"):
        analyze(film(runs(3)), scene=2)


def test_scenes_of_one_film_are_compared_in_its_order() -> None:
    found = film(runs(3, 1.3, seed=1), walks(2), runs(4, 1.6, seed=3))
    series = compare(found, height_m=1.75)
    assert series.takes == ("scenes.mp4, scene 1", "scenes.mp4, scene 3")
    assert not any(obstacle.id == "same_film" for obstacle in series.overall.obstacles)
    cadence = next(d for d in series.overall.differences if d.measure == "cadence_spm")
    assert (cadence.before, cadence.after) == pytest.approx((156, 192), abs=2)
    assert all(chapter.says for chapter in describe_series(series))


def test_one_scene_alone_is_nothing_to_compare() -> None:
    with pytest.raises(UsageError, match="needs two takes"):
        compare(film(runs(3)))
