"""Who cannot be measured, and why: cut off by the picture, hidden, turned over, or gone before three steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.errors import Refused
from midstance.model import Floats, Person, Poses
from midstance.skeleton import INDEX, leg_indices
from midstance.tracking.candidates import candidates, visible
from midstance.tracking.follow import follow_runner
from midstance.tracking.orientation import turned_deg
from tests.fixtures.drawn_runner import HEIGHT, LEG_PX, WIDTH, as_poses, draw_runner

DRAWN = draw_runner(seconds=2.5)
POSES = DRAWN.poses
XY = POSES.people[0].xy


def with_points(xy: Floats, poses: Poses = POSES) -> Poses:
    return replace(poses, people=(Person(xy=xy, confidence=np.ones(xy.shape[:2])),))


def refusal(poses: Poses) -> Refused:
    with pytest.raises(Refused) as caught:
        follow_runner(poses)
    return caught.value


def test_feet_below_the_picture_are_not_guessed() -> None:
    soles = float(np.percentile(XY[:, INDEX["right_toe"], 1], 90))
    assert follow_runner(replace(POSES, height=round(soles) + 5)).stride_hz == pytest.approx(1.4, rel=0.01)
    assert refusal(replace(POSES, height=round(soles) - 30)).reason == "body_not_in_view"


def test_a_head_above_the_picture_is_not_guessed() -> None:
    shoulders = float(np.median(XY[:, INDEX["right_shoulder"], 1]))
    assert refusal(with_points(XY - [0, shoulders - 10])).reason == "body_not_in_view"


def test_a_toe_may_leave_the_picture_to_the_side() -> None:
    beside = XY.copy()
    beside[..., 0] += WIDTH - 80 - np.median(XY[:, INDEX["right_hip"], 0])
    out = beside[:, INDEX["right_toe"], 0] > WIDTH
    assert np.isfinite(visible(with_points(beside), 0)[out, INDEX["right_toe"], 0]).any()


def test_feet_behind_a_rail_are_not_guessed() -> None:
    chance, hidden = np.random.default_rng(0), XY.copy()
    for side in ("left", "right"):
        feet = np.array([INDEX[f"{side}_{part}"] for part in ("ankle", "heel", "toe")])
        low = XY[:, INDEX[f"{side}_ankle"], 1] > HEIGHT / 2 + 0.9 * LEG_PX
        guesses = chance.normal(0, 0.1 * LEG_PX, (int(low.sum()), 1, 2))
        hidden[np.ix_(np.flatnonzero(low), feet)] += guesses
    refused = refusal(with_points(hidden))
    assert refused.reason == "body_not_in_view"
    assert "feet" in str(refused)


def test_a_leg_that_is_never_seen_is_said() -> None:
    chance, hidden = np.random.default_rng(1), XY.copy()
    far = leg_indices("left")[1:]
    hidden[:, far] = hidden[:, [INDEX["left_hip"]]] + [0.0, 0.4 * LEG_PX] + chance.normal(0, 25, (len(XY), len(far), 2))
    refused = refusal(with_points(hidden))
    assert refused.reason == "body_not_in_view"
    assert "one leg" in str(refused)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_film_on_its_side_or_head_is_to_be_turned(quarters: int) -> None:
    xy, size = XY, (WIDTH, HEIGHT)
    for _ in range(quarters):
        xy, size = np.stack([size[1] - xy[..., 1], xy[..., 0]], -1), size[::-1]
    refused = refusal(replace(with_points(xy), width=size[0], height=size[1]))
    assert refused.reason == "view_not_supported"
    assert f"{360 - 90 * quarters} degrees clockwise" in str(refused)


@pytest.mark.parametrize("angle", [-170, -60, 0, 30, 90])
def test_how_far_a_body_is_turned(angle: float) -> None:
    c, s = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    plain = turned_deg(XY)
    turned = turned_deg(XY @ np.array([[c, s], [-s, c]]))
    assert (turned - plain - angle + 180) % 360 - 180 == pytest.approx(0, abs=3)


def test_a_runner_of_a_few_pixels_is_not_measured() -> None:
    refused = refusal(with_points(XY * 0.1 + [300, 300]))
    assert refused.reason == "view_not_supported"
    assert "nearer" in str(refused)


def test_scenes_too_short_for_anybody_are_not_empty() -> None:
    time_s = np.arange(120) / 60
    assert refusal(as_poses(time_s[:40])).reason == "too_few_steps"
    assert refusal(as_poses(time_s, cut=(40, 80))).reason == "too_few_steps"
    assert refusal(as_poses(time_s)).reason == "no_person"


def test_the_larger_of_two_runners_is_taken() -> None:
    small = Person(xy=XY * 0.5 + [100, 300], confidence=np.ones(XY.shape[:2]))
    poses = replace(POSES, people=(small, POSES.people[0]))
    assert [someone.does for someone in candidates(poses)] == ["runs", "runs"]
    assert follow_runner(poses).person == 1
