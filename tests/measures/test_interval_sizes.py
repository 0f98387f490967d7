"""How wide the intervals are: every half width beside the one computed on paper from its parts.

The parts are the own error of data/accuracy.toml, Student's t over the strides, what the scale and the speed carry,
and what the camera may still hide. Table of Student's t: any textbook, 97.5 %.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import resources
from math import atan, cos, degrees, hypot, pi, radians, sqrt, tan
from types import MappingProxyType

import numpy as np
import pytest

from midstance import uncertainty
from midstance.gait.events import uncertainty_s
from midstance.measures import BY_ID, measure
from midstance.measures.sides import MID_STANCE_SD_PCT
from midstance.model import Contact, Measure, MeasureSide, Side, Track, View
from midstance.skeleton import SIDES, leg_indices
from midstance.uncertainty import Error
from tests.fixtures import by_hand
from tests.fixtures.by_hand import Limbs, Wave

ERRORS = tomllib.loads(resources.files("midstance").joinpath("data/accuracy.toml").read_text(encoding="utf-8"))
T = {4: 2.7764, 5: 2.5706, 6: 2.4469, 7: 2.3646, 8: 2.3060, 10: 2.2281, 13: 2.1604}
"""Student's t by degrees of freedom."""
LEG: Mapping[Side, str] = {"right": "near", "left": "far"}
"""Which leg each side is to a camera on the right."""

Found = dict[tuple[str, MeasureSide], Measure]


def sure(view: View) -> View:
    """The same view of a camera known to be level and square, so that it adds nothing."""
    known = {"tilt_deg": 0.0, "yaw_deg": 0.0, "look_down_deg": 0.0}
    return replace(view, **known, tilt_uncertainty_deg=1e-6, yaw_uncertainty_deg=1e-6, look_down_uncertainty_deg=1e-6)


SURE = sure(by_hand.view())


def stiff_legs(*, rate_hz: float = by_hand.RATE_HZ) -> Track:
    left = Limbs(thigh=Wave(6, 30, -35), knee=Wave(14))
    right = Limbs(thigh=Wave(2, 26, -20), knee=Wave(9))
    return by_hand.swinging(left, right, rate_hz=rate_hz)


def found(
    track: Track, view: View = SURE, contacts: tuple[Contact, ...] | None = None, *, mass_kg: float | None = None
) -> Found:
    measured = measure(track, contacts or by_hand.contacts(), view, mass_kg=mass_kg).measures
    return {(m.id, m.side): m for m in measured}


@cache
def plain() -> Found:
    return found(stiff_legs())


def expected_spread(n: int, stride_sd: float, squares: float = 0.0) -> float:
    """Student's t over n strides and four more of the spread expected of them."""
    return T[n + 3] * sqrt((squares + 4 * stride_sd**2) / (n + 3) / n)


def own(name: str, leg: str) -> float:
    return 1.96 * float(ERRORS[name][leg])


def stride_sd(name: str) -> float:
    return float(ERRORS[name]["stride"])


# -- strides ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("side", ["left", "right"])
@pytest.mark.parametrize("strides", [1, 2, 4, 10])
def test_more_strides_make_the_mean_surer_but_not_the_pose_model(side: Side, strides: int) -> None:
    value = found(stiff_legs(), contacts=by_hand.contacts(strides=strides))["contact_time_ms", side]
    name = "contact_time_ms"
    assert value.n == strides
    assert value.uncertainty == pytest.approx(
        hypot(own(name, LEG[side]), expected_spread(strides, stride_sd(name))), rel=1e-4
    )


def test_strides_that_differ_widen_the_interval() -> None:
    value = found(stiff_legs(), contacts=by_hand.uneven_contacts())["contact_time_ms", "left"]
    squares = 5**2 + 5**2 + 15**2 + 15**2  # 250, 260, 240 and 270 ms
    assert value.sd == pytest.approx(sqrt(squares / 3))
    spread = expected_spread(4, stride_sd("contact_time_ms"), squares)
    assert value.uncertainty == pytest.approx(hypot(own("contact_time_ms", "far"), spread), rel=1e-4)


# -- the pose model --------------------------------------------------------------------------------------------------


def test_the_near_and_the_far_leg_have_their_own_errors() -> None:
    values, name = plain(), "peak_thigh_extension_deg"
    for side, n in (("left", 4), ("right", 4)):
        expected = hypot(own(name, LEG[side]), expected_spread(n, stride_sd(name)))
        assert values[name, side].uncertainty == pytest.approx(expected, rel=1e-3)
    assert own(name, "far") > 1.2 * own(name, "near")


