"""When the feet are on the ground and when in the air: cadence, step, stride, contact and flight times."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from midstance.measures.registry import Definition, samples
from midstance.measures.run import Run
from midstance.model import Sample, Side


def per_span(spans_s: list[tuple[float, float]], value: Callable[[float], float]) -> list[Sample]:
    """Return one sample a span, at its start: a value made of its seconds."""
    return samples([start for start, _ in spans_s], [value(stop - start) for start, stop in spans_s])


def cadence(run: Run, side: Side) -> list[Sample]:
    """Compute steps a minute, one sample a stride: two steps in the time of a stride."""
    return per_span(run.stride_spans(side), lambda seconds: 120 / seconds)


def stride_time(run: Run, side: Side) -> list[Sample]:
    """Measure strike to next strike of the same foot, ms."""
    return per_span(run.stride_spans(side), lambda seconds: 1000 * seconds)


def step_time(run: Run, side: Side) -> list[Sample]:
    """Measure strike of this foot to the next strike of the other, ms."""
    return per_span(run.step_spans(side), lambda seconds: 1000 * seconds)


def contact_time(run: Run, side: Side) -> list[Sample]:
    """Measure strike to toe-off, ms."""
    contacts = run.contacts_of(side)
    return samples([c.strike_s for c in contacts], [1000 * (c.toe_off_s - c.strike_s) for c in contacts])


def flight_time(run: Run, side: Side) -> list[Sample]:
    """Measure toe-off of this foot to the next strike of the other, ms."""
    steps = run.steps_of(side)
    return samples(
        [s.contact.toe_off_s for s in steps], [1000 * (s.next_strike_s - s.contact.toe_off_s) for s in steps]
    )


def duty_factor(run: Run, side: Side) -> list[Sample]:
    """Divide contact time by twice the step time."""
    steps = run.steps_of(side)
    contact = np.array([s.contact.toe_off_s - s.contact.strike_s for s in steps])
    step = np.array([s.next_strike_s - s.contact.strike_s for s in steps])
    return samples([s.contact.strike_s for s in steps], contact / (2 * step))


TIME = (
    Definition(
        id="cadence_spm",
        name="cadence",
        unit="spm",
        group="Rhythm",
        says="Steps in a minute, both feet counted.",
        better="ordinary",
        formula="120 / stride time",
        source="de Ruiter et al. 2020, doi 10.1080/17461391.2019.1626911; docs/evidence.md#cadence",
        read=cadence,
        plane="any",
        one_sided=False,
        needs=("true_time",),
    ),
    Definition(
        id="step_time_ms",
        name="step time",
        unit="ms",
        group="Rhythm",
        says="From one landing to the next landing of the other foot.",
        formula="strike of this foot to the next strike of the other (front or rear view: body lowest over each)",
        source="own definition, docs/evidence.md#time; validation: Measures, runners outside every fit",
        read=step_time,
        plane="any",
        needs=("true_time",),
    ),
    Definition(
        id="stride_time_ms",
        name="stride time",
        unit="ms",
        group="Rhythm",
        says="From one landing to the next landing of the same foot.",
        formula="strike to the next strike of the same foot (front or rear view: body lowest over it)",
        source="own definition, docs/evidence.md#time; validation: Measures, runners outside every fit",
        read=stride_time,
        plane="any",
        needs=("true_time",),
    ),
    Definition(
        id="contact_time_ms",
        name="contact time",
        unit="ms",
        group="Rhythm",
        says="How long the foot stays on the ground.",
        better="ordinary",
        formula="tc = toe-off - strike",
        source="own definition, docs/evidence.md#time; validation: Measures, runners outside every fit",
        read=contact_time,
        needs=("true_time",),
    ),
    Definition(
        id="flight_time_ms",
        name="flight time",
        unit="ms",
        group="Rhythm",
        says="How long both feet are off the ground.",
        better="ordinary",
        formula="tf = next strike of the other foot - toe-off",
        source="own definition, docs/evidence.md#time; validation: Measures, runners outside every fit",
        read=flight_time,
        needs=("true_time",),
    ),
    Definition(
        id="duty_factor",
        name="share of the stride on the ground",
        unit="ratio",
        group="Rhythm",
        says="Contact time as a share of the stride of that foot; below 0.5 means running.",
        better="ordinary",
        formula="tc / (2 (tc + tf))",
        source="Lussiana et al. 2019, doi 10.1242/jeb.192047; docs/evidence.md#time",
        read=duty_factor,
    ),
)
