"""Draw on pictures: bones, angles, trails, words.

Pictures are (height, width, 3) RGB, drawn on in place and returned; points are x, y in pixels and may lie between them;
a point that is NaN draws nothing. Every line has a dark edge, so that it shows on any background.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.model import Floats, Ints, Side
from midstance.reasons import printable
from midstance.skeleton import INDEX, SEGMENTS_ONE_SIDE, SIDES, other

Image = NDArray[np.uint8]
Colour = tuple[int, int, int]
Anchor = Literal["left", "middle", "right"]

NEAR: Colour = (255, 158, 27)
FAR: Colour = (77, 171, 247)
BODY: Colour = (236, 238, 240)
MARK: Colour = (255, 241, 118)
EDGE: Colour = (18, 20, 24)
INK: Colour = (240, 241, 243)
DIM: Colour = (150, 156, 164)
PAPER: Colour = (24, 27, 32)
"""Orange and sky blue stay apart for every kind of colour blindness (Okabe and Ito, Color Universal Design, 2008)."""

GHOSTS: tuple[Colour, Colour] = (MARK, (127, 224, 138))
"""Of the second and the third runner who are laid over the first."""

SEEN = 0.5
"""A point less seen than this was filled in; its bones are dashed."""

_WEIGHT = 400  # of the letters: 100 thin, 400 regular, 900 black
_SHIFT = 4  # binary digits behind the point in OpenCV's fixed-point coordinates
_LEG_BONES = {("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("heel", "toe"), ("ankle", "toe")}


def sheet(width: int, height: int) -> Image:
    """Return an empty dark picture."""
    blank = np.empty((height, width, 3), np.uint8)
    blank[:] = PAPER
    return blank


def known(at: Floats) -> bool:
    """Return whether a point is seen at all."""
    return math.isfinite(at[0]) and math.isfinite(at[1])


# -- lines ---------------------------------------------------------------------------------------------------------


def line(image: Image, a: Floats, b: Floats, colour: Colour, *, width: int, dashed: bool = False) -> Image:
    """Draw a line with a dark edge, whole or dashed."""
    if not (known(a) and known(b)):
        return image
    pieces = _dashes(a, b, 3.2 * width) if dashed else np.stack([a, b])[None]
    return _lines(image, pieces, colour, width)


def dot(image: Image, at: Floats, colour: Colour, *, radius: float) -> Image:
    """Draw a filled disc with a dark edge."""
    if known(at):
        for ink, r in ((EDGE, radius + 1), (colour, radius)):
            cv2.circle(image, _fixed(at).tolist(), round(r * 2**_SHIFT), ink, -1, cv2.LINE_AA, _SHIFT)
    return image


def polyline(image: Image, points: Floats, colour: Colour, *, width: int) -> Image:
    """Draw a line through (point, 2) pixels with a dark edge; broken where a point is NaN."""
    pieces = np.stack([points[:-1], points[1:]], axis=1)
    return _lines(image, pieces[np.isfinite(pieces).all(axis=(1, 2))], colour, width)


def arc(image: Image, apex: Floats, first_deg: float, last_deg: float, *, radius: float, width: int = 3) -> Image:
    """Draw an arc about `apex` between two directions of the picture (0 right, 90 down), the short way round."""
    sweep = (last_deg - first_deg + 180) % 360 - 180
    turn = np.radians(first_deg + np.linspace(0, sweep, max(3, round(abs(sweep) / 3))))
    return polyline(image, apex + radius * np.stack([np.cos(turn), np.sin(turn)], axis=1), MARK, width=width)


def direction_deg(start: Floats, end: Floats) -> float:
    """Return the direction from start to end in the picture: 0 right, 90 down."""
    return float(np.degrees(np.arctan2(end[1] - start[1], end[0] - start[0])))


def _dashes(a: Floats, b: Floats, step: float) -> Floats:
    """Return (dash, 2, 2) the ends of the dashes from a to b."""
    n = max(1, round(float(np.hypot(*(b - a))) / step))
    shares = (np.arange(n)[:, None] + np.array([0.0, 0.5])) / n
    return np.asarray(a + (b - a) * shares[..., None])


def _lines(image: Image, pieces: Floats, colour: Colour, width: int) -> Image:
    """Draw straight pieces (piece, 2, 2) in one colour, with a dark edge around all of them."""
    fixed = list(_fixed(pieces))
    for ink, thick in ((EDGE, width + 2), (colour, width)):
        cv2.polylines(image, fixed, isClosed=False, color=ink, thickness=thick, lineType=cv2.LINE_AA, shift=_SHIFT)
    return image


def _fixed(at: Floats) -> Ints:
    """Return points as OpenCV takes them, in parts of a pixel."""
    return np.asarray(np.rint(np.clip(at, -9999.0, 9999.0) * 2**_SHIFT), np.int32)


# -- the body ------------------------------------------------------------------------------------------------------


def skeleton(image: Image, points: Floats, seen: Floats, *, near: Side | None, width: int = 4) -> Image:
    """Draw all bones of one frame: the far side first, the near side on top; hidden ones are dashed.

    points (keypoint, 2) pixels; seen (keypoint,) 0..1; without a near side the left is drawn in the colour of the near.
    """
    front = near or "left"
    for side, colour in ((other(front), FAR), (front, NEAR)):
        for first, last in SEGMENTS_ONE_SIDE:
            i, j = INDEX[f"{side}_{first}"], INDEX[f"{side}_{last}"]
            is_leg = (first, last) in _LEG_BONES
            thick = width if is_leg else max(2, width - 2)
            dashed = bool(min(seen[i], seen[j]) < SEEN)
            line(image, points[i], points[j], colour if is_leg else BODY, width=thick, dashed=dashed)
        for joint in ("hip", "knee", "ankle", "toe"):
            dot(image, points[INDEX[f"{side}_{joint}"]], colour, radius=0.8 * width)
    return _trunk(image, points, width)


def ghost(image: Image, points: Floats, *, near: Side | None, colour: Colour = GHOSTS[0]) -> Image:
    """Draw another runner's skeleton in one thin colour: the whole near side, and the far leg dashed."""
    front = near or "left"
    for side in (other(front), front):
        for first, last in SEGMENTS_ONE_SIDE:
            if side == front or (first, last) in _LEG_BONES:
                ends = (points[INDEX[f"{side}_{first}"]], points[INDEX[f"{side}_{last}"]])
                line(image, *ends, colour, width=2, dashed=side != front)
    return image


