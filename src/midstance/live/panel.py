"""Draw what is watched: the runner's legs on the picture, and a band of numbers under it."""

from __future__ import annotations

import math

import numpy as np

from midstance.live.focus import Focus
from midstance.model import Floats, Measure, Side
from midstance.render import canvas
from midstance.text.live import cadence_words, contact_words, focus_words, goal_words, looking_words

BAND_SHARE = 0.2
"""Height of the band of numbers, as a share of the shorter side of the picture."""
MET = (60, 180, 110)
"""What the gauge turns when the newest stride met the cue; the tone says it as well, and so do the words."""


class Panel:
    """The band of numbers; it is drawn anew only when a number changed."""

    def __init__(self, width: int, height: int) -> None:
        self._unit = min(width, height) / 720
        self._width, self._height = width, 2 * round(BAND_SHARE * min(width, height) / 2)
        self.size = width, height + self._height
        self._drawn = canvas.sheet(self._width, self._height)
        self.say(looking_words())

    def say(self, words: str, *, colour: canvas.Colour = canvas.INK) -> None:
        """Write a line in place of numbers."""
        self._drawn = canvas.sheet(self._width, self._height)
        size = round(26 * self._unit)
        lines = canvas.wrap(words, size, self._width - 28 * self._unit)[:3]
        canvas.paragraph(self._drawn, (14 * self._unit, 34 * self._unit), lines, size=size, colour=colour)

    def show(
        self, measures: tuple[Measure, ...], watched: Measure | None, focus: Focus | None, *, met: str, line: str
    ) -> None:
        """Write the numbers of the last strides.

        met   how often the cue was met
        line  what to think of, or that nothing must change
        """
        u, image = self._unit, canvas.sheet(self._width, self._height)
        large, small = round(30 * u), round(20 * u)
        left = 14 * u
        for words in (cadence_words(measures), contact_words(measures)):
            canvas.text(image, (left, 30 * u), words, size=large)
            left += canvas.text_width(words, large) + 40 * u
        if focus and watched:
            goal = goal_words(watched, way=focus.way, goal=focus.goal)
            words = ", ".join(part for part in (focus_words(watched), goal, met) if part)
            canvas.text(image, (14 * u, 70 * u), words, size=small, colour=canvas.MARK)
            _gauge(image, watched, focus, top=96 * u, unit=u)
        canvas.text(image, (14 * u, 126 * u), line, size=small)
        self._drawn = image

    def under(self, picture: canvas.Image) -> canvas.Image:
        """Return the picture with the band under it."""
        return np.concatenate([picture, self._drawn])


def _gauge(image: canvas.Image, watched: Measure, focus: Focus, *, top: float, unit: float) -> None:
    """Draw a line from low to high: the part that is aimed at thick, the number a dot with its interval."""
    low, high = aimed_at(watched, focus)
    ends = [edge for edge in (low, high) if math.isfinite(edge)]
    if not ends:
        return
    reach = max(4 * watched.uncertainty if math.isfinite(watched.uncertainty) else 0.0, 1.5 * np.ptp(ends), 1e-6)
    middle = float(np.mean(ends))
    first, last = min(middle - reach, watched.value), max(middle + reach, watched.value)
    left, right = 14 * unit, image.shape[1] - 14 * unit

    def at(value: float) -> Floats:
        share = (min(max(value, first), last) - first) / (last - first)
        return np.array([left + share * (right - left), top])

    inside = low <= watched.value <= high
    canvas.line(image, at(first), at(last), canvas.DIM, width=max(1, round(2 * unit)))
    canvas.line(image, at(low), at(high), MET if inside else canvas.FAR, width=max(2, round(8 * unit)))
    if math.isfinite(watched.uncertainty):
        least, most = (at(watched.value + sign * watched.uncertainty) for sign in (-1, 1))
        canvas.line(image, least, most, canvas.INK, width=max(1, round(2 * unit)))
    canvas.dot(image, at(watched.value), canvas.MARK, radius=9 * unit)


def aimed_at(watched: Measure, focus: Focus) -> tuple[float, float]:
    """Return the range in which the cue is met; endless where it is open, NaN where nothing is aimed at."""
    if focus.way:
        return (focus.goal, math.inf) if focus.way > 0 else (-math.inf, focus.goal)
    band = watched.band
    return (band.low, band.high) if band else (math.nan, math.nan)


def draw_runner(picture: canvas.Image, points: Floats, seen: Floats, near: Side | None) -> canvas.Image:
    """Draw the runner on a copy of the picture."""
    width = max(2, round(4.5 * min(picture.shape[:2]) / 720))
    return canvas.skeleton(picture.copy(), points, seen, near=near, width=width)
