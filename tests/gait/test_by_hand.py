"""Lengths, scale, speed and clock of a runner whose feet glide back at even speeds: every number known on paper."""

from __future__ import annotations

from dataclasses import replace
from math import exp, hypot, log, pi, sqrt

import numpy as np
import pytest

from midstance.data import table
from midstance.gait.lengths import (
    metres_from_gravity,
    metres_from_height,
    running_speed_leg,
    sine_bounce_m,
    trunk_and_leg,
)
from midstance.gait.scale import measure_scale
from midstance.gait.steadiness import acceleration_leg, change_of_speed_mps2, is_steady, posture_acceleration_mps2
from midstance.gait.time_base import (
    Clock,
    factor_of,
    fall_clock,
    gathers_speed,
    slowdown_of_fall,
    step_clock,
    time_base,
    together,
    usual_steps_hz,
)
from midstance.model import Floats, Setting, View
from midstance.reasons import say
from midstance.skeleton import INDEX
from tests.fixtures import by_hand

TRACK, CONTACTS = by_hand.gliding(), by_hand.contacts()
VIEW = View(plane="side", near_side="right", direction=1, setting="treadmill", camera="fixed")
PX_PER_UNIT = 250
LENGTH = hypot(0.08 - 0.01, 0.6) + 0.95
"""Trunk and leg of the gliding runner: shoulders 0.6 above and 0.07 ahead of the hips, legs of 0.95."""
SPEED_LEG = 3.5
BY_HEIGHT_M = 0.78 * 1.70 / LENGTH
"""Metres in one unit of the track of a runner of 1.70 m."""


def bounce_m(contact_s: float, flight_s: float) -> float:
    """Free fall in flight and half a sine on the ground, which is deepest in its middle."""
    return 9.81 * flight_s**2 / 8 - 9.81 * contact_s * (contact_s / 8 - (contact_s + flight_s) / (2 * pi))


RISE = exp(-((2 * pi * 0.008 / 0.36) ** 2) / 2) * ((0.932 * 0.060 + 0.0681 * 0.084) / 1.0001 + 0.084) / 2
"""What the bounce of its body is read as (tests/measures/test_by_hand.py)."""
BY_GRAVITY_M = 1.09 * bounce_m(0.235, 0.38 - 0.235) / RISE
"""The middle of its step times is 380 ms, its mean time on the ground 235 ms."""


# -- lengths ---------------------------------------------------------------------------------------------------------


def test_the_body_passes_over_both_feet() -> None:
    assert running_speed_leg(TRACK, CONTACTS) == pytest.approx(SPEED_LEG, abs=0.005)
    for side, speed in (("left", 3.6), ("right", 3.4)):
        own = tuple(c for c in CONTACTS if c.side == side)
        assert running_speed_leg(TRACK, own) == pytest.approx(speed, abs=0.005)


def test_heel_and_toe_each_count_while_they_stand() -> None:
    """The heel stands from 15 to 50 % of the contact, the toe from 20 to 85 %: before and after it goes elsewhere."""
    for name, start, stop in (("heel", 0.15, 0.50), ("toe", 0.20, 0.85)):
        xy = TRACK.xy.copy()
        for c in CONTACTS:
            lasts = c.toe_off_s - c.strike_s
            away = (TRACK.time_s < c.strike_s + start * lasts - 0.03) | (
                TRACK.time_s > c.strike_s + stop * lasts + 0.03
            )
            near = abs(TRACK.time_s - c.strike_s - lasts / 2) < 0.2
            xy[away & near, INDEX[f"{c.side}_{name}"], 0] += 0.02
        assert running_speed_leg(replace(TRACK, xy=xy), CONTACTS) == pytest.approx(SPEED_LEG, rel=0.01)


