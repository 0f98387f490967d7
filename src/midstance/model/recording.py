"""Points of people over time, as another program or a marker system wrote them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from midstance.model.clip import Floats, SeenBy
from midstance.reasons import Reason

LengthUnit = Literal["px", "m", "share"]


def _no_numbers() -> Floats:
    return np.empty(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """What a file of points holds, before anything is made of it.

    Attributes
    ----------
    path
        The file, or the folder of files.
    made_by
        The format and, where the file says it, the program: "OpenPose (BODY_25)".
    names
        The points, as the file calls them.
    points
        (person, frame, point, 2 or 3) in `unit`; NaN = unseen. Pixels count to the right and down; metres lie on the
        axes of the file.
    confidence
        (person, frame, point) 0 to 1; 1 for every point seen, where the file has none.
    time_s
        (frame,) seconds from the first frame; NaN throughout where the file says neither times nor a rate.
    unit
        Pixels, metres, or shares of the width and height of the picture.
    size_px
        Width and height of the picture; None where the file does not say.
    own_origin
        Whether pixels count from an origin of the program's own, and maybe upwards.
    seen_by
        What saw the points.
    notes
        What a reader should know about the file.
    """

    path: Path
    made_by: str
    names: tuple[str, ...]
    points: Floats
    confidence: Floats
    time_s: Floats
    unit: LengthUnit
    size_px: tuple[int, int] | None = None
    own_origin: bool = False
    seen_by: SeenBy = "camera"
    notes: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AngleFile:
    """Joint angles or other curves over time, as OpenSim or Theia write them.

    Attributes
    ----------
    path
        The file.
    columns
        (frame,) of each curve by its name, in the unit of the file.
    time_s
        (frame,) seconds.
    in_degrees
        Whether angles are in degrees; None where the file does not say.
    """

    path: Path
    columns: dict[str, Floats] = field(default_factory=dict)
    time_s: Floats = field(default_factory=_no_numbers)
    in_degrees: bool | None = None
