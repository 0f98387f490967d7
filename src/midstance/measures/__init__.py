"""The registry of DESIGN section 4: track, contacts and view in; measures, and what could not be told, out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from midstance.gait.lengths import running_speed_leg
from midstance.gait.time_base import time_base
from midstance.measures.arms import ARMS
from midstance.measures.camera import seen_otherwise
from midstance.measures.frontal import FRONTAL
from midstance.measures.intervals import interval, leg_of
from midstance.measures.registry import Definition
from midstance.measures.run import DRAWN_LEG, Run
from midstance.measures.sides import DEGREES, PER_CENT, asymmetries, asymmetry_id, spring_mass
from midstance.measures.space import SPACE
from midstance.measures.stance import STANCE
from midstance.measures.strike import STRIKE
from midstance.measures.swing import SWING
from midstance.measures.time import TIME
from midstance.model import Contact, Measure, MeasureSide, NotAssessed, Sample, Side, Track, View
from midstance.reasons import Reason
from midstance.skeleton import SIDES
from midstance.uncertainty import HALF_WIDTH, combined

REGISTRY: tuple[Definition, ...] = (*TIME, *SPACE, *STRIKE, *STANCE, *SWING, *ARMS, *FRONTAL)
"""Every measure that is read from a track, in the order it is told."""

STIFFNESS = ("leg_stiffness_kn_m", "vertical_stiffness_kn_m")


class Measured(NamedTuple):
    """What measure() found, and what it could not say."""

    measures: tuple[Measure, ...]
    not_assessed: tuple[NotAssessed, ...]


def measure(track: Track, contacts: tuple[Contact, ...], view: View, *, mass_kg: float | None = None) -> Measured:
    """Every measure of the registry that this clip supports; the others with the reason."""
    run = Run(track=track, contacts=contacts, view=view, speed_leg=running_speed_leg(track, contacts), mass_kg=mass_kg)
    found = as_seen(run)
    doubts = camera_doubts(run, found.measures)
    wider = (replace(m, uncertainty=combined(m.uncertainty, doubts[m.id, m.side])) for m in found.measures)
    return found._replace(measures=tuple(wider))


def camera_doubts(run: Run, found: tuple[Measure, ...]) -> Mapping[tuple[str, MeasureSide], float]:
    """Half width of the 95 % interval that each measure found has from how the camera stood."""
    others = [{(m.id, m.side): m.value for m in as_seen(other).measures} for other in seen_otherwise(run)]
    moved = {(m.id, m.side): [other.get((m.id, m.side), m.value) - m.value for other in others] for m in found}
    return {key: HALF_WIDTH * combined(*by) for key, by in moved.items()}


def as_seen(run: Run) -> Measured:
    """The measures of a run, taking the camera as put upright and square."""
    slow = time_base(run.track, run.view, run.contacts).why
    told: list[Measure] = []
    missing: list[NotAssessed] = []
    for definition in REGISTRY:
        reason = why_not(definition, run) or ("true_time" in definition.needs and slow) or None
        found = [] if reason else _read(definition, run)
        told += found
        if not found:
            missing.append(NotAssessed(id=definition.id, reason=reason or Reason("too_little_seen")))
    return _with_derived(run, told, missing)


def why_not(definition: Definition, run: Run) -> Reason | None:
    """Return why a measure cannot be read from this clip; None if it can."""
    if definition.plane != "any" and run.view.plane not in definition.plane.split("_or_"):
        wanted = definition.plane.replace("_", " ")
        return Reason("needs_view", wanted=wanted, plane=run.view.plane)
    return _lacks(definition, run)


def _lacks(definition: Definition, run: Run) -> Reason | None:
    if "scale" in definition.needs and not np.isfinite(run.metres):
        return Reason("needs_scale")
    if "speed" in definition.needs and not np.isfinite(run.view.speed_mps):
        return Reason("needs_speed")
    if "depth" in definition.needs and run.track.depth is None:
        return Reason("needs_depth")
    return None


def _read(definition: Definition, run: Run) -> list[Measure]:
    by_side: list[tuple[MeasureSide, Side, list[Sample]]]
    if definition.one_sided:
        sides = (run.near,) if definition.near_only else SIDES
        by_side = [(side, side, definition.read(run, side)) for side in sides]
    else:
        pooled = [sample for side in SIDES for sample in definition.read(run, side)]
        by_side = [("both", run.near, sorted(pooled, key=lambda sample: sample.time_s))]
    found = []
    for told_as, side, samples in by_side:
        if samples:
            values = np.array([sample.value for sample in samples])
            found.append(
                Measure(
                    id=definition.id,
                    side=told_as,
                    value=float(np.mean(values)),
                    sd=float(np.std(values, ddof=1)) if len(values) > 1 else np.nan,
                    n=len(values),
                    uncertainty=interval(definition, run, side, values),
                    unit=definition.unit,
                    samples=tuple(samples),
                )
            )
    return found


def _with_derived(run: Run, told: list[Measure], missing: list[NotAssessed]) -> Measured:
    by_name: dict[tuple[str, MeasureSide], Measure] = {(m.id, m.side): m for m in told}
    derived = asymmetries(by_name, leg_of(run, run.near), run.track.rate_hz)
    if run.mass_kg and np.isfinite(run.metres) and np.isfinite(run.view.speed_mps):
        leg_m = run.metres / run.true_length
        metric = {"leg_m": leg_m, "speed_mps": run.view.speed_mps, "scale_share": run.view.scale_uncertainty}
        derived += spring_mass(by_name, mass_kg=run.mass_kg, **metric)
    ids = {m.id for m in derived}
    side_view = run.view.plane == "side"
    for name in (*map(asymmetry_id, (*PER_CENT, *DEGREES)), *STIFFNESS):
        if name not in ids:
            reason = _what_stiffness_needs(run) if name in STIFFNESS else Reason("needs_both_legs")
            missing.append(NotAssessed(id=name, reason=reason if side_view else Reason("needs_side_view")))
    return Measured((*told, *derived), tuple(missing))


def _what_stiffness_needs(run: Run) -> Reason:
    if not run.mass_kg:
        return Reason("needs_mass")
    if not np.isfinite(run.view.speed_mps):
        return Reason("needs_speed")
    return Reason("needs_contact_and_flight")


__all__ = ["DRAWN_LEG", "REGISTRY", "Measured", "measure", "why_not"]
