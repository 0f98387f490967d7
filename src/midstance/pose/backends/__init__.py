"""Pose models: one adapter per model; each takes a picture and says where people are and how they stand.

An adapter is imported only when it is asked for, so that midstance runs with the one that is installed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from midstance.model import Floats, PoseModel
from midstance.skeleton import HEAD, INDEX, LEG, SIDES

PEAKS = 4
"""Heatmap peaks kept for each joint of the leg (hip, knee, ankle, heel, toe), strongest first."""

Picture = NDArray[np.uint8]
"""(height, width, 3) RGB, upright."""

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels."""

CORE = [INDEX[point] for point in HEAD] + [
    INDEX[f"{side}_{point}"] for side in SIDES for point in ("shoulder", "hip", "knee")
]

PEAKS_SHAPE = (len(LEG), PEAKS, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """The turned square in which a model looks for one person.

    x_px, y_px  centre, pixels of the picture
    size_px     side of the square
    angle_rad   how far it is turned, clockwise as seen; 0 = head up
    """

    x_px: float
    y_px: float
    size_px: float
    angle_rad: float = 0.0

    @property
    def box(self) -> Box:
        """Return a box around the square, with a pixel to spare."""
        half = self.size_px / 2 * (abs(math.cos(self.angle_rad)) + abs(math.sin(self.angle_rad))) + 1
        return self.x_px - half, self.y_px - half, self.x_px + half, self.y_px + half


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """One person in one picture.

    xy          (keypoint, 2) pixels, in the order of skeleton.KEYPOINTS
    confidence  (keypoint,) 0..1
    region      the square that fits the person as seen now: where to look in the next picture
    peaks       (leg joint, peak, 3) x px, y px, probability, NaN where there are fewer; None if the model has none
    depth       (keypoint,) pixels by which a point is farther away than the hips; None if the model has none
    """

    xy: Floats
    confidence: Floats
    region: Region
    peaks: Floats | None = None
    depth: Floats | None = None

    @property
    def box(self) -> Box:
        """Return the box around the keypoints."""
        return box_around(self.xy)

    @property
    def core(self) -> Box:
        """Return the box from the head to the knees, without the arms: by this a person is found."""
        return box_around(self.xy[CORE])


def box_around(xy: Floats) -> Box:
    """Return the box around points (point, 2)."""
    (x0, y0), (x1, y1) = xy.min(axis=0), xy.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


class Backend(Protocol):
    """What every pose model can do. Both methods may be called from several threads at once.

    A model that looks at nothing but the square may say so by an attribute `square_only = True`: `look` then gets a
    picture that is right around the square only, lent for that call. It saves a tenth of the time.
    """

    @property
    def model(self) -> PoseModel:
        """Return which model this is, for the record."""
        ...

    def find(self, rgb: Picture, *, tile: int = 0, hide: Sequence[Box] = ()) -> list[Region]:
        """Find everyone in the picture, or in one of its overlapping tiles (tile > 0), except in hidden boxes."""
        ...

    def look(self, rgb: Picture, region: Region) -> Sighting | None:
        """Read the person in that square; None if there is none."""
        ...
