"""Makes src/midstance/data/offsets.toml: from drawn points to joint centres, fitted on rendered runners with truth.

    python -m validation.fit_offsets [--write]      of the model full; the tables of other models stay

Fitted on every second generated person (validation/population.py, chosen by name) and on the shared clips of norms 1,
so that both ways of running count; a person whose angles reach further than those of most counts twice. Judged on the
other persons, on bodies and clothes that no fit sees (validation/new_runners.py), and on runners of norms 1 that none
has seen (LANDING of validation/render.py): mean absolute errors of thigh, knee, shank and foot, or of upper arm and
elbow, with the table in use and with the new one. Oblique clips do not take part: their angles in the picture are not
those of the runner. docs/decisions/legs.md says what was kept and why.
"""

from __future__ import annotations

import argparse
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.errors import Refused
from midstance.model import Floats, Side, Track
from midstance.skeleton import ARM, LEG, SIDES, arm_indices, leg_indices, other
from midstance.tracking.follow import follow_runner
from midstance.tracking.joint_centres import WHICH, arm_terms, film_terms, move, picture_terms
from validation.cases import PERSON, RENDERED, Case, cases
from validation.legs import angles_deg, true_angles_deg, true_px
from validation.population import in_fitted_half

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "offsets.toml"
MODEL = "full"
FITTED, FITTED_COLUMNS = "film", 2 * LEG.index("heel")
"""What is fitted anew: of a film, hip, knee and ankle, in the first columns. Heel and toe, the tables of a single
picture and of the arms stay: persons did not make them better for others (docs/decisions/legs.md)."""
OF_NORMS_1, WEIGHT_OF_NORMS_1 = "dev", 8.0
"""How the names of the shared clips begin, and how much each counts against a person's."""
FAR_OUT, WEIGHT_OF_RARE = 2.0, 2.0
"""A person further from the median of the persons than so many standard deviations, in any angle, counts so much."""
JUDGED_ON = ("new_", "landing_")
"""How the names of the other films begin that are in no fit."""
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

    name: str
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


def is_fitted_on(name: str) -> bool:
    """Whether a film takes part in the fit: the shared clips, and the fitted half of the persons."""
    return name.startswith(OF_NORMS_1) or (name.startswith(PERSON) and in_fitted_half(name))


def square_side_view(case: Case) -> bool:
    """Whether a film shows the runner square from the side."""
    return case.truth["view"] in ("left", "right") and "yaw" not in case.name


def examples(case: Case) -> tuple[Example, Example]:
    """The near and the far side of a runner."""
    track = follow_runner(case.poses, remove_bias=False)
    assert track.near_side is not None
    return _example(case, track, 0, track.near_side), _example(case, track, 1, other(track.near_side))


def followed(case: Case) -> tuple[Example, Example] | None:
    """The two sides of a runner; None where the film is refused."""
    try:
        return examples(case)
    except Refused as refused:
        print(f"{case.name}: {refused.reason}")
        return None


def _example(case: Case, track: Track, leg: int, side: Side) -> Example:
    middle = np.mean([track.xy_px[:, leg_indices(side)[:1]] for side in SIDES], axis=0)

    def around(points_px: Floats) -> Floats:
        return np.asarray((points_px - middle) / track.leg_px[:, None, None] * [track.direction, -1.0])

    return Example(
        name=case.name,
        leg=around(track.xy_px[:, leg_indices(side)]),
        true_leg=around(true_px(case, track, side, LEG)),
        arm=around(track.xy_px[:, arm_indices(side)]),
        true_arm=around(true_px(case, track, side, ARM)),
        angles_deg=true_angles_deg(case, track, side),
        phase_rad=track.phase_rad + np.pi * leg,
    )


def weights_of(chosen: Sequence[Example]) -> Floats:
    """(clip,) how much each counts: clips of norms 1 more than one person, and the rare among the persons twice."""
    reach = np.array([np.nanpercentile(e.angles_deg, [5, 95], axis=0).ravel() for e in chosen])
    persons = np.array([not e.name.startswith(OF_NORMS_1) for e in chosen])
    away = np.abs(reach - np.median(reach[persons], axis=0)) / (np.std(reach[persons], axis=0) + 1e-9)
    rare = np.where(away.max(axis=1) > FAR_OUT, WEIGHT_OF_RARE, 1.0)
    return np.where(persons, rare, WEIGHT_OF_NORMS_1)


