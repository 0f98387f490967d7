"""What the pose model's drawing of a runner from the front or behind means: data/frontal.toml, from rendered runners.

    python -m validation.fit_frontal [--write]

One straight line a measure and view, truth over drawn value, by least squares over every body but those LEFT_OUT;
prints what it does on both.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np

from midstance.errors import Refused
from midstance.measures.frontal import DRAWN, Line
from midstance.measures.run import Run
from midstance.model import MeasureSide, Plane, Side
from midstance.skeleton import SIDES
from validation.accuracy import true_measures
from validation.cases import Case, rendered

OUT = Path(__file__).parent.parent / "src" / "midstance" / "data" / "frontal.toml"
LEFT_OUT = ("erik", "fay")
WRITTEN: tuple[tuple[str, Plane], ...] = (
    ("wrist_crossing", "front"),
    ("shoulder_rotation_deg", "front"),
    ("trunk_sway_deg", "front"),
    ("trunk_sway_deg", "rear"),
)
ONE_SIDED = {"wrist_crossing"}


class Pair(NamedTuple):
    """One drawn value of one clip and its truth."""

    measure: str
    plane: Plane
    body: str
    drawn: float
    true: float


def pairs(case: Case) -> Iterator[Pair]:
    """Drawn and true values of one clip."""
    track, view = case.track, case.view
    run = Run(track=track, contacts=(), view=view)
    true = true_measures(case.truth, (), view)
    body = case.truth["people"][0]["body"]
    for name, read in DRAWN.items():
        each: dict[MeasureSide, tuple[Side, ...]] = {"left": ("left",), "right": ("right",)}
        both: dict[MeasureSide, tuple[Side, ...]] = {"both": SIDES}
        for told, sides in (each if name in ONE_SIDED else both).items():
            values = [sample.value for side in sides for sample in read(run, side)]
            if (name, told) in true and values:
                yield Pair(name, view.plane, body, float(np.mean(values)), true[name, told])


def every_pair() -> list[Pair]:
    """Those of every rendered clip from the front or from behind."""
    found = []
    for case in rendered():
        if case.truth["view"] in {"front", "rear"}:
            try:
                found += list(pairs(case))
            except Refused:
                continue
    return found


def fitted(mine: list[Pair]) -> Line:
    """The straight line from drawn to true."""
    slope, offset = np.polyfit([p.drawn for p in mine], [p.true for p in mine], 1)
    return Line(offset=float(offset), slope=float(slope))


def rmse(mine: list[Pair], line: Line) -> float:
    """Error of a line on some pairs."""
    return float(np.sqrt(np.mean([(line.offset + line.slope * p.drawn - p.true) ** 2 for p in mine])))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="write data/frontal.toml")
    options = parser.parse_args()
    everything = every_pair()
    text = (
        "# What a value drawn by the pose model means: offset + slope x drawn, by measure and view.\n"
        "# Made by validation/fit_frontal.py.\n"
    )
    print("| measure | view | n | offset | slope | RMSE drawn | fitted | left out | drawn | told | truth spread |")
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name, plane in WRITTEN:
        here = [p for p in everything if (p.measure, p.plane) == (name, plane)]
        used, kept = ([p for p in here if (p.body in LEFT_OUT) == out] for out in (False, True))
        line = fitted(used)
        text += f"\n[{name}.{plane}]\noffset = {line.offset:.3g}\nslope = {line.slope:.3g}\n"
        print(
            f"| {name} | {plane} | {len(used)} | {line.offset:.3g} | {line.slope:.3g} | {rmse(used, Line()):.3g} | "
            f"{rmse(used, line):.3g} | {len(kept)} | {rmse(kept, Line()):.3g} | {rmse(kept, line):.3g} | "
            f"{np.std([p.true for p in here]):.3g} |"
        )
    if options.write:
        OUT.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
