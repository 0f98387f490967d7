"""Read the conditions of a rule from the measures of one clip: how far beyond its line, in uncertainties.

A reading's clearance is the distance beyond the line over the uncertainty of the measure: 1 and more is sure, 0 is on
the line, below 0 it does not hold, NaN cannot be known. Conditions are joined with all_of, any_of, at_least and isnt;
a missing measure silences a condition only where it could have decided it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from midstance.coaching.bands import Reference, References, plausible_speeds, row_of
from midstance.model import Band, Evidence, Measure, Plane, Sample, View
from midstance.reasons import Reason
from midstance.uncertainty import combined

_AT_LEAST_UNCERTAINTY = 1e-6
_STRIDES_FOR_A_DRIFT = 12
_SECONDS_FOR_A_DRIFT = 20.0
"""A drift over a shorter take is mostly chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How clearly a condition holds.

    clearance   distance beyond the line over the half width of the 95 % interval; NaN = cannot be known
    excess      the same distance in steps that matter (Reference.matters); orders problems by size
    evidence    the numbers behind it
    deciding    the number that decided it, as it was judged: the mean of both sides where both were seen
    missing     ids of measures that would have been needed
    """

    clearance: float
    excess: float
    evidence: tuple[Evidence, ...] = ()
    deciding: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Return whether anything can be said."""
        return not math.isnan(self.clearance)

    @property
    def holds(self) -> bool:
        """Return whether the value lies beyond its line at all."""
        return self.clearance > 0


def unknown(*missing: str) -> Reading:
    """Return a reading that says nothing, for lack of these measures."""
    return Reading(clearance=math.nan, excess=math.nan, missing=missing)


def all_of(*readings: Reading) -> Reading:
    """Hold when each holds, as clearly as the least clear of them."""
    return at_least(len(readings), *readings)


def any_of(*readings: Reading) -> Reading:
    """Hold when one holds, as clearly as the clearest."""
    return at_least(1, *readings)


def at_least(count: int, *readings: Reading) -> Reading:
    """Hold when that many hold, as clearly as the count-th clearest; unknown if a missing one could change that."""
    known = sorted((r for r in readings if r.known), key=lambda r: -r.clearance)
    missing = tuple(dict.fromkeys(m for r in readings if not r.known for m in r.missing))
    if len(known) >= count and (known[count - 1].holds or not missing):
        return _joined(known[:count], known[count - 1])
    spare = count - (len(readings) - len(known))
    if 0 < spare <= len(known) and not known[spare - 1].holds:
        return _joined(known[:spare], known[spare - 1])
    return unknown(*missing)


def isnt(reading: Reading) -> Reading:
    """Hold when the other does not."""
    return replace(reading, clearance=-reading.clearance, excess=-reading.excess)


def provided(reading: Reading, guard: Reading) -> Reading:
    """Return the reading unchanged where the guard holds at all; where the guard does not hold, neither does this."""
    return reading if guard.holds else all_of(reading, guard)


def capped(reading: Reading, most: float) -> Reading:
    """Return the reading, never clearer than this: for signs that may be mentioned and never be called a fault."""
    return replace(reading, clearance=min(reading.clearance, most)) if reading.known else reading


