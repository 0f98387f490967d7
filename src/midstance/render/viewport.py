"""Choose the window of the clip that is drawn: it follows the hips, and has one size."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.kinematics.angles import middle_of
from midstance.kinematics.smoothing import even_gaussian
from midstance.model import Clip, Floats, Ints, Track
from midstance.render import canvas

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
class Viewport:
    """A window of the clip for every frame, and how large it is drawn.

    corner      (frame, 2) left and upper edge of the window, whole pixels of the clip, over all its frames
    window      width and height of the window, pixels of the clip
    lines       height of the clip
    width, height   of the drawn picture, even
    """

    corner: Ints
    window: tuple[int, int]
    lines: int
    width: int
    height: int

    @property
    def zoom(self) -> float:
        """Return drawn pixels per pixel of the clip."""
        return self.height / self.window[1]

    @property
    def decode(self) -> int:
        """Return the height at which a frame may be decoded without loss in its drawn picture."""
        return min(self.lines, round(self.lines * self.zoom))

    def picture(self, decoded: Image, frame: int, *, into: Image | None = None) -> Image:
        """Return the drawn picture of one frame, decoded at any size; what lies outside the clip is dark.

        into  is drawn on, and returned, instead of a new picture
        """
        size = decoded.shape[0] / self.lines
        (x, y), (w, h) = np.rint(self.corner[frame] * size).astype(int), (round(side * size) for side in self.window)
        rows, columns = decoded.shape[:2]
        top, bottom, left, right = max(0, y), min(rows, y + h), max(0, x), min(columns, x + w)
        seen = decoded[top:bottom, left:right]
        if seen.shape[:2] != (h, w):
            whole = canvas.sheet(w, h)
            if top < bottom and left < right:
                whole[top - y : bottom - y, left - x : right - x] = seen
            seen = whole
        drawn = np.empty((self.height, self.width, 3), np.uint8) if into is None else into
        return _resized(seen, drawn)

    def place(self, xy_px: Floats, frame: int) -> Floats:
        """Turn pixels of the clip (..., 2) into those of one frame's drawn picture; 0 is the middle of a pixel."""
        return np.asarray((xy_px + 0.5 - self.corner[frame]) * self.zoom - 0.5)


def whole_picture(clip: Clip) -> Viewport:
    """Return the window that shows the whole clip as it is."""
    size = (clip.width, clip.height)
    corner = np.zeros((clip.frames, 2), int)
    return Viewport(corner=corner, window=size, lines=clip.height, width=clip.width, height=clip.height)


def _resized(image: Image, into: Image) -> Image:
    """Resize by halving means while it is twice too large, then by straight lines: sharp enough, and quick."""
    height, width = into.shape[:2]
    while image.shape[0] >= 2 * height and image.shape[1] >= 2 * width:
        image = np.asarray(cv2.resize(image, (image.shape[1] // 2, image.shape[0] // 2), interpolation=cv2.INTER_AREA))
    if image.shape[:2] == (height, width):
        into[:] = image
        return into
    how = cv2.INTER_LINEAR if image.shape[0] > height else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (width, height), dst=into, interpolation=how), np.uint8)


def follow_view(clip: Clip, track: Track, *, height: int = 720) -> Viewport:
    """Return a window around the runner, as square as the clip allows, drawn at most `height` pixels high.

    It stops at the edges of the clip: a runner who comes in or goes out is then off its middle, as with any camera.
    """
    tall = min(clip.height - clip.height % 2, ROOM * body_height_px(track))
    wide = min(clip.width - clip.width % 2, tall)
    drawn = min(height, max(SMALLEST, tall))
    view = window(clip, track, (wide, tall), height=round(drawn))
    edge = np.array([clip.width, clip.height]) - view.window
    return replace(view, corner=np.clip(view.corner, 0, np.maximum(edge, 0)))


def window(clip: Clip, track: Track, size_px: tuple[float, float], *, height: int) -> Viewport:
    """Return a window of the clip of a given width and height, pixels of the clip, drawn `height` pixels high.

    One that moves keeps the runner in its middle and may pass over the sides of the clip: two takes beside each other
    need that.
    """
    wide, tall = (2 * round(side / 2) for side in size_px)
    path, still = _follow(clip, track, np.array(size_px))
    corner = path - np.array([wide, tall]) / 2
    for axis, spare in enumerate((clip.width - wide, clip.height - tall)):
        if spare >= 0 and (still or axis == 1):
            corner[:, axis] = np.clip(corner[:, axis], 0, spare)
    return Viewport(
        corner=np.rint(corner).astype(int),
        window=(wide, tall),
        lines=clip.height,
        width=2 * round(wide * height / tall / 2),
        height=2 * round(height / 2),
    )


def body_height_px(track: Track) -> float:
    """Return the height from the lowest to the highest keypoint, pixels: a high percentile over the frames."""
    y = track.xy_px[..., 1]
    seen = np.isfinite(y).any(axis=1)
    return float(np.percentile(np.nanmax(y[seen], axis=1) - np.nanmin(y[seen], axis=1), 90)) * 1.08


def row_of(track: Track, frame: int) -> int:
    """Return the row of the track for a frame of the clip; the nearest where the runner is not followed."""
    return int(np.clip(frame - track.first_frame, 0, len(track.time_s) - 1))


def _follow(clip: Clip, track: Track, window_px: Floats) -> tuple[Floats, bool]:
    """Return (clip frame, 2) middle of the window, pixels of the clip, on the slow path of the body; whether still."""
    hips = middle_of(track.xy_px, "hip")
    rows = np.arange(len(hips))
    known = np.isfinite(hips).all(axis=1)
    path = np.stack([np.interp(rows, rows[known], hips[known, axis]) for axis in (0, 1)], axis=1)
    course = np.stack([np.polyval(np.polyfit(rows, path[:, axis], 2), rows) for axis in (0, 1)], axis=1)
    path = course + even_gaussian(path - course, FOLLOW_S * track.rate_hz)
    still = bool((np.ptp(path, axis=0) < STILL * window_px).all())
    if still:
        path[:] = np.median(path, axis=0)
    lift = np.nanmedian(np.nanmin(track.xy_px[known, :, 1], axis=1) + np.nanmax(track.xy_px[known, :, 1], axis=1)) / 2
    path[:, 1] += lift - np.median(path[:, 1])
    return path[[row_of(track, frame) for frame in range(clip.frames)]], still
