"""The registry: every measure that can appear in an analysis, and reading them from a track, its contacts and view."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from midstance import plugins
from midstance.errors import UsageError
from midstance.gait.time_base import time_base
from midstance.measures.absent import needs_absent
from midstance.measures.arms import ARMS
from midstance.measures.camera import seen_otherwise
from midstance.measures.frontal import FRONTAL
from midstance.measures.intervals import interval
from midstance.measures.registry import GROUPS, Definition, Found, Need
from midstance.measures.run import DRAWN_LEG, Run
from midstance.measures.sides import ASYMMETRIES, STIFFNESS
from midstance.measures.space import SPACE
from midstance.measures.stance import STANCE
from midstance.measures.strike import STRIKE
from midstance.measures.swing import SWING
from midstance.measures.time import TIME
from midstance.model import Contact, Measure, MeasureSide, NotAssessed, Sample, Side, Track, View
from midstance.reasons import Reason
from midstance.skeleton import SIDES
from midstance.uncertainty import HALF_WIDTH, combined

REGISTRY: tuple[Definition, ...] = (
    *TIME,
    *SPACE,
    *STRIKE,
    *STANCE,
    *SWING,
    *ARMS,
    *FRONTAL,
    *ASYMMETRIES,
    *STIFFNESS,
)
"""Every measure of midstance itself, in its order; what is derived comes after what it is made from."""


class _ById(Mapping[str, Definition]):
    """Find a measure by its id; those of other packages are loaded when first asked for, since they import this."""

    def __getitem__(self, name: str) -> Definition:
        return _definitions()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_definitions())

    def __len__(self) -> int:
        return len(_definitions())


BY_ID: Mapping[str, Definition] = _ById()
"""Every measure, those of other packages last."""


@cache
def _definitions() -> Mapping[str, Definition]:
    found = {definition.id: definition for definition in REGISTRY}
    for name, entry in plugins.added("measures").items():
        new = plugins.loaded("measures", name)
        if not isinstance(new, tuple) or not all(isinstance(each, Definition) for each in new):
            wanted = "tuple of Definition"
            raise UsageError(Reason("plugin_wrong", name=name, package=plugins.package(entry), wanted=wanted))
        for each in new:
            if each.id in found:
                package = plugins.package(entry)
                raise UsageError(Reason("plugin_twice", name=each.id, one="midstance or another", other=package))
            found[each.id] = each
    return MappingProxyType(found)


Read = dict[tuple[str, Side], list[Sample]]
"""Samples by id and side, as they were read."""


class Measured(NamedTuple):
    """Hold what was measured, and what could not be, with the reason."""

    measures: tuple[Measure, ...]
    not_assessed: tuple[NotAssessed, ...]


def measure(
    track: Track,
    contacts: tuple[Contact, ...],
    view: View,
    *,
    mass_kg: float | None = None,
    only: Collection[str] | None = None,
) -> Measured:
    """Measure everything in the registry that this clip supports; name the reason for the rest.

    contacts  of both feet, in time order; empty from front or rear
    mass_kg   body mass, for stiffness
    only      ids of the measures that are asked for; None for all

    Every measure has its mean, spread, number of strides, and the half width of its 95 % interval, in which the spread,
    the error of the pose model, scale, speed and camera are combined (docs/measures.md).
    """
    run = Run(track=track, contacts=contacts, view=view, mass_kg=mass_kg)
    wanted = None if only is None else _with_parts(only)
    found = as_seen(run, wanted=wanted)
    doubts = camera_doubts(run, found.measures, wanted=wanted)
    wider = (replace(m, uncertainty=combined(m.uncertainty, doubts[m.id, m.side])) for m in found.measures)
    return found._replace(measures=tuple(wider))


def _with_parts(ids: Iterable[str]) -> tuple[Definition, ...]:
    """Return the definitions of some measures and of those they are made from, in the order of the registry."""
    wanted: set[str] = set()
    left = list(ids)
    while left:
        wanted.add(here := left.pop())
        left += [part for part in BY_ID[here].made_from if part not in wanted]
    return tuple(definition for definition in BY_ID.values() if definition.id in wanted)


def camera_doubts(
    run: Run, found: tuple[Measure, ...], *, wanted: Sequence[Definition] | None = None
) -> Mapping[tuple[str, MeasureSide], float]:
    """Compute the half width of the 95 % interval that each measure has from the placing of the camera."""
    others = [
        {(m.id, m.side): m.value for m in as_seen(other, wanted=wanted, values_only=True).measures}
        for other in seen_otherwise(run)
    ]
    moved = {(m.id, m.side): [other.get((m.id, m.side), m.value) - m.value for other in others] for m in found}
    return {key: HALF_WIDTH * combined(*by) for key, by in moved.items()}


def as_seen(run: Run, *, wanted: Sequence[Definition] | None = None, values_only: bool = False) -> Measured:
    """Measure what is wanted (None: everything), taking the camera as corrected; values_only: without uncertainty."""
    slow = time_base(run.track, run.view, run.contacts).why
    found: dict[tuple[str, MeasureSide], Measure] = {}
    missing: list[NotAssessed] = []
    asked = [*(BY_ID.values() if wanted is None else wanted)]
    reasons = {each.id: why_not(each, run) or ("true_time" in each.needs and slow) or None for each in asked}
    read = _samples_of(run, [each for each in asked if each.read and not reasons[each.id]])
    for definition in asked:
        reason = reasons[definition.id]
        new = [] if reason else _find(definition, run, found, read=read, values_only=values_only)
        found |= {(m.id, m.side): m for m in new}
        if not new:
            missing.append(NotAssessed(id=definition.id, reason=reason or definition.missing))
    return Measured(tuple(found.values()), tuple(missing))


def why_not(definition: Definition, run: Run) -> Reason | None:
    """Return why a measure cannot be read from this clip; None if it can."""
    if definition.plane != "any" and run.view.plane not in definition.plane.split("_or_"):
        wanted = definition.plane.replace("_", " ")
        return Reason("needs_view", wanted=wanted, plane=run.view.plane)
    absent = needs_absent(definition.id, run.track.absent)
    if absent:
        return absent
    lacks: Mapping[Need, Reason | None] = {
        "mass": None if run.mass_kg else Reason("needs_mass"),
        "speed": None if np.isfinite(run.view.speed_mps) else Reason("needs_speed"),
        "scale": None if np.isfinite(run.metres) else Reason("needs_scale"),
        "depth": None if run.track.depth is not None else Reason("needs_depth"),
        "true_time": None,  # judged once for all measures
    }
    return next((reason for need in definition.needs if (reason := lacks[need])), None)


def _samples_of(run: Run, definitions: Sequence[Definition]) -> Read:
    """Read the samples of these measures, part after part of the run."""
    read: Read = {(each.id, side): [] for each in definitions for side in _sides(each, run)}
    for part, (start_s, stop_s) in run.parts():
        for each in definitions:
            assert each.read
            for side in _sides(each, run):
                read[each.id, side] += [s for s in each.read(part, side) if start_s <= s.time_s < stop_s]
    return read


def _sides(definition: Definition, run: Run) -> tuple[Side, ...]:
    return (run.near,) if definition.one_sided and definition.near_only else SIDES


def _find(definition: Definition, run: Run, found: Found, *, read: Read, values_only: bool) -> list[Measure]:
    if definition.read:
        return _from_samples(definition, run, read, values_only=values_only)
    derived = definition.derive(run, found) if definition.derive else None
    return [derived] if derived else []


def _from_samples(definition: Definition, run: Run, read: Read, *, values_only: bool) -> list[Measure]:
    own: dict[MeasureSide, list[Sample]] = {side: read[definition.id, side] for side in _sides(definition, run)}
    if not definition.one_sided:
        pooled = [sample for side in SIDES for sample in own[side]]
        own = {"both": sorted(pooled, key=lambda sample: sample.time_s)}
    found = [_mean(definition, side, samples) for side, samples in own.items() if samples]
    return found if values_only else [replace(m, uncertainty=_uncertainty(definition, run, m)) for m in found]


def _mean(definition: Definition, side: MeasureSide, samples: list[Sample]) -> Measure:
    values = np.array([sample.value for sample in samples])
    return Measure(
        id=definition.id,
        side=side,
        value=float(np.mean(values)),
        sd=float(np.std(values, ddof=1)) if len(values) > 1 else np.nan,
        n=len(values),
        uncertainty=np.nan,
        unit=definition.unit,
        samples=tuple(samples),
    )


def _uncertainty(definition: Definition, run: Run, found: Measure) -> float:
    leg: Side = run.near if found.side == "both" else found.side
    return interval(definition, run, leg, np.array([sample.value for sample in found.samples]))


__all__ = ["BY_ID", "DRAWN_LEG", "GROUPS", "REGISTRY", "Definition", "Measured", "measure", "needs_absent", "why_not"]