def test_a_contact_unlike_the_others_does_not_count_and_one_a_little_unlike_does() -> None:
    for faster, expected in ((1.5, 3.4), (1.15, (3.4 + 3.4 * 1.15) / 2)):
        xy, right = TRACK.xy.copy(), [c for c in CONTACTS if c.side == "right"][:2]
        now = (TRACK.time_s > right[0].strike_s - 0.05) & (TRACK.time_s < right[0].toe_off_s + 0.05)
        for name in ("heel", "toe"):
            xy[now, INDEX[f"right_{name}"], 0] -= (faster - 1) * 3.4 * (TRACK.time_s[now] - right[0].strike_s)
        found = running_speed_leg(replace(TRACK, xy=xy), (*right, right[1]) if faster > 1.2 else tuple(right))
        assert found == pytest.approx(expected, rel=0.01)


def test_no_contact_no_speed() -> None:
    assert np.isnan(running_speed_leg(TRACK, ()))
    hidden = np.full_like(TRACK.xy, np.nan)
    assert np.isnan(running_speed_leg(replace(TRACK, xy=hidden), CONTACTS))
    still = by_hand.gliding(feet=False)
    assert not abs(running_speed_leg(still, CONTACTS)) > 0.01


def test_trunk_and_leg_give_metres() -> None:
    assert trunk_and_leg(TRACK) == pytest.approx(LENGTH, abs=1e-6)
    assert metres_from_height(TRACK, 1.70) == pytest.approx(BY_HEIGHT_M, abs=1e-6)
    xy = TRACK.xy.copy()
    for name in ("ankle", "heel", "toe"):
        xy[:, INDEX[f"left_{name}"], 1] -= 0.10
    assert trunk_and_leg(replace(TRACK, xy=xy)) == pytest.approx(LENGTH + 0.05, abs=1e-6)


@pytest.mark.parametrize(("contact_s", "flight_s"), [(0.25, 0.10), (0.20, 0.0), (0.11, 0.14)])
def test_how_high_a_sine_on_the_ground_throws_the_body(contact_s: float, flight_s: float) -> None:
    assert sine_bounce_m(contact_s, flight_s) == pytest.approx(bounce_m(contact_s, flight_s), rel=1e-3)


def test_the_bounce_gives_metres() -> None:
    assert metres_from_gravity(TRACK, CONTACTS) == pytest.approx(BY_GRAVITY_M, rel=2e-3)
    assert np.isnan(metres_from_gravity(TRACK, CONTACTS[:3])), "two rises are too few"
    assert metres_from_gravity(TRACK, CONTACTS[:4]) == pytest.approx(BY_GRAVITY_M, rel=2e-3)
    walking = tuple(replace(c, toe_off_s=c.strike_s + 0.45) for c in CONTACTS)
    assert np.isnan(metres_from_gravity(TRACK, walking)), "no flight, no fall"


def test_a_foot_that_is_hidden_makes_no_longer_flight() -> None:
    """From one strike of a foot to its next is no step: only steps from foot to foot count."""
    missed = tuple(c for k, c in enumerate(CONTACTS) if k not in (2, 5))
    one_foot = tuple(c for c in CONTACTS if c.side == "right")
    assert np.isnan(metres_from_gravity(TRACK, one_foot))
    assert time_base(TRACK, VIEW, one_foot).slower == 1
    assert metres_from_gravity(TRACK, missed) == pytest.approx(BY_GRAVITY_M, rel=0.03)


# -- scale and speed -------------------------------------------------------------------------------------------------


def test_the_height_is_good_to_four_per_cent_and_the_speed_to_five() -> None:
    view = measure_scale(VIEW, TRACK, CONTACTS, height_m=1.70)
    assert (view.scale_source, view.speed_source) == ("height", "stance foot")
    assert view.scale_m_per_leg == pytest.approx(BY_HEIGHT_M, abs=1e-6)
    assert view.scale_m_per_px == pytest.approx(BY_HEIGHT_M / PX_PER_UNIT, abs=1e-9)
    assert view.scale_uncertainty == 0.04
    assert view.speed_mps == pytest.approx(SPEED_LEG * BY_HEIGHT_M, abs=0.01)
    assert view.speed_uncertainty_mps == pytest.approx(0.05 * SPEED_LEG * BY_HEIGHT_M, abs=0.001)
    assert np.isnan(view.acceleration_mps2), "a belt does not speed up"


