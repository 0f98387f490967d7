"""Keep decoded frames undeveloped until somebody looks, and make a picture only of the part that is looked at.

The pose model sees a square around the runner. Whether the camera still stands where it stood is seen in a small grey
picture, made from the few pixels it needs. What that saves: docs/decisions/speed.md.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

import av
import cv2
import numpy as np

from midstance.video.stills import Developer, Edges, Image

Box = tuple[float, float, float, float]
"""Left, upper, right and lower edge, pixels of the picture."""
Corner = tuple[int, int]
"""Left and upper edge, pixels of the picture."""

_ALIGNED_PX = 16  # of the edges of a part: colours lie two by two, and FFmpeg's dither repeats after eight
_HALVED: dict[str, type[np.uint8 | np.uint16]] = {"yuv420p": np.uint8, "yuvj420p": np.uint8, "yuv420p10le": np.uint16}
"""Formats of which a part is cut: a plane of brightness and two of colour, half as wide and half as high."""
_PLANAR = frozenset({"yuv420p", "yuvj420p", "yuv422p", "yuvj422p", "yuv444p", "yuvj444p"})
_MIDDLE = 128  # blueness and redness of grey
_FULL_RANGE = 2  # AVCOL_RANGE_JPEG
_RED_BLUE = {1: (0.2126, 0.0722), 4: (0.30, 0.11), 7: (0.212, 0.087), 9: (0.2627, 0.0593), 10: (0.2627, 0.0593)}
"""Share of red and of blue in the light of a pixel, by the number that a film gives for its matrix (H.273, table 4)."""
_BT601 = (0.299, 0.114)
"""Of the other matrices, and what OpenCV makes grey of red and blue with."""


class Undeveloped:
    """A decoded frame, and what makes a picture of it; it may be looked at from several threads at once."""

    def __init__(self, frame: Any, developer: Developer) -> None:
        self.frame, self.developer = frame, developer

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height of its picture."""
        return self.developer.size

    @cached_property
    def picture(self) -> Image:
        """The whole picture, (height, width, 3) uint8 RGB, upright."""
        return self.developer.picture(self.frame)

    @property
    def _comes_whole(self) -> bool:
        """Return whether the whole picture is made already, or no part of it can be made alone."""
        parts = self.frame.format.name in _HALVED and self.developer.is_stored_as_shown(self.frame)
        return "picture" in vars(self) or not parts

    def part(self, box: Box) -> tuple[Image, Corner]:
        """Return what lies in a box, and up to 16 pixels around it, with its corner in the whole picture."""
        x0, y0, x1, y1 = _inside(box, self.size)
        if self._comes_whole:
            return np.ascontiguousarray(self.picture[y0:y1, x0:x1]), (x0, y0)
        stored = self.developer.turn.stored((x0, y0, x1, y1), self.size)
        aligned = _aligned(stored, (self.frame.width, self.frame.height))
        left, top, _, _ = self.developer.turn.shown(aligned, self.size)
        return self.developer.picture(_cut(self.frame, aligned), part=True), (left, top)

    def picture_around(self, box: Box) -> Image:
        """Return the whole picture, of which only a box need be right; the next one of this thread takes its place."""
        if self._comes_whole:
            return self.picture
        part, (x, y) = self.part(box)
        sheet = _sheet(*self.size)
        sheet[y : y + part.shape[0], x : x + part.shape[1]] = part
        return sheet

    def roughly_grey(self, width: int, height: int) -> Image:
        """Return what `grey_of` makes of its picture, to a few of 256 levels: the planes are sampled, then mixed."""
        frame, developer = self.frame, self.developer
        if frame.format.name not in _PLANAR or developer.transfer != "sdr":
            return grey_of(self.picture, width, height)
        size = (height, width) if developer.turn.transpose else (width, height)
        light, blue, red = (cv2.resize(_plane(plane), size, interpolation=cv2.INTER_LINEAR) for plane in frame.planes)
        full = frame.color_range == _FULL_RANGE or frame.format.name.startswith("yuvj")
        slope, of_blue, of_red, black = _grey_from(int(frame.colorspace), full=full)
        colours = cv2.addWeighted(blue, of_blue, red, of_red, _MIDDLE * (1 - of_blue - of_red))
        grey = cv2.addWeighted(light, slope, colours, 1.0, -slope * black - _MIDDLE)
        return developer.turn.upright(np.asarray(grey, np.uint8))


Frame = Image | Undeveloped
"""A frame as it comes: a picture already, or to become one."""

OnFrame = Callable[[int, Frame], None]
"""Called with the number of a frame and the frame, as a film is decoded."""


def size_of(picture: Frame) -> tuple[int, int]:
    """Return width and height of a picture."""
    return picture.size if isinstance(picture, Undeveloped) else (picture.shape[1], picture.shape[0])


def developed(picture: Frame) -> Image:
    """Return a picture as (height, width, 3) uint8 RGB."""
    return picture.picture if isinstance(picture, Undeveloped) else picture


def grey_of(picture: Frame, width: int, height: int, *, roughly: bool = False) -> Image:
    """Return a picture as (height, width) uint8 grey, each pixel mixed from the nearest four of the whole picture.

    roughly  to a few of 256 levels, if that is less work
    """
    if roughly and isinstance(picture, Undeveloped):
        return picture.roughly_grey(width, height)
    small = cv2.resize(developed(picture), (width, height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)


def _inside(box: Box, size: tuple[int, int]) -> Edges:
    """Return whole edges around a box, inside a picture of some width and height; never nothing."""
    (x0, x1), (y0, y1) = (
        (int(np.clip(np.floor(low), 0, side - 1)), int(np.clip(np.ceil(high), 1, side)))
        for low, high, side in ((box[0], box[2], size[0]), (box[1], box[3], size[1]))
    )
    return x0, y0, max(x1, x0 + 1), max(y1, y0 + 1)


def _aligned(box: Edges, size: tuple[int, int]) -> Edges:
    """Return a box with its edges moved out to the next of sixteen pixels, or to those of the frame."""
    (x0, y0, x1, y1), (width, height) = box, size
    x1, y1 = (-(-edge // _ALIGNED_PX) * _ALIGNED_PX for edge in (x1, y1))
    return x0 - x0 % _ALIGNED_PX, y0 - y0 % _ALIGNED_PX, min(width, x1), min(height, y1)


def _cut(frame: Any, box: Edges) -> Any:
    """Copy a part of a frame whose planes of colour are half as wide and high; `_aligned`."""
    x0, y0, x1, y1 = box
    part: Any = av.VideoFrame(x1 - x0, y1 - y0, frame.format.name)
    part.colorspace, part.color_range = frame.colorspace, frame.color_range
    codes = _HALVED[frame.format.name]
    for number, (to, plane) in enumerate(zip(part.planes, frame.planes, strict=True)):
        shrunk = 2 if number else 1
        _plane(to, codes)[:] = _plane(plane, codes)[y0 // shrunk :, x0 // shrunk :][: to.height, : to.width]
    return part


def _sheet(width: int, height: int) -> Image:
    """Return the sheet of this thread, of that size."""
    if not hasattr(_own, "sheet") or _own.sheet.shape != (height, width, 3):
        _own.sheet = np.zeros((height, width, 3), np.uint8)
    sheet: Image = _own.sheet
    return sheet


_own = threading.local()


def _plane(plane: Any, codes: type[np.uint8 | np.uint16] = np.uint8) -> Any:
    """Return (height, width) one plane of a decoded frame, not copied."""
    line = plane.line_size // np.dtype(codes).itemsize
    return np.frombuffer(plane, codes).reshape(plane.height, line)[:, : plane.width]


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
