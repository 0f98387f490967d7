"""Smooth series over true time: running medians and Gaussian means that are right for uneven frames too."""

from __future__ import annotations

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
    blocks = []
    for start in range(0, len(time_s), BLOCK):  # the kernel is large: of a long clip a block of frames at a time
        stop = min(start + BLOCK, len(time_s))
        around = slice(*np.searchsorted(time_s, time_s[[start, stop - 1]] + np.array([-REACH, REACH]) * width_s))
        here = slice(start - around.start, stop - around.start)
        kernel = time_kernel(time_s[around], width_s)[here]
        room = kernel @ np.ones(kernel.shape[1])
        blocks.append((kernel @ values[around]) / (room[:, None] if values.ndim == 2 else room))
    return np.concatenate(blocks)


def smooth_keeping_bounce(values: Floats, time_s: Floats, width_s: float) -> Floats:
    """Smooth without lag and without flattening the bounce: what a first pass took away is smoothed and given back."""
    once = gaussian_mean(values, time_s, width_s)
    return once + gaussian_mean(values - once, time_s, width_s)
