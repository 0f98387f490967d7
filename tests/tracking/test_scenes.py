"""A film of several scenes: each is followed, and the one that shows most comes first."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from midstance.errors import Refused, UsageError
from midstance.model import Clip, Floats, Person, Poses
from midstance.tracking.scenes import follow_scenes, only, steps_of
from tests.fixtures.drawn_runner import HEIGHT, WIDTH, as_poses, draw_runner, standing

RATE_HZ = 60


def film(*scenes: Floats) -> tuple[Clip, Poses]:
    """One person, cut from scene to scene."""
    xy = np.concatenate(scenes)
    cut = tuple(np.cumsum([len(scene) for scene in scenes])[:-1].tolist())
    time_s = np.arange(len(xy)) / RATE_HZ
    poses = as_poses(time_s, Person(xy=xy, confidence=np.ones(xy.shape[:2])), cut=cut)
    clip = Clip(
        path=Path("scenes.mp4"), sha256="", width=WIDTH, height=HEIGHT, time_s=time_s, rate_hz=float(RATE_HZ),
        variable_rate=False, rotation_deg=0,
    )  # fmt: skip
    return clip, poses


def runs(seconds: float, stride_hz: float = 1.4, seed: int = 0) -> Floats:
    return draw_runner(seconds=seconds, stride_hz=stride_hz, seed=seed).poses.people[0].xy


def walks(seconds: float) -> Floats:
    return draw_runner(gait="walk", stride_hz=0.9, seconds=seconds).poses.people[0].xy


def test_the_scene_with_most_steps_comes_first_and_the_others_keep_their_order() -> None:
    best, walk, other = follow_scenes(*film(walks(3), runs(2), runs(3, 1.6, seed=3)))
    assert not isinstance(best.outcome, Refused)
    track, _ = best.outcome
    assert track.first_frame >= 300
    assert track.stride_hz == pytest.approx(1.6, rel=0.01)
    assert [scene.number for scene in (best, walk, other)] == [3, 1, 2]
    assert [scene.frames for scene in (best, walk, other)] == [(300, 480), (0, 180), (180, 300)]
    assert walk.seconds == pytest.approx((0, 179 / 60))
    assert isinstance(walk.outcome, Refused)
    assert walk.outcome.reason == "not_running"
    assert other.shows == pytest.approx(3 * 2 * 1.4 * 2, rel=0.1)


def test_a_longer_scene_that_cannot_be_measured_does_not_refuse_the_film() -> None:
    clip, poses = film(walks(5), runs(2.5))
    track, view = follow_scenes(clip, poses)[0].followed
    assert track.first_frame >= 300
    assert view.plane == "side"


def test_where_no_scene_can_be_measured_the_film_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        _ = follow_scenes(*film(walks(3), walks(3)))[0].followed
    assert refused.value.reason == "not_running"


def test_a_scene_of_nobody_does_not_count() -> None:
    nobody = np.full_like(runs(2), np.nan)
    assert [scene.number for scene in follow_scenes(*film(nobody, runs(3)))] == [1]


def test_one_scene_is_followed_as_ever() -> None:
    (only_scene,) = follow_scenes(*film(runs(3)))
    assert (only_scene.number, only_scene.frames) == (1, (0, 180))


def test_a_person_who_is_in_no_scene_is_a_wrong_request() -> None:
    with pytest.raises(UsageError, match="no person 5"):
        follow_scenes(*film(runs(2), runs(2)), person=4)


def test_steps_are_counted_over_the_seconds_of_the_track() -> None:
    track, _ = follow_scenes(*film(runs(3)))[0].followed
    assert steps_of(track) == pytest.approx(2 * 1.4 * 3, abs=0.3)


def test_outside_a_scene_nobody_is_in_the_picture() -> None:
    _, poses = film(runs(2), runs(2))
    inside = only(poses, 120, 240).people[0].xy
    assert np.isnan(inside[:120]).all()
    np.testing.assert_array_equal(inside[120:], poses.people[0].xy[120:])


def test_who_stands_in_the_other_scene_is_told_so() -> None:
    time_s = np.arange(120) / RATE_HZ
    _, stands = follow_scenes(*film(runs(3), standing(time_s).xy))
    assert isinstance(stands.outcome, Refused)
    assert stands.outcome.say().startswith("Nobody runs in this clip. In the 2.0 s")
