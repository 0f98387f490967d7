"""One runner with two true legs: swaps undone, gaps filled, the rest cut, the wrong clips refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from midstance.errors import Refused, UsageError
from midstance.model import Person, Poses, Track
from midstance.reasons import say
from midstance.skeleton import INDEX, MIRROR, leg_indices
from midstance.tracking.follow import _check, candidates, follow_runner
from midstance.tracking.gait_phase import ANKLE
from midstance.tracking.leg_identity import Legs
from tests.fixtures.drawn_runner import LEG_PX, WIDTH, Drawn, as_poses, draw_runner, standing

LEGS = leg_indices("left") + leg_indices("right")


def off_leg(track: Track, drawn: Drawn) -> np.ndarray:
    """(frame, 10) distance of the leg points from the truth, leg lengths."""
    rows = slice(track.first_frame, track.first_frame + len(track.time_s))
    return np.linalg.norm(track.xy_px[:, LEGS] - drawn.true_px[rows][:, LEGS], axis=2) / LEG_PX


def with_person(poses: Poses, xy: np.ndarray) -> Poses:
    return replace(poses, people=(replace(poses.people[0], xy=xy),))


@pytest.mark.parametrize(
    ("stride_hz", "rate_hz", "seconds"),
    [(1.25, 25, 6), (1.4, 60, 4), (1.5, 240, 1.6), (2.3, 60, 2.5), (0.17, 30, 20), (0.35, 60, 9)],
)
def test_legs_are_true_at_every_pace_and_rate(stride_hz: float, rate_hz: float, seconds: float) -> None:
    drawn = draw_runner(stride_hz=stride_hz, rate_hz=rate_hz, seconds=seconds)
    track = follow_runner(drawn.poses)
    assert track.stride_hz == pytest.approx(stride_hz, rel=0.005)
    assert len(track.time_s) > 0.95 * len(drawn.time_s)
    assert np.percentile(off_leg(track, drawn), 99) < 0.08
    assert (off_leg(track, drawn)[:, [2, 7]] < 0.12).all()


@pytest.mark.parametrize("direction", [1, -1])
def test_direction_and_near_side(direction: int) -> None:
    track = follow_runner(draw_runner(direction=direction).poses)
    assert (track.plane, track.direction) == ("side", direction)
    assert track.near_side == ("right" if direction > 0 else "left")
    assert track.label_vote == pytest.approx(0.75, abs=0.05)


def test_the_arms_tell_the_legs_apart_where_most_labels_are_wrong() -> None:
    drawn = draw_runner(swaps=0.6)
    track = follow_runner(drawn.poses)
    assert track.label_vote < 0.5
    assert off_leg(track, drawn)[:, [2, 7]].max() < 0.12


def test_unsure_sides_are_told() -> None:
    drawn = draw_runner(swaps=0.5, seed=2)
    xy = drawn.poses.people[0].xy.copy()
    arms = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("elbow", "wrist")]
    xy[:, arms] = xy[:, [INDEX["left_shoulder"]]] + np.array([60.0, 30.0])
    assert any("unsure" in say(note) for note in follow_runner(with_person(drawn.poses, xy)).notes)


def test_swapped_frames_are_reported() -> None:
    drawn = draw_runner(swaps=0.3, collapses=0.0)
    legs_moved = np.linalg.norm(drawn.poses.people[0].xy - drawn.true_px, axis=2)[:, LEGS].max(1) > 0.2 * LEG_PX
    track = follow_runner(drawn.poses)
    assert (track.swapped[legs_moved]).mean() > 0.95
    assert (track.swapped & legs_moved).sum() > 0.7 * track.swapped.sum()


def test_what_was_not_seen_is_marked() -> None:
    drawn = draw_runner(swaps=0.0, collapses=0.15)
    legs_moved = np.linalg.norm(drawn.poses.people[0].xy - drawn.true_px, axis=2)[:, INDEX["left_ankle"]] > 0.2 * LEG_PX
    track = follow_runner(drawn.poses)
    seen = track.seen[:, INDEX["left_ankle"]]
    assert seen[legs_moved].mean() < 0.4
    assert seen[~legs_moved].mean() > 0.8


def test_phase_is_that_of_the_near_leg() -> None:
    drawn = draw_runner()
    late = np.unwrap(follow_runner(drawn.poses).phase_rad - drawn.phase_rad)
    assert np.std(late) < 0.1


def test_uneven_time_stamps() -> None:
    step = np.where(np.arange(300) % 100 < 50, 1 / 30, 1 / 120)
    drawn = draw_runner(time_s=np.cumsum(step) - step[0])
    track = follow_runner(drawn.poses)
    assert track.stride_hz == pytest.approx(1.4, rel=0.005)
    assert np.percentile(off_leg(track, drawn), 98) < 0.08


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000), direction=st.sampled_from([1, -1]))
def test_a_mirrored_film_gives_the_mirrored_track(seed: int, direction: int) -> None:
    drawn = draw_runner(seed=seed, direction=direction, seconds=2.5)
    xy = drawn.poses.people[0].xy[:, MIRROR] * [-1, 1] + [WIDTH, 0]
    mirrored = replace(drawn.poses.people[0], xy=xy, confidence=drawn.poses.people[0].confidence[:, MIRROR])
    one, other = follow_runner(drawn.poses), follow_runner(replace(drawn.poses, people=(mirrored,)))
    assert (other.direction, other.stride_hz) == (-one.direction, pytest.approx(one.stride_hz))
    np.testing.assert_allclose(other.xy[:, MIRROR], one.xy, atol=1e-6)


@settings(max_examples=4, deadline=None)
@given(scale=st.floats(0.4, 2.5), right=st.floats(-100, 100), down=st.floats(-50, 50))
def test_size_and_place_in_the_picture_change_nothing(scale: float, right: float, down: float) -> None:
    drawn = draw_runner(seconds=2.5)
    xy = drawn.poses.people[0].xy * scale + [right + 300, down + 300]
    moved = replace(with_person(drawn.poses, xy), width=6000, height=6000)
    roomy = replace(with_person(drawn.poses, drawn.poses.people[0].xy + 300), width=6000, height=6000)
    np.testing.assert_allclose(follow_runner(moved).xy, follow_runner(roomy).xy, atol=1e-6)


def test_hidden_frames_are_filled_if_few_and_nan_if_many() -> None:
    drawn = draw_runner(seconds=5)
    xy = drawn.poses.people[0].xy.copy()
    xy[60:70] = np.nan
    xy[150:190] = np.nan
    track = follow_runner(with_person(drawn.poses, xy))
    assert track.first_frame == 0
    assert len(track.time_s) == 300
    assert np.percentile(off_leg(track, drawn)[60:70], 95) < 0.1
    assert np.isnan(track.xy_px[150:190]).all()
    assert (track.seen[60:70, INDEX["nose"]] == 0).all()
    whole = follow_runner(drawn.poses)
    np.testing.assert_allclose(track.xy_px[200:280, LEGS], whole.xy_px[200:280, LEGS], atol=0.03 * LEG_PX)


def test_standing_before_and_after_is_cut_away() -> None:
    drawn = draw_runner(seconds=4)
    still = standing(np.arange(120) / 60, at_px=(640, 360)).xy
    xy = np.concatenate([still, drawn.poses.people[0].xy, still])
    time_s = np.arange(len(xy)) / 60
    track = follow_runner(as_poses(time_s, Person(xy=xy, confidence=np.ones(xy.shape[:2]))))
    assert track.first_frame == pytest.approx(120, abs=25)
    assert track.first_frame + len(track.time_s) == pytest.approx(360, abs=25)
    assert track.stride_hz == pytest.approx(1.4, rel=0.01)
    assert any("Judged from" in say(note) for note in track.notes)


def test_only_one_scene_is_used() -> None:
    one, two = draw_runner(seconds=1.5), draw_runner(seconds=3, stride_hz=1.6, seed=3)
    xy = np.concatenate([one.poses.people[0].xy, two.poses.people[0].xy])
    person = Person(xy=xy, confidence=np.ones(xy.shape[:2]))
    track = follow_runner(as_poses(np.arange(len(xy)) / 60, person, cut=(90,)))
    assert track.first_frame >= 90
    assert track.stride_hz == pytest.approx(1.6, rel=0.01)


def test_a_runner_is_preferred_to_a_bigger_spectator() -> None:
    drawn = draw_runner()
    spectator = standing(drawn.time_s, scale=1.4)
    poses = as_poses(drawn.time_s, spectator, drawn.poses.people[0])
    track = follow_runner(poses)
    assert (track.person, track.people) == (1, 2)
    assert [someone.does for someone in candidates(poses)] == ["stands", "runs"]


def test_what_stands_small_beside_the_runner_is_not_named_a_person() -> None:
    """A treadmill's console was taken for a person a quarter as high as the runner."""
    drawn = draw_runner()
    with_console = as_poses(drawn.time_s, drawn.poses.people[0], standing(drawn.time_s, scale=0.3))
    assert not any(note.id == "one_of_many" for note in follow_runner(with_console).notes)
    with_friend = as_poses(drawn.time_s, drawn.poses.people[0], standing(drawn.time_s))
    assert any(note.id == "one_of_many" for note in follow_runner(with_friend).notes)


