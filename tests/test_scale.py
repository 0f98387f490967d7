"""Metres and speed of a runner whose size and speed are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.events import find_contacts
from midstance.scale import (
    TRUNK_AND_LEG,
    acceleration_leg,
    is_steady,
    measure_scale,
    running_speed_leg,
    time_base,
    trunk_and_leg,
)
from tests.jogger import LEG_M, Jogger, side_view

JOGGER = Jogger(speed_mps=3.4)
TRACK = JOGGER.track()
CONTACTS = find_contacts(TRACK, side_view())


@pytest.mark.parametrize("treadmill", [False, True])
def test_speed_in_legs_on_the_belt_and_over_ground(*, treadmill: bool) -> None:
    track = JOGGER.track(treadmill=treadmill)
    contacts = find_contacts(track, side_view(treadmill=treadmill))
    assert running_speed_leg(track, contacts) * LEG_M == pytest.approx(3.4, rel=0.03)


def test_a_height_gives_metres_and_speed() -> None:
    height_m = trunk_and_leg(TRACK) * LEG_M / TRUNK_AND_LEG
    view = measure_scale(side_view(), TRACK, CONTACTS, height_m=height_m)
    assert view.scale_source == "height"
    assert view.scale_m_per_leg == pytest.approx(LEG_M)
    assert view.speed_mps == pytest.approx(3.4, rel=0.03)
    assert view.scale_m_per_px == pytest.approx(LEG_M / 250)


def test_a_known_length_is_surer_than_a_height_and_disagreement_is_said() -> None:
    view = measure_scale(side_view(), TRACK, CONTACTS, height_m=2.6, known_length=(LEG_M, 250))
    assert view.scale_source == "known_length"
    assert view.scale_m_per_leg == pytest.approx(LEG_M)
    assert any("height" in note for note in view.notes)


def test_the_speed_of_the_belt_gives_metres() -> None:
    view = measure_scale(side_view(), TRACK, CONTACTS, speed_mps=3.4)
    assert (view.scale_source, view.speed_source) == ("belt_speed", "given")
    assert view.scale_m_per_leg == pytest.approx(LEG_M, rel=0.03)


def test_without_a_tape_gravity_gives_metres_and_says_how_unsure() -> None:
    view = measure_scale(side_view(), TRACK, CONTACTS)
    assert view.scale_source == "gravity"
    assert view.scale_uncertainty >= 0.2


@pytest.mark.parametrize("gain_mps2", [-2.0, 0.0, 2.5])
def test_who_speeds_up_is_seen_by_the_path_of_the_hips(gain_mps2: float) -> None:
    gone = gain_mps2 * TRACK.time_s**2 / 2 / LEG_M
    pushed = replace(TRACK, xy=TRACK.xy + gone[:, None, None] * [1, 0])
    view = measure_scale(side_view(), pushed, CONTACTS, known_length=(LEG_M, 250))
    assert view.acceleration_mps2 == pytest.approx(gain_mps2, abs=0.1)
    assert is_steady(view) == (gain_mps2 == 0)


def test_on_a_treadmill_or_in_half_a_stride_no_change_of_speed_can_be_told() -> None:
    track = JOGGER.track(treadmill=True)
    assert np.isnan(measure_scale(side_view(treadmill=True), track, CONTACTS, height_m=1.8).acceleration_mps2)
    few = int(0.4 * TRACK.rate_hz)
    short = replace(TRACK, time_s=TRACK.time_s[:few], xy=TRACK.xy[:few])
    assert np.isnan(acceleration_leg(short))


def test_nothing_known_from_the_front() -> None:
    view = measure_scale(replace(side_view(), plane="front"), TRACK, ())
    assert view.scale_source == "none"
    assert np.isnan(view.speed_mps)


@pytest.mark.parametrize("slower", [2, 4, 8])
def test_slow_motion_is_suspected_and_its_factor_told(slower: float) -> None:
    slow = replace(TRACK, time_s=TRACK.time_s * slower, stride_hz=TRACK.stride_hz / slower)
    judged = time_base(slow, side_view())
    assert judged.slower == slower
    assert f"--slow-motion {slower}" in judged.says


def test_a_runner_in_real_time_is_believed() -> None:
    assert time_base(TRACK, side_view()).slower == 1
