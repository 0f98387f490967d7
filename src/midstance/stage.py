"""Where the runner stands in the drawn picture: a window of the clip that follows the hips, and its size."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from midstance.draw import PAPER
from midstance.model import Clip, Floats, Ints, Track
from midstance.skeleton import INDEX

Image = NDArray[np.uint8]

ROOM = 1.3
"""Height of the window over the height of the body: head and feet stay in, with air around them."""

FOLLOW_S = 0.3
"""The window follows the hips over this time (standard deviation), so that it keeps still within a step."""

SMALLEST = 480
"""A runner who is small in the clip is drawn larger, up to so many lines."""

STILL = 0.06
"""Hips that wander less than this share of the window are shown by a camera that stands still."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A window of the clip for every frame, and how large it is drawn.

    corner      (frame, 2) left and upper edge of the window, whole pixels of the decoded picture, over all clip frames
    window      width and height of the window, pixels of the decoded picture
    decode      height to which frames are scaled as they are decoded
    shrink      decoded pixels per pixel of the clip
    width, height   of the drawn picture, even
    """

    corner: Ints
    window: tuple[int, int]
    decode: int
    shrink: float
    width: int
    height: int

    @property
    def zoom(self) -> float:
        """Drawn pixels per pixel of the decoded picture."""
        return self.height / self.window[1]

    def picture(self, decoded: Image, frame: int) -> Image:
        """The drawn picture of one decoded frame; what lies outside the clip is dark."""
        (x, y), (w, h) = self.corner[frame], self.window
        rows, columns = decoded.shape[:2]
        top, bottom, left, right = max(0, y), min(rows, y + h), max(0, x), min(columns, x + w)
        seen = decoded[top:bottom, left:right]
        if seen.shape[:2] != (h, w):
            whole = np.empty((h, w, 3), np.uint8)
            whole[:] = PAPER
            if top < bottom and left < right:
                whole[top - y : bottom - y, left - x : right - x] = seen
            seen = whole
        if (h, w) == (self.height, self.width):
            return seen
        how = cv2.INTER_AREA if self.zoom < 1 else cv2.INTER_CUBIC
        return np.asarray(cv2.resize(seen, (self.width, self.height), interpolation=how), np.uint8)

    def place(self, xy_px: Floats, frame: int) -> Floats:
        """Pixels of the clip (..., 2) to pixels of the drawn picture of one frame; 0 is the middle of a pixel."""
        return np.asarray(((xy_px + 0.5) * self.shrink - self.corner[frame]) * self.zoom - 0.5)


def set_stage(clip: Clip, track: Track, *, height: int = 720) -> Stage:
    """A window about the runner, as square as the clip allows, drawn at most `height` pixels high."""
    tall = min(clip.height, ROOM * body_height_px(track))
    wide = min(clip.width, tall)
    drawn = min(height, max(SMALLEST, tall))
    return window(clip, track, (wide, tall), height=round(drawn))


def window(clip: Clip, track: Track, size_px: tuple[float, float], *, height: int) -> Stage:
    """A window of the clip of a given width and height, pixels of the clip, drawn `height` pixels high."""
    wide, tall = size_px
    decode = 2 * round(clip.height * min(1.0, height / tall) / 2)
    shrink = decode / clip.height
    taken = (2 * round(wide * shrink / 2), 2 * round(tall * shrink / 2))
    corner = _follow(clip, track, np.array(size_px)) * shrink - np.array(taken) / 2
    spare = np.array([clip.width * shrink, decode]) - taken
    if not _leaves(clip, track) and (spare >= -1).all():
        corner = np.clip(corner, 0, np.maximum(spare, 0))
    return Stage(
        corner=np.rint(corner).astype(int),
        window=taken,
        decode=decode,
        shrink=shrink,
        width=2 * round(taken[0] * height / taken[1] / 2),
        height=2 * round(height / 2),
    )


def body_height_px(track: Track) -> float:
    """From the highest to the lowest keypoint as a runner stands, pixels: a high percentile over the frames."""
    y = track.xy_px[..., 1]
    seen = np.isfinite(y).any(axis=1)
    return float(np.percentile(np.nanmax(y[seen], axis=1) - np.nanmin(y[seen], axis=1), 90)) * 1.08


def row_of(track: Track, frame: int) -> int:
    """The row of the track for a frame of the clip; the nearest where the runner is not followed."""
    return int(np.clip(frame - track.first_frame, 0, len(track.time_s) - 1))


def _follow(clip: Clip, track: Track, window_px: Floats) -> Floats:
    """(clip frame, 2) middle of the window, pixels of the clip: the slow path of the body's middle."""
    hips = track.xy_px[:, [INDEX["left_hip"], INDEX["right_hip"]]].mean(axis=1)
    rows = np.arange(len(hips))
    known = np.isfinite(hips).all(axis=1)
    path = np.stack([np.interp(rows, rows[known], hips[known, axis]) for axis in (0, 1)], axis=1)
    path = gaussian_filter1d(path, FOLLOW_S * track.rate_hz, axis=0, mode="nearest")
    if (np.ptp(path, axis=0) < STILL * window_px).all():
        path[:] = np.median(path, axis=0)
    lift = np.nanmedian(np.nanmin(track.xy_px[known, :, 1], axis=1) + np.nanmax(track.xy_px[known, :, 1], axis=1)) / 2
    path[:, 1] += lift - np.median(path[:, 1])
    return path[[row_of(track, frame) for frame in range(clip.frames)]]


def _leaves(clip: Clip, track: Track) -> bool:
    """Whether the runner comes within half a body of the left or right edge: then the window may pass over it."""
    x = track.xy_px[..., 0]
    room = 0.35 * body_height_px(track)
    return bool(np.nanmin(x) < room or np.nanmax(x) > clip.width - room)