def test_a_known_length_is_good_to_two_per_cent_and_wins() -> None:
    view = measure_scale(VIEW, TRACK, CONTACTS, height_m=1.70, known_length=(0.5, 150))
    assert view.scale_source == "known_length"
    assert view.scale_m_per_leg == pytest.approx(0.5 / 150 * PX_PER_UNIT)
    assert view.scale_uncertainty == 0.02
    assert view.speed_mps == pytest.approx(SPEED_LEG * 0.5 / 150 * PX_PER_UNIT, abs=0.01)
    assert view.speed_uncertainty_mps == pytest.approx(hypot(0.02, 0.03) * view.speed_mps)


def test_the_speed_of_the_belt_is_good_to_two_per_cent_and_the_scale_from_it_less() -> None:
    view = measure_scale(VIEW, TRACK, CONTACTS, speed_mps=3.0)
    assert (view.scale_source, view.speed_source) == ("belt_speed", "given")
    assert view.scale_m_per_leg == pytest.approx(3.0 / SPEED_LEG, rel=2e-3)
    assert view.scale_uncertainty == pytest.approx(hypot(0.02, 0.03))
    assert (view.speed_mps, view.speed_uncertainty_mps) == (3.0, pytest.approx(0.06))


def test_gravity_is_good_to_a_quarter() -> None:
    view = measure_scale(VIEW, TRACK, CONTACTS)
    assert view.scale_source == "gravity"
    assert view.scale_m_per_leg == pytest.approx(BY_GRAVITY_M, rel=2e-3)
    assert view.scale_uncertainty == 0.25
    assert view.speed_uncertainty_mps == pytest.approx(hypot(0.25, 0.03) * view.speed_mps)


@pytest.mark.parametrize(
    ("setting", "source"),
    [("treadmill", "stance foot"), ("over_ground", "hips over the stance foot"), ("in_place", "none")],
)
def test_where_the_speed_comes_from(setting: Setting, source: str) -> None:
    view = measure_scale(replace(VIEW, setting=setting), TRACK, CONTACTS, height_m=1.70)
    assert view.speed_source == source
    assert np.isfinite(view.speed_mps) == (source != "none")
    assert np.isfinite(view.speed_uncertainty_mps) == (source != "none")
    assert view.scale_source == "height"


def test_ways_to_metres_that_contradict_each_other_are_named() -> None:
    view = measure_scale(VIEW, TRACK, CONTACTS, height_m=1.70, known_length=(0.5 * 1.1, 150))
    by_length = 0.55 / 150 * PX_PER_UNIT
    (note,) = view.notes
    assert say(note) == "known_length and height_m differ by 7 %: check both"
    assert note["differs_pct"] == pytest.approx(100 * abs(BY_HEIGHT_M / by_length - 1))
    near = measure_scale(VIEW, TRACK, CONTACTS, height_m=1.70, known_length=(BY_HEIGHT_M * 1.04, PX_PER_UNIT))
    assert near.notes == (), "4 % are within 2 and 4 % together, and gravity is too unsure to be named"
    kept = measure_scale(replace(VIEW, notes=view.notes[:1]), TRACK, CONTACTS, height_m=1.70)
    assert kept.notes[0] == view.notes[0]


@pytest.mark.parametrize("gain", [-3.0, 0.5])
def test_the_path_of_the_hips_bends_by_half_the_acceleration(gain: float) -> None:
    path = 2.0 * TRACK.time_s + gain * TRACK.time_s**2 / 2
    over_ground = replace(TRACK, xy=TRACK.xy + path[:, None, None] * [1, 0])
    assert acceleration_leg(over_ground) == pytest.approx(gain)
    view = measure_scale(replace(VIEW, setting="over_ground"), over_ground, CONTACTS, height_m=1.70)
    assert view.acceleration_mps2 == pytest.approx(gain * BY_HEIGHT_M)
    assert is_steady(view) == (abs(gain * BY_HEIGHT_M) <= 1)
    unscaled = measure_scale(replace(VIEW, setting="over_ground"), over_ground, ())
    assert unscaled.acceleration_mps2 == pytest.approx(gain * 0.78 * 1.72 / LENGTH), "an ordinary height"
    assert np.isnan(acceleration_leg(replace(over_ground, plane="front")))


