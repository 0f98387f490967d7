"""Smoothing against scipy's, which it does without (docs/decisions/speed.md), and against sums written out."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d, median_filter

from midstance.kinematics import smoothing
from midstance.kinematics.smoothing import TimeKernel, even_gaussian, gaussian_mean, running_median

RANDOM = np.random.default_rng(3)
VALUES = RANDOM.normal(size=(300, 2))


@pytest.mark.parametrize("frames", [0.1, 0.6, 2.0, 7.3, 200.0])
def test_the_gaussian_mean_over_frames(frames: float) -> None:
    for values in (VALUES, VALUES[:, 0], VALUES[:1]):
        expected = gaussian_filter1d(values, frames, axis=0, mode="nearest")
        np.testing.assert_allclose(even_gaussian(values, frames), expected, atol=1e-12)
    gap = np.where(np.arange(300) == 150, np.nan, VALUES[:, 0])
    expected = np.isnan(gaussian_filter1d(gap, frames, mode="nearest"))
    np.testing.assert_array_equal(np.isnan(even_gaussian(gap, frames)), expected)


@pytest.mark.parametrize("frames", [1, 3, 4.9, 13, 40])
def test_the_running_median(frames: float, monkeypatch: pytest.MonkeyPatch) -> None:
    size = max(3, 2 * (int(frames) // 2) + 1)
    monkeypatch.setattr(smoothing, "BLOCK", 128)
    for values in (VALUES, VALUES[:, 0], VALUES[:2], VALUES.reshape(100, 3, 2)):
        expected = median_filter(values, (size,) + (1,) * (values.ndim - 1), mode="nearest")
        np.testing.assert_array_equal(running_median(values, frames), expected)


def test_the_kernel_over_true_time() -> None:
    """Every weight is that of the time between two frames; none is left out and none counts twice."""
    time_s = np.cumsum(RANDOM.uniform(0.01, 0.03, 200) * np.where(RANDOM.random(200) < 0.05, 30, 1))
    widths = (time_s[:, None] - time_s) / 0.08
    expected = np.where(np.abs(widths) <= 4, np.exp(-0.5 * widths**2), 0)
    kernel = TimeKernel(time_s, 0.08)
    np.testing.assert_allclose(kernel @ np.eye(200), expected, atol=1e-15)
    np.testing.assert_allclose(kernel.room, expected.sum(1), atol=1e-12)
    np.testing.assert_allclose(
        TimeKernel(time_s, 0.08, slice(70, 150)) @ VALUES[:200], (expected @ VALUES[:200])[70:150]
    )
    mean = gaussian_mean(VALUES[:200], time_s, 0.08)
    np.testing.assert_allclose(mean, expected @ VALUES[:200] / expected.sum(1)[:, None])
