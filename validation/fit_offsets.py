"""Makes src/midstance/data/offsets.toml: from drawn points to joint centres, fitted on rendered runners with truth.

    python -m validation.fit_offsets [MODEL...]      default: full; the tables of other models stay

Prints mean absolute errors of thigh, knee, shank and foot, or of upper arm and elbow, on bodies left out of the fit and
on the pairs of body and outfit that no fit sees. Oblique clips do not take part: their angles in the picture are not
those of the runner.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.model import Floats, Side, Track
from midstance.skeleton import ARM, LEG, SIDES, arm_indices, leg_indices, other
from midstance.tracking.follow import follow_runner
from midstance.tracking.joint_centres import WHICH, arm_terms, film_terms, move, picture_terms
from validation.cases import Case, cases, rendered
from validation.legs import angles_deg, true_angles_deg, true_px

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "offsets.toml"
FITTED_ON = ("dev", "coach_", "val0", "val1")
"""How the names of the clips begin that may be fitted on; the runners of `new_runners.py` are not among them."""
HELD_OUT = {
    ("anna", "white_long"),
    ("ben", "black_tee"),
    ("carl", "red_tee"),
    ("dai", "yellow_singlet"),
    ("erik", "green_tights"),
    ("fay", "blue_singlet"),
}
"""Body and outfit of clips that take part in no fit."""
EVERY = {"heavy": 3}
"""Of a slow pose model every third clip."""
RIDGE = 1e-3
"""Pull of all terms but the constant to zero; a third and three times as much move no error by 0.03 degrees."""

HEAD = """# Offset from the points of the pose model to the joint centres: leg lengths, x forward, y up. Made by
# validation/fit_offsets.py on rendered runners; skin, shorts and shoes of real ones differ: what stays is in the stated
# uncertainty. Columns: x and y of hip, knee, ankle, heel, toe. Rows of "picture": 1, sine and cosine of the direction
# (from straight down, + forward) of thigh, shank and foot. Rows of "film": those; length of thigh, shank and foot less
# its median; how thigh and shank lengthen with the sine and cosine of their direction; cosine and sine of the phase of
# the stride and of twice to five times the phase. Of "arm": columns elbow and wrist, rows 1 and the direction of upper
# arm and forearm. What it is worth: docs/decisions/legs.md.
"""


class Example(NamedTuple):
    """One side of one clip: points in leg lengths around the mid-hip, true angles in degrees.

    leg, arm   (frame, joint, 2) as drawn; hip to toe, and shoulder to wrist
    phase_rad  of this leg
    """

    body: str
    outfit: str
    leg: Floats
    true_leg: Floats
    arm: Floats
    true_arm: Floats
    angles_deg: Floats
    phase_rad: Floats


class Kind(NamedTuple):
    """One kind of table: what it is linear in, the points it moves, how far they should move, what is then wrong."""

    terms: Callable[[Example], Floats]
    points: Callable[[Example], Floats]
    shifts: Callable[[Example], Floats]
    error_deg: Callable[[Example, Floats], Floats]


def leg_error_deg(example: Example, moved: Floats) -> Floats:
    """(frame, 4) error of thigh, knee, shank and foot, the foot less its constant."""
    error = (angles_deg(moved) - example.angles_deg + 180) % 360 - 180
    error[:, 3] -= np.median(error[:, 3])
    return error


def arm_error_deg(example: Example, moved: Floats) -> Floats:
    """(frame, 2) error of upper arm and elbow in the picture."""
    angles = []
    for arm in (np.concatenate([example.arm[:, :1], moved], axis=1), example.true_arm):
        upper, fore = np.degrees(np.arctan2(*(np.diff(arm, axis=1) * [1, -1]).transpose(2, 1, 0)))
        angles.append(np.stack([upper, fore - upper], 1))
    return np.asarray((angles[0] - angles[1] + 180) % 360 - 180)


def arm_shifts(example: Example) -> Floats:
    """(frame, elbow wrist, 2) how far they should move for the arm to point as it does, the shoulder staying."""
    shift = example.true_arm - example.arm
    return shift[:, 1:] - shift[:, :1]


KINDS = {
    "picture": Kind(lambda e: picture_terms(e.leg), lambda e: e.leg, lambda e: e.true_leg - e.leg, leg_error_deg),
    "film": Kind(
        lambda e: film_terms(e.leg, e.phase_rad), lambda e: e.leg, lambda e: e.true_leg - e.leg, leg_error_deg
    ),
    "arm": Kind(lambda e: arm_terms(e.arm), lambda e: e.arm[:, 1:], arm_shifts, arm_error_deg),
}


def may_be_fitted_on(case: Case) -> bool:
    """Whether a clip is a square side view of a runner of FITTED_ON."""
    return case.name.startswith(FITTED_ON) and case.truth["view"] in ("left", "right") and "yaw" not in case.name


def examples(case: Case) -> tuple[Example, Example]:
    """The near and the far side of a runner."""
    track = follow_runner(case.poses, remove_bias=False)
    assert track.near_side is not None
    return _example(case, track, 0, track.near_side), _example(case, track, 1, other(track.near_side))


def _example(case: Case, track: Track, leg: int, side: Side) -> Example:
    middle = np.mean([track.xy_px[:, leg_indices(side)[:1]] for side in SIDES], axis=0)

    def around(points_px: Floats) -> Floats:
        return np.asarray((points_px - middle) / track.leg_px[:, None, None] * [track.direction, -1.0])

    subject = case.truth["people"][0]
    return Example(
        body=subject["body"],
        outfit=subject["outfit"],
        leg=around(track.xy_px[:, leg_indices(side)]),
        true_leg=around(true_px(case, track, side, LEG)),
        arm=around(track.xy_px[:, arm_indices(side)]),
        true_arm=around(true_px(case, track, side, ARM)),
        angles_deg=true_angles_deg(case, track, side),
        phase_rad=track.phase_rad + np.pi * leg,
    )


def fit_table(chosen: list[Example], kind: Kind) -> Floats:
    """(term, x and y of every joint) table that takes drawn points to true ones; every clip counts alike."""
    columns, shifts = [], []
    for example in chosen:
        terms, shift = kind.terms(example), kind.shifts(example).reshape(len(example.leg), -1)
        seen = np.isfinite(terms).all(1) & np.isfinite(shift).all(1)
        columns.append(terms[seen] / np.sqrt(seen.sum()))
        shifts.append(shift[seen] / np.sqrt(seen.sum()))
    every = np.concatenate(columns)
    penalty = len(chosen) * RIDGE * np.eye(every.shape[1])
    penalty[0, 0] = 0.0
    return np.linalg.solve(every.T @ every + penalty, every.T @ np.concatenate(shifts))


def errors_deg(chosen: list[Example], kind: Kind, table: Floats) -> Floats:
    """(clip, angle) mean absolute angle errors of each clip with a table."""
    moved = [move(kind.points(example), kind.terms(example), table) for example in chosen]
    return np.array(
        [
            np.nanmean(np.abs(kind.error_deg(example, points)), axis=0)
            for example, points in zip(chosen, moved, strict=True)
        ]
    )


def left_out(chosen: list[Example], kind: Kind) -> Floats:
    """(clip, angle) errors of each clip with the table of all other bodies."""
    found = []
    for body in sorted({example.body for example in chosen}):
        others = [example for example in chosen if example.body != body]
        found.append(errors_deg([e for e in chosen if e.body == body], kind, fit_table(others, kind)))
    return np.concatenate(found)


Tables = dict[str, dict[str, list[list[float]]]]
"""Rows by kind and by near and far."""


def fit_model(model: str) -> tuple[Tables, list[str]]:
    """Tables of one pose model, and the lines that tell their errors."""
    films = [case for case in cases() + rendered() if may_be_fitted_on(case)][:: EVERY.get(model, 1)]
    both = [examples(Case(film.name, film.film, model)) for film in films]
    tables: Tables = {kind: {} for kind in KINDS}
    says = []
    for i, which in enumerate(WHICH):
        every = [pair[i] for pair in both]
        fitted = [example for example in every if (example.body, example.outfit) not in HELD_OUT]
        held = [example for example in every if (example.body, example.outfit) in HELD_OUT]
        for name, kind in KINDS.items():
            table = fit_table(fitted, kind)
            tables[name][which] = np.round(table, 4).tolist()
            says.append(
                f"{model}, {name}, {which}: {_mean(left_out(fitted, kind))} of {len(fitted)} clips; "
                f"held out {_mean(errors_deg(held, kind, table))} of {len(held)}"
            )
    return tables, says


def _mean(errors: Floats) -> str:
    return " / ".join(f"{error:.2f}" for error in errors.mean(0))


def written(tables: dict[str, Tables]) -> Iterator[str]:
    """The tables as lines of TOML."""
    for model, kinds in tables.items():
        for kind, legs in kinds.items():
            yield f"\n[{model}.{kind}]"
            for which, rows in legs.items():
                yield f"{which} = ["
                yield from ("    [" + ", ".join(f"{value:7.4f}" for value in row) + "]," for row in rows)
                yield "]"


def main() -> None:
    """Fit the models named and write the file."""
    fitted: dict[str, Tables] = {}
    for model in sys.argv[1:] or ["full"]:
        fitted[model], says = fit_model(model)
        print("\n".join(says), flush=True)
    tables = tomllib.loads(OUT.read_text("utf-8")) | fitted
    OUT.write_text(HEAD + "\n".join(written(tables)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
