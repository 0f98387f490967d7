"""Measures of a runner made of formulas, their reasons where there are none, and what must not change them."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.measures import REGISTRY, Measured, measure
from midstance.model import Contact, Measure, Track, View
from midstance.reasons import say
from midstance.skeleton import INDEX, MIRROR
from midstance.uncertainty import minimal_detectable_change, spread_half_width
from tests.fixtures.jogger import LEG_M, Jogger, side_view

JOGGER = Jogger()
PROMISED_IDS = frozenset(
    """
    cadence_spm step_time_ms stride_time_ms contact_time_ms flight_time_ms duty_factor speed_mps step_length_m
    step_length_leg vertical_oscillation_cm vertical_oscillation_leg vertical_ratio_pct flight_distance_m
    shank_angle_at_strike_deg knee_flexion_at_strike_deg thigh_angle_at_strike_deg foot_strike_angle_deg
    foot_ahead_of_hip_at_strike_leg heel_ahead_of_com_at_strike_m trunk_lean_at_strike_deg
    thigh_separation_at_strike_deg foot_forward_speed_at_strike_ratio hip_extension_velocity_at_strike_dps
    knee_bending_before_strike_dps peak_knee_flexion_stance_deg hip_height_midstance_leg leg_lean_stance_deg
    trunk_lean_deg heel_rise_time_pct ankle_arc_deg
    thigh_extension_at_toe_off_deg peak_thigh_extension_deg knee_flexion_at_toe_off_deg leg_angle_at_toe_off_deg
    take_off_angle_deg peak_knee_flexion_swing_deg peak_knee_flexion_swing_time_pct heel_recovery_leg
    knee_flexion_before_rearmost_thigh_deg peak_thigh_flexion_deg peak_thigh_separation_deg
    ankle_dorsiflexion_late_swing_deg foot_pitch_before_strike_deg shank_sweep_before_strike_deg elbow_angle_deg
    upper_arm_range_deg arm_leg_lag_pct wrist_crossing elbow_out shoulder_rotation_deg pelvic_drop_deg heel_whip_deg
    trunk_sway_deg
    asymmetry_contact_time_pct asymmetry_flight_time_pct asymmetry_step_time_pct
    asymmetry_peak_thigh_extension_deg asymmetry_shank_angle_at_strike_deg asymmetry_foot_strike_angle_deg
    vertical_stiffness_kn_m leg_stiffness_kn_m
    """.split()  # noqa: SIM905 - a list of ids reads better as text
)


def exact_contacts(jogger: Jogger, track: Track) -> tuple[Contact, ...]:
    """The true contacts inside a track."""
    found = [
        Contact(
            side=side,
            strike_s=strike,
            toe_off_s=strike + jogger.contact_s,
            uncertainty_s=0.01,
            strike_frame=0,
            toe_off_frame=0,
        )
        for side in ("left", "right")
        for strike in jogger.strikes_s(side, track.time_s[-1] - jogger.contact_s)
        if strike > 0.05
    ]
    return tuple(sorted(found, key=lambda c: c.strike_s))


def scaled(track: Track, contacts: tuple[Contact, ...]) -> View:
    return measure_scale(side_view(), track, contacts, known_length=(LEG_M, 250))


def measured(track: Track, jogger: Jogger = JOGGER) -> Measured:
    contacts = exact_contacts(jogger, track)
    return measure(track, contacts, scaled(track, contacts), mass_kg=70)


def told(found: Measured) -> dict[tuple[str, str], Measure]:
    return {(m.id, m.side): m for m in found.measures}


TRACK = JOGGER.track()


@cache
def plain() -> dict[tuple[str, str], Measure]:
    return told(measured(TRACK))


@pytest.mark.parametrize(
    ("name", "side", "value", "within"),
    [
        ("cadence_spm", "both", 120 / 0.72, 0.01),
        ("step_time_ms", "left", 360, 0.01),
        ("stride_time_ms", "right", 720, 0.01),
        ("contact_time_ms", "left", 250, 0.01),
        ("flight_time_ms", "right", 110, 0.01),
        ("duty_factor", "left", 0.25 / 0.72, 1e-4),
        ("speed_mps", "both", 3.0, 0.05),
        ("step_length_m", "left", 1.08, 0.02),
        ("flight_distance_m", "left", 0.33, 0.01),
        ("trunk_lean_deg", "both", 6, 0.01),
        ("trunk_lean_at_strike_deg", "left", 6, 0.01),
        ("foot_strike_angle_deg", "right", 12, 0.5),
        ("elbow_angle_deg", "right", 90, 0.1),
        ("upper_arm_range_deg", "right", 60, 0.2),
        ("take_off_angle_deg", "left", np.degrees(np.arctan(9.81 * 0.11 / 6)), 0.3),
        ("foot_ahead_of_hip_at_strike_leg", "left", 0.2 / LEG_M, 0.03),
    ],
)
def test_values_known_by_hand(name: str, side: str, value: float, within: float) -> None:
    assert plain()[name, side].value == pytest.approx(value, abs=within)


def test_every_promised_id_is_defined_once_and_measured_or_explained() -> None:
    assert sorted(d.id for d in REGISTRY) == sorted(PROMISED_IDS)
    found = measured(TRACK)
    ids = {m.id for m in found.measures}
    explained = {n.id for n in found.not_assessed}
    assert not ids & explained
    assert {d.id for d in REGISTRY} <= ids | explained
    assert all(n.reason for n in found.not_assessed)


def test_every_measure_carries_its_spread_and_its_strides() -> None:
    for m in measured(TRACK).measures:
        assert m.n >= 1, m.id
        assert m.uncertainty > 0, m.id
        assert m.unit, m.id
        assert list(m.samples) == sorted(m.samples, key=lambda s: s.time_s) or m.side != "both", m.id


def test_without_a_scale_no_metres_and_a_reason() -> None:
    contacts = exact_contacts(JOGGER, TRACK)
    found = measure(TRACK, contacts, side_view())
    assert not {m.id for m in found.measures} & {"step_length_m", "vertical_oscillation_cm", "speed_mps"}
    reasons = {n.id: say(n.reason, "cli") for n in found.not_assessed}
    assert "--height" in reasons["vertical_oscillation_cm"]


def test_a_rear_view_gives_no_side_measure_and_a_side_view_no_rear_one() -> None:
    rear = replace(TRACK, plane="rear", near_side=None)
    found = measure(rear, (), replace(side_view(), plane="rear", near_side=None))
    planes = {d.id: d.plane for d in REGISTRY}
    assert {planes[m.id] for m in found.measures if m.id in planes} == {"front_or_rear", "rear", "any"}
    assert {planes[m.id] for m in measured(TRACK).measures if m.id in planes} == {"side", "any"}


def test_a_film_that_plays_too_slow_gives_angles_but_no_times() -> None:
    slow = replace(TRACK, time_s=TRACK.time_s * 4, stride_hz=TRACK.stride_hz / 4)
    contacts = find_contacts(slow, side_view())
    found = measure(slow, contacts, scaled(slow, contacts))
    ids = {m.id for m in found.measures}
    assert "contact_time_ms" not in ids
    assert "speed_mps" not in ids
    assert "peak_knee_flexion_swing_deg" in ids
    assert "--slow-motion 4" in {n.id: say(n.reason, "cli") for n in found.not_assessed}["cadence_spm"]


def test_left_and_right_swapped_swaps_the_sides_only() -> None:
    mirrored = replace(TRACK, xy=TRACK.xy[:, MIRROR], near_side="left")
    contacts = tuple(replace(c, side="left" if c.side == "right" else "right") for c in exact_contacts(JOGGER, TRACK))
    found = told(measure(mirrored, contacts, replace(scaled(mirrored, contacts), near_side="left"), mass_kg=70))
    swap = {"left": "right", "right": "left", "both": "both"}
    for (name, side), m in plain().items():
        if not name.startswith("asymmetry"):
            assert found[name, swap[side]].value == pytest.approx(m.value, abs=1e-6), name


@pytest.mark.parametrize("rate_hz", [60, 30])
def test_fewer_frames_a_second_change_little(rate_hz: float) -> None:
    fewer = told(measured(JOGGER.track(rate_hz=rate_hz)))
    for name in ("peak_knee_flexion_swing_deg", "peak_thigh_flexion_deg", "shank_angle_at_strike_deg"):
        assert fewer[name, "left"].value == pytest.approx(plain()[name, "left"].value, abs=3)


def test_hidden_arms_cost_only_the_arms() -> None:
    xy = TRACK.xy.copy()
    for name in ("left_elbow", "left_wrist", "right_elbow", "right_wrist"):
        xy[:, INDEX[name]] = np.nan
    found = told(measured(replace(TRACK, xy=xy)))
    assert not any(name.startswith(("elbow", "upper_arm", "arm_leg")) for name, _ in found)
    assert found["peak_thigh_flexion_deg", "left"].value == plain()["peak_thigh_flexion_deg", "left"].value
    assert ("vertical_oscillation_cm", "both") in found


def test_less_seen_means_less_sure() -> None:
    dim = told(measured(replace(TRACK, seen=TRACK.seen * 0.4)))
    name = ("shank_angle_at_strike_deg", "right")
    assert dim[name].uncertainty > 1.5 * plain()[name].uncertainty


def test_small_differences_of_left_and_right_are_not_believed_from_one_side() -> None:
    assert plain()["asymmetry_peak_thigh_extension_deg", "both"].uncertainty >= 3


def test_stiffness_needs_a_mass_and_grows_with_it() -> None:
    contacts = exact_contacts(JOGGER, TRACK)
    view = scaled(TRACK, contacts)
    without = measure(TRACK, contacts, view)
    assert "leg_stiffness_kn_m" in {n.id for n in without.not_assessed}
    light, heavy = (
        told(measure(TRACK, contacts, view, mass_kg=kg))["vertical_stiffness_kn_m", "both"].value for kg in (50, 100)
    )
    assert heavy == pytest.approx(2 * light)
    assert 10 < light < 40


def test_half_widths_by_hand() -> None:
    assert spread_half_width(np.array([1.0, 2.0, 3.0])) == pytest.approx(4.303 / np.sqrt(3), rel=1e-3)
    assert np.isnan(spread_half_width(np.array([1.0])))
    alone = spread_half_width(np.array([1.0]), expected_sd=2.0)
    assert alone == pytest.approx(2 * 2.776, rel=1e-3)
    assert spread_half_width(np.array([1.0, 1.1]), expected_sd=2.0) < alone
    one = plain()["cadence_spm", "both"]
    three, four = replace(one, uncertainty=3), replace(one, uncertainty=4)
    assert minimal_detectable_change(three, four) == pytest.approx(5)


def test_the_page_of_measures_is_up_to_date() -> None:
    page = (Path(__file__).parents[2] / "docs" / "measures.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| `(\w+)`", page, re.MULTILINE)[: len(REGISTRY)] == [d.id for d in REGISTRY]
