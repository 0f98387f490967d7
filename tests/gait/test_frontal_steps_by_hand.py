"""The bounce of a body that is one plain wave, where every lowest moment is known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.gait.frontal_steps import find_steps, left_lift, lowest_near, spans_of_steps, stride_frequency
from midstance.model import Floats, Track
from midstance.skeleton import BOUNCING, INDEX, KEYPOINTS
from tests.fixtures.jogger import as_track

STEP_S, LOWEST_S = 0.35, 0.13
"""A step lasts 350 ms; the body is lowest over the left foot at 130 ms."""


def times(rate_hz: float = 60, seconds: float = 3.0) -> Floats:
    return np.arange(0, seconds, 1 / rate_hz)


def height(time_s: Floats) -> Floats:
    """Up and down by 0.06 on ground that climbs by 0.02 a second."""
    return 1.5 + 0.02 * time_s - 0.03 * np.cos(2 * np.pi * (time_s - LOWEST_S) / STEP_S)


def bouncing(rate_hz: float = 60, seconds: float = 3.0, stride_hz: float = 0.5 / STEP_S) -> Track:
    time_s = times(rate_hz, seconds)
    xy = np.zeros((len(time_s), len(KEYPOINTS), 2))
    for name in BOUNCING:
        xy[:, INDEX[name], 1] = height(time_s)
    wave = 0.1 * np.cos(np.pi * (time_s - LOWEST_S) / STEP_S)
    xy[:, INDEX["left_ankle"], 1], xy[:, INDEX["right_ankle"], 1] = 0.2 - wave, 0.2 + wave
    return replace(as_track(time_s, xy, stride_hz), plane="front", near_side=None, direction=0)


def test_every_step_between_frames_and_its_foot() -> None:
    found = find_steps(bouncing())
    assert [step.side for step in found] == ["left", "right"] * 4
    assert [step.lowest_s for step in found] == pytest.approx(LOWEST_S + STEP_S * np.arange(8), abs=1e-3)


def test_the_lift_is_that_of_the_left_ankle() -> None:
    track = bouncing()
    assert left_lift(track) == pytest.approx(-0.2 * np.cos(np.pi * (track.time_s - LOWEST_S) / STEP_S))
    swapped = replace(track, xy=track.xy * [1, -1])  # the foot that carries is the lower one
    higher = swapped.xy.copy()
    higher[:, [INDEX[name] for name in BOUNCING]] *= -1
    assert [step.side for step in find_steps(replace(track, xy=higher))] == ["right", "left"] * 4


@pytest.mark.parametrize("times_off", [0.9, 1.0, 1.1])
def test_the_rhythm_is_found_around_that_of_the_track(times_off: float) -> None:
    time_s = times()
    lift = np.cos(np.pi * (time_s - LOWEST_S) / STEP_S)
    found = stride_frequency(time_s, height(time_s), lift, near_hz=times_off * 0.5 / STEP_S)
    assert found == pytest.approx(0.5 / STEP_S, rel=1e-4)
    by_lift = stride_frequency(time_s, 0.5 * time_s, lift, near_hz=times_off * 0.5 / STEP_S)
    assert by_lift == pytest.approx(0.5 / STEP_S, rel=1e-3)


@pytest.mark.parametrize("off_s", [-0.14, 0.0, 0.14])
def test_the_nearest_lowest_moment(off_s: float) -> None:
    time_s, moment_s = times(), LOWEST_S + 3 * STEP_S
    assert lowest_near(time_s, height(time_s), moment_s + off_s, 1 / STEP_S) == pytest.approx(moment_s, abs=1e-4)


def test_a_lowest_moment_needs_a_third_of_a_step_and_four_frames_around_it() -> None:
    time_s, step_hz = times(), 1 / STEP_S
    for share, seen in ((0.34, False), (0.36, True)):
        first_s, last_s = LOWEST_S + 2 * STEP_S - share * STEP_S, LOWEST_S + 6 * STEP_S + share * STEP_S
        inside = (time_s >= first_s - 1e-9) & (time_s <= last_s + 1e-9)
        fine = np.sort(np.concatenate([time_s[inside], [first_s, last_s]]))
        for moment_s in (LOWEST_S + 2 * STEP_S, LOWEST_S + 6 * STEP_S):
            assert np.isfinite(lowest_near(fine, height(fine), moment_s, step_hz)) == seen
    middle_s = LOWEST_S + 3 * STEP_S
    for frames, seen in ((3, False), (4, True)):
        around = middle_s + np.linspace(-0.06, 0.06, frames)
        sparse = np.concatenate([time_s[time_s < middle_s - 0.2], around, time_s[time_s > middle_s + 0.2]])
        assert np.isfinite(lowest_near(sparse, height(sparse), middle_s, step_hz)) == seen


def test_spans_of_a_step_and_of_a_stride() -> None:
    steps, strides = spans_of_steps(bouncing(), count=1), spans_of_steps(bouncing(), count=2)
    assert [side for side, _, _ in steps] == ["left", "right"] * 3 + ["left"]
    assert [side for side, _, _ in strides] == ["left", "right"] * 3
    assert [stop - start for _, start, stop in steps] == pytest.approx([STEP_S] * 7, abs=1e-3)
    assert [stop - start for _, start, stop in strides] == pytest.approx([2 * STEP_S] * 6, abs=1e-3)


def test_no_span_reaches_over_a_step_that_was_not_seen() -> None:
    track = bouncing()
    hidden = track.xy.copy()
    hidden[(track.time_s > 1.0) & (track.time_s < 1.5)] = np.nan
    gap = replace(track, xy=hidden)
    missing = 8 - len(find_steps(gap))
    assert missing >= 1
    for count in (1, 2):
        lasts = [stop - start for _, start, stop in spans_of_steps(gap, count=count)]
        assert lasts == pytest.approx([count * STEP_S] * len(lasts), abs=2e-3)
        assert len(lasts) >= 4 - count


def test_too_few_frames_to_say_anything() -> None:
    assert find_steps(bouncing(rate_hz=60, seconds=7.5 / 60)) == ()
    assert find_steps(replace(bouncing(), xy=np.full_like(bouncing().xy, np.nan))) == ()


@pytest.mark.parametrize(("times_off", "end"), [(0.86, 1.14), (1.16, 0.88)])
def test_the_rhythm_is_never_farther_from_that_of_the_track_than_the_search(times_off: float, end: float) -> None:
    """The wave lies a little beyond what is searched, so the end of the search is the nearest."""
    time_s, near_hz = times(), times_off * 0.5 / STEP_S
    lift = np.cos(np.pi * (time_s - LOWEST_S) / STEP_S)
    found = stride_frequency(time_s, height(time_s), lift, near_hz=near_hz)
    assert found == pytest.approx(end * near_hz, rel=1e-9)


def test_one_step_whose_feet_are_level_does_not_turn_the_others_round() -> None:
    track = bouncing()
    level = track.xy.copy()
    near = np.abs(track.time_s - (LOWEST_S + 3 * STEP_S)) < 0.05
    level[near, INDEX["left_ankle"], 1], level[near, INDEX["right_ankle"], 1] = 0.2, 0.2005
    assert [step.side for step in find_steps(replace(track, xy=level))] == ["left", "right"] * 4
