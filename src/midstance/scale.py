"""Metres and speed without a tape: track and contacts in, a View with its scale and running speed out."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from midstance import geometry
from midstance.angles import point
from midstance.body import center_of_mass
from midstance.events import running_speed_leg
from midstance.model import Contact, Floats, ScaleSource, Track, View
from midstance.skeleton import SIDES
from midstance.uncertainty import combined

GRAVITY_MPS2 = 9.81

TRUNK_AND_LEG = 0.762
"""Mid-shoulder to mid-hip plus hip to knee to ankle, over body height: 0.788 men, 0.749 women (de Leva 1996)."""
TRUNK_AND_LEG_DRAWN = 0.784
"""The same as BlazePose draws it: shoulders 4 to 5 % of a leg high, the low hip points cancel (LEGS 5)."""
HEIGHT_UNCERTAINTY = 0.04
"""Half width of the 95 % interval: people of one height differ by 2 %, one side of 2 %."""
GIVEN_UNCERTAINTY = 0.02
STANCE_SPEED_UNCERTAINTY = 0.03
"""Half width of the speed of the stance foot as a share, over and above the scale's."""


class Candidate(NamedTuple):
    """One way to metres: metres in a length unit of the track, and the half width of its 95 % interval as a share."""

    source: ScaleSource
    metres: float
    uncertainty: float


def measure_scale(
    view: View,
    track: Track,
    contacts: tuple[Contact, ...],
    *,
    height_m: float | None = None,
    speed_mps: float | None = None,
    known_length: tuple[float, float] | None = None,
) -> View:
    """The view with the surest scale and with the running speed.

    height_m      the runner's height
    speed_mps     of the belt or over the ground
    known_length  metres and pixels of something at the runner's distance
    """
    ways = [way for way in _ways(track, (height_m, speed_mps, known_length)) if np.isfinite(way.metres)]
    best = min(ways, key=lambda way: way.uncertainty, default=Candidate("none", np.nan, np.nan))
    speed, speed_uncertainty, speed_source = _speed(track, view, best, speed_mps)
    return replace(
        view,
        scale_m_per_leg=best.metres,
        scale_uncertainty=best.uncertainty,
        scale_m_per_px=best.metres / float(np.nanmedian(track.leg_px)),
        scale_source=best.source,
        speed_mps=speed,
        speed_uncertainty_mps=speed_uncertainty,
        speed_source=speed_source,
        notes=(*view.notes, *_disagreements(ways, best)),
    )


def _ways(
    track: Track,
    given: tuple[float | None, float | None, tuple[float, float] | None],
) -> list[Candidate]:
    height_m, speed_mps, known_length = given
    ways = []
    if known_length:
        metres, pixels = known_length
        ways.append(Candidate("known_length", metres / pixels * float(np.nanmedian(track.leg_px)), GIVEN_UNCERTAINTY))
    if height_m:
        ways.append(Candidate("height", metres_from_height(track, height_m), HEIGHT_UNCERTAINTY))
    if speed_mps and track.plane == "side":
        ways.append(
            Candidate(
                "belt_speed",
                speed_mps / running_speed_leg(track),
                combined(GIVEN_UNCERTAINTY, STANCE_SPEED_UNCERTAINTY),
            )
        )
    return ways


def metres_from_height(track: Track, height_m: float) -> float:
    """Metres in one length unit, from trunk plus leg, which together hardly depend on where the hip is drawn."""
    share = TRUNK_AND_LEG if track.bias_removed else TRUNK_AND_LEG_DRAWN
    return share * height_m / trunk_and_leg(track)


def trunk_and_leg(track: Track) -> float:
    """Median length of trunk and leg, length units of the track; mean of both legs."""
    trunk = geometry.distance(point(track, "mid_shoulder", "left"), point(track, "mid_hip", "left"))
    legs = [
        geometry.distance(point(track, "hip", side), point(track, "knee", side))
        + geometry.distance(point(track, "knee", side), point(track, "ankle", side))
        for side in SIDES
    ]
    return float(np.nanmedian(trunk) + np.mean([np.nanmedian(leg) for leg in legs]))


def fall_in_flight(track: Track, contacts: tuple[Contact, ...]) -> Floats:
    """Downward acceleration of the centre of mass in each flight, length units a second squared; (flight,)."""
    height = center_of_mass(track)[:, 1]
    found = []
    for before, after in pairwise(contacts):
        inside = (track.time_s > before.toe_off_s) & (track.time_s < after.strike_s) & np.isfinite(height)
        if inside.sum() >= 5:
            found.append(-2 * np.polyfit(track.time_s[inside], height[inside], 2)[0])
    return np.array(found)


def _speed(track: Track, view: View, scale: Candidate, given_mps: float | None) -> tuple[float, float, str]:
    if given_mps:
        return given_mps, GIVEN_UNCERTAINTY * given_mps, "given"
    if view.plane != "side" or not np.isfinite(scale.metres) or view.setting == "in_place":
        return np.nan, np.nan, "none"
    speed = running_speed_leg(track) * scale.metres
    half_width = speed * combined(scale.uncertainty, STANCE_SPEED_UNCERTAINTY)
    return speed, half_width, "stance foot" if view.setting == "treadmill" else "hips over the stance foot"


def _disagreements(ways: list[Candidate], best: Candidate) -> list[str]:
    """A sentence for every other way to metres whose interval does not meet that of the chosen one."""
    return [
        f"the scale from {way.source.replace('_', ' ')} differs by {100 * (way.metres / best.metres - 1):+.0f} %"
        for way in ways
        if way is not best and abs(way.metres / best.metres - 1) > combined(way.uncertainty, best.uncertainty)
    ]
