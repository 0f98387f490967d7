"""How far and how high: speed, step length, flight distance, and the bounce of the centre of mass."""

from __future__ import annotations

import numpy as np

from midstance.gait.lengths import GRAVITY_MPS2
from midstance.kinematics.centre_of_mass import rise_between
from midstance.measures import drawings
from midstance.measures.registry import Definition, samples
from midstance.measures.run import Run
from midstance.model import Sample, Side


def running_speed(run: Run, side: Side) -> list[Sample]:
    """Return the speed of the view at every strike (one fit over the clip)."""
    return [Sample(time_s=c.strike_s, value=run.view.speed_mps) for c in run.contacts_of(side)[:1]]


def step_length_leg(run: Run, side: Side) -> list[Sample]:
    """Compute running speed times step time, in true leg lengths."""
    steps = run.steps_of(side)
    lengths = [run.speed_leg * run.true_length * (s.next_strike_s - s.contact.strike_s) for s in steps]
    return samples([s.contact.strike_s for s in steps], lengths)


def step_length_m(run: Run, side: Side) -> list[Sample]:
    """Compute running speed times step time, in metres."""
    steps = run.steps_of(side)
    lengths = [run.view.speed_mps * (s.next_strike_s - s.contact.strike_s) for s in steps]
    return samples([s.contact.strike_s for s in steps], lengths)


def flight_distance(run: Run, side: Side) -> list[Sample]:
    """Compute running speed times flight time, in metres."""
    steps = run.steps_of(side)
    lengths = [run.view.speed_mps * (s.next_strike_s - s.contact.toe_off_s) for s in steps]
    return samples([s.contact.toe_off_s for s in steps], lengths)


def rise(run: Run, side: Side) -> list[Sample]:
    """Measure the highest minus the lowest centre of mass from strike to the next strike, length units of the track."""
    found = [rise_between(run.bounce, step.contact.strike_s, step.next_strike_s) for step in run.steps_of(side)]
    return samples([moment for moment, _ in found], [height for _, height in found])


def bounce_leg(run: Run, side: Side) -> list[Sample]:
    """Measure the bounce in true leg lengths."""
    return [Sample(time_s=s.time_s, value=s.value * run.true_length) for s in rise(run, side)]


def bounce_cm(run: Run, side: Side) -> list[Sample]:
    """Measure the bounce in centimetres."""
    return [Sample(time_s=s.time_s, value=s.value * 100 * run.metres) for s in rise(run, side)]


def vertical_ratio(run: Run, side: Side) -> list[Sample]:
    """Divide bounce by step length, per cent; needs no scale, because both carry the same."""
    step = np.mean([s.next_strike_s - s.contact.strike_s for s in run.steps_of(side)] or [np.nan])
    found = rise(run, side)
    return samples([s.time_s for s in found], [100 * s.value / (run.speed_leg * float(step)) for s in found])


def take_off_angle(run: Run, side: Side) -> list[Sample]:
    """Compute the ballistic take-off angle from flight time and speed, degrees."""
    steps = run.steps_of(side)
    flight = np.array([s.next_strike_s - s.contact.toe_off_s for s in steps])
    angles = np.degrees(np.arctan(GRAVITY_MPS2 * np.maximum(flight, 0) / (2 * run.view.speed_mps)))
    return samples([s.contact.toe_off_s for s in steps], angles)


SPACE = (
    Definition(
        id="speed_mps",
        name="speed",
        unit="m/s",
        group="Distance",
        says="How fast you ran in this clip.",
        formula="hips against the foot that stands on the ground, times the scale",
        source="own definition, docs/evidence.md#speed; validation: Measures, runners outside every fit",
        read=running_speed,
        one_sided=False,
        needs=("speed", "true_time"),
        with_speed=1,
    ),
    Definition(
        id="step_length_m",
        name="step length",
        unit="m",
        group="Distance",
        says="Ground covered from one landing to the next.",
        drawn=drawings.REACH,
        formula="speed x step time",
        source="own definition, docs/evidence.md#step-length; validation: Measures, runners outside every fit",
        read=step_length_m,
        needs=("speed", "true_time"),
        with_speed=1,
    ),
    Definition(
        id="step_length_leg",
        name="step length",
        unit="leg",
        group="Distance",
        says="Ground covered from one landing to the next, in leg lengths.",
        better="ordinary",
        drawn=drawings.REACH,
        formula="speed x step time / leg length",
        source="own definition, docs/evidence.md#step-length; validation: Measures, runners outside every fit",
        read=step_length_leg,
    ),
    Definition(
        id="flight_distance_m",
        name="ground covered in the air",
        unit="m",
        group="Distance",
        says="How far you travel while both feet are off the ground.",
        formula="speed x tf",
        source="Hanley 2021, doi 10.4324/9781003088912-3; docs/evidence.md#step-length",
        read=flight_distance,
        needs=("speed", "true_time"),
        with_speed=1,
    ),
    Definition(
        id="vertical_oscillation_cm",
        name="bounce",
        unit="cm",
        group="Distance",
        says="How far the hips rise and fall in one step.",
        better="ordinary",
        drawn=drawings.HIP_PATH,
        formula="highest minus lowest centre of mass from strike to the next strike of the other foot",
        source="Wille et al. 2014, doi 10.2519/jospt.2014.5367; docs/evidence.md#bounce",
        read=bounce_cm,
        one_sided=False,
        needs=("scale",),
        with_scale=1,
    ),
    Definition(
        id="vertical_oscillation_leg",
        name="bounce",
        unit="leg",
        group="Distance",
        says="How far the hips rise and fall in one step, in leg lengths.",
        better="ordinary",
        drawn=drawings.HIP_PATH,
        formula="the same over leg length",
        source="Wille et al. 2014, doi 10.2519/jospt.2014.5367; docs/evidence.md#bounce",
        read=bounce_leg,
        one_sided=False,
    ),
    Definition(
        id="vertical_ratio_pct",
        name="bounce for each step forward",
        unit="%",
        group="Distance",
        says="Rise and fall as a share of the step length.",
        better="lower",
        drawn=drawings.HIP_PATH,
        formula="100 x vertical oscillation / step length",
        source="own definition, docs/evidence.md#bounce; validation: Measures, runners outside every fit",
        read=vertical_ratio,
        one_sided=False,
    ),
    Definition(
        id="take_off_angle_deg",
        name="take-off angle",
        unit="deg",
        group="Leaving the ground",
        says="How steeply the body leaves the ground.",
        better="ordinary",
        formula="atan(g tf / (2 v))",
        source="own definition, docs/evidence.md#take-off-angle; validation: Measures, runners outside every fit",
        read=take_off_angle,
        needs=("speed", "true_time"),
        with_speed=-1,
    ),
)
