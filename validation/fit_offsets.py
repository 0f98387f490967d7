"""Fit data/offsets.toml: the pose-dependent offset from drawn points to joint centres, from rendered clips with truth.

    python -m validation.fit_offsets FOLDER...           prints the errors on bodies left out of the fit, then the table

Oblique clips do not take part: their angles in the picture are not the angles of the runner.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from midstance.model import Floats
from midstance.offsets import WHICH, fit_table, move
from midstance.skeleton import leg_indices, other
from midstance.track import follow_runner
from validation.cases import Case, cases
from validation.legs import angles_deg, true_angles_deg, true_leg_px

Example = tuple[str, Floats, Floats, Floats]
"""Body, drawn leg and true leg in leg lengths around the mid-hip, true angles."""


def examples(chosen: list[Case], leg: int) -> list[Example]:
    """The near (0) or far (1) legs of all square side views."""
    found = []
    for case in chosen:
        if case.truth["view"] not in ("left", "right") or "yaw" in case.name:
            continue
        track = follow_runner(case.poses, remove_bias=False)
        assert track.near_side is not None
        side = (track.near_side, other(track.near_side))[leg]
        flip = np.array([track.direction, -1.0])
        middle = track.xy_px[:, leg_indices("left")[:1]] / 2 + track.xy_px[:, leg_indices("right")[:1]] / 2
        drawn, true = (
            (points - middle) / track.leg_px[:, None, None] * flip
            for points in (track.xy_px[:, leg_indices(side)], true_leg_px(case, track, side))
        )
        found.append((case.truth["people"][0]["body"], drawn, true, true_angles_deg(case, track, side)))
    return found


def fitted(chosen: list[Example]) -> Floats:
    """One table from many clips, each counting alike."""
    return fit_table([drawn for _, drawn, _, _ in chosen], [true for _, _, true, _ in chosen])


def left_out(chosen: list[Example]) -> Floats:
    """(clip, 4) mean absolute angle errors of each clip with the table of all other bodies."""
    errors = []
    for body, drawn, _, truth in chosen:
        moved = move(drawn, fitted([example for example in chosen if example[0] != body]))
        error = (angles_deg(moved) - truth + 180) % 360 - 180
        error[:, 3] -= np.median(error[:, 3])
        errors.append(np.abs(error).mean(0))
    return np.array(errors)


def main() -> None:
    """Print errors and tables of both models."""
    films = cases(*map(Path, sys.argv[1:]))
    for model in ("full", "heavy"):
        print(f"\n[{model}]")
        for leg, which in enumerate(WHICH):
            found = examples([Case(case.name, case.film, model) for case in films], leg)
            print(f"# {which}, body left out: thigh, knee, shank, foot {np.round(left_out(found).mean(0), 2)} degrees")
            rows = ("    [" + ", ".join(f"{value:7.4f}" for value in row) + "]," for row in fitted(found))
            print("\n".join([f"{which} = [", *rows, "]"]))


if __name__ == "__main__":
    main()