@pytest.mark.parametrize(("seen", "wider"), [(1.0, 1.0), (0.9, 1.0), (0.6, 1.5), (0.1, 3.0)])
def test_a_leg_that_was_hidden_is_less_sure_and_the_other_is_not(seen: float, wider: float) -> None:
    track, name = stiff_legs(), "peak_thigh_extension_deg"
    hidden = track.seen.copy()
    hidden[:, leg_indices("left")] = seen
    values = found(replace(track, seen=hidden))
    for side, times in (("left", wider), ("right", 1.0)):
        expected = hypot(times * own(name, LEG[side]), expected_spread(4, stride_sd(name)))
        assert values[name, side].uncertainty == pytest.approx(expected, rel=1e-3)


def test_without_the_table_of_offsets_the_pose_model_is_less_sure() -> None:
    name = "peak_thigh_extension_deg"
    value = found(replace(stiff_legs(), bias_removed=False))[name, "right"]
    expected = hypot(1.4 * own(name, "near"), expected_spread(4, stride_sd(name)))
    assert value.uncertainty == pytest.approx(expected, rel=1e-3)


@pytest.mark.parametrize("rate_hz", [30, 120])
def test_longer_frames_widen_what_hangs_on_a_moment(rate_hz: float, monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"contact_time_ms": Error(near=5, far=6, frame=8, stride=2)}
    monkeypatch.setattr(uncertainty, "accuracy", lambda: MappingProxyType(row))
    values = found(stiff_legs(rate_hz=rate_hz))
    for side, sd in (("right", 5), ("left", 6)):
        expected = hypot(1.96 * hypot(sd, 8 * 30 / rate_hz), expected_spread(4, 2))
        assert values["contact_time_ms", side].uncertainty == pytest.approx(expected, rel=1e-3)


def test_one_event_by_hand() -> None:
    assert uncertainty_s(near=True, rate_hz=60) == pytest.approx(hypot(0.013, 0.25 / 60))
    assert uncertainty_s(near=False, rate_hz=30) == pytest.approx(hypot(0.014, 0.25 / 30))


def test_from_the_front_the_error_is_that_of_a_turned_runner() -> None:
    values, name = found(by_hand.facing("front"), by_hand.view("front"), ()), "wrist_crossing"
    assert values[name, "left"].n == 4
    expected = hypot(own(name, "turned"), expected_spread(4, stride_sd(name)))
    assert values[name, "left"].uncertainty == pytest.approx(expected, rel=1e-3)
    asymmetry = values["asymmetry_step_time_pct", "both"]
    from_mid_stance = hypot(own("asymmetry_step_time_pct", "turned"), 1.96 * MID_STANCE_SD_PCT)
    steps = [values["step_time_ms", side] for side in SIDES]
    spread = hypot(*(expected_spread(step.n, stride_sd("step_time_ms")) for step in steps))
    spread_pct = 100 * spread / (sum(step.value for step in steps) / 2)
    assert asymmetry.uncertainty == pytest.approx(hypot(from_mid_stance, spread_pct), rel=1e-3)


# -- scale and speed -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.04, 0.25])
def test_what_is_in_metres_carries_the_scale(share: float) -> None:
    values = found(by_hand.gliding(), replace(SURE, scale_uncertainty=share))
    for name, n in (("vertical_oscillation_cm", 7), ("vertical_oscillation_leg", 7)):
        m = values[name, "both"]
        carried = share * m.value if name.endswith("_cm") else 0.0
        spread = expected_spread(n, stride_sd(name))
        assert m.uncertainty == pytest.approx(hypot(own(name, "near"), spread, carried), rel=1e-3)


@pytest.mark.parametrize("speed_uncertainty_mps", [0.0, 0.16, 0.8])
def test_what_is_told_by_the_speed_carries_its_error(speed_uncertainty_mps: float) -> None:
    view = replace(SURE, speed_uncertainty_mps=speed_uncertainty_mps)
    values, share = found(stiff_legs(), view), speed_uncertainty_mps / 3.2
    for name in ("step_length_m", "flight_distance_m", "take_off_angle_deg"):
        m = values[name, "left"]
        assert m.n == 4
        expected = hypot(own(name, "far"), expected_spread(4, stride_sd(name)), share * m.value)
        assert m.uncertainty == pytest.approx(expected, rel=1e-3)
    assert values["speed_mps", "both"].uncertainty == pytest.approx(speed_uncertainty_mps, abs=1e-6)


