"""What must not change does not, from poses to measures: place, size, side, clock, frame rate, a frame hidden.

The runners are those of jogger.py, drawn by a pose model that errs by a pixel; every value that is told is compared.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from midstance.analyze import analyze
from midstance.model import Analysis, Clip, ClipPoses, Contact, Floats, Measure, MeasureSide, Person, Poses, Side
from midstance.reasons import say
from midstance.skeleton import INDEX, MIRROR, SIDES
from midstance.uncertainty import combined
from tests.fixtures.drawn_runner import standing
from tests.fixtures.jogger import Jogger

few = settings(max_examples=2, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
RUNNERS = (Jogger(), Jogger(speed_mps=4.2, stride_s=0.68, contact_s=0.2, bounce_m=0.045, ahead_m=0.22))
runners = st.sampled_from(RUNNERS)
OPPOSITE: dict[MeasureSide, MeasureSide] = {"left": "right", "right": "left", "both": "both"}
EVENT_S = 0.008
"""What may come between two ways to the same event where they cannot be exactly alike."""
Values = dict[tuple[str, MeasureSide], Measure]


def judged(poses: Poses, *, height_m: float | None = 1.75, slow_motion: float = 1.0) -> Analysis:
    """The whole way from poses to measures and findings."""
    clip = Clip(
        path=Path("run.mp4"),
        sha256="",
        width=poses.width,
        height=poses.height,
        time_s=poses.time_s,
        rate_hz=1 / float(np.median(np.diff(poses.time_s))),
        variable_rate=False,
        rotation_deg=0,
        slow_motion_factor=slow_motion,
    )
    return analyze(ClipPoses(clip=clip, poses=poses), height_m=height_m)


@cache
def plain(jogger: Jogger) -> Analysis:
    """A runner as they are, to compare with."""
    return judged(jogger.poses())


def values(analysis: Analysis) -> Values:
    return {(m.id, m.side): m for m in analysis.measures}


def moved(poses: Poses, xy: Floats, *, width: int | None = None, height: int | None = None) -> Poses:
    person = replace(poses.people[0], xy=xy)
    return replace(poses, people=(person,), width=width or poses.width, height=height or poses.height)


def same(found: Analysis, expected: Analysis, *, later_s: float = 0.0) -> None:
    """Every contact and every value is the same, but for rounding where the search for an event stops."""
    assert len(found.contacts) == len(expected.contacts) > 3
    for one, other in zip(found.contacts, expected.contacts, strict=True):
        assert one.side == other.side
        assert one.strike_s == pytest.approx(other.strike_s + later_s, abs=1e-4)
        assert one.toe_off_s == pytest.approx(other.toe_off_s + later_s, abs=1e-4)
    told, known = values(found), values(expected)
    assert told.keys() == known.keys()
    for name, measure in told.items():
        assert measure.value == pytest.approx(known[name].value, abs=0.02 * measure.uncertainty), name
        assert measure.uncertainty == pytest.approx(known[name].uncertainty, rel=0.01), name
    assert [f.problem for f in found.findings] == [f.problem for f in expected.findings]


def agree(found: Analysis, expected: Analysis) -> None:
    """No value differs by more than the two errors it is told with allow."""
    known = values(expected)
    for name, measure in values(found).items():
        if name in known:
            allowed = combined(measure.uncertainty, known[name].uncertainty)
            assert abs(measure.value - known[name].value) <= allowed, name


def of_side(contacts: tuple[Contact, ...], side: Side) -> list[Contact]:
    return [contact for contact in contacts if contact.side == side]


# -- the picture -----------------------------------------------------------------------------------------------------


@few
@given(jogger=runners)
def test_a_mirrored_film_swaps_the_sides(jogger: Jogger) -> None:
    poses = jogger.poses()
    person = poses.people[0]
    xy = person.xy[:, MIRROR] * [-1, 1] + [poses.width, 0]
    mirrored = replace(poses, people=(Person(xy=xy, confidence=person.confidence[:, MIRROR]),))
    found, expected = judged(mirrored), plain(jogger)
    assert found.view.direction == -expected.view.direction
    swapped = replace(
        found,
        contacts=tuple(replace(c, side="left" if c.side == "right" else "right") for c in found.contacts),
        measures=tuple(replace(m, side=OPPOSITE[m.side]) for m in found.measures if "asymmetry" not in m.id),
    )
    same(swapped, replace(expected, measures=tuple(m for m in expected.measures if "asymmetry" not in m.id)))


@few
@given(jogger=runners, right=st.integers(-150, 150), down=st.integers(0, 90))
def test_the_place_in_the_picture_does_not_matter(jogger: Jogger, right: int, down: int) -> None:
    poses = jogger.poses()
    same(judged(moved(poses, poses.people[0].xy + np.array([right, down]))), plain(jogger))


@few
@given(jogger=runners, times=st.sampled_from([0.6, 2.0, 3.0]))
def test_the_size_of_the_picture_does_not_matter(jogger: Jogger, times: float) -> None:
    poses = jogger.poses()
    size = {"width": round(poses.width * times), "height": round(poses.height * times)}
    same(judged(moved(poses, poses.people[0].xy * times, **size)), plain(jogger))


@few
@given(jogger=runners, pan_px_s=st.floats(-400, 400))
def test_a_camera_that_follows_does_not_matter(jogger: Jogger, pan_px_s: float) -> None:
    poses = jogger.poses()
    to_first = poses.camera.to_first.copy()
    to_first[:, 0, 2] = pan_px_s * poses.time_s
    on_a_cart = replace(poses, camera=replace(poses.camera, to_first=to_first))
    found, expected = judged(on_a_cart), plain(jogger)
    for side in SIDES:
        for one, other in zip(of_side(found.contacts, side), of_side(expected.contacts, side), strict=True):
            assert one.strike_s == pytest.approx(other.strike_s, abs=1e-4)
    name: tuple[str, MeasureSide] = ("peak_thigh_flexion_deg", "right")
    assert values(found)[name].value == pytest.approx(values(expected)[name].value)


@few
@given(jogger=runners)
def test_who_stands_by_does_not_matter(jogger: Jogger) -> None:
    poses = jogger.poses()
    spectator = standing(poses.time_s, scale=1.3)
    same(judged(replace(poses, people=(spectator, *poses.people))), plain(jogger))


# -- the clock -------------------------------------------------------------------------------------------------------


@few
@given(jogger=runners, later_s=st.floats(0.5, 100))
def test_a_clock_that_starts_later_only_moves_the_events(jogger: Jogger, later_s: float) -> None:
    poses = jogger.poses()
    same(judged(replace(poses, time_s=poses.time_s + later_s)), plain(jogger), later_s=later_s)


@few
@given(jogger=runners, factor=st.sampled_from([0.5, 2.0, 8.0]))
def test_slow_motion_that_is_told_does_not_matter(jogger: Jogger, factor: float) -> None:
    poses = jogger.poses()
    same(judged(replace(poses, time_s=poses.time_s * factor), slow_motion=factor), plain(jogger))


@few
@given(jogger=runners, factor=st.sampled_from([0.5, 4.0]))
def test_slow_motion_that_is_not_told_leaves_the_angles(jogger: Jogger, factor: float) -> None:
    poses = jogger.poses()
    found = judged(replace(poses, time_s=poses.time_s * factor))
    assert any(f"--slow-motion {factor:g}" in say(warning, "cli") for warning in found.warnings)
    assert not {m.unit for m in found.measures} & {"ms", "spm", "m/s", "deg/s"}
    agree(found, plain(jogger))


@few
@given(jogger=runners, kept=st.sampled_from([2, 4]))
def test_fewer_frames_a_second_move_nothing_beyond_its_error(jogger: Jogger, kept: int) -> None:
    poses = jogger.poses(rate_hz=120)
    person = poses.people[0]
    thinned = Person(xy=person.xy[::kept], confidence=person.confidence[::kept])
    camera = poses.camera
    camera = replace(camera, to_first=camera.to_first[::kept], quality=camera.quality[::kept], cut=camera.cut[::kept])
    found = judged(replace(poses, time_s=poses.time_s[::kept], people=(thinned,), camera=camera))
    expected = judged(poses)
    agree(found, expected)
    for side in SIDES:
        for one, other in zip(of_side(found.contacts, side), of_side(expected.contacts, side), strict=True):
            assert one.strike_s == pytest.approx(other.strike_s, abs=combined(one.uncertainty_s, other.uncertainty_s))


@few
@given(jogger=runners, first=st.integers(6, 30))
def test_where_the_film_begins_does_not_move_the_events(jogger: Jogger, first: int) -> None:
    poses = jogger.poses()
    person, camera = poses.people[0], poses.camera
    later = Person(xy=person.xy[first:], confidence=person.confidence[first:])
    camera = replace(camera, to_first=camera.to_first[first:], quality=camera.quality[first:], cut=camera.cut[first:])
    found = judged(replace(poses, time_s=poses.time_s[first:], people=(later,), camera=camera))
    known = plain(jogger).contacts
    assert len(found.contacts) >= len(known) - 2
    for contact in found.contacts:
        nearest = min(known, key=lambda other: abs(other.strike_s - contact.strike_s))
        assert nearest.side == contact.side
        assert contact.strike_s == pytest.approx(nearest.strike_s, abs=EVENT_S)
        assert contact.toe_off_s == pytest.approx(nearest.toe_off_s, abs=EVENT_S)
    agree(found, plain(jogger))


# -- what is not seen ------------------------------------------------------------------------------------------------


@few
@given(jogger=runners, start=st.integers(30, 90), gap=st.integers(1, 8))
def test_hidden_frames_may_cost_a_step_but_move_nothing_else(jogger: Jogger, start: int, gap: int) -> None:
    poses = jogger.poses()
    xy = poses.people[0].xy.copy()
    xy[start : start + gap] = np.nan
    found, known = judged(moved(poses, xy)), plain(jogger).contacts
    assert len(known) - 2 <= len(found.contacts) <= len(known)
    dark = poses.time_s[start] - 0.1, poses.time_s[start + gap - 1] + 0.1
    for contact in found.contacts:
        nearest = min(known, key=lambda other: abs(other.strike_s - contact.strike_s))
        if contact.toe_off_s < dark[0] or contact.strike_s > dark[1]:
            assert contact.strike_s == pytest.approx(nearest.strike_s, abs=EVENT_S)
            assert contact.toe_off_s == pytest.approx(nearest.toe_off_s, abs=EVENT_S)
    agree(found, plain(jogger))


@few
@given(jogger=runners, seed=st.integers(0, 1000), share=st.floats(0.05, 0.3))
def test_mislabelled_legs_move_nothing(jogger: Jogger, seed: int, share: float) -> None:
    poses = jogger.poses()
    xy = poses.people[0].xy.copy()
    wrong = np.repeat(np.random.default_rng(seed).random(len(xy) // 6 + 1) < share, 6)[: len(xy)]
    legs = [INDEX[f"{side}_{part}"] for side in SIDES for part in ("hip", "knee", "ankle", "heel", "toe")]
    for leg in legs:
        xy[wrong, leg] = poses.people[0].xy[wrong, MIRROR[leg]]
    found = judged(moved(poses, xy))
    assert len(found.contacts) == len(plain(jogger).contacts)
    agree(found, plain(jogger))


# -- what hangs together ---------------------------------------------------------------------------------------------


@few
@given(
    stride_s=st.floats(0.6, 0.78),
    duty=st.floats(0.27, 0.38),
    noise_px=st.floats(0, 3),
    seed=st.integers(0, 99),
)
def test_feet_strike_and_leave_in_turn(stride_s: float, duty: float, noise_px: float, seed: int) -> None:
    contact_s = duty * stride_s
    jogger = Jogger(speed_mps=0.75 / contact_s, stride_s=stride_s, contact_s=contact_s, bounce_m=0.035)
    analysis = judged(jogger.poses(noise_px=noise_px, seed=seed))
    contacts, track = analysis.contacts, analysis.track
    assert len(contacts) >= 4
    assert [c.strike_s for c in contacts] == sorted(c.strike_s for c in contacts)
    assert all(one.side != other.side for one, other in pairwise(contacts))
    assert all(track.time_s[0] <= c.strike_s < c.toe_off_s <= track.time_s[-1] for c in contacts)
    for side in SIDES:
        assert all(one.toe_off_s < other.strike_s for one, other in pairwise(of_side(contacts, side)))
    assert np.median([c.toe_off_s - c.strike_s for c in contacts]) == pytest.approx(duty * stride_s, abs=0.03)


@pytest.mark.parametrize("jogger", RUNNERS)
def test_the_same_thing_in_two_units_is_the_same(jogger: Jogger) -> None:
    value = {name: m.value for name, m in values(plain(jogger)).items()}
    metres = value["step_length_m", "left"] / value["step_length_leg", "left"]
    assert value["step_length_m", "right"] / value["step_length_leg", "right"] == pytest.approx(metres)
    rise = value["vertical_oscillation_cm", "both"] / 100
    assert rise / value["vertical_oscillation_leg", "both"] == pytest.approx(metres)
    assert value["cadence_spm", "both"] * value["stride_time_ms", "left"] == pytest.approx(120_000, rel=0.01)
    steps_m = [value["step_length_m", side] for side in SIDES]
    assert value["speed_mps", "both"] == pytest.approx(np.mean(steps_m) * value["cadence_spm", "both"] / 60, rel=0.01)
    for side in SIDES:
        together = value["contact_time_ms", side] + value["flight_time_ms", side]
        assert together == pytest.approx(value["step_time_ms", side], rel=0.01)
        duty = value["contact_time_ms", side] / (2 * value["step_time_ms", side])
        assert value["duty_factor", side] == pytest.approx(duty, rel=0.01)
    assert sum(value["step_time_ms", side] for side in SIDES) == pytest.approx(
        value["stride_time_ms", "left"], rel=0.01
    )


@few
@given(jogger=runners, height_m=st.floats(1.4, 2.1))
def test_lengths_go_with_the_height_and_nothing_else_does(jogger: Jogger, height_m: float) -> None:
    found, known = values(judged(jogger.poses(), height_m=height_m)), values(plain(jogger))
    per = height_m / 1.75
    powers = {"m": 1, "cm": 1, "m/s": 1, "kN/m": None}
    for name, measure in found.items():
        power = powers.get(measure.unit, 0)
        if power is not None and name[0] != "take_off_angle_deg":
            assert measure.value == pytest.approx(known[name].value * per**power), name
