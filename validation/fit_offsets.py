"""Makes src/midstance/data/offsets.toml: from drawn points to joint centres, fitted on rendered runners with truth.

    python -m validation.fit_offsets [MODEL...]      default: full; the tables of other models stay

Prints mean absolute errors of thigh, knee, shank and foot on bodies left out of the fit and on the pairs of body and
outfit that no fit sees. Oblique clips do not take part: their angles in the picture are not those of the runner.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.model import Floats, Side, Track
from midstance.offsets import WHICH, film_terms, move, picture_terms
from midstance.skeleton import SIDES, leg_indices, other
from midstance.track import follow_runner
from validation.cases import RENDERED, Case, cases
from validation.legs import angles_deg, true_angles_deg, true_leg_px

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
RIDGE = 1e-3
"""Pull of all terms but the constant to zero; a third and three times as much move no error by 0.03 degrees."""

HEAD = """# Offset from the points of the pose model to the joint centres: leg lengths, x forward, y up. Made by
# validation/fit_offsets.py on rendered runners; skin, shorts and shoes of real ones differ: what stays is in the stated
# uncertainty. Columns: x and y of hip, knee, ankle, heel, toe. Rows of "picture": 1, sine and cosine of the direction
# (from straight down, + forward) of thigh, shank and foot. Rows of "film": those; length of thigh, shank and foot less
# its median; how thigh and shank lengthen with the sine and cosine of their direction; cosine and sine of the phase of
# the stride and of twice to five times the phase. What it is worth: docs/decisions/legs.md.
"""


class Example(NamedTuple):
    """One leg of one clip: lengths in leg lengths around the mid-hip, true angles in degrees."""

    body: str
    outfit: str
    drawn: Floats
    true: Floats
    angles_deg: Floats
    phase_rad: Floats


Terms = Callable[[Example], Floats]
KINDS: dict[str, Terms] = {
    "picture": lambda leg: picture_terms(leg.drawn),
    "film": lambda leg: film_terms(leg.drawn, leg.phase_rad),
}


def may_be_fitted_on(case: Case) -> bool:
    """Whether a clip is a square side view of a runner of FITTED_ON."""
    return case.name.startswith(FITTED_ON) and case.truth["view"] in ("left", "right") and "yaw" not in case.name


def examples(case: Case) -> tuple[Example, Example]:
    """The near and the far leg of a side view."""
    track = follow_runner(case.poses, remove_bias=False)
    assert track.near_side is not None
    return _example(case, track, 0, track.near_side), _example(case, track, 1, other(track.near_side))


def _example(case: Case, track: Track, leg: int, side: Side) -> Example:
    middle = np.mean([track.xy_px[:, leg_indices(side)[:1]] for side in SIDES], axis=0)
    flip = np.array([track.direction, -1.0])
    drawn, true = (
        (points - middle) / track.leg_px[:, None, None] * flip
        for points in (track.xy_px[:, leg_indices(side)], true_leg_px(case, track, side))
    )
    subject = case.truth["people"][0]
    return Example(
        body=subject["body"],
        outfit=subject["outfit"],
        drawn=drawn,
        true=true,
        angles_deg=true_angles_deg(case, track, side),
        phase_rad=track.phase_rad + np.pi * leg,
    )


def fit_table(legs: list[Example], terms: Terms) -> Floats:
    """(term, 10) table that takes drawn legs to true ones; every clip counts alike."""
    weights = [1 / np.sqrt(len(leg.drawn)) for leg in legs]
    columns = np.concatenate([w * terms(leg) for w, leg in zip(weights, legs, strict=True)])
    shifts = np.concatenate(
        [w * (leg.true - leg.drawn).reshape(len(leg.drawn), -1) for w, leg in zip(weights, legs, strict=True)]
    )
    penalty = len(legs) * RIDGE * np.eye(columns.shape[1])
    penalty[0, 0] = 0.0
    return np.linalg.solve(columns.T @ columns + penalty, columns.T @ shifts)


def errors_deg(legs: list[Example], terms: Terms, table: Floats) -> Floats:
    """(clip, 4) mean absolute angle errors of each clip with a table; foot: less its constant."""
    errors = []
    for leg in legs:
        error = (angles_deg(move(leg.drawn, terms(leg), table)) - leg.angles_deg + 180) % 360 - 180
        error[:, 3] -= np.median(error[:, 3])
        errors.append(np.abs(error).mean(0))
    return np.array(errors)


def left_out(legs: list[Example], terms: Terms) -> Floats:
    """(clip, 4) errors of each clip with the table of all other bodies."""
    bodies = sorted({leg.body for leg in legs})
    return np.concatenate(
        [
            errors_deg(
                [leg for leg in legs if leg.body == body],
                terms,
                fit_table([leg for leg in legs if leg.body != body], terms),
            )
            for body in bodies
        ]
    )


def fit_model(model: str) -> tuple[dict[str, dict[str, list[list[float]]]], list[str]]:
    """Tables of one model by kind and leg, and the lines that tell their errors."""
    films = [Case(case.name, case.film, model) for case in cases() + cases(RENDERED) if may_be_fitted_on(case)]
    both = [examples(film) for film in films]
    tables: dict[str, dict[str, list[list[float]]]] = {kind: {} for kind in KINDS}
    says = []
    for i, which in enumerate(WHICH):
        every = [pair[i] for pair in both]
        legs = [leg for leg in every if (leg.body, leg.outfit) not in HELD_OUT]
        held = [leg for leg in every if (leg.body, leg.outfit) in HELD_OUT]
        for kind, terms in KINDS.items():
            table = fit_table(legs, terms)
            tables[kind][which] = np.round(table, 4).tolist()
            says.append(
                f"{model}, {kind}, {which} leg: {_mean(left_out(legs, terms))} of {len(legs)} clips; "
                f"held out {_mean(errors_deg(held, terms, table))} of {len(held)}"
            )
    return tables, says


def _mean(errors: Floats) -> str:
    return " / ".join(f"{error:.2f}" for error in errors.mean(0))


def written(tables: dict[str, dict[str, dict[str, list[list[float]]]]]) -> Iterator[str]:
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
    tables = tomllib.loads(OUT.read_text("utf-8"))
    for model in sys.argv[1:] or ["full"]:
        tables[model], says = fit_model(model)
        print("\n".join(says), flush=True)
    OUT.write_text(HEAD + "\n".join(written(tables)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
