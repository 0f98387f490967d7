"""Smooth series over frames or over true time: medians, and Gaussian means that are right for uneven frames too.

With NumPy alone: scipy, and what it loads of NumPy, would be 0.2 s of every start (docs/decisions/speed.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from midstance.model import Floats

BLOCK = 4096
REACH = 4.5
"""Frames that are smoothed at a time, and how many widths of a kernel before and after them count: it ends at four."""
CUT = 4.0
"""Widths of a Gaussian beyond which nothing counts: 0.0003 of its top."""
_ROWS = 64
"""Frames of a kernel that are kept together, with all that reach one of them."""


class TimeKernel:
    """The (frame, frame) Gaussian kernel over true time, cut at four widths, not normalised.

    Multiply values by it to smooth them, and by ones for the divisor.

    rows  frames that are asked for, of all
    """

    def __init__(self, time_s: Floats, width_s: float, rows: slice = slice(None)) -> None:
        wanted_s = time_s[rows]
        starts = np.arange(0, len(wanted_s), _ROWS)
        ends = np.minimum(starts + _ROWS, len(wanted_s))
        first = np.searchsorted(time_s, wanted_s[starts] - CUT * width_s)
        after = np.searchsorted(time_s, wanted_s[ends - 1] + CUT * width_s, side="right")
        self._frames = len(time_s)
        self._blocks = [
            (slice(around, stop), _gaussian((wanted_s[start:end, None] - time_s[around:stop]) / width_s))
            for start, end, around, stop in zip(starts, ends, first, after, strict=True)
        ]

    def __matmul__(self, values: Floats) -> Floats:
        """Return the sums over the frames around each one, along the first axis."""
        return np.concatenate([weights @ values[around] for around, weights in self._blocks])

    @cached_property
    def room(self) -> Floats:
        """The sum of the weights around each frame."""
        return self @ np.ones(self._frames)


def _gaussian(widths: Floats) -> Floats:
    return np.where(np.abs(widths) <= CUT, np.exp(-0.5 * np.square(widths)), 0.0)


def even_gaussian(values: Floats, frames: float) -> Floats:
    """Return the Gaussian mean over even frames, along the first axis of one or two; beyond its ends nothing changes.

    frames  width of the kernel
    """
    reach = int(CUT * frames + 0.5)
    kernel = np.exp(-0.5 * np.square(np.arange(-reach, reach + 1) / frames))
    around = np.concatenate([values[:1].repeat(reach, 0), values, values[-1:].repeat(reach, 0)])
    columns = [np.convolve(column, kernel / kernel.sum(), "valid") for column in around.reshape(len(around), -1).T]
    return np.stack(columns, axis=-1).reshape(values.shape)


def running_median(values: Floats, frames: float) -> Floats:
    """Return the running median over an odd number of frames, at least three, along the first axis."""
    half = max(3, 2 * (int(frames) // 2) + 1) // 2
    around = np.concatenate([values[:1].repeat(half, 0), values, values[-1:].repeat(half, 0)])
    median = np.empty(values.shape)
    for start in range(0, len(values), BLOCK):  # the windows take as many times the memory as they have frames
        windows = sliding_window_view(around[start : start + BLOCK + 2 * half], 2 * half + 1, axis=0)
        median[start : start + BLOCK] = np.partition(windows, half, axis=-1)[..., half]
    return median


def gaussian_mean(values: Floats, time_s: Floats, width_s: float) -> Floats:
    """Return the Gaussian mean over true time, along the first axis of one or two."""
    mean = np.empty(values.shape)
    for rows, around in _blocks(time_s, REACH * width_s):  # the kernel is large
        kernel = TimeKernel(time_s[around], width_s, slice(rows.start - around.start, rows.stop - around.start))
        mean[rows] = (kernel @ values[around]) / (kernel.room[:, None] if values.ndim == 2 else kernel.room)
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
