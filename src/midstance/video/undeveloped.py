"""Keep decoded frames undeveloped until somebody looks: most of a film of a still camera nobody does.

Whether the camera still stands where it stood is seen in a small grey picture, made from the few pixels it needs.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import cv2
import numpy as np

from midstance.video.stills import Developer, Image

_PLANAR = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"})
_MIDDLE = 128  # blueness and redness of grey
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG
_RED_BLUE = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 7: (0.212, 0.087), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593)}
"""Share of red and of blue in the light of a pixel, by the number that a film gives for its matrix (H.273, table 4)."""
_BT601 = (0.299, 0.114)
"""Of the other matrices, and what OpenCV makes grey of red and blue with."""


@dataclass(frozen=True, slots=True)
class Undeveloped:
    """A decoded frame, and what makes a picture of it."""

    frame: Any
    developer: Developer

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of its picture."""
        return self.developer.size

    def picture(self) -> Image:
        """Return it as (height, width, 3) uint8 RGB, upright."""
        return self.developer.picture(self.frame)

    def roughly_grey(self, width: int, height: int) -> Image:
        """Return what `grey_of` makes of its picture, to a few of 256 levels: the planes are sampled, then mixed."""
        frame, developer = self.frame, self.developer
        if frame.format.name not in _PLANAR or developer.transfer != "sdr":
            return grey_of(self.picture(), width, height)
        size = (height, width) if developer.turn.transpose else (width, height)
        light, blue, red = (cv2.resize(_plane(plane), size, interpolation=cv2.INTER_LINEAR) for plane in frame.planes)
        full = frame.color_range == _FULL_RANGE or frame.format.name.startswith("yuvj")
        slope, of_blue, of_red, black = _grey_from(int(frame.colorspace), full=full)
        colours = cv2.addWeighted(blue, of_blue, red, of_red, _MIDDLE * (1 - of_blue - of_red))
        grey = cv2.addWeighted(light, slope, colours, 1.0, -slope * black - _MIDDLE)
        return developer.turn.upright(np.asarray(grey, np.uint8))


def size_of(picture: Image | Undeveloped) -> tuple[int, int]:
    """Return width and height of a picture."""
    return picture.size if isinstance(picture, Undeveloped) else (picture.shape[1], picture.shape[0])


def developed(picture: Image | Undeveloped) -> Image:
    """Return a picture as (height, width, 3) uint8 RGB."""
    return picture.picture() if isinstance(picture, Undeveloped) else picture


def grey_of(picture: Image | Undeveloped, width: int, height: int, *, roughly: bool = False) -> Image:
    """Return a picture as (height, width) uint8 grey, each pixel mixed from the nearest four of the whole picture.

    roughly  to a few of 256 levels, if that is less work
    """
    if roughly and isinstance(picture, Undeveloped):
        return picture.roughly_grey(width, height)
    small = cv2.resize(developed(picture), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def _plane(plane: Any) -> Image:
    """Return (height, width) one plane of a decoded frame, not copied."""
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]


@cache
def _grey_from(matrix: int, *, full: bool) -> tuple[float, float, float, float]:
    """Return how much of grey light, blueness and redness make, by way of red, green and blue, and what light is black.

    H.273, 8.3: blueness is what blue has more than light, as a share of the most that can be, and redness likewise.
    """
    red, blue = _RED_BLUE.get(matrix, _BT601)
    slope, colour, black = (1.0, 1.0, 0.0) if full else (255 / 219, 255 / 224, 16.0)
    less_green = np.array([blue * (1 - blue), red * (1 - red)]) / (1 - red - blue)
    share_red, share_blue = _BT601
    more = np.array([share_blue * (1 - blue), share_red * (1 - red)])
    of_blue, of_red = 2 * colour * (more - (1 - share_red - share_blue) * less_green)
    return slope, float(of_blue), float(of_red), black
