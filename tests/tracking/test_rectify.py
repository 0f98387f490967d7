"""A runner whose camera is known by hand: tilt and yaw are found and taken out, and too oblique a view is refused."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache
from typing import Any

import numpy as np
import pytest

from midstance.errors import Refused
from midstance.kinematics.angles import point
from midstance.model import Track
from midstance.reasons import say
from midstance.skeleton import INDEX
from midstance.tracking.camera_pose import (
    UNKNOWN,
    Estimate,
    agreed,
    camera_table,
    confirmed,
    estimate_camera,
    separation,
    slope_of_ground,
    slopes_in_stance,
)
from midstance.tracking.rectify import (
    MOST_YAW_DEG,
    correct_camera,
    correction_of,
    remaining_sd_deg,
    rotated,
    without_yaw,
)
from tests.fixtures.jogger import LEG_M, Jogger, side_view

KNOWN_APART_M = {"shoulder": 0.19, "hip": 0.10, "knee": 0.08, "ankle": 0.06, "heel": 0.06, "toe": 0.07}
"""Half the distance between left and right."""


@cache
def jogging(*, treadmill: bool = False) -> Track:
    return Jogger().track(treadmill=treadmill)


def oblique(yaw_deg: float) -> Track:
    """The jogger as a far camera at this yaw sees him: forward lengths shortened, left and right coming apart."""
    track = jogging(treadmill=True)
    xy = track.xy * [np.cos(np.radians(yaw_deg)), 1.0]
    for part, half_m in KNOWN_APART_M.items():
        for side, sign in (("right", -1), ("left", 1)):
            xy[:, INDEX[f"{side}_{part}"], 0] += sign * half_m / LEG_M * np.sin(np.radians(yaw_deg))
    return replace(track, xy=xy)


@pytest.mark.parametrize("deg", [-8.0, -3.0, 5.0])
def test_a_turned_track_turned_back_is_the_same(deg: float) -> None:
    track = jogging()
    np.testing.assert_allclose(rotated(rotated(track, deg), -deg).xy, track.xy, atol=1e-12)


@pytest.mark.parametrize("deg", [-8.0, -2.0, 4.0])
def test_the_slope_of_the_ground_turns_with_the_picture(deg: float) -> None:
    level = slope_of_ground(jogging(), "over_ground").deg
    assert slope_of_ground(rotated(jogging(), deg), "over_ground").deg == pytest.approx(level + deg, abs=0.1)


@pytest.mark.parametrize("part", ["toe", "ankle"])
@pytest.mark.parametrize("deg", [-8.0, -2.0, 4.0])
def test_both_witnesses_of_a_belt_turn_with_the_picture(deg: float, part: str) -> None:
    track = jogging(treadmill=True)
    level, turned = (slopes_in_stance(each, part) for each in (track, rotated(track, deg)))
    np.testing.assert_allclose(turned, np.add(level, deg), atol=1.5)


def test_a_level_road_is_level() -> None:
    assert slope_of_ground(jogging(), "over_ground").deg == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("direction", [1, -1])
def test_a_tilt_on_the_road_is_found_and_removed(direction: int) -> None:
    straight = replace(jogging(), direction=direction)
    track, view = correct_camera(rotated(straight, 6.0), side_view(), (5.6 * direction, 0.7))
    assert view.tilt_deg == pytest.approx(6.0 * direction, abs=0.3)
    assert abs(view.tilt_deg - 6.0 * direction) < view.tilt_uncertainty_deg < 3
    lean = Jogger().lean_deg
    shoulder, hip = (track.xy[:, INDEX[f"left_{part}"]] for part in ("shoulder", "hip"))
    ahead, above = (shoulder - hip).mean(axis=0)
    assert np.degrees(np.arctan2(ahead, above)) == pytest.approx(lean, abs=0.3)
    assert any("tilted by about 6 degrees" in say(note) for note in view.notes)


def test_a_tilt_on_the_road_that_no_line_confirms_widens_the_intervals_instead() -> None:
    bent = rotated(jogging(), 6.0)
    track, view = correct_camera(bent, side_view())
    np.testing.assert_array_equal(track.xy, bent.xy)
    assert view.tilt_deg == pytest.approx(6.0, abs=0.3)
    assert not view.notes
    assert 1.96 * remaining_sd_deg(view)[0] > 6.0


def test_frames_that_are_missing_do_not_turn_the_camera() -> None:
    """Live drops pictures: the part of the stride that lost most of its frames must not count for less."""
    whole = replace(jogging(treadmill=True), **_rows(jogging(treadmill=True), slice(0, 80)))
    kept = np.setdiff1d(np.arange(len(whole.time_s)), [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 31, 32, 33])
    thinned = replace(whole, **_rows(whole, kept))
    for part in ("knee", "ankle", "shoulder"):
        np.testing.assert_allclose(separation(thinned, part), separation(whole, part), atol=0.012)
    plain = np.mean(point(thinned, "knee", "left") - point(thinned, "knee", "right"), axis=0)
    assert np.abs(plain - separation(whole, "knee")).max() > 0.04, "the mean of the frames that are left is another"
    found, true = (estimate_camera(each, "treadmill").yaw.deg for each in (thinned, whole))
    assert found == pytest.approx(true, abs=2)


def _rows(track: Track, rows: Any) -> dict[str, Any]:
    """Return these rows of everything of a track that has one for each frame."""
    count = len(track.time_s)
    found = {field.name: getattr(track, field.name) for field in fields(track)}
    return {n: v[rows] for n, v in found.items() if isinstance(v, np.ndarray) and len(v) == count}


def test_a_hill_before_an_upright_scene_is_no_tilt() -> None:
    """The path climbs by 6 degrees and posts stand upright: half of it may be there, and nothing is taken out."""
    bent = rotated(jogging(), 6.0)
    track, view = correct_camera(bent, side_view(), (0.0, 0.7))
    np.testing.assert_array_equal(track.xy, bent.xy)
    assert view.tilt_deg == pytest.approx(3.0, abs=0.3)
    assert 1.96 * remaining_sd_deg(view)[0] > 3.0


def test_a_scene_and_a_runner_that_agree_are_surer_than_either() -> None:
    both = agreed(Estimate(4.0, 1.0), Estimate(5.0, 0.5))
    assert both.deg == pytest.approx(4.8)
    assert both.sd_deg == pytest.approx(0.447, abs=0.001)
    doubtful = agreed(Estimate(-5.0, 1.0), Estimate(0.0, 0.7))
    assert (doubtful.deg, doubtful.sd_deg) == (-2.5, 5.0)


def test_a_scene_alone_needs_both_of_its_kinds_of_lines() -> None:
    assert agreed(UNKNOWN, Estimate(4.0, 0.7)) == Estimate(4.0, 0.7)
    assert agreed(UNKNOWN, Estimate(4.0, 1.0)) == Estimate(4.0, 2.0)


def test_a_small_tilt_is_told_but_not_removed() -> None:
    bent = rotated(jogging(), 0.8)
    track, view = correct_camera(bent, side_view())
    assert view.tilt_deg == pytest.approx(0.8, abs=0.3)
    np.testing.assert_array_equal(track.xy, bent.xy)
    assert not view.notes


@pytest.mark.parametrize("yaw_deg", [-20.0, -10.0, 15.0, 25.0])
def test_left_and_right_come_apart_with_the_yaw(yaw_deg: float) -> None:
    """By hand: the near shoulder falls behind by its width times the sine."""
    ahead, _ = separation(oblique(yaw_deg), "shoulder")
    assert ahead == pytest.approx(-2 * 0.19 / LEG_M * np.sin(np.radians(yaw_deg)), abs=0.002)
    assert np.sign(estimate_camera(oblique(yaw_deg), "treadmill").yaw.deg) == np.sign(yaw_deg)


def test_yaw_stretches_forward_lengths_back() -> None:
    track = jogging(treadmill=True)
    straight = without_yaw(oblique(20.0), 20.0, look_down_deg=0.0, redraw=False)
    for part in KNOWN_APART_M:
        found, true = (point(each, f"mid_{part}", "left") for each in (straight, track))
        np.testing.assert_allclose(found, true, atol=1e-9)


def test_yaw_can_be_taken_out_in_two_steps() -> None:
    track = oblique(18.0)
    once = without_yaw(track, 18.0, look_down_deg=8.0, redraw=False)
    first = without_yaw(track, 10.0, look_down_deg=8.0, redraw=False)
    twice = without_yaw(first, 18.0, look_down_deg=8.0, already_deg=10.0, redraw=False)
    np.testing.assert_allclose(twice.xy, once.xy, atol=5e-3)


def test_a_view_between_side_and_front_is_refused() -> None:
    track = oblique(20.0)
    per_leg = camera_table()["yaw"]["deg_per_leg"]["shoulder"]
    for sign in (1, -1):
        wide = track.xy.copy()
        wide[:, INDEX["right_shoulder"], 0] += sign * 70 / per_leg
        with pytest.raises(Refused, match="side") as refused:
            correct_camera(replace(track, xy=wide), side_view(treadmill=True))
        assert refused.value.reason == "view_not_supported"


def test_what_is_not_told_is_left_alone() -> None:
    track = replace(jogging(), bias_removed=False)
    view = side_view()
    same, view_after = correct_camera(track, view)
    assert same is track
    assert view_after is view


def test_a_tilt_needs_a_second_witness() -> None:
    first = Estimate(-6.0, 1.0)
    assert confirmed(first, Estimate(-4.0, 2.0)) == first
    doubtful = confirmed(first, Estimate(1.0, 2.0))
    assert doubtful.deg == pytest.approx(-2.5)
    assert doubtful.sd_deg == pytest.approx(7.0)
    assert confirmed(Estimate(-3.5, 1.0), Estimate(-0.5, 2.0)).sd_deg > 2
    assert confirmed(Estimate(0.5, 1.0), Estimate(-2.0, 2.0)) == Estimate(0.5, 1.0)


def test_what_remains_of_the_camera() -> None:
    """Removed: its own error remains. Not removed: less than either the finding's error or the usual one."""
    found = replace(side_view(), tilt_deg=5.0, tilt_uncertainty_deg=2.0)
    assert remaining_sd_deg(found)[0] == pytest.approx(2.0 / 1.96)
    nothing = replace(found, tilt_deg=0.0)
    assert correction_of(nothing).tilt_deg == 0
    assert remaining_sd_deg(nothing)[0] < 1.0
    assert remaining_sd_deg(side_view())[0] == 1.0
    assert MOST_YAW_DEG <= 30
