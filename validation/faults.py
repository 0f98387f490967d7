"""Ask the rules about generated persons whose fault is known, from true measures, without pixels.

    python -m validation.faults SHARED/digital_runner [--write]      generate the persons anew into generated_faults.csv

`generated_faults.csv` has the measures of 100 persons without fault and of persons with one fault or cause at three
levels, 2, 3 and 4.5 standard deviations between runners (../shared/digital_runner, norms 2; the generator itself is
never part of the project). Each is judged exactly, with the uncertainty that a phone clip states, and with errors of
that size drawn.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from midstance.coaching.findings import ask_rules
from midstance.coaching.plan import make_plan
from midstance.coaching.rules import load
from midstance.coaching.rules.examples import typical_error, view_from
from midstance.measures import BY_ID
from midstance.model import Finding, Measure, Plan
from midstance.uncertainty import HALF_WIDTH
from validation.people import EXACT, trials

TABLE = Path(__file__).with_name("generated_faults.csv")
LEVELS = ("mild", "middle", "strong")
SPEEDS_MPS = (2.6, 3.1, 3.7, 4.3)
BODIES = ("anna", "ben", "carl", "dai", "erik", "fay")
KINDS = ("exact", "stated", "drawn")

RIGHT: Mapping[str, tuple[str, ...]] = {
    "overstride": ("reaching",),
    "back_kick": ("back_kick",),
    "limited_hip_extension": ("low_hip_extension",),
    "bounce": ("bounce",),
    "short_stride": ("flat_stride",),
    "forward_lean": ("leaning_forward",),
    "backward_lean": ("leaning_back",),
    "swing_dorsiflexion": ("dorsiflexion",),
    "pawback": ("pawback",),
    "low_knee_drive": ("swing_angle",),
    "excessive_knee_drive": ("swing_angle",),
    "long_contact": ("flat_stride", "forced_extension"),
    "lean_whole_body": ("leaning_forward",),
    "lean_at_waist": ("leaning_forward", "sitting"),
    "lean_back": ("leaning_back", "reaching"),
    "push_far": ("forced_extension",),
    "heel_pull": ("back_kick",),
    "leg_long": ("flat_stride", "forced_extension"),
    "toe_push": ("flat_stride",),
    "low_take_off": ("flat_stride",),
    "reach_to_cover": ("reaching",),
    "quick_feet": ("low_hip_extension",),
    "short_push": ("low_hip_extension",),
    "sit": ("sitting", "low_hip_extension"),
    "slow_kick": ("back_kick",),
    "arm_late_cross": ("late_arms",),
    "arm_late_only": ("late_arms",),
    "paw_lower_leg": ("pawback",),
    "paw_thigh": ("pawback",),
    "deep_dip": ("bounce", "sitting"),
}
"""What a coach should name, by what was put in; where a fault has two faces, either is right. Left against right is not
among them: the true measures are means of both sides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One generated runner: name, fault and level (empty: none), speed, measures by id."""

    name: str
    fault: str
    level: str
    speed_mps: float
    values: Mapping[str, float]


@cache
def persons() -> tuple[Person, ...]:
    """All generated persons, those without fault first."""
    with TABLE.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return tuple(
        Person(
            name=row["name"],
            fault=row["fault"],
            level=row["level"],
            speed_mps=float(row["speed_mps"]),
            values={k: float(v) for k, v in row.items() if k not in {"name", "fault", "level", "speed_mps"} and v},
        )
        for row in rows
    )


@cache
def stated() -> Mapping[str, float]:
    """The half width that a phone clip states, by measure: the median over the 26 runners."""
    found = defaultdict(list)
    for trial in trials():
        for measure in trial.measures:
            found[measure.id].append(measure.uncertainty)
    return {name: float(np.nanmedian(values)) for name, values in found.items()}


def measured(
    values: Mapping[str, float], kind: str, chance: np.random.Generator, half_width: Callable[[str], float]
) -> list[Measure]:
    """Make measures of true values: exact, with the half width that is stated, or with an error of that size drawn."""
    made = []
    for name, true in values.items():
        half = half_width(name)
        value = true + chance.normal() * half / HALF_WIDTH if kind == "drawn" else true
        error = EXACT if kind == "exact" else half
        made.append(Measure(id=name, side="both", value=value, sd=0.0, n=8, uncertainty=error, unit=BY_ID[name].unit))
    return made


def judge(person: Person, kind: str, chance: np.random.Generator) -> tuple[tuple[Finding, ...], Plan | None]:
    """What the coach finds and plans for one person."""
    measures = measured(person.values, kind, chance, lambda name: stated().get(name, typical_error(name)))
    view = view_from("side", person.speed_mps)
    found = ask_rules(measures, (), view, ruleset=load())
    return found, make_plan(found, measures, view=view)


def table() -> Iterator[str]:
    """The rows of validation/RESULTS.md."""
    judged = {kind: [(p, *judge(p, kind, np.random.default_rng(i))) for i, p in enumerate(persons())] for kind in KINDS}
    yield (
        "| measured | persons without fault | flagged | given a focus | "
        + " | ".join(f"{level}: found, flagged" for level in LEVELS)
        + " |"
    )
    yield "|---|---|---|---|---|---|---|"
    for kind, all_found in judged.items():
        clean = [(found, plan) for person, found, plan in all_found if not person.fault]
        flagged = sum(any(f.grade == "flag" for f in found) for found, _plan in clean)
        cells = [_found(row for row in all_found if row[0].level == level) for level in LEVELS]
        focus = sum(plan is not None for _found, plan in clean)
        yield f"| {kind} | {len(clean)} | {flagged} | {focus} | " + " | ".join(cells) + " |"
    yield ""
    yield (
        "| fault | right | " + " | ".join(f"{level}: found, flagged" for level in LEVELS) + " | strong, named instead |"
    )
    yield "|---|---|---|---|---|---|"
    for fault, right in RIGHT.items():
        mine = [row for row in judged["stated"] if row[0].fault == fault]
        cells = [_found(row for row in mine if row[0].level == level) for level in LEVELS]
        instead = [
            found[0].problem if found else "silent"
            for p, found, _ in mine
            if p.level == "strong" and not _right(p, found)
        ]
        yield f"| {fault} | {' or '.join(right)} | " + " | ".join(cells) + f" | {', '.join(sorted(instead)) or '-'} |"


def _right(person: Person, found: Sequence[Finding]) -> bool:
    return any(f.problem in RIGHT[person.fault] for f in found[:2])


def _found(rows: Iterable[tuple[Person, Sequence[Finding], Plan | None]]) -> str:
    rows = list(rows)
    right = sum(_right(person, found) for person, found, _plan in rows)
    flagged = sum(any(f.problem in RIGHT[p.fault] and f.grade == "flag" for f in found) for p, found, _plan in rows)
    return f"{right} of {len(rows)}, {flagged}"


# -- making the table ------------------------------------------------------------------------------------------------


def specs() -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """Name, fault, level and specification of every person to generate."""
    for i in range(100):
        speed = 2.5 + 2.0 * ((i * 37) % 100) / 99
        yield f"clean{i}", "", "", {"body": BODIES[i % 6], "speed": speed, "person": 5000 + i, "seed": i, "faults": []}
    for j, fault in enumerate(RIGHT):
        for i, level in enumerate(LEVELS):
            for k, speed in enumerate(SPEEDS_MPS):
                who = {"body": BODIES[(j + i + k) % 6], "person": 6000 + 100 * j + 10 * i + k, "seed": j + k}
                yield f"{fault}-{level}-{speed}", fault, level, {**who, "speed": speed, "faults": [[fault, level]]}


def generate(runner: Path) -> None:
    """Write the table anew from the digital runner's motion; some ten minutes of one core."""
    sys.path.insert(0, str(runner))
    from fast_truth import fast

    made = []
    for name, fault, level, spec in specs():
        values = {k: f"{v:.4g}" for k, v in fast(spec).items() if k in BY_ID}
        made.append({"name": name, "fault": fault, "level": level, "speed_mps": f"{spec['speed']:.3f}", **values})
    names = list(dict.fromkeys(key for row in made for key in row))
    with TABLE.open("w", encoding="utf-8", newline="\n") as stream:
        stream.write("# True measures of generated persons (digital runner, norms 2); made by validation/faults.py.\n")
        writer = csv.DictWriter(stream, names, lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)


def main() -> None:
    """Print the tables; or make the persons anew."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("runner", type=Path, nargs="?", help="the digital runner, to make the persons anew")
    options = reader.parse_args()
    if options.runner:
        generate(options.runner)
    print("\n".join(table()))


if __name__ == "__main__":
    main()
