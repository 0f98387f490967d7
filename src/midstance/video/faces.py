"""Blur the faces in a picture beyond recognition."""

from __future__ import annotations

import cv2
import numpy as np

from midstance.model import Floats
from midstance.video.stills import Image

BLOCKS = 6
"""Across a head; a face of so few blocks looks like any other."""


def blurred(image: Image, heads: Floats) -> Image:
    """Return a picture with every head, a row x, y and radius in its pixels, as a few soft blocks."""
    drawn = np.ascontiguousarray(image).copy()
    for x, y, radius in heads[np.isfinite(heads).all(axis=1)]:
        left, top = max(0, int(x - radius)), max(0, int(y - radius))
        part = drawn[top : max(0, int(np.ceil(y + radius))), left : max(0, int(np.ceil(x + radius)))]
        if part.size == 0:
            continue
        small = cv2.resize(part, (BLOCKS, BLOCKS), interpolation=cv2.INTER_AREA)
        soft = cv2.resize(small, part.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        rows, columns = np.ogrid[: part.shape[0], : part.shape[1]]
        inside = (columns + left - x) ** 2 + (rows + top - y) ** 2 <= radius**2
        part[inside] = soft[inside]
    return drawn
