"""What a clip cannot show, and the reason that is given for each measure it cannot show."""

from __future__ import annotations

from dataclasses import replace
from math import pi, sqrt

import numpy as np
import pytest

from midstance.measures import Measured, measure
from midstance.model import Contact, Plane, Track, View
from midstance.reasons import Reason
from tests.fixtures import by_hand
from tests.fixtures.by_hand import Limbs, Wave

IN_METRES = {"vertical_oscillation_cm", "heel_ahead_of_com_at_strike_m"}
BY_SPEED = {"speed_mps", "step_length_m", "flight_distance_m", "take_off_angle_deg"}
STIFFNESS = {"leg_stiffness_kn_m", "vertical_stiffness_kn_m"}
IN_TIME = {
    "cadence_spm", "step_time_ms", "stride_time_ms", "contact_time_ms", "flight_time_ms", "speed_mps", "step_length_m",
    "flight_distance_m", "take_off_angle_deg", "foot_forward_speed_at_strike_ratio",
    "hip_extension_velocity_at_strike_dps", "foot_pitch_before_strike_deg", "knee_bending_before_strike_dps",
    "shank_sweep_before_strike_deg",
}  # fmt: skip
"""Measures of which a film that plays too slowly can say nothing."""
FROM_THE_FRONT = {"wrist_crossing", "elbow_out", "shoulder_rotation_deg"}
FROM_FRONT_OR_REAR = {"pelvic_drop_deg", "trunk_sway_deg"}
FROM_THE_REAR = {"heel_whip_deg"}
RHYTHM = {"cadence_spm", "step_time_ms", "stride_time_ms", "asymmetry_step_time_pct"}


def runner() -> Track:
    left = Limbs(thigh=Wave(5, 31, -35), knee=Wave(55, 45, 280), upper_arm=Wave(-14, 22, 100))
    right = Limbs(thigh=Wave(2, 26, -40), knee=Wave(48, 40, 270), upper_arm=Wave(-9, 17, 150))
    return by_hand.swinging(left, right)


def reasons(
    view: View, track: Track | None = None, contacts: tuple[Contact, ...] | None = None, *, mass_kg: float | None = 57
) -> dict[str, Reason]:
    found: Measured = measure(
        track or runner(), by_hand.contacts() if contacts is None else contacts, view, mass_kg=mass_kg
    )
    missing = {n.id: n.reason for n in found.not_assessed}
    assert not missing.keys() & {m.id for m in found.measures}
    return missing


def test_a_side_view_with_everything_known_lacks_only_what_other_views_show() -> None:
    missing = reasons(by_hand.view())
    assert missing.keys() == FROM_THE_FRONT | FROM_FRONT_OR_REAR | FROM_THE_REAR
    assert all(reason.id == "needs_view" and reason["plane"] == "side" for reason in missing.values())
    wanted = {name: reason["wanted"] for name, reason in missing.items()}
    assert {wanted[name] for name in FROM_THE_FRONT} == {"front"}
    assert {wanted[name] for name in FROM_FRONT_OR_REAR} == {"front or rear"}
    assert {wanted[name] for name in FROM_THE_REAR} == {"rear"}


@pytest.mark.parametrize("mass_kg", [None, 0.0])
def test_without_a_mass_there_is_no_stiffness(mass_kg: float | None) -> None:
    missing = reasons(by_hand.view(), mass_kg=mass_kg)
    assert {name for name, reason in missing.items() if reason.id == "needs_mass"} == STIFFNESS


def test_without_a_scale_there_are_no_metres() -> None:
    missing = reasons(replace(by_hand.view(), scale_m_per_leg=np.nan))
    assert {name for name, reason in missing.items() if reason.id == "needs_scale"} >= IN_METRES
    assert missing.keys() & BY_SPEED == set()


def test_without_a_speed_there_is_nothing_that_follows_it() -> None:
    missing = reasons(replace(by_hand.view(), speed_mps=np.nan))
    assert {name for name, reason in missing.items() if reason.id == "needs_speed"} == BY_SPEED | STIFFNESS


