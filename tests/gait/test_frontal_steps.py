"""Steps seen from the front or from behind, of a body that goes up and down as it is told."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.gait.frontal_steps import find_steps
from midstance.measures import measure
from midstance.model import Track, View
from midstance.skeleton import INDEX, SIDES
from tests.fixtures.jogger import Jogger, side_view

STRIDE_S = 0.72
LEFT_LOWEST_S = 0.17


def seen_from_the_front(*, rate_hz: float = 30, seconds: float = 3.0, noise: float = 0.004) -> Track:
    """Head and shoulders lowest over the left foot at 0.17 s, over the right one half a stride later, and so on."""
    time_s = np.arange(0, seconds, 1 / rate_hz)
    track = Jogger(stride_s=STRIDE_S).track(rate_hz=rate_hz, seconds=seconds)
    turn = 2 * np.pi * (time_s - LEFT_LOWEST_S) / STRIDE_S
    xy = np.random.default_rng(1).normal(0, noise, track.xy[: len(time_s)].shape)
    xy[..., 1] += 1.5 - 0.05 * np.cos(2 * turn)[:, None]
    for side, sign in zip(SIDES, (-1, 1), strict=True):
        xy[:, INDEX[f"{side}_ankle"], 1] = np.clip(sign * 0.3 * np.cos(turn), -0.05, None)
    return replace(track, time_s=time_s, xy=xy, plane="front", near_side=None, direction=0, stride_hz=1.05 / STRIDE_S)


def front_view() -> View:
    return replace(side_view(), plane="front", near_side=None)


@pytest.mark.parametrize("rate_hz", [24, 30, 60, 120])
def test_the_lowest_moments_and_their_feet_between_frames(rate_hz: float) -> None:
    found = find_steps(seen_from_the_front(rate_hz=rate_hz))
    expected = LEFT_LOWEST_S + STRIDE_S / 2 * np.arange(8)
    assert [step.side for step in found] == ["left", "right"] * 4
    assert [step.lowest_s for step in found] == pytest.approx(expected[: len(found)], abs=0.006)


def test_a_slope_and_a_slow_drift_change_no_moment() -> None:
    track = seen_from_the_front(noise=0)
    drift = 0.1 * track.time_s + 0.05 * np.sin(track.time_s)
    moved = replace(track, xy=track.xy + np.stack([drift, drift], -1)[:, None])
    before, after = ([step.lowest_s for step in find_steps(t)] for t in (track, moved))
    assert after == pytest.approx(before, abs=0.002)


def test_a_gap_loses_its_steps_and_moves_no_other() -> None:
    track = seen_from_the_front(noise=0)
    hidden = np.where((track.time_s > 1.0) & (track.time_s < 1.5), np.nan, 1.0)
    gap = replace(track, xy=track.xy * hidden[:, None, None])
    whole, kept = find_steps(track), find_steps(gap)
    assert 0 < len(kept) < len(whole)
    for step in kept:
        nearest = min(whole, key=lambda other: abs(other.lowest_s - step.lowest_s))
        assert nearest.side == step.side
        assert nearest.lowest_s == pytest.approx(step.lowest_s, abs=0.003)
    spans = [m for m in measure(gap, (), front_view()).measures if m.id == "stride_time_ms"]
    assert [m.value for m in spans] == pytest.approx([1000 * STRIDE_S] * len(spans), abs=5)


def test_mirror_swaps_the_feet() -> None:
    track = seen_from_the_front()
    ankles = [INDEX[f"{side}_ankle"] for side in SIDES]
    swapped = track.xy.copy()
    swapped[:, ankles] = track.xy[:, ankles[::-1]]
    assert [s.side for s in find_steps(replace(track, xy=swapped))] == ["right", "left"] * 4


def test_cadence_from_the_front() -> None:
    found = {(m.id, m.side): m for m in measure(seen_from_the_front(), (), front_view()).measures}
    cadence = found["cadence_spm", "both"]
    assert cadence.value == pytest.approx(120 / STRIDE_S, rel=0.005)
    for side in SIDES:
        assert found["step_time_ms", side].value == pytest.approx(500 * STRIDE_S, abs=6)


def test_nothing_of_a_clip_too_short() -> None:
    assert find_steps(seen_from_the_front(seconds=0.2)) == ()
