"""Compare groups of takes: of each its count, mean, spread and the 95 % interval of the mean."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import fmean, quantiles, stdev
from typing import Any

import numpy as np

from midstance.batch.folder import Folder
from midstance.batch.rows import column
from midstance.batch.tables import OF_A_TAKE, write_tables
from midstance.errors import InputError, UsageError
from midstance.formats.extras import needed
from midstance.measures import BY_ID
from midstance.reasons import Reason
from midstance.skeleton import SIDES
from midstance.uncertainty import combined, spread_half_width

SHOWN = (
    "speed_mps",
    "cadence_spm",
    "contact_time_ms",
    "step_length_m",
    "vertical_oscillation_cm",
    "shank_angle_at_strike_deg",
    "peak_knee_flexion_stance_deg",
    "pelvic_drop_deg",
)
"""Measures of a summary for which none were asked: those of them that a take has."""

GROUPABLE = ("setting", "plane", "focus", "pose", "version")
"""Columns of the table of takes that make sense as groups, beside those of sheets."""

SPEED_STEP_MPS = 0.5
MOST_NUMBERS = 8
"""A column with more different numbers than this is cut into four groups of equally many takes."""

ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One measure in one group of takes.

    values      of every take: of the leg near the camera, from the front or behind the mean of both
    n           how many the mean is of: athletes where they are known, otherwise takes
    half_width  of the 95 % interval of the mean: how far the values spread, and the takes' own errors
    """

    by: str
    name: str
    measure: str
    values: tuple[float, ...]
    n: int
    mean: float
    sd: float
    half_width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Takes:
    """The takes of a batch that have numbers, as rows, and what they can be grouped by."""

    rows: tuple[Mapping[str, Any], ...]
    groupable: tuple[str, ...]
    measures: tuple[str, ...]


def read_takes(path: Path) -> Takes:
    """Read the takes of a batch, its tables made anew from its records. Raises InputError, UsageError."""
    parquet: Any = needed("pyarrow.parquet")
    folder, file = Folder(path), path / "takes.parquet"
    if folder.records.is_dir():
        write_tables(folder)
    if not file.is_file():
        raise InputError(Reason("batch_no_takes", folder=path))
    try:
        table = parquet.read_table(str(file))
    except (OSError, ValueError) as fault:
        raise InputError(Reason("parquet_unreadable", path=file, fault=str(fault).splitlines()[0][:120])) from None
    rows = tuple(row for row in table.to_pylist() if row["status"] == "done")
    if not rows:
        raise InputError(Reason("batch_none_measured", folder=path))
    own = {c.name for c in OF_A_TAKE} | {name for name in table.column_names if _is_of_a_measure(name)}
    said = [name for name in table.column_names if name not in own]
    has = [name for name in BY_ID if any(_value(row, name) is not None for row in rows)]
    return Takes(rows=rows, groupable=(ALL, "speed", *said, *GROUPABLE), measures=tuple(has))


def groups(takes: Takes, by: str, measures: Sequence[str] = ()) -> list[Group]:
    """Return every group of a column, measure after measure. Raises UsageError for a name that is not there."""
    if by not in takes.groupable:
        raise UsageError(Reason("batch_no_column", name=by, known=", ".join(takes.groupable)))
    for name in measures:
        if name not in takes.measures:
            raise UsageError(Reason("batch_no_measure", name=name))
    named = _names(takes, by)
    wanted = measures or [name for name in SHOWN if name in takes.measures]
    found = []
    for measure in wanted:
        for name in dict.fromkeys(name for name in named if name is not None):
            rows = [row for row, own in zip(takes.rows, named, strict=True) if own == name]
            if group := _group(rows, by, name, measure):
                found.append(group)
    return found


def _group(rows: Iterable[Mapping[str, Any]], by: str, name: str, measure: str) -> Group | None:
    """Return one measure in one group; None where no take has it.

    Takes of one athlete are no strangers to each other: where athletes are known, the mean is of theirs.
    """
    known = [(row, value) for row in rows if (value := _value(row, measure)) is not None]
    if not known:
        return None
    of_each: dict[Any, list[float]] = {}
    for number, (row, value) in enumerate(known):
        alone = by == "athlete" or row.get("athlete") is None
        of_each.setdefault(number if alone else str(row["athlete"]), []).append(value)
    means = [fmean(values) for values in of_each.values()]
    own = fmean(_value(row, measure, "_uncertainty") or math.nan for row, _ in known)
    return Group(
        by=by,
        name=name,
        measure=measure,
        values=tuple(value for _, value in known),
        n=len(means),
        mean=fmean(means),
        sd=stdev(means) if len(means) > 1 else math.nan,
        half_width=combined(spread_half_width(np.array(means)), own / math.sqrt(len(known))),
    )


def _value(row: Mapping[str, Any], measure: str, part: str = "") -> float | None:
    """Return a measure of a take as its report has it: of the leg near the camera, else the mean of both; or None."""
    values = {side: row.get(f"{column(measure, side)}{part}") for side in ("both", *SIDES)}
    if (near := values.get(str(row.get("near_side")))) is not None:
        return float(near)
    found = [value for value in values.values() if value is not None]
    return fmean(found) if found else None


def _is_of_a_measure(name: str) -> bool:
    for part in ("_uncertainty", "_sd", "_n", "_left", "_right"):
        name = name.removesuffix(part)
    return name in BY_ID


# -- names of groups -----------------------------------------------------------------------------------------------


def _names(takes: Takes, by: str) -> list[str | None]:
    """Return the group of every take, in an order in which they can be listed; None for one without."""
    if by == ALL:
        return ["all takes"] * len(takes.rows)
    if by == "speed":
        return [*_speeds(takes)]
    cells = [row.get(by) for row in takes.rows]
    numbers = [cell for cell in cells if isinstance(cell, float | int)]
    if len({*numbers}) > MOST_NUMBERS:
        return _quarters(cells, numbers)
    return [None if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in cells]


def _speeds(takes: Takes) -> Iterator[str | None]:
    """Yield the range of speed of every take: of the speed that was said, or else of what was measured."""
    for row in takes.rows:
        speed = row.get("given_speed_mps") or _value(row, "speed_mps")
        low = math.floor(speed / SPEED_STEP_MPS) * SPEED_STEP_MPS if speed else math.nan
        yield f"{low:.1f} to {low + SPEED_STEP_MPS:.1f} m/s" if speed else None


def _quarters(cells: Sequence[Any], numbers: Sequence[float]) -> list[str | None]:
    edges = quantiles(numbers, n=4, method="inclusive")
    ends = [min(numbers), *edges, max(numbers)]
    labels = [f"{low:.3g} to {high:.3g}" for low, high in pairwise(ends)]
    return [None if cell is None else labels[sum(cell > edge for edge in edges)] for cell in cells]
