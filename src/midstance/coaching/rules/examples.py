"""Make runners in order from the usual lines of the references, for worked examples."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from midstance.coaching.bands import References
from midstance.coaching.rules.base import Case
from midstance.measures import BY_ID
from midstance.model import Measure, Plane, Sample, View

FRONT_ONLY = (
    "wrist_crossing",
    "elbow_out",
    "shoulder_rotation_deg",
    "pelvic_drop_deg",
    "heel_whip_deg",
    "trunk_sway_deg",
)
"""Measures that a side view cannot give; a front or rear view gives these and the timing of the steps only."""

TIMES = ("cadence_spm", "contact_time_ms", "flight_time_ms", "duty_factor", "step_time_ms", "stride_time_ms")

_ERROR_BY_ENDING = {"_deg": 3.0, "_ms": 8.0, "_spm": 1.5, "_leg": 0.015, "_cm": 0.8, "_pct": 2.5, "_ratio": 0.1,
                    "_dps": 50.0, "_factor": 0.012, "_m": 0.05, "_crossing": 0.08, "elbow_out": 0.08}  # fmt: skip
"""Half widths of the 95 % interval as a good phone clip gives them."""


def typical_error(measure: str) -> float:
    """Return the uncertainty of a measure in a good phone clip, in its own unit."""
    return next((e for ending, e in _ERROR_BY_ENDING.items() if measure.endswith(ending)), 1.0)


def view_from(plane: Plane, speed_mps: float = math.nan) -> View:
    """Make the view of a treadmill clip from that side, at a known speed (NaN: unknown)."""
    return View(
        plane=plane,
        near_side="right" if plane == "side" else None,
        direction=1 if plane == "side" else 0,
        setting="treadmill",
        camera="fixed",
        scale_m_per_leg=0.88,
        scale_source="height",
        speed_mps=speed_mps,
        speed_uncertainty_mps=0.0,
        speed_source="given",
    )


def seen_from(plane: Plane, measure: str) -> bool:
    """Return whether this view can give this measure."""
    return measure in TIMES or (measure in FRONT_ONLY) == (plane != "side")


def in_order(
    references: References,
    speed_mps: float,
    *,
    plane: Plane = "side",
    but: Mapping[str, float] | None = None,
    without: Iterable[str] = (),
    error: float = 1.0,
) -> tuple[Measure, ...]:
    """Make every measure of a runner in the middle of each band, except for the values given."""
    values = {
        name: entry.usual.at(speed_mps) for name, entry in references.items() if not name.startswith("asymmetry_")
    }
    values = {name: value for name, value in (values | dict(but or {})).items() if seen_from(plane, name)}
    for name in without:
        values.pop(name, None)
    return tuple(one_measure(name, value, error=error * typical_error(name)) for name, value in values.items())


def one_measure(name: str, value: float, *, error: float, samples: tuple[Sample, ...] = ()) -> Measure:
    """Make a measure of the whole runner over a few strides."""
    samples = samples or (Sample(time_s=1.0, value=value),)
    unit = BY_ID[name].unit if name in BY_ID else ""
    return Measure(id=name, side="both", value=value, sd=error, n=8, uncertainty=error, unit=unit, samples=samples)


def measures_of(case: Case, references: References) -> tuple[Measure, ...]:
    """Make the measures of a worked example."""
    plain = in_order(
        references, case.speed_mps, plane=case.plane, but=case.measures, without=case.without, error=case.error
    )
    if not case.drift:
        return plain
    return tuple(replace(m, samples=_drifting(m, case.drift.get(m.id, 0.0))) for m in plain)


def _drifting(measure: Measure, change: float) -> tuple[Sample, ...]:
    """Sixty strides in a minute that move by this much in all, with a scatter of a third of the uncertainty."""
    scatter = measure.uncertainty / 3
    shares = [i / 59 - 0.5 for i in range(60)]
    return tuple(
        Sample(time_s=60 * (x + 0.5), value=measure.value + change * x + scatter * math.sin(7.3 * i))
        for i, x in enumerate(shares)
    )
