"""Compare 60 looks a second with a look at every frame, against the truth: python -m validation.looks FOLDER.

The folder holds films of 120 frames a second and more with their truth beside them, as the digital runner writes them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

import numpy as np

from midstance.model import Floats
from midstance.pose import between
from midstance.pose.estimate import estimate_poses
from midstance.skeleton import SIDES
from validation.accuracy import compared
from validation.cases import Case, cases
from validation.contacts import errors_of

LOOKS = {"every frame": float("inf"), "60 a second": between.LOOKS_HZ}


def table(folder: Path) -> Iterator[str]:
    """Yield a row for every film and number of looks."""
    yield "| film | frames/s | looked at | contacts | strike, ms | toe-off, ms | measures | error / uncertainty |"
    yield "|---|---|---|---|---|---|---|---|"
    for film in cases(folder):
        for looked, looks_hz in LOOKS.items():
            with patch.object(between, "LOOKS_HZ", looks_hz):
                yield f"| {film.name} | {film.clip.rate_hz:.0f} | {looked} | {figures(seen_anew(film))} |"


def seen_anew(film: Case) -> Case:
    """Return a film whose poses are not those on disk."""
    anew = Case(film.name, film.film)
    anew.__dict__["poses"] = estimate_poses(anew.clip)
    return anew


def figures(film: Case) -> str:
    """Return contacts, the root mean square errors of both ends, measures and theirs, in units of their uncertainty."""
    ends = [errors_of(film, side) for side in SIDES]
    strike, toe_off = (1000 * np.concatenate([getattr(each, end) for each in ends]) for end in ("strike", "toe_off"))
    error = np.array([row.error / row.found.uncertainty for row in compared([film]) if row.found.uncertainty > 0])
    return f"{len(strike)} | {rms(strike):.1f} | {rms(toe_off):.1f} | {len(error)} | {rms(error):.2f}"


def rms(errors: Floats) -> float:
    return float(np.sqrt(np.mean(np.square(errors))))


if __name__ == "__main__":
    print("\n".join(table(Path(sys.argv[1]))))