def test_a_person_may_be_asked_for() -> None:
    one, two = draw_runner(), draw_runner(direction=-1, stride_hz=1.6)
    poses = as_poses(one.time_s, one.poses.people[0], two.poses.people[0])
    asked = follow_runner(poses, person=1)
    assert asked.direction == -1
    assert any("Person 2 was measured of 1 (runs, 4.0 s), 2 (runs, 4.0 s)" in say(note) for note in asked.notes)
    with pytest.raises(UsageError, match="no person 8"):
        follow_runner(poses, person=7)


def test_over_ground_the_hips_travel_and_the_edge_is_cut() -> None:
    drawn = draw_runner(speed_leg=3.0, seconds=3)
    track = follow_runner(drawn.poses)
    hip = track.xy[:, [INDEX["left_hip"], INDEX["right_hip"]], 0].mean(1)
    assert np.polyfit(track.time_s, hip, 1)[0] == pytest.approx(3.0, rel=0.02)
    assert track.first_frame > 0
    assert off_leg(track, drawn)[:, [2, 7]].max() < 0.12


def test_a_panning_camera_is_taken_out() -> None:
    drawn = draw_runner(seconds=3)
    shift = 600 * drawn.time_s
    to_first = drawn.poses.camera.to_first.copy()
    to_first[:, 0, 2] = shift
    track = follow_runner(replace(drawn.poses, camera=replace(drawn.poses.camera, to_first=to_first)))
    hip = track.xy[:, [INDEX["left_hip"], INDEX["right_hip"]], 0].mean(1)
    assert np.polyfit(track.time_s, hip, 1)[0] == pytest.approx(600 / np.median(track.leg_px), rel=0.02)


