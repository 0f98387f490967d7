"""Metres and speed of a runner whose size and speed are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.data import table
from midstance.gait.events import find_contacts
from midstance.gait.lengths import TRUNK_AND_LEG, metres_from_height, running_speed_leg, sine_bounce_m, trunk_and_leg
from midstance.gait.scale import measure_scale
from midstance.gait.steadiness import acceleration_leg, is_steady
from midstance.gait.time_base import (
    UNSEEN,
    Clock,
    factor_of,
    slowdown_of_fall,
    step_clock,
    time_base,
    together,
    usual_steps_hz,
)
from midstance.model import Contact, Track
from midstance.reasons import say
from midstance.skeleton import INDEX
from midstance.tracking.rectify import rotated
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
    assert view.contradiction is not None
    assert "height_m" in say(view.contradiction)


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


FAST_FALLING = Jogger(bounce_m=0.55 * sine_bounce_m(0.25, 0.11))
"""A jogger whose bounce is that of a body in free fall."""
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


def test_a_film_that_plays_somewhat_too_fast_is_found_by_two_clocks_that_agree() -> None:
    """40 frames a second shown as 60: neither the usual factor 1 nor 2."""
    track, contacts = played(FAST_FALLING, 1 / 1.5)
    judged = time_base(track, side_view(), contacts)
    assert judged.slower == pytest.approx(1 / 1.5, rel=0.15)
    assert judged.why is not None
    assert judged.why["least"] < 1.5 < judged.why["most"]
    assert judged.why["low_spm"] < 120 / FAST_FALLING.stride_s < judged.why["high_spm"] < judged.why["steps_spm"]
    assert "height_m" in say(judged.why, "python")


def test_a_small_runner_whose_height_is_given_plays_in_real_time() -> None:
    """A child of 1 m falls and steps as an adult in a film that plays 1.3 times too fast."""
    track, contacts = played(FAST_FALLING, 1 / 1.4)
    height_m = trunk_and_leg(TRACK) * LEG_M / TRUNK_AND_LEG / 1.4**2
    taped = replace(side_view(), scale_source="height", scale_m_per_leg=metres_from_height(track, height_m))
    assert time_base(track, side_view(), contacts).slower < 0.8
    assert time_base(track, taped, contacts).slower == 1


def test_quick_short_steps_alone_are_no_wrong_clock() -> None:
    quick = Jogger(stride_s=0.56, contact_s=0.2, bounce_m=0.55 * sine_bounce_m(0.2, 0.08), speed_mps=2.8)
    track, contacts = played(quick, 1)
    assert step_clock(track, side_view(), contacts).off < -1.5
    assert time_base(track, side_view(), contacts).slower == 1


def test_a_start_out_of_the_blocks_says_nothing_of_the_clock() -> None:
    track, contacts = played(FAST_FALLING, 1 / 1.5)
    in_room = track.xy - track.xy[:, [INDEX["left_hip"]]] * [1, 0]
    leaning = rotated(replace(track, xy=in_room), -20)
    assert np.isnan(step_clock(leaning, side_view(), contacts).log_slower)
    assert time_base(leaning, side_view(), contacts).slower == 1


@pytest.mark.parametrize(("speed_mps", "spm"), table("references")["cadence_spm"]["usual"])
def test_usual_steps_for_the_length_of_a_step(speed_mps: float, spm: float) -> None:
    usual_hz, spread = usual_steps_hz(speed_mps * 60 / spm)
    assert 60 * usual_hz == pytest.approx(spm)
    assert 0.07 < spread < 0.3


def test_clocks_are_combined_by_their_certainty() -> None:
    both = together(Clock(0.4, 0.1), Clock(0.1, 0.2), UNSEEN)
    assert both.log_slower == pytest.approx(0.34)
    assert both.sd == pytest.approx(0.0894, abs=1e-4)
    assert factor_of(Clock(np.log(1.9), 0.1)) == 2
    assert factor_of(Clock(np.log(1.42), 0.1)) == 1.4
    assert together(UNSEEN).off == 0