def fit_table(chosen: Sequence[Example], kind: Kind) -> Floats:
    """(term, x and y of every joint) table that takes drawn points to true ones, each clip by its weight."""
    columns, shifts = [], []
    for example, weight in zip(chosen, weights_of(chosen), strict=True):
        terms, shift = kind.terms(example), kind.shifts(example).reshape(len(example.leg), -1)
        seen = np.isfinite(terms).all(1) & np.isfinite(shift).all(1)
        share = np.sqrt(weight / seen.sum())
        columns.append(terms[seen] * share)
        shifts.append(shift[seen] * share)
    every = np.concatenate(columns)
    penalty = len(chosen) * RIDGE * np.eye(every.shape[1])
    penalty[0, 0] = 0.0
    return np.linalg.solve(every.T @ every + penalty, every.T @ np.concatenate(shifts))


def errors_deg(chosen: Sequence[Example], kind: Kind, table: Floats) -> Floats:
    """(clip, angle) mean absolute angle errors of each clip with a table."""
    moved = [move(kind.points(example), kind.terms(example), table) for example in chosen]
    return np.array(
        [
            np.nanmean(np.abs(kind.error_deg(example, points)), axis=0)
            for example, points in zip(chosen, moved, strict=True)
        ]
    )


Tables = dict[str, dict[str, list[list[float]]]]
"""Rows by kind and by near and far."""


def fit_model(both: Sequence[tuple[Example, Example]]) -> tuple[Tables, list[str]]:
    """Tables of the kinds that are fitted, and the lines that tell the errors of all kinds, before and after."""
    tables: Tables = {}
    says = ["| table | leg | films | n | error before | fitted anew |", "|---|---|---|---|---|---|"]
    for i, which in enumerate(WHICH):
        every = [pair[i] for pair in both]
        fitted = [example for example in every if is_fitted_on(example.name)]
        for name, kind in KINDS.items():
            table = fit_table(fitted, kind)
            old = np.array(table_in_use(MODEL)[name][which])
            if name == FITTED:
                table[:, FITTED_COLUMNS:] = old[:, FITTED_COLUMNS:]
                tables.setdefault(name, {})[which] = np.round(table, 4).tolist()
            for label, chosen in groups(every):
                before, after = (_mean(errors_deg(chosen, kind, rows)) for rows in (old, table))
                says.append(f"| {name} | {which} | {label} | {len(chosen)} | {before} | {after} |")
    return tables, says


def groups(every: Sequence[Example]) -> Iterator[tuple[str, list[Example]]]:
    """The films by how they are used, those of each use that are there."""
    uses = {
        "persons, in no fit": [e for e in every if e.name.startswith(PERSON) and not is_fitted_on(e.name)],
        "other bodies and clothes, in no fit": [e for e in every if e.name.startswith(JUDGED_ON[0])],
        "norms 1, in no fit": [e for e in every if e.name.startswith(JUDGED_ON[1])],
        "persons, fitted on": [e for e in every if e.name.startswith(PERSON) and is_fitted_on(e.name)],
        "shared clips (norms 1), fitted on": [e for e in every if e.name.startswith(OF_NORMS_1)],
    }
    yield from ((label, chosen) for label, chosen in uses.items() if chosen)


def table_in_use(model: str) -> Tables:
    """The tables of a model as they are."""
    return dict(tomllib.loads(OUT.read_text("utf-8"))[model])


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
    """Print the errors before and after; write the tables that are fitted."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--write", action="store_true", help="write data/offsets.toml")
    write = reader.parse_args().write
    there = cases() + (cases(RENDERED) if RENDERED.is_dir() else [])
    films = [c for c in there if c.name.startswith((OF_NORMS_1, PERSON, *JUDGED_ON)) and square_side_view(c)]
    tables, says = fit_model([pair for film in films if (pair := followed(film))])
    print("\n".join(says), flush=True)
    if write:
        whole = tomllib.loads(OUT.read_text("utf-8"))
        whole[MODEL] |= tables
        OUT.write_text(HEAD + "\n".join(written(whole)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