def _joined(members: list[Reading], deciding: Reading) -> Reading:
    evidence = dict.fromkeys(e for r in members for e in r.evidence)
    excess = deciding.excess if not deciding.holds else max(r.excess for r in members)
    return Reading(clearance=deciding.clearance, excess=excess, evidence=tuple(evidence), deciding=deciding.deciding)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The measures of one clip, and the bands to judge them by.

    reasons     why a measure is absent, by id
    height_m    body height if it was given; NaN otherwise
    """

    measures: Mapping[str, tuple[Measure, ...]]
    view: View
    references: References
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    height_m: float = math.nan

    @property
    def planes(self) -> tuple[Plane, ...]:
        """Return where the cameras stood."""
        return self.view.planes

    @cached_property
    def speeds_mps(self) -> tuple[float, float]:
        """Return the range the running speed lies in."""
        return plausible_speeds((m for group in self.measures.values() for m in group), self.view)

    @property
    def speed_known(self) -> bool:
        """Return whether the speed was measured or given."""
        return math.isfinite(self.view.speed_mps)

    def best_seen(self, name: str) -> Measure | None:
        """Choose the measure of the whole runner, else of the side towards the camera, else of the other side."""
        return next(iter(self.seen_best_first(name)), None)

    def seen_best_first(self, name: str) -> tuple[Measure, ...]:
        """Return a measure on every side it was seen on: the whole runner or the near side first."""
        group = [m for m in self.measures.get(name, ()) if math.isfinite(m.value)]
        return tuple(sorted(group, key=lambda m: m.side not in ("both", self.view.near_side)))

    def measure(self, name: str) -> Measure | None:
        """Return a measure for the whole runner; of two sides the mean, weighted by how well each was seen.

        Both sides depend on the same camera, so the mean is no surer than the better side.
        """
        group = [m for m in self.measures.get(name, ()) if math.isfinite(m.value)]
        whole = [m for m in group if m.side == "both"]
        if whole or len(group) < 2:
            return next(iter(whole or group), None)
        weights = [1 / max(_half(m), _AT_LEAST_UNCERTAINTY) ** 2 for m in group]
        value = sum(w * m.value for w, m in zip(weights, group, strict=True)) / sum(weights)
        best = min(group, key=_half)
        return replace(best, value=value, uncertainty=_half(best))

    def value(self, name: str) -> float:
        """Return the value of a measure; NaN if absent."""
        found = self.measure(name)
        return found.value if found else math.nan

    def band(self, name: str) -> Band | None:
        """Return the ordinary range at this runner's speed, as wide as the speed is unsure."""
        if name not in self._bands:
            self._bands[name] = self._find_band(name)
        return self._bands[name]

    @cached_property
    def _bands(self) -> dict[str, Band | None]:
        """The ranges that were asked for already: many rules ask for the same ones."""
        return {}

    def _find_band(self, name: str) -> Band | None:
        height = self.height_m if math.isfinite(self.height_m) else None
        band = self.references.band(self._row(name), speeds_mps=self.speeds_mps, height_m=height)
        if band is None or not self.speed_known:
            return band
        return replace(band, at_speed_mps=self.view.speed_mps, source=band.source.split("; speed unknown")[0])

    def reference(self, name: str) -> Reference | None:
        """Return the table of bands of a measure; None if there is none."""
        return self.references.get(self._row(name))

    def _row(self, name: str) -> str:
        """Return the table of references.toml for a measure; differences of sides share one, but for some."""
        return row_of(name, self.references) or name

    def usual(self, name: str) -> float:
        """Return the middle of the ordinary range; NaN if there is none."""
        entry = self.reference(name)
        return sum(entry.usual.over(self.speeds_mps)) / 2 if entry else math.nan

    def matters(self, name: str) -> float:
        """Return the smallest difference of a measure that matters."""
        entry = self.reference(name)
        return entry.matters if entry else math.nan

    def high(self, name: str) -> Reading:
        """Ask whether a measure is above its ordinary range."""
        band = self.band(name)
        if band is None or not math.isfinite(band.high):
            return unknown(name)
        return self._beyond(name, self.measure(name), band.high, +1, line_error=band.edge_error)

    def low(self, name: str) -> Reading:
        """Ask whether a measure is below its ordinary range."""
        band = self.band(name)
        if band is None or not math.isfinite(band.low):
            return unknown(name)
        return self._beyond(name, self.measure(name), band.low, -1, line_error=band.edge_error)

    def rather_high(self, name: str) -> Reading:
        """Ask for more than half way from the usual value to the high edge: for signs that only count together."""
        band = self.band(name)
        return self.above(name, (band.high + self.usual(name)) / 2) if band else unknown(name)

    def rather_low(self, name: str) -> Reading:
        """Ask for more than half way from the usual value to the low edge."""
        band = self.band(name)
        return self.below(name, (band.low + self.usual(name)) / 2) if band else unknown(name)

    def far_above(self, name: str) -> Reading:
        """Ask for twice as far from the usual value as the high edge lies."""
        band = self.band(name)
        return self.above(name, 2 * band.high - self.usual(name)) if band else unknown(name)

    def above(self, name: str, line: float) -> Reading:
        """Ask whether a measure is above a line of the rule's own."""
        return self._beyond(name, self.measure(name), line, +1)

    def below(self, name: str, line: float) -> Reading:
        """Ask whether a measure is below a line of the rule's own."""
        return self._beyond(name, self.measure(name), line, -1)

    def outside_on_a_side(self, name: str) -> Reading:
        """Ask whether a measure is outside its ordinary range, left or right (or as a whole, if it has no sides)."""
        band, group = self.band(name), self.measures.get(name, ())
        if band is None or not group:
            return unknown(name)
        return any_of(
            *(
                self._beyond(name, m, band.low, -1, line_error=band.edge_error)
                for m in group
                if math.isfinite(band.low)
            ),
            *(
                self._beyond(name, m, band.high, +1, line_error=band.edge_error)
                for m in group
                if math.isfinite(band.high)
            ),
        )

    def drifts(self, name: str, way: int) -> Reading:
        """Ask whether a measure rises (+1) or falls (-1) over the clip by more than matters, and more than chance."""
        group = [m for m in self.measures.get(name, ()) if len(m.samples) >= _STRIDES_FOR_A_DRIFT]
        found = min(group, key=_half, default=None)
        if found is None or found.samples[-1].time_s - found.samples[0].time_s < _SECONDS_FOR_A_DRIFT:
            return unknown(name)
        start, end, half = trend(found.samples)
        matters = self.matters(name)
        distance = way * (end - start) - matters
        ends = ((start, found.samples[0].time_s), (end, found.samples[-1].time_s))
        evidence = tuple(Evidence(measure=name, side=found.side, value=v, time_s=t, film=found.film) for v, t in ends)
        return Reading(
            clearance=distance / max(half, _AT_LEAST_UNCERTAINTY), excess=distance / matters, evidence=evidence
        )

    def _beyond(self, name: str, found: Measure | None, line: float, way: int, *, line_error: float = 0.0) -> Reading:
        if found is None or not math.isfinite(found.value) or math.isnan(line):
            return unknown(name)
        distance = way * (found.value - line)
        clearance = distance / max(combined(_half(found), line_error), _AT_LEAST_UNCERTAINTY)
        matters = self.matters(name)
        excess = distance / matters if math.isfinite(matters) else clearance
        of_a_side = any(found is m for m in self.measures.get(name, ()))
        shown = found if of_a_side else self.best_seen(name) or found
        judged = Evidence(measure=name, side=found.side if of_a_side else "both", value=found.value, time_s=None)
        return Reading(clearance=clearance, excess=excess, evidence=(evidence_of(shown),), deciding=(judged,))