def test_leg_length_is_one_and_the_ground_is_zero() -> None:
    track = follow_runner(draw_runner(noise_px=0.5).poses)
    leg = track.xy[:, leg_indices("right")]
    length = np.linalg.norm(np.diff(leg[:, :3], axis=1), axis=2).sum(1)
    assert np.median(length) == pytest.approx(1.0, abs=0.03)
    assert np.percentile(leg[:, 3:, 1].min(1), 5) == pytest.approx(0.0, abs=0.05)


def refused(poses: Poses) -> str:
    with pytest.raises(Refused) as error:
        follow_runner(poses)
    return error.value.reason


def test_refusals() -> None:
    time_s = np.arange(240) / 60
    drawn = draw_runner()
    few = slice(0, 55)
    below = with_person(drawn.poses, drawn.poses.people[0].xy + np.array([0, 250]))
    short = Person(xy=drawn.poses.people[0].xy[few], confidence=np.ones((55, 19)))
    nothing = np.full_like(drawn.poses.people[0].xy, np.nan)
    assert refused(as_poses(time_s)) == "no_person"
    assert refused(with_person(drawn.poses, nothing)) == "no_person"
    assert refused(as_poses(time_s, standing(time_s))) == "not_running"
    assert refused(as_poses(time_s[few], short)) == "too_few_steps"
    assert refused(below) == "body_not_in_view"


