"""What only a front or rear view shows: arms across the body, shoulders, pelvis, heels and sway.

The pose model draws some of it too small, too wide or too steadily; data/frontal.toml (made by
validation/fit_frontal.py) says what a drawn value means.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import numpy as np

from midstance.data import table
from midstance.kinematics.geometry import lean_deg, wrap_deg
from midstance.measures import drawings
from midstance.measures.registry import Definition, Reader, samples
from midstance.measures.run import Run
from midstance.model import Floats, Ints, Sample, Side
from midstance.skeleton import INDEX, SIDES, other

Reduce = Callable[[Floats], np.floating]

NARROWEST_LEG = 0.05
WIDEST = 95
"""Percentile taken for the widest shoulders, so that one bad frame does not decide."""
FEWEST = 5
"""Frames that a stride must have."""


class Line(NamedTuple):
    """What a drawn value means: offset + slope x drawn, in the unit of the measure."""

    offset: float = 0.0
    slope: float = 1.0


@cache
def lines() -> dict[tuple[str, str], Line]:
    """data/frontal.toml by measure and plane."""
    return {(name, plane): Line(**line) for name, planes in table("frontal").items() for plane, line in planes.items()}


def as_meant(name: str) -> Reader:
    """Return the reader of what the drawn values of a measure mean."""

    def read(run: Run, side: Side) -> list[Sample]:
        offset, slope = lines().get((name, run.view.plane), Line())
        return [Sample(time_s=s.time_s, value=offset + slope * s.value) for s in DRAWN[name](run, side)]

    return read


def over_strides(run: Run, side: Side, values: Floats, reduce: Reduce) -> list[Sample]:
    """Reduce the values of the frames of each stride to one number, at the frame of the largest value."""
    found = []
    for start, stop in run.stride_spans(side):
        here = _seen_between(run.track.time_s, values, start, stop)
        if len(here) >= FEWEST:
            shows = here[np.argmax(values[here])]
            found.append((run.track.time_s[shows], reduce(values[here])))
    return samples(*zip(*found, strict=True)) if found else []


def _seen_between(time_s: Floats, values: Floats, start_s: float, stop_s: float) -> Ints:
    """Return the frames from start to stop in which a value is known."""
    first, last = np.searchsorted(time_s, (start_s, stop_s)).tolist()
    return np.asarray(first + np.flatnonzero(np.isfinite(values[first:last])))


def wrist_crossing(run: Run, side: Side) -> list[Sample]:
    """Measure the least distance of the wrist to its own side of the middle, in shoulder widths; negative = crosses.

    From behind the trunk hides a hand that crosses, and the pose model draws it where hands usually are.
    """
    shoulder, middle = run.xy("shoulder", side), run.xy("mid_shoulder", side)
    outward = np.sign(np.nanmedian(shoulder[:, 0] - middle[:, 0]))
    inward = -(run.xy("wrist", side)[:, 0] - middle[:, 0]) * outward / shoulder_width(run)
    return [Sample(time_s=s.time_s, value=-s.value) for s in over_strides(run, side, inward, np.max)]


def elbow_out(run: Run, side: Side) -> list[Sample]:
    """Measure the greatest distance of the elbow from the middle, to its own side, in shoulder widths."""
    shoulder, middle = run.xy("shoulder", side), run.xy("mid_shoulder", side)
    outward = np.sign(np.nanmedian(shoulder[:, 0] - middle[:, 0]))
    out = (run.xy("elbow", side)[:, 0] - middle[:, 0]) * outward / shoulder_width(run)
    return over_strides(run, side, out, np.max)


def shoulder_width(run: Run) -> float:
    """Measure the width of the shoulders seen square, length units of the track; NaN if they hide each other."""
    width = np.abs(run.xy("shoulder", "left")[:, 0] - run.xy("shoulder", "right")[:, 0])
    widest = float(np.nanpercentile(width, WIDEST))
    return widest if widest > NARROWEST_LEG else np.nan


def shoulder_rotation(run: Run, side: Side) -> list[Sample]:
    """Measure twice the wave, once a stride, of how far one shoulder is drawn behind the other.

    Shoulders turned by 20 degrees are only 6 per cent narrower, and the pose model hardly draws that; its guess of
    depth follows them. The wave is read against the moment at which the body is lowest over the left foot, where the
    left shoulder is back: what the swing of the arms adds to the guess comes a quarter of a stride later. From behind
    the guess does not follow (15 degrees off on runners outside the fit).
    """
    found = []
    behind = left_behind_deg(run)
    for start, stop in run.stride_spans(side):
        here = _seen_between(run.track.time_s, behind, start, stop)
        if len(here) >= FEWEST:
            turn = np.exp(2j * np.pi * (run.track.time_s[here] - start) / (stop - start))
            away = behind[here] - behind[here].mean()
            wave = 2 * float(np.mean(away * turn.real)) * (1 if side == "left" else -1)
            found.append((start, 2 * wave))
    return samples(*zip(*found, strict=True)) if found else []


def left_behind_deg(run: Run) -> Floats:
    """(frame,) turn of the line of the shoulders as drawn in depth, left shoulder back positive; NaN without depth."""
    depth = run.track.depth
    if depth is None:
        return np.full(len(run.track.time_s), np.nan)
    left, right = (depth[:, INDEX[f"{side}_shoulder"]] for side in SIDES)
    away = (left - right) * (1 if run.view.plane == "front" else -1)
    return np.asarray(np.degrees(np.arctan2(away, shoulder_width(run))))


def pelvic_drop(run: Run, side: Side) -> list[Sample]:
    """Find the largest tilt of the line between the hips with this side low, against its mean."""
    low, high = run.xy("hip", side), run.xy("hip", other(side))
    across = np.abs(np.nanmedian(high[:, 0] - low[:, 0]))
    tilt = np.degrees(np.arctan2(high[:, 1] - low[:, 1], across))
    return over_strides(run, side, tilt - np.nanmean(tilt), np.max)


def heel_whip(run: Run, side: Side) -> list[Sample]:
    """Measure the turn of the sole while it faces the camera behind the runner; heel towards the middle positive."""
    heel, toe = run.xy("heel", side), run.xy("toe", side)
    inward = -np.sign(np.nanmedian(run.xy("hip", side)[:, 0] - run.xy("mid_hip", side)[:, 0]))
    upright = (heel - toe)[:, 1] > 0.5 * np.nanmax((heel - toe)[:, 1])
    turn = np.where(upright, wrap_deg(lean_deg(heel, toe)) * inward, np.nan)
    return over_strides(run, side, turn, np.median)


def trunk_sway(run: Run, side: Side) -> list[Sample]:
    """Measure the sideways lean of the trunk, largest minus smallest over a stride."""
    lean = lean_deg(run.xy("mid_shoulder", side), run.xy("mid_hip", side))
    return over_strides(run, side, lean, np.ptp)


DRAWN: Mapping[str, Reader] = MappingProxyType(
    {
        "wrist_crossing": wrist_crossing,
        "elbow_out": elbow_out,
        "shoulder_rotation_deg": shoulder_rotation,
        "trunk_sway_deg": trunk_sway,
    }
)
"""Readers of the drawn values that data/frontal.toml corrects."""

FRONTAL = (
    Definition(
        id="wrist_crossing",
        name="hand towards the midline",
        unit="shoulder widths",
        group="From the front or behind",
        says="0 is the middle of the body; below 0 the hand crosses it.",
        better="higher",
        drawn=drawings.HAND,
        formula="least distance of the wrist from the middle of the shoulders, to its own side; negative = crosses",
        source="own definition, docs/evidence.md#arms; validation: Measures from the front and from behind",
        read=as_meant("wrist_crossing"),
        plane="front",
    ),
    Definition(
        id="elbow_out",
        name="elbow away from the body",
        unit="shoulder widths",
        group="From the front or behind",
        says="How far the elbow swings out from the middle of the body.",
        better="lower",
        drawn=drawings.ELBOW_OUT,
        formula="greatest distance of the elbow from the middle of the shoulders, to its own side",
        source="own definition, docs/evidence.md#arms; validation: tests/measures/test_by_hand_turned.py",
        read=as_meant("elbow_out"),
        plane="front",
    ),
    Definition(
        id="shoulder_rotation_deg",
        name="shoulder turn",
        unit="deg",
        group="From the front or behind",
        says="How far the shoulders turn from side to side.",
        better="lower",
        drawn=drawings.SHOULDERS,
        formula="largest minus smallest turn of the line of the shoulders about the vertical over a stride, from how "
        "far one shoulder is drawn behind the other",
        source="Arellano and Kram 2014, doi 10.1242/jeb.100420; docs/evidence.md#shoulder-rotation",
        read=as_meant("shoulder_rotation_deg"),
        one_sided=False,
        plane="front",
        needs=("depth",),
    ),
    Definition(
        id="pelvic_drop_deg",
        name="drop of the hip",
        unit="deg",
        group="From the front or behind",
        says="How far the free side of the hips sinks while you stand on the other leg.",
        better="lower",
        drawn=drawings.PELVIS,
        formula="largest tilt of the hip line with this side low, against its mean",
        source="Bramah et al. 2018, doi 10.1177/0363546518793657; docs/evidence.md#pelvic-drop",
        read=pelvic_drop,
        plane="front_or_rear",
    ),
    Definition(
        id="heel_whip_deg",
        name="turn of the heel",
        unit="deg",
        group="From the front or behind",
        says="How far the heel swings out or in as it leaves the ground.",
        better="ordinary",
        formula="turn of the heel-toe line while the sole faces back, against the vertical; + heel inward",
        source="Souza et al. 2015, doi 10.1016/j.pmrj.2015.02.016; docs/evidence.md#heel-whip",
        read=heel_whip,
        plane="rear",
    ),
    Definition(
        id="trunk_sway_deg",
        name="sway of the body",
        unit="deg",
        group="From the front or behind",
        says="How far the trunk leans from side to side.",
        drawn=drawings.TRUNK,
        formula="largest minus smallest sideways lean of the trunk over a stride",
        source="own definition, docs/evidence.md#trunk-sway; validation: Measures from the front and from behind",
        read=as_meant("trunk_sway_deg"),
        one_sided=False,
        plane="front_or_rear",
    ),
)
