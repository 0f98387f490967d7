"""Smooth series over true time: running medians and Gaussian means that are right for uneven frames too."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import numpy as np
from scipy.ndimage import median_filter
from scipy.sparse import csr_matrix, diags_array

from midstance.model import Floats

BLOCK = 4096
REACH = 4.5
"""Frames that are smoothed at a time, and how many widths of a kernel before and after them count: it ends at four."""


def time_kernel(time_s: Floats, width_s: float) -> csr_matrix:
    """Return the (frame, frame) Gaussian kernel over true time, cut at four widths, not normalised.

    Multiply values by it to smooth them, and by ones for the divisor.
    """
    bands, lags = [np.ones(len(time_s))], [0]
    for lag in range(1, len(time_s)):
        weight = np.exp(-0.5 * np.square((time_s[lag:] - time_s[:-lag]) / width_s))
        if weight.max() < np.exp(-8):
            break
        bands += [weight, weight]
        lags += [lag, -lag]
    return csr_matrix(diags_array(cast("Any", bands), offsets=lags))


def running_median(values: Floats, frames: float) -> Floats:
    """Return the running median over an odd number of frames, at least three, along the first axis."""
    size = max(3, 2 * (int(frames) // 2) + 1)
    return np.asarray(median_filter(values, (size,) + (1,) * (values.ndim - 1), mode="nearest"))


def gaussian_mean(values: Floats, time_s: Floats, width_s: float) -> Floats:
    """Return the Gaussian mean over true time, along the first axis of one or two."""
    mean = np.empty(values.shape)
    for rows, around in _blocks(time_s, REACH * width_s):  # the kernel is large
        kernel = time_kernel(time_s[around], width_s)[rows.start - around.start : rows.stop - around.start]
        room = kernel @ np.ones(kernel.shape[1])
        mean[rows] = (kernel @ values[around]) / (room[:, None] if values.ndim == 2 else room)
    return mean


def smooth_keeping_bounce(values: Floats, time_s: Floats, width_s: float) -> Floats:
    """Smooth without lag and without flattening the bounce: what a first pass took away is smoothed and given back."""
    smooth = np.empty(values.shape)
    for rows, around in _blocks(time_s, 2 * REACH * width_s):  # two passes reach twice as far
        near, near_s = values[around], time_s[around]
        once = gaussian_mean(near, near_s, width_s)
        once += gaussian_mean(near - once, near_s, width_s)
        smooth[rows] = once[rows.start - around.start : rows.stop - around.start]
    return smooth


def _blocks(time_s: Floats, reach_s: float) -> Iterator[tuple[slice, slice]]:
    """Yield a long clip a block of frames at a time: its rows, and the rows within reach of them."""
    for start in range(0, len(time_s), BLOCK):
        stop = min(start + BLOCK, len(time_s))
        first, after = np.searchsorted(time_s, time_s[[start, stop - 1]] + np.array([-reach_s, reach_s]))
        yield slice(start, stop), slice(int(first), int(after))
