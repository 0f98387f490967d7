"""What only a front or rear view shows: arms across the body, shoulders, pelvis, heels and sway."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from midstance.geometry import lean_deg, wrap_deg
from midstance.measures.registry import Definition, samples
from midstance.measures.run import Run
from midstance.model import Floats, Sample, Side
from midstance.skeleton import other
from midstance.steps import spans

Reduce = Callable[[Floats], np.floating]

NARROWEST_LEG = 0.05
WIDEST = 95
"""Percentile taken for the widest shoulders and their largest turn, so that one bad frame does not decide."""


def strides(run: Run) -> list[tuple[float, float]]:
    """Start and end of every whole stride of the clip, from one foot's lowest moment of the body to its next."""
    return [(start, stop) for _, start, stop in spans(run.track, count=2)[::2]]


def over_strides(run: Run, values: Floats, reduce: Reduce) -> list[Sample]:
    """One sample a stride: the values of its frames reduced to one number, at the frame of the largest value."""
    found = []
    for start, stop in strides(run):
        inside = (run.track.time_s >= start) & (run.track.time_s < stop) & np.isfinite(values)
        if inside.sum() >= 5:
            here = np.flatnonzero(inside)
            shows = here[np.argmax(values[here])]
            found.append((run.track.time_s[shows], reduce(values[here])))
    return samples(*zip(*found, strict=True)) if found else []


def wrist_crossing(run: Run, side: Side) -> list[Sample]:
    """Least distance of the wrist to its own side of the middle, in shoulder widths; negative = crosses."""
    shoulder, middle = run.xy("shoulder", side), run.xy("mid_shoulder", side)
    outward = np.sign(np.nanmedian(shoulder[:, 0] - middle[:, 0]))
    inward = -(run.xy("wrist", side)[:, 0] - middle[:, 0]) * outward / shoulder_width(run)
    return [Sample(time_s=s.time_s, value=-s.value) for s in over_strides(run, inward, np.max)]


def shoulder_width(run: Run) -> float:
    """Distance of the shoulders seen square, length units of the track; NaN if they hide each other."""
    width = np.abs(run.xy("shoulder", "left")[:, 0] - run.xy("shoulder", "right")[:, 0])
    widest = float(np.nanpercentile(width, WIDEST))
    return widest if widest > NARROWEST_LEG else np.nan


def shoulder_rotation(run: Run, side: Side) -> list[Sample]:
    """Turn of the shoulders to both sides together, from how much narrower they get; poor below 15 degrees a side."""
    width = np.abs(run.xy("shoulder", side)[:, 0] - run.xy("shoulder", other(side))[:, 0])
    turn = 2 * np.degrees(np.arccos(np.clip(width / shoulder_width(run), 0, 1)))
    return over_strides(run, turn, lambda values: np.percentile(values, WIDEST))


def pelvic_drop(run: Run, side: Side) -> list[Sample]:
    """Largest tilt of the line between the hips with this side low, against its mean."""
    low, high = run.xy("hip", side), run.xy("hip", other(side))
    across = np.abs(np.nanmedian(high[:, 0] - low[:, 0]))
    tilt = np.degrees(np.arctan2(high[:, 1] - low[:, 1], across))
    return over_strides(run, tilt - np.nanmean(tilt), np.max)


def heel_whip(run: Run, side: Side) -> list[Sample]:
    """Turn of the sole while it faces the camera behind the runner; heel towards the middle positive."""
    heel, toe = run.xy("heel", side), run.xy("toe", side)
    inward = -np.sign(np.nanmedian(run.xy("hip", side)[:, 0] - run.xy("mid_hip", side)[:, 0]))
    upright = (heel - toe)[:, 1] > 0.5 * np.nanmax((heel - toe)[:, 1])
    turn = np.where(upright, wrap_deg(lean_deg(heel, toe)) * inward, np.nan)
    return over_strides(run, turn, np.median)


def trunk_sway(run: Run, side: Side) -> list[Sample]:
    """Sideways lean of the trunk, largest minus smallest over a stride."""
    lean = lean_deg(run.xy("mid_shoulder", side), run.xy("mid_hip", side))
    return over_strides(run, lean, np.ptp)


FRONTAL = (
    Definition(
        id="wrist_crossing",
        unit="shoulder widths",
        formula="least distance of the wrist from the middle of the shoulders, to its own side; negative = crosses",
        source="EVIDENCE 4 P14",
        read=wrist_crossing,
        plane="front_or_rear",
    ),
    Definition(
        id="shoulder_rotation_deg",
        unit="deg",
        formula="2 acos(narrowest / widest distance of the shoulders) over a stride",
        source="EVIDENCE 4 P16",
        read=shoulder_rotation,
        one_sided=False,
        plane="front_or_rear",
    ),
    Definition(
        id="pelvic_drop_deg",
        unit="deg",
        formula="largest tilt of the hip line with this side low, against its mean",
        source="EVIDENCE 4 P13 (Bramah 2018)",
        read=pelvic_drop,
        plane="front_or_rear",
    ),
    Definition(
        id="heel_whip_deg",
        unit="deg",
        formula="turn of the heel-toe line while the sole faces back, against the vertical; + heel inward",
        source="EVIDENCE 4 P17 (Souza 2015)",
        read=heel_whip,
        plane="rear",
    ),
    Definition(
        id="trunk_sway_deg",
        unit="deg",
        formula="largest minus smallest sideways lean of the trunk over a stride",
        source="DESIGN 4",
        read=trunk_sway,
        one_sided=False,
        plane="front_or_rear",
    ),
)