# -- the camera ------------------------------------------------------------------------------------------------------


def lean_half_width(view: View) -> float:
    """What the camera adds to the half width of the trunk's lean: the rest is taken off."""
    name = "trunk_lean_deg"
    m = found(stiff_legs(), view)[name, "both"]
    rest = hypot(own(name, "near"), expected_spread(7, stride_sd(name)))
    return sqrt(m.uncertainty**2 - rest**2)


@pytest.mark.parametrize(
    ("tilt_deg", "sd_deg", "left_deg"),
    [
        (3.0, 0.5, 0.5),  # it stands out, so it was taken out; its error is left
        (-3.0, 0.5, 0.5),
        (0.4, 0.5, hypot(0.8 * 0.4, sqrt(0.8) * 0.5)),  # it may be chance: people film 1 degree off level
        (0.0, 0.0, 0.0),
        (np.nan, np.nan, 1.0),  # nothing is known of it
    ],
)
def test_a_tilted_camera_leans_the_trunk_by_as_much(tilt_deg: float, sd_deg: float, left_deg: float) -> None:
    view = replace(SURE, tilt_deg=tilt_deg, tilt_uncertainty_deg=1.96 * sd_deg)
    assert lean_half_width(view) == pytest.approx(1.96 * left_deg, abs=0.01)


@pytest.mark.parametrize(
    ("yaw_deg", "sd_deg", "from_deg", "to_deg"),
    [
        (20.0, 5.0, 20.0, 25.0),  # it stands out: 20 degrees are out, 5 more are likely
        (-20.0, 5.0, -20.0, -25.0),
        (0.0, 10.0, 0.0, 10 * sqrt(25 / 125)),  # it may be chance; so doubtful that 5 degrees count as usual, not 4
        (0.0, 6.0, 0.0, 6 * sqrt(16 / 52)),  # it may be chance: people film 4 degrees off square
        (np.nan, np.nan, 0.0, 4.0),
    ],
)
def test_an_oblique_camera_shortens_what_lies_forward(
    yaw_deg: float, sd_deg: float, from_deg: float, to_deg: float
) -> None:
    view = replace(SURE, yaw_deg=yaw_deg, yaw_uncertainty_deg=1.96 * sd_deg)
    stretch = cos(radians(from_deg)) / cos(radians(to_deg))
    wider = 2 * (degrees(atan(stretch * tan(radians(30)))) - 30)
    limbs, name = Limbs(thigh=Wave(6, 30, -35), upper_arm=Wave(0, 30)), "upper_arm_range_deg"
    m = found(by_hand.swinging(limbs, limbs), view)[name, "right"]
    assert m.value == pytest.approx(60, abs=0.01)
    rest = hypot(own(name, "near"), expected_spread(3, stride_sd(name)))
    assert sqrt(m.uncertainty**2 - rest**2) == pytest.approx(1.96 * wider, abs=0.01)


@pytest.mark.parametrize(("source", "moves"), [("stance foot", 1.0), ("given", 0.0)])
def test_a_speed_that_was_measured_is_as_oblique_as_the_camera(source: str, moves: float) -> None:
    oblique = replace(SURE, yaw_deg=20.0, yaw_uncertainty_deg=1.96 * 5, speed_source=source)
    name = "step_length_m"
    m = found(by_hand.gliding(), oblique)[name, "left"]
    stretch = cos(radians(20)) / cos(radians(25))
    rest = hypot(own(name, "far"), expected_spread(4, stride_sd(name)), 0.05 * m.value)
    camera = moves * 1.96 * (stretch - 1) * m.value
    assert m.uncertainty == pytest.approx(hypot(rest, camera), rel=0.02)


def test_a_camera_does_not_widen_times() -> None:
    tilted = replace(SURE, tilt_deg=np.nan, tilt_uncertainty_deg=np.nan, yaw_deg=np.nan, yaw_uncertainty_deg=np.nan)
    level, unknown = plain(), found(stiff_legs(), tilted)
    for (name, side), m in level.items():
        if m.unit in {"ms", "spm"}:
            assert unknown[name, side].uncertainty == pytest.approx(m.uncertainty), name
    assert unknown["thigh_angle_at_strike_deg", "left"].uncertainty > 1.96


# -- left against right, and stiffness -------------------------------------------------------------------------------