def test_one_metre_a_second_squared_is_still_steady_and_unknown_is() -> None:
    assert is_steady(replace(VIEW, acceleration_mps2=-1.0))
    assert not is_steady(replace(VIEW, acceleration_mps2=1.01))
    assert is_steady(VIEW)


# -- the clock -------------------------------------------------------------------------------------------------------


def test_how_much_slower_than_life_the_body_falls() -> None:
    ordinary = sqrt(BY_GRAVITY_M / (0.78 * 1.72 / LENGTH))
    assert slowdown_of_fall(TRACK, VIEW, CONTACTS) == pytest.approx(ordinary, rel=2e-3)
    for source in ("height", "known_length"):
        taped = replace(VIEW, scale_m_per_leg=0.5, scale_source=source)
        assert slowdown_of_fall(TRACK, taped, CONTACTS) == pytest.approx(sqrt(BY_GRAVITY_M / 0.5), rel=2e-3)
    by_belt = replace(VIEW, scale_m_per_leg=0.5, scale_source="belt_speed")
    assert slowdown_of_fall(TRACK, by_belt, CONTACTS) == pytest.approx(ordinary, rel=2e-3)
    assert np.isnan(slowdown_of_fall(TRACK, VIEW, CONTACTS[:1]))


def falling(times: float) -> View:
    """The view of a runner whose fall looks so many times slower than life: smaller or larger, at the same steps."""
    return replace(VIEW, scale_m_per_leg=BY_GRAVITY_M / times**2, scale_source="height")


@pytest.mark.parametrize(
    ("times", "slower"),
    [(1.0, 1.0), (1.55, 1.0), (1 / 1.55, 1.0), (2.15, 2.0), (4.3, 4.0), (8.6, 8.0), (0.53, 0.5), (3.218, 3.0)],
)
def test_a_fall_that_is_clearly_too_slow_or_too_fast(times: float, slower: float) -> None:
    """A fall looks 1.07 times slower than it is; factors between the usual ones are given with two digits."""
    judged = time_base(TRACK, falling(times), CONTACTS)
    if slower == 1:
        assert judged.why is None or judged.why.id != "fall_cannot_be"
        return
    assert judged.slower == slower
    assert judged.why is not None
    assert (judged.why.id, judged.why["slower"]) == ("fall_cannot_be", slower)


@pytest.mark.parametrize(
    ("steps_hz", "slower"), [(1.99, 2.0), (2.0, 1.0), (5.2, 1.0), (5.21, 0.5), (0.7, 4.0), (0.35, 8.0), (0.1, 32.0)]
)
def test_steps_that_nobody_takes(steps_hz: float, slower: float) -> None:
    """Against 2.8 steps a second, which all running keeps within 25 %."""
    judged = time_base(replace(TRACK, stride_hz=steps_hz / 2), VIEW)
    assert judged.slower == slower
    if slower == 1:
        assert judged.why is None
        return
    assert judged.why is not None
    assert judged.why.id == "steps_cannot_be"
    assert judged.why["steps_spm"] == pytest.approx(60 * steps_hz)
    pace = judged.why["pace"]
    assert (pace.id, pace["times"]) == (
        ("slower_than_life", slower) if slower > 1 else ("faster_than_life", 1 / slower)
    )


def test_the_clock_of_the_fall() -> None:
    taped = fall_clock(1.5, falling(1.0))
    assert taped.log_slower == pytest.approx(log(1.5) - 0.07)
    assert taped.sd == pytest.approx(0.10)
    assert taped.off == pytest.approx((log(1.5) - 0.07) / 0.10)
    assert fall_clock(1.5, VIEW).sd == pytest.approx(hypot(0.10, 0.04)), "the height is not known"
    assert np.isnan(fall_clock(np.nan, VIEW).log_slower)
    assert fall_clock(np.nan, VIEW).off == 0


