"""The periodic model: rhythm without labels, the cheapest path, Fourier shapes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from midstance.kinematics.smoothing import TimeKernel
from midstance.tracking.gait_phase import (
    EXPLAINED_COST,
    JOG,
    SPRINT,
    Gait,
    cheapest_path,
    find_rhythm,
    fit_shapes,
    fourier,
    fourier_slope,
    mismatch,
    phase_cost,
    rhythm_of,
    template_leg,
)


@pytest.mark.parametrize("hz", [0.12, 0.4, 1.05, 1.4, 1.95, 2.4])
@pytest.mark.parametrize("swap_every", [0, 3, 10])
def test_rhythm_does_not_need_labels(hz: float, swap_every: int) -> None:
    time_s = np.arange(0, 5 / hz, min(1 / 30, 0.04 / hz))
    phase = 2 * np.pi * hz * time_s + 1.0
    legs = template_leg(phase), template_leg(phase + np.pi)
    swapped = (np.arange(len(time_s)) // swap_every % 2 == 1) if swap_every else np.zeros(len(time_s), bool)
    one, two = (np.where(swapped[:, None, None], a, b) for a, b in (legs[::-1], legs))
    rhythm = find_rhythm(phase_cost(one, two), time_s)
    assert rhythm.hz == pytest.approx(hz, rel=0.02)
    assert rhythm.cost.max() < 0.3
    late = (rhythm.phase_rad - phase + np.pi / 2) % np.pi - np.pi / 2
    assert np.abs(late).max() < 0.25


def test_rhythm_follows_a_change_of_pace() -> None:
    time_s = np.arange(0, 8, 1 / 60)
    phase = 2 * np.pi * np.cumsum(np.linspace(1.2, 1.6, len(time_s))) / 60
    rhythm = find_rhythm(phase_cost(template_leg(phase), template_leg(phase + np.pi)), time_s)
    late = (rhythm.phase_rad - phase + np.pi / 2) % np.pi - np.pi / 2
    assert np.abs(late).max() < 0.5
    assert np.diff(rhythm.phase_rad).min() > 0


def test_who_runs_the_other_way_is_not_explained() -> None:
    time_s = np.arange(0, 4, 1 / 60)
    phase = 2 * np.pi * 1.4 * time_s
    legs = (template_leg(phase) * [-1, 1], template_leg(phase + np.pi) * [-1, 1])
    assert find_rhythm(phase_cost(*legs), time_s).cost.min() > EXPLAINED_COST


@pytest.mark.parametrize(
    ("gait", "found"), [(JOG, JOG), (Gait(1.4, 1.2), JOG), (Gait(2.1, 1.7), SPRINT), (Gait(2.3, 1.8), SPRINT)]
)
def test_a_sprint_is_known_where_a_jog_explains_nothing(gait: Gait, found: Gait) -> None:
    time_s = np.arange(0, 2, 1 / 60)
    phase = 2 * np.pi * 1.7 * time_s + 1.0
    rhythm = rhythm_of(template_leg(phase, gait), template_leg(phase + np.pi, gait), time_s)
    assert rhythm.gait == found
    assert rhythm.hz == pytest.approx(1.7, rel=0.02)
    assert rhythm.cost.max() < EXPLAINED_COST


def test_a_sprint_the_other_way_is_not_explained() -> None:
    time_s = np.arange(0, 2, 1 / 60)
    phase = 2 * np.pi * 1.7 * time_s
    legs = (template_leg(phase, SPRINT) * [-1, 1], template_leg(phase + np.pi, SPRINT) * [-1, 1])
    assert rhythm_of(*legs, time_s).cost.min() > EXPLAINED_COST


def test_unseen_frames_do_not_count() -> None:
    time_s = np.arange(0, 4, 1 / 60)
    phase = 2 * np.pi * 1.4 * time_s
    one, two = template_leg(phase), template_leg(phase + np.pi)
    one[::3], two[::3] = np.nan, np.nan
    assert find_rhythm(phase_cost(one, two), time_s).hz == pytest.approx(1.4, rel=0.01)


@given(st.integers(0, 2**16))
def test_cheapest_path_is_the_cheapest(seed: int) -> None:
    chance = np.random.default_rng(seed)
    keep, swap = chance.random(7), chance.random(7)

    def price(path: np.ndarray) -> float:
        return float(np.where(path, swap, keep).sum() + 0.5 * np.count_nonzero(np.diff(path.astype(int))))

    best = min(price(np.array([i >> k & 1 for k in range(7)], bool)) for i in range(128))
    assert price(cheapest_path(keep, swap, 0.5)) == pytest.approx(best)


def test_shapes_return_what_was_put_in() -> None:
    phase = np.linspace(0, 30, 400)
    near, far = template_leg(phase), template_leg(phase + np.pi)
    near[::5] = np.nan
    weights = np.isfinite(near[..., 0]).astype(float), np.ones(far.shape[:2])
    shapes = fit_shapes((near, far), weights, phase, harmonics=5, shared=(0.05, 0.5))
    assert np.nanmax(np.abs(shapes.at(phase, 0) - near)) < 0.03
    assert np.abs(shapes.at(phase, 1) - far).max() < 0.03
    numeric = np.gradient(shapes.at(phase, 1), phase, axis=0)
    assert np.abs(shapes.slope(phase, 1) - numeric)[1:-1].max() < 0.02


def test_fourier_slope_is_the_slope() -> None:
    phase = np.linspace(0, 6, 2000)
    np.testing.assert_allclose(
        np.gradient(fourier(phase, 3), phase, axis=0)[1:-1], fourier_slope(phase, 3)[1:-1], atol=1e-4
    )


def test_mismatch_saturates_and_counts_the_unseen() -> None:
    leg = template_leg(np.zeros(1))
    assert mismatch(leg, leg, 0.1)[0] == 0
    assert mismatch(leg + 9, leg, 0.1)[0] == pytest.approx(4, abs=0.01)
    assert mismatch(leg * np.nan, leg, 0.1)[0] == 4


def test_time_blur_knows_true_time() -> None:
    time_s = np.array([0.0, 0.01, 0.02, 0.5, 0.51])
    kernel = TimeKernel(time_s, 0.01) @ np.eye(5)
    assert kernel[0, 1] == pytest.approx(np.exp(-0.5))
    assert kernel[2, 3] == 0
    np.testing.assert_allclose(kernel, kernel.T)