def _trunk(image: Image, points: Floats, width: int) -> Image:
    shoulders, hips = (np.mean([points[INDEX[f"{s}_{p}"]] for s in SIDES], axis=0) for p in ("shoulder", "hip"))
    line(image, shoulders, hips, BODY, width=width)
    ears = points[[INDEX["left_ear"], INDEX["right_ear"]]]
    if np.isfinite(ears).any(axis=0).all():
        line(image, np.nanmean(ears, axis=0), shoulders, BODY, width=max(2, width - 2))
    return image


def ground(image: Image, heel: Floats, toe: Floats, colour: Colour) -> Image:
    """Draw a bar under a foot on the ground."""
    low = np.array([0, 10.0])
    return line(image, heel + low, toe + low, colour, width=3)


# -- words ---------------------------------------------------------------------------------------------------------


def text(
    image: Image, at: tuple[float, float], words: str, *, size: int, colour: Colour = INK, anchor: Anchor = "left"
) -> Image:
    """Write words with their vertical middle at `at`, cut off at the edge of the picture."""
    left = at[0] - {"left": 0.0, "middle": 0.5, "right": 1.0}[anchor] * text_width(words, size)
    drawn = printable(words).translate(_DRAWN)
    cv2.putText(image, drawn, (round(left), round(at[1] + 0.36 * size)), colour, _font(), size, _WEIGHT)
    return image


def label(image: Image, at: Floats, words: str, *, size: int, colour: Colour = MARK) -> Image:
    """Write words on a dark plate about `at`, moved inside the picture; nothing if the point was not seen."""
    if not known(at):
        return image
    half = np.array([text_width(words, size) / 2 + 0.4 * size, 0.75 * size])
    edge = np.array(image.shape[1::-1]) - 1
    x, y = np.clip(at, half, np.maximum(half, edge - half))
    left, top, right, bottom = (round(v) for v in (x - half[0], y - half[1], x + half[0], y + half[1]))
    plate = image[max(0, top) : bottom + 1, max(0, left) : right + 1]
    plate[:] = (0.25 * plate + 0.75 * np.array(EDGE)).astype(np.uint8)
    return text(image, (float(x), float(y)), words, size=size, colour=colour, anchor="middle")


@lru_cache(4096)
def text_width(words: str, size: int) -> int:
    """Return how wide words would be, pixels; OpenCV crashes on letters that are half a sign (`printable`)."""
    drawn = printable(words).translate(_DRAWN)
    return int(cv2.getTextSize((1 << 14, size), drawn, (0, 0), _font(), size, _WEIGHT)[2])


def wrap(words: str, size: int, width: float) -> tuple[str, ...]:
    """Break words into lines that fit a width in pixels."""
    lines: list[str] = []
    for word in words.split():
        if lines and text_width(f"{lines[-1]} {word}", size) <= width:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return tuple(lines)


def paragraph(image: Image, at: tuple[float, float], lines: Iterable[str], *, size: int, colour: Colour = INK) -> Image:
    """Write lines under each other; `at` is the middle of the first."""
    for i, words in enumerate(lines):
        text(image, (at[0], at[1] + i * 1.35 * size), words, size=size, colour=colour)
    return image


_DRAWN = str.maketrans("\N{LEFT DOUBLE QUOTATION MARK}\N{RIGHT DOUBLE QUOTATION MARK}", '""')
"""Curly quotation marks are drawn straight: the font has them as wide as a Chinese character, half of it empty."""


@cache
def _font() -> cv2.FontFace:
    """Load the font inside OpenCV 5: most scripts, with degrees, fractions and arrows."""
    return cv2.FontFace("uni")