def test_the_clock_of_the_steps() -> None:
    """Steps of 3.5 x 0.36 units at 0.75 m a unit are 0.945 m long; the line of usual steps a minute by speed says how
    many a second go with them, more for a small runner as the root of the leg.
    """
    view = replace(VIEW, scale_m_per_leg=0.75, scale_source="height")
    size = 0.75 * LENGTH / 0.78 / 1.72
    usual_hz, sd = usual_steps_hz(0.75 * SPEED_LEG * 0.36 / size)
    clock = step_clock(TRACK, view, CONTACTS)
    assert clock.log_slower == pytest.approx(log(usual_hz / sqrt(size) * 0.36), abs=2e-3)
    assert clock.sd == pytest.approx(sd)
    assert step_clock(TRACK, VIEW, CONTACTS).sd == pytest.approx(
        hypot(usual_steps_hz(0.78 * 1.72 / LENGTH * 1.26)[1], 0.04), abs=1e-3
    )
    assert np.isnan(step_clock(replace(TRACK, plane="front"), view, CONTACTS).log_slower)
    assert np.isnan(step_clock(TRACK, view, ()).log_slower)
    assert np.isnan(step_clock(by_hand.gliding(feet=False), view, CONTACTS).log_slower), "who runs on the spot"


def test_usual_steps_lie_on_the_line_of_usual_cadence() -> None:
    line = table("references")["cadence_spm"]["usual"]
    for speed_mps, spm in line:
        assert usual_steps_hz(speed_mps * 60 / spm)[0] == pytest.approx(spm / 60)
    (slow, slow_spm), (fast, fast_spm) = line[:2]
    rise = log(fast_spm / slow_spm) / log(fast / slow)
    assert usual_steps_hz((slow * 60 / slow_spm + fast * 60 / fast_spm) / 2)[1] == pytest.approx(0.07 / (1 - rise))
    slowest_spm = slow_spm * (1.2 / slow) ** rise
    assert usual_steps_hz(1.2 * 60 / slowest_spm)[0] == pytest.approx(slowest_spm / 60)
    assert usual_steps_hz(0.01)[0] == pytest.approx(slowest_spm / 60), "below 1.2 m/s as at 1.2"


def test_clocks_together_by_their_squares() -> None:
    both = together(Clock(0.3, 0.1), Clock(0.6, 0.2))
    assert both.log_slower == pytest.approx((4 * 0.3 + 0.6) / 5)
    assert both.sd == pytest.approx(0.1 * sqrt(4 / 5))
    assert together(Clock(0.3, 0.1), Clock(np.nan, np.nan)) == (0.3, pytest.approx(0.1))
    assert np.isnan(together().log_slower)


@pytest.mark.parametrize(
    ("times", "sd", "factor"), [(2.2, 0.1, 2.0), (2.5, 0.1, 2.5), (0.666, 0.1, 0.67), (3.1, 0.2, 4.0), (12.3, 0.05, 12)]
)
def test_a_usual_factor_if_it_may_be_one(times: float, sd: float, factor: float) -> None:
    assert factor_of(Clock(log(times), sd)) == pytest.approx(factor)


@pytest.mark.parametrize(("times", "plays", "slower"), [(1 / 1.3, "fast", 0.64), (1.59, "slow", 1.3)])
def test_two_clocks_that_agree_find_a_film_that_plays_somewhat_wrongly(times: float, plays: str, slower: float) -> None:
    view = falling(times)
    steps = step_clock(TRACK, view, CONTACTS)
    fall = log(times) - 0.07
    weights = 0.10**-2, steps.sd**-2
    both = (weights[0] * fall + weights[1] * steps.log_slower) / sum(weights)
    half = 1.96 * sum(weights) ** -0.5
    judged = time_base(TRACK, view, CONTACTS)
    assert judged.slower == slower == pytest.approx(exp(both), abs=0.05)
    why, sign = judged.why, 1 if plays == "slow" else -1
    assert why is not None
    assert why.id == f"plays_too_{plays}"
    assert why["times"] == pytest.approx(slower**sign)
    assert (why["least"], why["most"]) == pytest.approx((exp(sign * both - half), exp(sign * both + half)), rel=1e-3)
    spm = 60 / 0.36
    assert why["steps_spm"] == pytest.approx(spm)
    assert why["low_spm"] == pytest.approx(spm * exp(steps.log_slower - 1.96 * steps.sd))
    assert why["high_spm"] == pytest.approx(spm * exp(steps.log_slower + 1.96 * steps.sd))
    assert why["height_m"] == pytest.approx(BY_GRAVITY_M * LENGTH / 0.78, rel=5e-3), "who falls so in real time"
    assert why["remedy"].id == "give_slow_motion"
    assert why["remedy"]["slower"] == slower