def test_left_less_right_from_one_side_has_the_doubt_of_the_far_leg() -> None:
    value = plain()["asymmetry_contact_time_pct", "both"]
    one = expected_spread(4, stride_sd("contact_time_ms"))
    spread_pct = hypot(one, one) / 2.35  # one per cent of the mean of 250 and 220 ms
    far_pct = 1.96 * float(ERRORS["contact_time_ms"]["far"]) / 2.35
    assert far_pct > own("asymmetry_contact_time_pct", "near")
    assert value.uncertainty == pytest.approx(hypot(far_pct, spread_pct), rel=1e-4)
    degree = plain()["asymmetry_peak_thigh_extension_deg", "both"]
    one = expected_spread(4, stride_sd("peak_thigh_extension_deg"))
    far_deg = 1.96 * float(ERRORS["peak_thigh_extension_deg"]["far"])
    assert degree.uncertainty == pytest.approx(hypot(far_deg, one, one), rel=1e-3)


def test_left_less_right_is_never_surer_than_the_difference_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"contact_time_ms": Error(near=5, far=6, stride=2), "asymmetry_contact_time_pct": Error(near=9)}
    monkeypatch.setattr(uncertainty, "accuracy", lambda: MappingProxyType(row))
    value = found(stiff_legs())["asymmetry_contact_time_pct", "both"]
    one = expected_spread(4, 2)
    assert value.uncertainty == pytest.approx(hypot(1.96 * 9, hypot(one, one) / 2.35), rel=1e-4)


def test_without_an_error_of_its_own_it_has_that_of_both_legs(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"contact_time_ms": Error(near=5, far=6, stride=2)}
    monkeypatch.setattr(uncertainty, "accuracy", lambda: MappingProxyType(row))
    value = found(stiff_legs(), contacts=by_hand.uneven_contacts())["asymmetry_contact_time_pct", "both"]
    left = hypot(1.96 * 6, expected_spread(4, 2, 5**2 + 5**2 + 15**2 + 15**2))
    right = hypot(1.96 * 5, expected_spread(4, 2, 0 + 10**2 + 20**2 + 30**2))  # 220, 230, 240 and 190 ms
    assert value.uncertainty == pytest.approx(hypot(left, right) / 2.375, rel=1e-4)
    assert value.sd == pytest.approx(hypot(sqrt(500 / 3), sqrt(1400 / 3)) / 2.375)


def test_every_value_is_in_the_unit_of_its_definition() -> None:
    for (name, _), value in found(stiff_legs(), mass_kg=57).items():
        assert value.unit == BY_ID[name].unit, name


def test_left_less_right_counts_the_strides_of_the_leg_that_was_seen_less_often() -> None:
    contacts = by_hand.uneven_contacts()
    last = max((c for c in contacts if c.side == "right"), key=lambda c: c.strike_s)
    values = found(stiff_legs(), contacts=tuple(c for c in contacts if c is not last))
    left, right = (values["contact_time_ms", side].n for side in SIDES)
    assert (left, right) == (4, 3)
    assert values["asymmetry_contact_time_pct", "both"].n == 3


def test_stiffness_carries_times_scale_and_its_model() -> None:
    value = found(stiff_legs(), mass_kg=57)
    leg_m, longer_s = 0.86 * 0.95, value["contact_time_ms", "left"].uncertainty / 1000

    def stiffness(contact_s: float, flight_s: float, larger: float = 1.0) -> tuple[float, float]:
        force = 57 * 9.81 * pi / 2 * (flight_s / contact_s + 1)
        drop = force * contact_s**2 / (57 * pi**2) - 9.81 * contact_s**2 / 8
        squeeze = larger * leg_m - sqrt((larger * leg_m) ** 2 - (larger * 3.2 * contact_s / 2) ** 2) + drop
        return force / drop / 1000, force / squeeze / 1000

    both, longer, larger = (
        stiffness(0.235, 0.125),
        stiffness(0.235 + longer_s, 0.125 - longer_s),
        stiffness(0.235, 0.125, 1.04),
    )
    for k, name in enumerate(("vertical_stiffness_kn_m", "leg_stiffness_kn_m")):
        m = value[name, "both"]
        expected = hypot(both[k] - longer[k], both[k] - larger[k], 0.07 * both[k])
        assert m.value == pytest.approx(both[k], rel=1e-6)
        assert m.uncertainty == pytest.approx(expected, rel=1e-3)