def test_shuffled_frames_do_not_run() -> None:
    drawn = draw_runner()
    order = np.random.default_rng(1).permutation(len(drawn.time_s))
    assert refused(with_person(drawn.poses, drawn.poses.people[0].xy[order])) == "not_running"


def why(poses: Poses) -> str:
    with pytest.raises(Refused) as error:
        follow_runner(poses)
    return say(error.value.why)


def test_too_few_steps_are_said_before_what_is_seen_of_them() -> None:
    """Of two steps with guessed feet the steps are too few: filming the feet would not help."""
    drawn, chance = draw_runner(seconds=0.9), np.random.default_rng(0)
    xy = drawn.poses.people[0].xy.copy()
    feet = [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("ankle", "heel", "toe")]
    xy[:, feet] += chance.normal(0, 14, (len(xy), len(feet), 2))
    assert why(with_person(drawn.poses, xy)).startswith("Only 2.")


def test_a_refusal_names_what_was_measured_what_is_needed_and_a_remedy() -> None:
    time_s, drawn = np.arange(240) / 60, draw_runner()
    order = np.random.default_rng(1).permutation(len(drawn.time_s))
    few = as_poses(time_s[:55], Person(xy=drawn.poses.people[0].xy[:55], confidence=np.ones((55, 19))))
    for poses in (with_person(drawn.poses, drawn.poses.people[0].xy[order]), few, as_poses(time_s, standing(time_s))):
        sentence = why(poses)
        assert "Film" in sentence
        assert any(letter.isdigit() for letter in sentence), sentence


def legs(explained: float, *, swing: float = 1.0, feet: float = 0.95, spread: float = 0.0, steps: float = 4.0) -> Legs:
    """Legs of which only what a refusal looks at is filled in."""
    count = 60
    seen = np.full((2, count, 5), 0.9)
    seen[:, :, ANKLE:] *= (feet + spread * (-1.0) ** np.arange(count))[:, None]
    drawn = np.zeros((2, count, 5, 2))
    drawn[0, :, ANKLE, 0] = np.cos(np.linspace(0, steps * np.pi, count))
    return Legs(
        xy=drawn, smoothed_away=0 * drawn, seen=seen, explained=np.full(count, explained),
        phase_rad=np.linspace(0, steps * np.pi, count), swing_range=swing, stride_hz=1.4,
        swapped=np.zeros(count, bool), sureness=1.0, body=None,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (legs(0.692), None),
        (legs(0.667), None),
        (legs(0.58), "legs_not_running"),
        (legs(0.9, swing=0.3), "ankles_stay"),
        (legs(0.9, steps=2.5, feet=0.4), "few_steps"),
        (legs(0.5, steps=2.5), "few_steps"),
        (legs(0.9, feet=0.72), "feet_hidden"),
        (legs(0.9, feet=0.76, spread=0.4), None),
    ],
    ids=["side pass", "bent forward", "turns round", "stands", "two steps, no feet", "two steps", "rail", "sprint"],
)
def test_who_is_refused_at_the_thresholds(seen: Legs, expected: str | None) -> None:
    if expected is None:
        _check(seen)
    else:
        with pytest.raises(Refused) as refused:
            _check(seen)
        assert refused.value.why.id == expected
