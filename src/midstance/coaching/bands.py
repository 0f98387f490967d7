"""Look up what is ordinary for a measure at a running speed: low, usual and high value, from data/references.toml.

Every band is a line over running speed, because nearly everything in running depends on it (docs/evidence.md#norms). A
coach's own folder may bring another references.toml; its tables replace those of the same name.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast, get_args

import numpy as np

from midstance import data
from midstance.errors import UsageError
from midstance.formats.text_file import own_text
from midstance.model import Band, Measure, View

Weight = Literal["strong", "moderate", "weak", "opinion"]
"""How well a statement is founded, in falling order."""

ANY_SPEED_MPS = (2.0, 6.5)
"""Where distance runners run: the speeds a band must cover when the speed is unknown."""

PROPOSAL = " (a proposal)"
"""After the source of a band that no paper states."""

_CONTACT_SAYS_SPEED = (0.78, 1.28)
"""Contact time gives the speed to about a quarter: its spread at one speed (docs/evidence.md#time)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A value over running speed: straight between its points, level beyond them."""

    speeds_mps: tuple[float, ...]
    values: tuple[float, ...]

    def at(self, speed_mps: float) -> float:
        """Return the value at one speed."""
        return float(np.interp(speed_mps, self.speeds_mps, self.values))

    def over(self, speeds_mps: tuple[float, float]) -> tuple[float, float]:
        """Return the least and greatest value over a range of speeds."""
        slow, fast = speeds_mps
        inside = [v for s, v in zip(self.speeds_mps, self.values, strict=True) if slow < s < fast]
        values = [self.at(slow), self.at(fast), *inside]
        return min(values), max(values)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What is ordinary for one measure, and who says so.

    low, high           the edges of the band; None where there is none
    usual               the middle
    matters             the smallest difference that a coach would mention
    possible            what a body can do; beyond it the points are wrong, and the number is no evidence
    percentile          share of ordinary runners beyond each edge, per cent; None where nobody was counted
    edge_error          half width of the 95 % interval of either edge: how well the edge itself is known
    people              whom midstance counted, in a few words; empty where nobody was counted
    measured_mps        the speeds at which they ran; beyond, nobody was measured and the edges are less sure
    ranked              whether a runner can be ranked among them; not where people fall into two groups
    high_per_height_m   the high edge per metre of body height, used instead of the line when the height is known
    proposal            True: an engineering choice, no paper states it (docs/decisions)
    validation          heading of validation/RESULTS.md that shows what a proposal does
    """

    measure: str
    usual: Line
    matters: float
    population: str
    source: str
    grade: Weight
    low: Line | None = None
    high: Line | None = None
    n: int | None = None
    percentile: float | None = None
    edge_error: Line | None = None
    people: str = ""
    measured_mps: tuple[float, float] | None = None
    ranked: bool = True
    high_per_height_m: float | None = None
    proposal: bool = False
    validation: str = ""
    note: str = ""
    possible: tuple[float, float] = (-math.inf, math.inf)


class References(Mapping[str, Reference]):
    """All bands by measure id."""

    def __init__(self, entries: Mapping[str, Reference]) -> None:
        self._entries = MappingProxyType(dict(entries))

    def __getitem__(self, measure: str) -> Reference:
        return self._entries[measure]

    def __iter__(self) -> Any:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    def band(
        self,
        measure: str,
        speed_mps: float | None = None,
        *,
        speeds_mps: tuple[float, float] = ANY_SPEED_MPS,
        height_m: float | None = None,
    ) -> Band | None:
        """Return the ordinary range of a measure; open ends are infinite. None where nothing is known.

        Without a speed the band is as wide as it gets over speeds_mps, and says so.
        """
        entry = self.get(measure)
        if entry is None or (entry.low is None and entry.high is None):
            return None
        known = speed_mps is not None and math.isfinite(speed_mps)
        speeds = (float(cast("float", speed_mps)),) * 2 if known else speeds_mps
        low = entry.low.over(speeds)[0] if entry.low else -math.inf
        high = entry.high.over(speeds)[1] if entry.high else math.inf
        if height_m and entry.high_per_height_m and entry.high:
            high *= entry.high_per_height_m * height_m / entry.high.at(3.0)
        source = entry.source + (PROPOSAL if entry.proposal else "")
        if not known:
            source += f"; speed unknown, so the band covers {speeds[0]:.1f} to {speeds[1]:.1f} m/s"
        error = entry.edge_error.over(speeds)[1] if entry.edge_error else 0.0
        return Band(
            low=low,
            high=high,
            at_speed_mps=speed_mps if known else None,
            source=source,
            edge_error=error,
            n=entry.n,
            percentile=entry.percentile,
            population=entry.population,
            usual=sum(entry.usual.over(speeds)) / 2 if entry.ranked and entry.measured_mps else None,
            people=entry.people,
            measured_mps=entry.measured_mps,
        )


def plausible_speeds(measures: Iterable[Measure], view: View) -> tuple[float, float]:
    """Return the range of likely running speeds, m/s: measured, or roughly from the contact time, or any."""
    if math.isfinite(view.speed_mps):
        half = view.speed_uncertainty_mps if math.isfinite(view.speed_uncertainty_mps) else 0.0
        return max(view.speed_mps - half, 0.5), view.speed_mps + half
    contact_ms = [m.value for m in measures if m.id == "contact_time_ms" and math.isfinite(m.value)]
    usual = references().get("contact_time_ms")
    if not contact_ms or usual is None:
        return ANY_SPEED_MPS
    line = usual.usual
    speed = float(np.interp(-np.mean(contact_ms), [-v for v in line.values], line.speeds_mps))
    return speed * _CONTACT_SAYS_SPEED[0], speed * _CONTACT_SAYS_SPEED[1]


def row_of(measure: str, bands: Mapping[str, Reference]) -> str | None:
    """Return the table of a measure; differences of the sides share one, but for some. None if there is none."""
    if measure in bands or not measure.startswith("asymmetry_"):
        return measure if measure in bands else None
    return "asymmetry_deg" if measure.endswith("_deg") else "asymmetry_pct"


def band(measure: str, speed_mps: float | None = None, *, height_m: float | None = None) -> Band | None:
    """Return the built-in band of a measure at a speed (None: unknown speed, a wide band)."""
    return references().band(measure, speed_mps, height_m=height_m)


@cache
def references() -> References:
    """Load the built-in bands."""
    return References(read_references(data.text("references.toml"), "references.toml"))


def with_folder(folder: Path) -> References:
    """Load the built-in bands with those of a coach's folder laid over them."""
    own = folder / "references.toml"
    entries = dict(references())
    if own.exists():
        entries |= read_references(own_text(own), str(own))
    return References(entries)


def read_references(text: str, where: str) -> dict[str, Reference]:
    """Read the bands of a TOML text. Raises UsageError with every fault in one message."""
    try:
        tables = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as broken:
        raise UsageError(f"{where} is not valid TOML: {broken}.") from broken
    faults: list[str] = []
    entries = {}
    for measure, table in tables.items():
        wrong = _faults(table)
        faults += [f"[{measure}] {fault}" for fault in wrong]
        if not wrong:
            entries[measure] = _reference(measure, table)
    if faults:
        raise UsageError(f"{where}: " + "; ".join(faults) + ".")
    return entries


_EDGES = ("low", "usual", "high")
_KEYS = {f.name for f in fields(Reference)} - {"measure"}
_SPANS = {"measured_mps": "speeds", "possible": "values"}
_NEEDED = {"usual", "matters", "population", "source", "grade"}


def _faults(table: Any) -> list[str]:
    """List what is wrong with one table, in words."""
    if not isinstance(table, dict):
        return ["is not a table"]
    known = ", ".join(sorted(_KEYS))
    faults = [f"unknown key {key!r}, expected one of {known}" for key in sorted(table.keys() - _KEYS)]
    faults += [f"{key} is missing" for key in sorted(_NEEDED - table.keys())]
    faults += [f"{key}: {why}" for key in (*_EDGES, "edge_error") if (why := _line_fault(table.get(key)))]
    if table.get("grade", "weak") not in get_args(Weight):
        faults.append(f"grade must be one of {', '.join(get_args(Weight))}")
    if not _is_number(table.get("matters", 1.0)) or table.get("matters", 1.0) <= 0:
        faults.append("matters must be a number above 0")
    for key, what in _SPANS.items():
        if (span := table.get(key)) is not None and not _is_span(span):
            faults.append(f"{key} must be two rising {what}")
    if not faults and not _in_order(table):
        faults.append("low, usual and high are not in rising order at every speed")
    return faults


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_span(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(map(_is_number, value)) and value[0] < value[1]


def _line_fault(points: Any) -> str:
    """Why a value is no line: a number, or [[speed, value], ...] with rising speeds; empty if it is one."""
    if points is None or _is_number(points):
        return ""
    pairs = points if isinstance(points, list) else [points]
    if not pairs or not all(isinstance(p, list) and len(p) == 2 and all(map(_is_number, p)) for p in pairs):
        return "expected a number or [[speed, value], ...]"
    speeds = [float(p[0]) for p in cast("list[list[float]]", pairs)]
    return "" if all(a < b for a, b in pairwise(speeds)) else "speeds must rise"


def _line(points: Any) -> Line | None:
    if points is None:
        return None
    pairs = [[3.0, points]] if _is_number(points) else points
    return Line(tuple(float(p[0]) for p in pairs), tuple(float(p[1]) for p in pairs))


def _in_order(table: dict[str, Any]) -> bool:
    lines = [line for key in _EDGES if (line := _line(table.get(key)))]
    speeds = {s for line in lines for s in line.speeds_mps}
    return all(a.at(s) < b.at(s) for s in speeds for a, b in pairwise(lines))


def _reference(measure: str, table: dict[str, Any]) -> Reference:
    lines = {key: _line(table.get(key)) for key in (*_EDGES, "edge_error")}
    spans = {key: tuple(table[key]) for key in _SPANS if key in table}
    return Reference(measure=measure, **{**table, **lines, **spans})