def test_one_clock_alone_is_not_believed() -> None:
    """At 1.5 times the fall of life the steps are only 1.6 standard deviations too slow."""
    assert step_clock(TRACK, falling(1.5), CONTACTS).off == pytest.approx(1.6, abs=0.1)
    assert fall_clock(1.5, falling(1.5)).off > 3
    assert time_base(TRACK, falling(1.5), CONTACTS).slower == 1
    assert time_base(TRACK, falling(1.5), ()).slower == 1


def test_a_film_that_plays_too_slowly_gives_no_speed() -> None:
    track = replace(TRACK, stride_hz=0.35)
    view = measure_scale(VIEW, track, CONTACTS, speed_mps=None)
    assert view.scale_source == "none"
    assert np.isnan([view.speed_mps, view.scale_m_per_leg, view.scale_uncertainty, view.scale_m_per_px]).all()


# -- the start of a run ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lean", [0.0, 0.15])
def test_a_body_ahead_of_its_feet_gathers_speed(lean: float) -> None:
    """The whole body but the feet is moved forward: by lean times its height less what an even speed shows."""
    still = by_hand.gliding(feet=False)
    xy = still.xy.copy()
    for name, index in INDEX.items():
        if name.endswith(("heel", "toe")):
            heel = 0.0 if name.endswith("heel") else 0.25
            xy[:, index, 0] = heel - 0.6 * 0.25
            xy[:, index, 1] = xy[:, INDEX["left_heel"], 1]
        else:
            xy[:, index, 0] = 0.0
    masses = 2 * 0.0133
    body_up = above_ground(xy)
    xy[:, [i for n, i in INDEX.items() if not n.endswith(("heel", "toe"))], 0] = lean
    feet_x = -0.15 + 0.4215 * 0.25
    ahead = (lean * (1.0001 - masses) + masses * feet_x) / 1.0001
    found = posture_acceleration_mps2(replace(still, xy=xy), CONTACTS)
    assert found == pytest.approx(9.81 * ahead / body_up - 1.0, abs=0.05)
    assert np.isnan(posture_acceleration_mps2(still, ()))


def above_ground(xy: Floats) -> float:
    """Height of the centre of mass of the still runner over its feet, from the table of de Leva (1996)."""
    head, trunk = 0.0681 * 1.9, 0.4302 * (1.6 - 0.4046 * 0.6)
    arms = 2 * (0.0263 * (1.6 - 0.5763 * 0.3) + 0.0150 * (1.3 - 0.4567 * 0.1) + 0.0059 * 1.2)
    legs = 2 * (0.1447 * (1.0 - 0.3854 * 0.5) + 0.0457 * (0.5 - 0.4374 * 0.45))
    assert len(xy)
    return (head + trunk + arms + legs) / 1.0001


def test_where_speed_may_be_gathered() -> None:
    path = TRACK.time_s**2  # 2 units a second squared, 1.5 m/s2 at an ordinary height and more
    faster = replace(TRACK, xy=TRACK.xy + path[:, None, None] * [1, 0])
    upright = replace(VIEW, setting="over_ground")
    assert gathers_speed(faster, upright, ())
    assert not gathers_speed(TRACK, upright, ())
    assert not gathers_speed(faster, VIEW, ()), "a belt cannot"
    assert not gathers_speed(faster, replace(VIEW, setting="in_place"), ())
    assert change_of_speed_mps2(replace(upright, acceleration_mps2=0.4, posture_acceleration_mps2=0.9)) == 0.4
    assert change_of_speed_mps2(replace(upright, acceleration_mps2=0.4, posture_acceleration_mps2=1.1)) == 1.1
    assert change_of_speed_mps2(replace(VIEW, acceleration_mps2=0.4, posture_acceleration_mps2=1.1)) == 0.4
