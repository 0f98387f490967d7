"""Make the table of measures: a row for each, left and right beside each other, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from midstance.measures.registry import GROUPS
from midstance.model import Measure, MeasureSide
from midstance.text.names import entry, number, with_error
from midstance.units import unit_text

Place = Literal["inside", "edge", "above", "below", "unknown"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One measure of one side.

    text    value, error and unit in words
    usual   the band in words, empty if there is none
    place   where the value lies in its band, allowing for its error
    low, high   the band, NaN where it is open or there is none
    """

    side: MeasureSide
    text: str
    usual: str
    place: Place
    value: float
    uncertainty: float
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure: its name, how to read it, and its values, one for each side that was measured."""

    id: str
    name: str
    group: str
    says: str
    values: tuple[Value, ...]


def rows(measures: Iterable[Measure]) -> tuple[Row, ...]:
    """Return the table, in the order of its groups."""
    by_id: dict[str, list[Measure]] = {}
    for measure in measures:
        by_id.setdefault(measure.id, []).append(measure)
    found = [_row(name, same) for name, same in by_id.items()]
    return tuple(sorted(found, key=lambda row: GROUPS.index(row.group)))


def grouped(table: Iterable[Row]) -> Iterator[tuple[str, list[Row]]]:
    """Return the rows under their groups."""
    for group, some in groupby(table, key=lambda row: row.group):
        yield group, list(some)


def _row(name: str, same: list[Measure]) -> Row:
    known = entry(name)
    values = tuple(_value(measure) for measure in same)
    return Row(id=name, name=known.name, group=known.group, says=known.says, values=values)


def _value(measure: Measure) -> Value:
    band = measure.band
    return Value(
        side=measure.side,
        text=with_error(measure.value, measure.uncertainty, measure.unit),
        usual=usual(measure),
        place=place(measure),
        value=measure.value,
        uncertainty=measure.uncertainty,
        n=measure.n,
        low=band.low if band else math.nan,
        high=band.high if band else math.nan,
    )


def place(measure: Measure) -> Place:
    """Return whether a value is inside its band, over an edge by less than its error, or clearly above or below."""
    band = measure.band
    if band is None:
        return "unknown"
    error = measure.uncertainty if math.isfinite(measure.uncertainty) else 0.0
    if band.low <= measure.value <= band.high:
        return "inside"
    if measure.value - error > band.high:
        return "above"
    return "below" if measure.value + error < band.low else "edge"


def usual(measure: Measure) -> str:
    """Return the band in words, empty without one."""
    band = measure.band
    if band is None:
        return ""
    speed = f" at {band.at_speed_mps:.1f} m/s" if band.at_speed_mps else ""
    low, high = (number(value, measure.uncertainty) for value in (band.low, band.high))
    if all(end.endswith(".0") for end in (low, high)):
        low, high = low.removesuffix(".0"), high.removesuffix(".0")
    if not math.isfinite(band.low):
        return f"usual{speed}: up to {high}{unit_text(measure.unit)}"
    if not math.isfinite(band.high):
        return f"usual{speed}: {low}{unit_text(measure.unit)} or more"
    return f"usual{speed}: {low} to {high}{unit_text(measure.unit)}"