def trend(samples: Sequence[Sample]) -> tuple[float, float, float]:
    """Fit a line through the strides: its value at the first and last, and the half width of their difference.

    Neighbouring strides resemble each other, so the error is widened by the likeness of neighbouring residuals.
    """
    time_s = np.array([s.time_s for s in samples])
    values = np.array([s.value for s in samples])
    slope, offset = np.polyfit(time_s, values, 1)
    left = values - (slope * time_s + offset)
    power = float(left @ left)
    likeness = min(max(float(left[1:] @ left[:-1]) / power, 0.0), 0.9) if power > 0 else 0.0
    spread = math.sqrt(power / (len(left) - 2) / float(np.sum((time_s - time_s.mean()) ** 2)))
    half = 1.96 * spread * math.sqrt((1 + likeness) / (1 - likeness)) * (time_s[-1] - time_s[0])
    return float(slope * time_s[0] + offset), float(slope * time_s[-1] + offset), float(half)


def evidence_of(measure: Measure) -> Evidence:
    """Return the number and the moment that shows it best: the stride nearest the mean."""
    return Evidence(
        measure=measure.id, side=measure.side, value=measure.value, time_s=_typical_time(measure), film=measure.film
    )


def _half(measure: Measure) -> float:
    """Half width of the interval of a measure; without one, a tenth of its value."""
    return measure.uncertainty if math.isfinite(measure.uncertainty) else 0.1 * abs(measure.value)


def _typical_time(measure: Measure) -> float | None:
    nearest: Sample | None = min(measure.samples, key=lambda s: abs(s.value - measure.value), default=None)
    return nearest.time_s if nearest else None


def high(name: str) -> Callable[[Facts], Reading]:
    """Make the test: is this measure above its ordinary range?"""
    return lambda facts: facts.high(name)


def low(name: str) -> Callable[[Facts], Reading]:
    """Make the test: is this measure below its ordinary range?"""
    return lambda facts: facts.low(name)


def outside(name: str) -> Callable[[Facts], Reading]:
    """Make the test: is this measure outside its ordinary range, left or right?"""
    return lambda facts: facts.outside_on_a_side(name)


def by_id(measures: Iterable[Measure]) -> dict[str, tuple[Measure, ...]]:
    """Group measures by id."""
    groups: dict[str, tuple[Measure, ...]] = {}
    for m in measures:
        groups[m.id] = (*groups.get(m.id, ()), m)
    return groups


def possible(measures: Mapping[str, tuple[Measure, ...]], bands: References) -> dict[str, tuple[Measure, ...]]:
    """Return the measures that a body can have; where one side cannot, the other is no evidence either."""
    return {name: sides for name, sides in measures.items() if all(_is_possible(side, bands) for side in sides)}


def _is_possible(measure: Measure, bands: References) -> bool:
    entry = bands.get(measure.id)
    return entry is None or entry.possible[0] <= measure.value <= entry.possible[1]