@pytest.mark.parametrize("plane", ["front", "rear"])
def test_from_the_front_or_the_rear_only_the_rhythm_is_as_from_the_side(plane: Plane) -> None:
    found = measure(by_hand.facing(plane), (), by_hand.view(plane), mass_kg=57)
    own = FROM_FRONT_OR_REAR | (FROM_THE_FRONT if plane == "front" else FROM_THE_REAR)
    assert {m.id for m in found.measures} == RHYTHM | own
    for missing in found.not_assessed:
        assert missing.reason.id == "needs_view"
        assert missing.reason["plane"] == plane
        assert plane not in missing.reason["wanted"].split(" or ")


def test_shoulders_need_depth() -> None:
    missing = reasons(by_hand.view("front"), replace(by_hand.facing("front"), depth=None), ())
    assert {name for name, reason in missing.items() if reason.id == "needs_depth"} == {"shoulder_rotation_deg"}


def test_a_film_that_plays_too_slowly_says_so_of_everything_in_time() -> None:
    track = runner()
    slow = replace(track, time_s=track.time_s * 4, stride_hz=track.stride_hz / 4)
    contacts = tuple(replace(c, strike_s=4 * c.strike_s, toe_off_s=4 * c.toe_off_s) for c in by_hand.contacts())
    missing = reasons(by_hand.view(), slow, contacts)
    told = {name for name, reason in missing.items() if reason.id == "steps_cannot_be"}
    assert told == IN_TIME | STIFFNESS | {f"asymmetry_{name}_time_pct" for name in ("contact", "flight", "step")}
    assert missing["cadence_spm"]["slower"] == 4


def test_one_leg_alone_gives_no_difference_of_sides() -> None:
    contacts = tuple(c for c in by_hand.contacts() if c.side == "right")
    found = measure(runner(), contacts, by_hand.view(), mass_kg=57)
    missing = {n.id: n.reason for n in found.not_assessed}
    differences = {name for name in missing if name.startswith("asymmetry_")}
    assert len(differences) == 6
    assert not [m.id for m in found.measures if m.side == "left"]
    assert {missing[name].id for name in differences} == {"needs_both_legs"}
    assert {"flight_time_ms", "step_time_ms", "duty_factor", "trunk_lean_deg"} <= missing.keys()


def test_a_leg_reaches_no_farther_than_it_is_long() -> None:
    """At 9 m/s the foot on the ground would be 1.06 m behind the hip of a leg of 0.817 m: it is read at 95 %."""
    found = measure(runner(), by_hand.contacts(), replace(by_hand.view(), speed_mps=9.0), mass_kg=57)
    stiffness = {m.id: m.value for m in found.measures}["leg_stiffness_kn_m"]
    leg_m, contact_s, flight_s = 0.86 * 0.95, 0.235, 0.125
    force = 57 * 9.81 * pi / 2 * (flight_s / contact_s + 1)
    drop = force * contact_s**2 / (57 * pi**2) - 9.81 * contact_s**2 / 8
    squeeze = leg_m - leg_m * sqrt(1 - 0.95**2) + drop
    assert stiffness == pytest.approx(force / squeeze / 1000, rel=1e-4)


def test_a_stride_in_which_a_contact_was_missed_does_not_count() -> None:
    contacts = tuple(c for c in by_hand.contacts() if not (c.side == "left" and 1.6 < c.strike_s < 1.7))
    found = {(m.id, m.side): m for m in measure(runner(), contacts, by_hand.view()).measures}
    assert (found["stride_time_ms", "left"].n, found["stride_time_ms", "left"].value) == (1, pytest.approx(720))
    assert (found["stride_time_ms", "right"].n, found["stride_time_ms", "right"].value) == (3, pytest.approx(720))
    assert (found["step_time_ms", "right"].n, found["step_time_ms", "right"].value) == (2, pytest.approx(340))
