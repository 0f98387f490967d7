"""Make the table of measures: a row for each, left and right beside each other, in words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Literal

from midstance.measures.registry import GROUPS
from midstance.model import Measure, MeasureSide, Side
from midstance.text.names import entry, number, pace, with_error
from midstance.text.people import among
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
    unit: str
    n: int
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measure: its name, how to read it, and its values, one for each side that was measured.

    among  where the runner is among the people measured, in words; empty if that is not known
    """

    id: str
    name: str
    group: str
    says: str
    values: tuple[Value, ...]
    among: str = ""

    @property
    def usual(self) -> str:
        """Return the band and the runner's place among people: "usual at 3 m/s: 5 to 9°; in the middle"."""
        return "; ".join(said for said in (self.values[0].usual, self.among) if said)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One of the few numbers on the first screen.

    number  the value alone: "159"
    unit    its error and unit: "± 1 steps a minute"
    usual   the usual range without its unit, or for a speed the pace; empty if there is neither
    """

    name: str
    number: str
    unit: str
    usual: str
    value: Value


TILES = (
    ("cadence_spm",),
    ("contact_time_ms",),
    ("vertical_oscillation_cm", "vertical_oscillation_leg"),
    ("speed_mps",),
    ("pelvic_drop_deg",),
    ("trunk_sway_deg",),
    ("step_time_ms",),
)
"""Measures of the first screen, the first four that the clip shows; of several names the first."""

MOST_TILES = 4


def tiles(measures: Iterable[Measure], near: Side | None) -> tuple[Tile, ...]:
    """Return the numbers of the first screen; of a measure of each leg that of the near one."""
    known: dict[str, Measure] = {}
    for measure in measures:
        if measure.side in {"both", near} or measure.id not in known:
            known[measure.id] = measure
    found = [next((known[name] for name in names if name in known), None) for names in TILES]
    return tuple(_tile(measure) for measure in found if measure)[:MOST_TILES]


def _tile(measure: Measure) -> Tile:
    error, unit = measure.uncertainty, unit_text(measure.unit)
    return Tile(
        name=entry(measure.id).name,
        number=number(measure.value, error),
        unit=f"± {number(error, error)}{unit}" if error > 0 else unit.strip(),
        usual=pace(measure.value) if measure.id == "speed_mps" else _usual_roughly(measure),
        value=_value(measure),
    )


def _usual_roughly(measure: Measure) -> str:
    """Return the band with digits for its own width, empty without one."""
    band = measure.band
    if band is None:
        return ""
    width = band.high - band.low
    fine = width / 10 if math.isfinite(width) else measure.uncertainty
    return f"usual {_range(replace(measure, uncertainty=fine))}"


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
    return Row(id=name, name=known.name, group=known.group, says=known.says, values=values, among=among(same))


def _value(measure: Measure) -> Value:
    band = measure.band
    return Value(
        side=measure.side,
        text=with_error(measure.value, measure.uncertainty, measure.unit),
        usual=usual(measure),
        place=place(measure),
        value=measure.value,
        uncertainty=measure.uncertainty,
        unit=measure.unit,
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
    return f"usual{speed}: {_range(measure, unit_text(measure.unit))}"


def _range(measure: Measure, unit: str = "") -> str:
    band = measure.band
    if band is None:
        return ""
    low, high = (number(value, measure.uncertainty) for value in (band.low, band.high))
    if all(end.endswith(".0") for end in (low, high)):
        low, high = low.removesuffix(".0"), high.removesuffix(".0")
    if not math.isfinite(band.low):
        return f"up to {high}{unit}"
    return f"{low} to {high}{unit}" if math.isfinite(band.high) else f"{low}{unit} or more"
