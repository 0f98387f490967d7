"""Metres and speed of a runner whose size and speed are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.gait.events import find_contacts
from midstance.gait.lengths import TRUNK_AND_LEG, running_speed_leg, sine_bounce_m, trunk_and_leg
from midstance.gait.scale import acceleration_leg, is_steady, measure_scale
from midstance.gait.time_base import slowdown_of_fall, time_base
from midstance.model import Contact, Track
from midstance.reasons import say
from midstance.skeleton import INDEX
from tests.fixtures.jogger import LEG_M, Jogger, side_view

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
    assert any("height" in say(note) for note in view.notes)


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


def test_a_start_is_known_as_one_without_any_scale() -> None:
    gone = 2.5 * TRACK.time_s**2 / 2 / LEG_M
    pushed = replace(TRACK, xy=TRACK.xy + gone[:, None, None] * [1, 0])
    view = measure_scale(side_view(), pushed, ())
    assert view.scale_source == "none"
    assert view.acceleration_mps2 == pytest.approx(2.5, rel=0.15)


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
    assert f"--slow-motion {slower}" in say(judged.why, "cli")


def played(jogger: Jogger, factor: float) -> tuple[Track, tuple[Contact, ...]]:
    """A runner of a film played so many times slower, and the contacts in the film's time."""
    track = jogger.track(seconds=2)
    contacts = tuple(
        replace(c, strike_s=c.strike_s * factor, toe_off_s=c.toe_off_s * factor) for c in jogger.contacts(track)
    )
    return replace(track, time_s=track.time_s * factor, stride_hz=track.stride_hz / factor), contacts


SPRINTER = Jogger(stride_s=0.46, contact_s=0.11, bounce_m=0.55 * sine_bounce_m(0.11, 0.12), speed_mps=8)


@pytest.mark.parametrize("jogger", [Jogger(), SPRINTER])
@pytest.mark.parametrize("factor", [0.5, 1, 2, 4, 8])
def test_the_fall_of_the_body_is_a_clock(jogger: Jogger, factor: float) -> None:
    track, contacts = played(jogger, factor)
    assert slowdown_of_fall(track, side_view(), contacts) == pytest.approx(factor, rel=0.15)
    assert time_base(track, side_view(), contacts).slower == factor


def test_a_sprinter_at_half_speed_is_no_slow_jogger() -> None:
    track, contacts = played(SPRINTER, 2)
    assert 2 * track.stride_hz > 2.1  # steps a second: a runner could take them
    judged = time_base(track, side_view(), contacts)
    assert judged.slower == 2
    assert "fall" in say(judged.why)
    assert "2 times slower" in say(judged.why)


def test_what_plays_too_slowly_gives_neither_speed_nor_metres() -> None:
    track, contacts = played(Jogger(), 4)
    view = measure_scale(side_view(), track, contacts)
    assert view.scale_source == "none"
    height_m = trunk_and_leg(TRACK) * LEG_M / TRUNK_AND_LEG
    view = measure_scale(side_view(), track, contacts, height_m=height_m)
    assert view.scale_m_per_leg == pytest.approx(LEG_M)
    assert np.isnan([view.speed_mps, view.acceleration_mps2]).all()


def test_a_contact_that_somebody_passed_before_does_not_count() -> None:
    xy, middle = TRACK.xy.copy(), CONTACTS[2]
    there = (TRACK.time_s > middle.strike_s) & (TRACK.time_s < middle.toe_off_s)
    for part in ("heel", "toe"):
        xy[there, INDEX[f"{middle.side}_{part}"], 0] -= 2.0 * (TRACK.time_s[there] - middle.strike_s)
    few = CONTACTS[1:4]
    assert running_speed_leg(replace(TRACK, xy=xy), few) * LEG_M == pytest.approx(3.4, rel=0.04)


def test_a_runner_in_real_time_is_believed() -> None:
    assert time_base(TRACK, side_view()).slower == 1
