"""Look for people in films made in a dim hall: BlazePose, on pictures whose dark parts are made lighter.

    midstance analyze run.mp4 --model dim-light

A pose model is a function `(threads) -> Backend`. A Backend says which model it is, finds everyone in a picture, and
reads one person in a square of it (midstance.pose.backends). Its answers are pixels of the picture as it was filmed.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from midstance.model import PoseModel
from midstance.pose.backends import Backend, Box, Picture, Region, Sighting
from midstance.pose.estimate import open_backend

CONTRAST, TILES = 3.0, (8, 8)
"""Most that a part of the picture is spread, and the parts: the defaults of most programs for dim pictures."""


class DimLight:
    """BlazePose "full", which sees every picture with its dark parts lighter."""

    def __init__(self, inner: Backend) -> None:
        self._inner = inner

    @property
    def model(self) -> PoseModel:
        """Return which model this is, for the record."""
        return PoseModel(backend="dim-light", model="dim-light", weights_sha256=self._inner.model.weights_sha256)

    def find(self, rgb: Picture, *, tile: int = 0, hide: Sequence[Box] = ()) -> list[Region]:
        """Find everyone in the picture, or in one of its overlapping tiles (tile > 0), except in hidden boxes."""
        return self._inner.find(lighter(rgb), tile=tile, hide=hide)

    def look(self, rgb: Picture, region: Region) -> Sighting | None:
        """Read the person in that square; None if there is none."""
        return self._inner.look(lighter(rgb), region)


def lighter(rgb: Picture) -> Picture:
    """Return the picture with the contrast of each part spread; colours stay."""
    lightness, *colours = cv2.split(cv2.cvtColor(rgb, cv2.COLOR_RGB2LAB))
    spread = cv2.createCLAHE(CONTRAST, TILES).apply(lightness)
    return np.asarray(cv2.cvtColor(cv2.merge([spread, *colours]), cv2.COLOR_LAB2RGB), dtype=np.uint8)


def open_model(*, threads: int) -> Backend:
    """Open the model; its weights are fetched at first use, as those of "full" are."""
    return DimLight(open_backend("full", threads=threads))
