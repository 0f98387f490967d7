"""Say to the page's script which frame of the clip each frame of the film shows, and what can be drawn over it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

import numpy as np

from midstance.model import Analysis
from midstance.render.film import Film
from midstance.render.plots import stride_spans
from midstance.render.typical_legs import typical_legs
from midstance.text.diagnosis import focus_shot


def film_map(film: Film, analysis: Analysis) -> dict[str, Any]:
    """Return the data that player.js needs to go from the film to the clip and back."""
    first, last = int(film.shows[0]), int(film.shows[-1])
    life_s = analysis.clip.time_s[first : last + 1] / analysis.clip.slow_motion_factor
    near = analysis.near_leg
    return {
        "rate_hz": film.rate_hz,
        "first": first,
        "shows": film.shows.tolist(),
        "life_s": [round(float(t), 4) for t in life_s],
        "focus": focus.frame if (focus := focus_shot(analysis)) and focus.film == 0 else None,
        "typical": _typical_map(film, analysis),
        "strides": [(round(start, 4), round(end, 4)) for start, end in stride_spans(analysis, near)],
    }


def _typical_map(film: Film, analysis: Analysis) -> list[list[list[int]]] | None:
    """Return the legs of a typical runner in every frame, near then far, as x, y, x, y in pixels of the film."""
    legs = typical_legs(analysis, film.view)
    if legs is None:
        return None
    placed = (np.nan_to_num(leg + np.array([0.0, film.top]), nan=-9999).round().astype(int) for leg in legs.values())
    return [leg.reshape(len(leg), -1).tolist() for leg in placed]


def film_speeds(speed: float) -> Iterator[tuple[str, str, bool]]:
    """Return (rate of the film, name, whether it is the film's own) of each speed, as parts of real speed."""
    for part_of in (1, 2, 4, 8, 16):
        rate = 1 / part_of / speed
        if 0.2 <= rate <= 8:
            yield f"{rate:g}", f"1/{part_of}" if part_of > 1 else "real", math.isclose(rate, 1.0, rel_tol=0.3)
