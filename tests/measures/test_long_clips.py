"""A long clip is tracked and measured part by part; that changes nothing a runner could see."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from benchmarks.accuracy import ALLOWED, moved, values_of
from benchmarks.by_length import clip_of

from midstance.analyze import analyze
from midstance.kinematics import smoothing
from midstance.measures import run
from midstance.model import Analysis, ClipPoses, Floats
from midstance.tracking import gait_phase, leg_identity
from tests.fixtures.jogger import Jogger

RATE_HZ, SECONDS = 60.0, 32.0


def analysed() -> Analysis:
    poses = Jogger().poses(rate_hz=RATE_HZ, seconds=SECONDS)
    return analyze(ClipPoses(clip=clip_of(poses), poses=poses), height_m=1.7, mass_kg=70)


def test_parts_measure_what_one_piece_does(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = analysed()
    monkeypatch.setattr(leg_identity, "STRETCH_S", 10.0)
    monkeypatch.setattr(run, "PART_S", 10.0)
    monkeypatch.setattr(smoothing, "BLOCK", 500)
    monkeypatch.setattr(gait_phase, "BLOCK", 500)
    assert len(leg_identity.stretches_of(whole.track.time_s)) == 3
    parts = analysed()
    before, after = values_of(whole), values_of(parts)
    assert before.keys() == after.keys()
    moves = moved(before, after)
    assert max(moves.values()) < ALLOWED, max(moves, key=lambda each: moves[each])
    assert [each.n for each in whole.measures] == [each.n for each in parts.measures]
    for name in ("strike_s", "toe_off_s"):
        ends = [[getattr(contact, name) for contact in found.contacts] for found in (whole, parts)]
        np.testing.assert_allclose(ends[1], ends[0], atol=0.001)


def test_stretches_cover_every_frame_once() -> None:
    time_s = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.03, 20000))
    stretches = leg_identity.stretches_of(time_s)
    assert len(stretches) == int((time_s[-1] - time_s[0]) / leg_identity.STRETCH_S)
    assert [frame for stretch, _ in stretches for frame in range(stretch.start, stretch.stop)] == list(range(20000))
    assert all(wide.start <= stretch.start < stretch.stop <= wide.stop for stretch, wide in stretches)
    assert leg_identity.stretches_of(time_s[:100]) == [(slice(0, 100), slice(0, 100))]


@pytest.mark.parametrize("smooth", [smoothing.gaussian_mean, smoothing.smooth_keeping_bounce])
def test_smoothing_by_blocks_is_smoothing(
    smooth: Callable[[Floats, Floats, float], Floats], monkeypatch: pytest.MonkeyPatch
) -> None:
    random = np.random.default_rng(2)
    time_s = np.cumsum(random.uniform(0.01, 0.03, 3000))
    values = random.normal(size=(3000, 2))
    whole = smooth(values, time_s, 0.4)
    monkeypatch.setattr(smoothing, "BLOCK", 700)
    np.testing.assert_allclose(smooth(values, time_s, 0.4), whole, atol=1e-4)
