"""Choose the surest way to metres, and measure the running speed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from midstance.gait.contradiction import NAMES, Scale, contradiction
from midstance.gait.lengths import metres_from_gravity, metres_from_height, running_speed_leg
from midstance.gait.steadiness import acceleration_leg, is_steady, posture_acceleration_mps2
from midstance.gait.time_base import ORDINARY_HEIGHT_M, time_base
from midstance.model import Contact, Track, View
from midstance.reasons import Reason
from midstance.uncertainty import combined

GRAVITY_UNCERTAINTY = 0.25
"""The half width that 96 % of 140 rendered clips keep, together with what the pose model misses of the bounce."""
HEIGHT_UNCERTAINTY = 0.04
"""Half width of the 95 % interval: people of one height differ by 2 %, one side of 2 %."""
GIVEN_UNCERTAINTY = 0.02
FILE_UNCERTAINTY = 0.005
"""Of points that are in metres: laboratories calibrate their volume to a few millimetres."""
STANCE_SPEED_UNCERTAINTY = 0.03
"""Half width of the speed of the stance foot as a share, over and above the scale's."""


def measure_scale(
    view: View,
    track: Track,
    contacts: tuple[Contact, ...],
    *,
    height_m: float | None = None,
    speed_mps: float | None = None,
    known_length: tuple[float, float] | None = None,
) -> View:
    """Return the view with the surest scale and with the running speed.

    height_m      the runner's height
    speed_mps     of the belt or over the ground
    known_length  metres and pixels of something at the runner's distance

    What cannot be measured is NaN. Ways to metres that differ by more than their errors are named in the notes; two
    that contradict each other make the view's contradiction, and every length as unsure as they differ.
    """
    ways = _by_tape(track, height_m, known_length)
    in_time = time_base(track, _scaled(view, track, ways), contacts).slower == 1
    if in_time:
        ways += _by_time(track, contacts, speed_mps)
    posture = posture_acceleration_mps2(track, contacts) if view.plane == "side" else np.nan
    view = replace(view, posture_acceleration_mps2=posture)
    against = contradiction(_trusted(ways, view, track), track, contacts)
    if against:
        ways = [way._replace(uncertainty=against.apart) for way in ways if way is not against.wrong]
        speed_mps = None
    best = _surest(ways)
    speed_leg = running_speed_leg(track, contacts) if in_time else np.nan
    speed, speed_uncertainty, speed_source = _speed(speed_leg, view, best, speed_mps)
    return replace(
        _scaled(view, track, ways),
        speed_mps=speed,
        speed_uncertainty_mps=speed_uncertainty,
        speed_source=speed_source,
        acceleration_mps2=_acceleration(track, best) if in_time and view.setting == "over_ground" else np.nan,
        contradiction=against.why if against else None,
        notes=view.notes if against else (*view.notes, *_disagreements(ways, best)),
    )


def _trusted(ways: list[Scale], view: View, track: Track) -> list[Scale]:
    """Return the ways to metres that may contradict another; the fall of a body that rises out of a start may not."""
    by_tape = [way for way in ways if way.source != "gravity"]
    along = _acceleration(track, _surest(by_tape)) if view.setting == "over_ground" else np.nan
    return ways if is_steady(replace(view, acceleration_mps2=along)) else by_tape


def needs_belt_speed(view: View) -> bool:
    """Return whether the speed of the belt would make lengths sure: on a treadmill where nothing else does."""
    return view.plane == "side" and view.setting == "treadmill" and view.scale_source in {"gravity", "none"}


def _by_tape(track: Track, height_m: float | None, known_length: tuple[float, float] | None) -> list[Scale]:
    """Return the ways to metres that need no clock."""
    ways = [Scale("file", float(np.nanmedian(track.leg_px)) / track.px_per_m, FILE_UNCERTAINTY)]
    if known_length:
        metres, pixels = known_length
        ways.append(Scale("known_length", metres / pixels * float(np.nanmedian(track.leg_px)), GIVEN_UNCERTAINTY))
    if height_m:
        ways.append(Scale("height", metres_from_height(track, height_m), HEIGHT_UNCERTAINTY))
    return [way for way in ways if np.isfinite(way.metres)]


def _by_time(track: Track, contacts: tuple[Contact, ...], speed_mps: float | None) -> list[Scale]:
    """Return the ways to metres that rely on the seconds of the film."""
    ways = []
    if speed_mps and contacts:
        metres = speed_mps / running_speed_leg(track, contacts)
        ways.append(Scale("belt_speed", metres, combined(GIVEN_UNCERTAINTY, STANCE_SPEED_UNCERTAINTY)))
    if len(contacts) > 1:
        ways.append(Scale("gravity", metres_from_gravity(track, contacts), GRAVITY_UNCERTAINTY))
    return [way for way in ways if np.isfinite(way.metres)]


def _surest(ways: list[Scale]) -> Scale:
    return min(ways, key=lambda way: way.uncertainty, default=Scale("none", np.nan, np.nan))


def _scaled(view: View, track: Track, ways: list[Scale]) -> View:
    """Return the view with the surest of the scales."""
    best = _surest(ways)
    return replace(
        view,
        scale_m_per_leg=best.metres,
        scale_uncertainty=best.uncertainty,
        scale_m_per_px=best.metres / float(np.nanmedian(track.leg_px)),
        scale_source=best.source,
    )


def _acceleration(track: Track, scale: Scale) -> float:
    """Measure the acceleration, m/s2. Without a tape, an ordinary height is surer than the bounce of a start."""
    metres = (
        scale.metres
        if scale.source in {"height", "known_length", "file"}
        else metres_from_height(track, ORDINARY_HEIGHT_M)
    )
    return metres * acceleration_leg(track)


def _speed(speed_leg: float, view: View, scale: Scale, given_mps: float | None) -> tuple[float, float, str]:
    if given_mps:
        return given_mps, GIVEN_UNCERTAINTY * given_mps, "given"
    if view.plane != "side" or not np.isfinite(scale.metres) or view.setting == "in_place":
        return np.nan, np.nan, "none"
    speed = speed_leg * scale.metres
    half_width = speed * combined(scale.uncertainty, STANCE_SPEED_UNCERTAINTY)
    return speed, half_width, "stance foot" if view.setting == "treadmill" else "hips over the stance foot"


def _disagreements(ways: list[Scale], best: Scale) -> list[Reason]:
    """Name every other way to metres whose interval does not meet that of the chosen one; not gravity, the least sure.

    Gravity reads 15 % too long on good films and nobody could mend it: it speaks as a contradiction or not at all.
    """
    return [
        Reason("scale_differs", first=NAMES[best.source], second=NAMES[way.source], differs_pct=100 * abs(differs))
        for way in ways
        if way is not best and way.source != "gravity"
        if abs(differs := way.metres / best.metres - 1) > combined(way.uncertainty, best.uncertainty)
    ]
