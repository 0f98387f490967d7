"""Make test clips of any size, rate and length from the committed film: five strides of a runner, again and again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import cv2
import numpy as np
from tests.fixtures.clips import DEMO

from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames, scaled
from midstance.video.opening import open_clip
from midstance.video.stills import Image

FIRST, LAST = 12, 222
"""Five strides of the film (3.50 s by its truth, 210 frames): the last frame is followed by the first."""


def clip_for(folder: Path, *, lines: int, rate_hz: float, seconds: float) -> Path:
    """Return a clip of so many lines, frames a second and seconds in this folder, made if it is not there."""
    path = folder / f"{lines}p_{rate_hz:g}hz_{seconds:g}s.mp4"
    if not path.exists():
        source = open_clip(DEMO)
        width = round(source.width * lines / source.height / 2) * 2
        with FilmWriter(path, width=width, height=lines, rate_hz=rate_hz) as film:
            for picture in pictures(rate_hz, seconds):
                film.write(scaled(picture, lines))
    return path


def pictures(rate_hz: float, seconds: float) -> Iterator[Image]:
    """Yield the runner at another frame rate: between two frames of the film lies their mixture."""
    clip = open_clip(DEMO)
    strides = (picture for _ in count() for picture in frames(clip, start=FIRST, stop=LAST))
    at, before, after = 0, next(strides), next(strides)
    for number in range(round(rate_hz * seconds)):
        place = number * clip.rate_hz / rate_hz
        while place >= at + 1:
            at, before, after = at + 1, after, next(strides)
        share = place - at
        mixed = before if share == 0 else cv2.addWeighted(before, 1 - share, after, share, 0)
        yield np.asarray(mixed, np.uint8)
