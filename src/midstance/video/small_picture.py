"""Make the small picture of a frame in which the motion of the camera is looked for, and compare two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.video.undeveloped import Frame, grey_of, size_of

Image = NDArray[np.uint8]
Flags = NDArray[np.bool_]
Box = tuple[float, float, float, float]

LONG_SIDE_PX = 480  # of the small picture; every _px below is one of its pixels
TILES = (12, 8)
ALIKE = 0.3  # correlation of fine detail in a tile: about 0 between scenes, above 0.6 from frame to frame
FAINT = 2.5  # grey levels of fine detail: less is noise


class Still(NamedTuple):
    """A frame as the watcher keeps it: small, evened in light, with what its people hide."""

    grey: Image
    structure: NDArray[np.float32]  # fine detail only, a quarter of the size
    people: Flags  # (height, width)

    @property
    def hidden(self) -> NDArray[np.float32]:
        """Return 1 where people are, a quarter of the size."""
        return self.people[::4, ::4].astype(np.float32)

    @property
    def middle(self) -> complex:
        """Return the middle of the picture, in its pixels."""
        return complex(self.grey.shape[1] - 1, self.grey.shape[0] - 1) / 2


def look(picture: Frame, boxes: Sequence[Box], *, roughly: bool = False) -> tuple[Still, complex]:
    """Return the frame as the watcher keeps it, and where its largest person is (the middle, if there is none).

    roughly  good enough to see that the camera stands still; how it moves is measured without
    """
    width, height = size_of(picture)
    scale = LONG_SIDE_PX / max(width, height)
    grey = grey_of(picture, round(width * scale), round(height * scale), roughly=roughly)
    mean, spread = (float(v[0, 0]) for v in cv2.meanStdDev(grey))
    evened = 128 + (np.arange(256) - mean) * 50 / max(spread, 25)
    grey = np.asarray(cv2.LUT(grey, np.clip(evened, 0, 255).astype(np.uint8)), np.uint8)
    quarter = cv2.pyrDown(cv2.pyrDown(grey)).astype(np.float32)
    people = np.zeros(grey.shape, bool)
    for x0, y0, x1, y1 in boxes:
        margin = 0.1 * max(x1 - x0, y1 - y0)
        left, top, right, bottom = (
            max(0, round(scale * edge)) for edge in (x0 - margin, y0 - margin, x1 + margin, y1 + margin)
        )
        people[top:bottom, left:right] = True
    still = Still(grey, quarter - cv2.GaussianBlur(quarter, (0, 0), 3), people)
    largest = max(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), default=(0, 0, width - 1, height - 1))
    return still, scale * complex(largest[0] + largest[2] - width + 1, largest[1] + largest[3] - height + 1) / 2


def leap(before: Still, after: Still) -> complex:
    """Return how far the whole picture has moved, by phase correlation, however far that is."""
    (x, y), _ = cv2.phaseCorrelate(before.structure, after.structure)
    return 4 * complex(x, y)


def likeness(before: Still, after: Still, shift: complex) -> float:
    """Return the share of tiles of two pictures with the same fine detail, the first moved by shift, without people."""
    dx, dy = round(shift.real / 4), round(shift.imag / 4)
    a, b = overlap(before.structure, -dx, -dy), overlap(after.structure, dx, dy)
    if a.size < 0.2 * before.structure.size:
        return 0.0
    seen = 1 - np.maximum(overlap(before.hidden, -dx, -dy), overlap(after.hidden, dx, dy))
    if seen.mean() < 0.1:
        seen[:] = 1
    together, alone, other, apart, share = (
        cv2.resize(seen * part, TILES, interpolation=cv2.INTER_AREA) for part in (a * b, a * a, b * b, abs(a - b), 1)
    )
    alike = (together > ALIKE * np.sqrt(alone * other)) | (apart < FAINT * share)
    return float(alike[share > 0.25].mean())


def overlap(array: NDArray[Any], dx: int, dy: int) -> NDArray[Any]:
    """Return the part of a picture that another one, dx and dy away, shows too."""
    height, width = array.shape
    return array[max(0, dy) : max(0, height + min(0, dy)), max(0, dx) : max(0, width + min(0, dx))]
