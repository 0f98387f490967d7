"""What the clip shows: plane, setting, camera; a walk is refused however brisk, a slow jog is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from midstance.errors import Refused
from midstance.model import Clip, Person, View
from midstance.skeleton import INDEX, SIDES
from midstance.tracking.follow import follow_runner
from midstance.tracking.orientation import direction_votes, plane_of, turned_away_rad
from midstance.tracking.view import describe_view, is_walk, setting_of, vault_and_lift
from tests.fixtures.drawn_runner import HEIGHT, LEG_PX, WIDTH, Drawn, as_poses, body, draw_runner


def view_of(drawn: Drawn) -> View:
    clip = Clip(
        path=Path("run.mp4"),
        sha256="",
        width=WIDTH,
        height=HEIGHT,
        time_s=drawn.time_s,
        rate_hz=60.0,
        variable_rate=False,
        rotation_deg=0,
    )
    return describe_view(clip, drawn.poses, follow_runner(drawn.poses))


def test_treadmill() -> None:
    view = view_of(draw_runner(direction=-1))
    assert (view.plane, view.near_side, view.direction) == ("side", "left", -1)
    assert (view.setting, view.camera) == ("treadmill", "fixed")


def test_a_belt_in_slow_motion_is_a_belt() -> None:
    drawn = draw_runner(stride_hz=0.17, rate_hz=30, seconds=20)
    assert view_of(drawn).setting == "treadmill"


def test_over_ground() -> None:
    assert view_of(draw_runner(speed_leg=3.0, seconds=2.5)).setting == "over_ground"


def test_panning_over_ground() -> None:
    drawn = draw_runner()
    to_first = drawn.poses.camera.to_first.copy()
    to_first[:, 0, 2] = 600 * drawn.time_s
    poses = replace(drawn.poses, camera=replace(drawn.poses.camera, to_first=to_first))
    view = view_of(replace(drawn, poses=poses))
    assert (view.setting, view.camera) == ("over_ground", "panning")


def test_a_runner_before_a_background_that_was_lost_may_run_anywhere() -> None:
    drawn = draw_runner()
    lost = replace(drawn.poses.camera, quality=np.full(len(drawn.time_s), 0.5))
    assert view_of(replace(drawn, poses=replace(drawn.poses, camera=lost))).setting == "unknown"
    crossing = draw_runner(speed_leg=3.0, seconds=2.5)
    lost = replace(crossing.poses.camera, quality=np.full(len(crossing.time_s), 0.5))
    assert view_of(replace(crossing, poses=replace(crossing.poses, camera=lost))).setting == "over_ground"


def test_in_place() -> None:
    track = follow_runner(draw_runner().poses)
    hips = [INDEX[f"{side}_hip"] for side in SIDES]
    legs = [INDEX[f"{side}_{part}"] for side in SIDES for part in ("knee", "ankle", "heel", "toe")]
    xy = track.xy.copy()
    xy[:, legs, 0] = xy[:, hips, 0].mean(1, keepdims=True) + 0.15 * (
        xy[:, legs, 0] - xy[:, hips, 0].mean(1, keepdims=True)
    )
    assert setting_of(replace(track, xy=xy)) == "in_place"


@pytest.mark.parametrize("stride_hz", [0.8, 0.95, 1.15, 1.4])
def test_a_walk_is_refused_at_any_cadence(stride_hz: float) -> None:
    drawn = draw_runner(gait="walk", stride_hz=stride_hz, swaps=0.1, collapses=0.0)
    with pytest.raises(Refused, match="walking") as refused:
        view_of(drawn)
    assert refused.value.reason == "not_running"


@pytest.mark.parametrize("stride_hz", [0.95, 1.15, 1.4])
def test_a_run_is_not_a_walk_at_any_cadence(stride_hz: float) -> None:
    track = follow_runner(draw_runner(stride_hz=stride_hz).poses)
    vault, _ = vault_and_lift(track)
    assert vault < -0.8
    assert not is_walk(track)


def turned(sign: float) -> Person:
    """A runner seen from the front (+1) or from behind (-1)."""
    time_s = np.arange(180) / 60
    phase = 2 * np.pi * 1.4 * time_s
    xy = body(phase, "run") * [0.05, 1]
    xy[..., 1] += 0.04 * np.cos(2 * phase)[:, None]
    for side, place in (("left", sign), ("right", -sign)):
        for part, width in (
            ("shoulder", 0.2),
            ("elbow", 0.25),
            ("wrist", 0.2),
            ("hip", 0.1),
            ("knee", 0.1),
            ("ankle", 0.1),
        ):
            xy[:, INDEX[f"{side}_{part}"], 0] += place * width
    px = xy * [1, -1] * LEG_PX + [WIDTH / 2, HEIGHT / 2]
    return Person(xy=px + np.random.default_rng(0).normal(0, 1, px.shape), confidence=np.ones(px.shape[:2]))


@pytest.mark.parametrize(("sign", "plane"), [(1, "front"), (-1, "rear")])
def test_front_and_rear(sign: float, plane: str) -> None:
    time_s = np.arange(180) / 60
    poses = as_poses(time_s, turned(sign))
    drawn = Drawn(poses=poses, true_px=poses.people[0].xy, phase_rad=time_s, time_s=time_s)
    track, view = follow_runner(poses), view_of(drawn)
    assert (track.plane, track.near_side, track.direction) == (plane, None, 0)
    assert np.isnan(track.phase_rad).all()
    assert track.stride_hz == pytest.approx(1.4, abs=0.05)
    assert (view.plane, view.near_side) == (plane, None)


def test_direction_is_voted() -> None:
    time_s = np.arange(120) / 60
    for direction in (1, -1):
        person = draw_runner(direction=direction, seconds=2).poses.people[0]
        hips = person.xy[:, [INDEX["left_hip"], INDEX["right_hip"]]].mean(1)
        assert plane_of(person.xy) == "side"
        assert direction * direction_votes(person, hips, time_s) > 1.5


def test_a_turning_camera_tells_its_angle_by_the_size() -> None:
    angle = np.linspace(-0.5, 0.3, 200)
    size = 220 * np.cos(angle) + np.random.default_rng(0).normal(0, 1, 200)
    found = turned_away_rad(size, 3000 * angle + 50, width_px=1280)
    assert np.abs(found - angle).max() < 0.06


@pytest.mark.parametrize(
    "size", [np.full(200, 220.0), np.linspace(150, 300, 200), 220 / np.cos(np.linspace(-0.5, 0.3, 200))]
)
def test_no_angle_is_made_up(size: np.ndarray) -> None:
    noise = np.random.default_rng(1).normal(0, 1, 200)
    across = np.linspace(0, 2400, 200)
    assert (turned_away_rad(size + noise, across, width_px=1280) == 0).all()
    assert (turned_away_rad(size + noise, across / 10, width_px=1280) == 0).all()
