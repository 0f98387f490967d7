"""Metres and speed without a tape: track and contacts in, a View with its scale and running speed out."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.ndimage import gaussian_filter1d

from midstance import geometry
from midstance.angles import point
from midstance.body import rises
from midstance.model import Contact, Floats, ScaleSource, Track, View
from midstance.series import Curve
from midstance.skeleton import SIDES
from midstance.uncertainty import combined

GRAVITY_MPS2 = 9.81

TRUNK_AND_LEG = 0.780
"""Mid-shoulder to mid-hip plus hip to knee to ankle, over body height, as a pose model sees them: joint centres give
0.788 for men and 0.749 for women (de Leva 1996), and the shoulders are drawn 4 to 5 % of a leg high (LEGS 5)."""
STANDING = {"heel": (0.15, 0.50), "toe": (0.20, 0.85)}
"""Shares of stance in which heel and toe stand still on the ground; speed of 74 rendered runners off by 1.6 %, with 20
to 60 % for both by 2.2 % (EVIDENCE 1 asks for 25 to 50 %)."""
SPEEDS_ALIKE = 0.2
"""Share by which one contact's speed may be off the median of all: 0.14 at most in steady runs on rendered clips."""
BODY_SMOOTH_S = 0.15
"""The body is smoothed over this: within a step its speed swings by some 4 % and is slowest just then."""
SINE_MISSES, GRAVITY_UNCERTAINTY = 1.09, 0.25
"""True bounce over that of the sine model, 0.92 to 1.05 on rendered runners and 1.06 to 1.25 on force-plate trials; and
the half width that 96 % of 140 rendered clips keep, together with what the pose model misses of the bounce."""
POSSIBLE_STEPS_HZ, ORDINARY_STEPS_HZ = (2.0, 5.2), 2.8
USUAL_FACTORS = (0.5, 2.0, 4.0, 8.0, 16.0, 32.0)
CLEARLY_SLOWER = 1.6
"""By how much a fall must look slower, or faster, than life; in real time it looked 0.9 to 1.3 times slower."""
ORDINARY_HEIGHT_M = 1.72
"""Of a runner whose height is not told; adults differ by 8 %, and a clock that falls by half as much."""
HEIGHT_UNCERTAINTY = 0.04
"""Half width of the 95 % interval: people of one height differ by 2 %, one side of 2 %."""
GIVEN_UNCERTAINTY = 0.02
STEADY_MPS2 = 1.0
"""Who changes speed faster is not steady: even passes came out below 0.25, sprint starts on real film above 2."""
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
    ways = _by_tape(track, height_m, known_length)
    in_time = time_base(track, _scaled(view, track, ways), contacts).slower == 1
    if in_time:
        ways += _by_time(track, contacts, speed_mps)
    best = _surest(ways)
    speed_leg = running_speed_leg(track, contacts) if in_time else np.nan
    speed, speed_uncertainty, speed_source = _speed(speed_leg, view, best, speed_mps)
    return replace(
        _scaled(view, track, ways),
        speed_mps=speed,
        speed_uncertainty_mps=speed_uncertainty,
        speed_source=speed_source,
        acceleration_mps2=_acceleration(track, best) if in_time and view.setting == "over_ground" else np.nan,
        notes=(*view.notes, *_disagreements(ways, best)),
    )


def _by_tape(track: Track, height_m: float | None, known_length: tuple[float, float] | None) -> list[Candidate]:
    """The ways to metres that need no clock."""
    ways = []
    if known_length:
        metres, pixels = known_length
        ways.append(Candidate("known_length", metres / pixels * float(np.nanmedian(track.leg_px)), GIVEN_UNCERTAINTY))
    if height_m:
        ways.append(Candidate("height", metres_from_height(track, height_m), HEIGHT_UNCERTAINTY))
    return [way for way in ways if np.isfinite(way.metres)]


def _by_time(track: Track, contacts: tuple[Contact, ...], speed_mps: float | None) -> list[Candidate]:
    """The ways to metres that believe the seconds of the film."""
    ways = []
    if speed_mps and contacts:
        metres = speed_mps / running_speed_leg(track, contacts)
        ways.append(Candidate("belt_speed", metres, combined(GIVEN_UNCERTAINTY, STANCE_SPEED_UNCERTAINTY)))
    if len(contacts) > 1:
        ways.append(Candidate("gravity", metres_from_gravity(track, contacts), GRAVITY_UNCERTAINTY))
    return [way for way in ways if np.isfinite(way.metres)]


def _surest(ways: list[Candidate]) -> Candidate:
    return min(ways, key=lambda way: way.uncertainty, default=Candidate("none", np.nan, np.nan))


def _scaled(view: View, track: Track, ways: list[Candidate]) -> View:
    """The view with the surest of the scales."""
    best = _surest(ways)
    return replace(
        view,
        scale_m_per_leg=best.metres,
        scale_uncertainty=best.uncertainty,
        scale_m_per_px=best.metres / float(np.nanmedian(track.leg_px)),
        scale_source=best.source,
    )


def metres_from_height(track: Track, height_m: float) -> float:
    """Metres in one length unit, from trunk plus leg, which together hardly depend on where the hip is drawn."""
    return TRUNK_AND_LEG * height_m / trunk_and_leg(track)


def trunk_and_leg(track: Track) -> float:
    """Median length of trunk and leg, length units of the track; mean of both legs."""
    trunk = geometry.distance(point(track, "mid_shoulder", "left"), point(track, "mid_hip", "left"))
    legs = [
        geometry.distance(point(track, "hip", side), point(track, "knee", side))
        + geometry.distance(point(track, "knee", side), point(track, "ankle", side))
        for side in SIDES
    ]
    return float(np.nanmedian(trunk) + np.mean([np.nanmedian(leg) for leg in legs]))


def running_speed_leg(track: Track, contacts: tuple[Contact, ...]) -> float:
    """Running speed, length units a second: the body over the standing foot; median over contacts, mean of both feet.

    Heel and toe are averaged, because the pose model slides the one forward and the other back (EVIDENCE 1; checked in
    validation/RESULTS.md). A contact far from the others, as when somebody passes in front, does not count.
    """
    body = (point(track, "mid_hip", "left")[:, 0] + point(track, "mid_shoulder", "left")[:, 0]) / 2
    body = gaussian_filter1d(body, BODY_SMOOTH_S * track.rate_hz, mode="nearest")
    speeds = np.array([_speed_over(track, body, c) for c in contacts])
    if not np.isfinite(speeds).any():
        return np.nan
    alike = np.abs(speeds / np.nanmedian(speeds) - 1) < SPEEDS_ALIKE
    by_side = [speeds[alike & [c.side == side for c in contacts]] for side in SIDES]
    return float(np.mean([np.median(own) for own in by_side if len(own)]))


def _acceleration(track: Track, scale: Candidate) -> float:
    """m/s2; a runner of ordinary height is surer than the bounce of one who is just starting."""
    told = scale.metres if scale.source in {"height", "known_length"} else metres_from_height(track, ORDINARY_HEIGHT_M)
    return told * acceleration_leg(track)


def acceleration_leg(track: Track) -> float:
    """How fast the speed over the ground rises, length units a second squared, from the path of the hips; NaN for a
    clip of less than a stride, in which the speed that swings with every step would look like a change.
    """
    hip = point(track, "mid_hip", "left")[:, 0]
    known = np.isfinite(hip)
    seen_s = track.time_s[known]
    if track.plane != "side" or np.ptp(seen_s) * track.stride_hz < 1:
        return np.nan
    return float(2 * np.polyfit(seen_s - seen_s.mean(), hip[known], 2)[0])


def is_steady(view: View) -> bool:
    """Whether the runner keeps the speed, as far as can be told; usual ranges are for those who do."""
    return not abs(view.acceleration_mps2) > STEADY_MPS2


def _speed_over(track: Track, body: Floats, contact: Contact) -> float:
    """Slope of body against foot while it stands."""
    slopes = []
    for name, shares in STANDING.items():
        start, stop = (contact.strike_s + share * (contact.toe_off_s - contact.strike_s) for share in shares)
        moments = np.linspace(start, stop, 9)
        ahead = Curve(track.time_s, point(track, name, contact.side)[:, 0] - body).at(moments)
        slopes.append(-np.polyfit(moments, ahead, 1)[0] if np.isfinite(ahead).all() else np.nan)
    return float(np.mean(slopes))


def metres_from_gravity(track: Track, contacts: tuple[Contact, ...]) -> float:
    """Metres in one length unit, because a body that is so long on the ground and in the air must bounce so high.

    Flight is free fall; on the ground the force is taken as half a sine (Morin 2005, EVIDENCE 4 P7), which leaves the
    bounce 0 to 30 % too small, so a middle part is put back and the rest is uncertainty.
    """
    strikes = np.array([c.strike_s for c in contacts])
    heights = rises(track, strikes)[1]
    contact_s = np.mean([c.toe_off_s - c.strike_s for c in contacts])
    flight_s = np.median(np.diff(strikes)) - contact_s
    if len(heights) < 3 or flight_s < 0:
        return np.nan
    return SINE_MISSES * sine_bounce_m(float(contact_s), float(flight_s)) / float(np.nanmedian(heights))


def sine_bounce_m(contact_s: float, flight_s: float) -> float:
    """Rise of the centre of mass in a step whose ground force is half a sine; metres."""
    share = np.linspace(0, 1, 201)
    push = GRAVITY_MPS2 * (contact_s + flight_s) * np.pi / (2 * contact_s)
    sine = push * contact_s**2 * (share / np.pi - np.sin(np.pi * share) / np.pi**2)
    height = -GRAVITY_MPS2 * flight_s / 2 * contact_s * share - GRAVITY_MPS2 * (contact_s * share) ** 2 / 2 + sine
    return float(GRAVITY_MPS2 * flight_s**2 / 8 - height.min())


class TimeBase(NamedTuple):
    """Whether the film's seconds can be those of a runner.

    slower  how many times slower than life the film seems to play; 1 if nothing speaks against its time stamps
    says    why, and what to do; empty if slower is 1
    """

    slower: float
    says: str


def time_base(track: Track, view: View, contacts: tuple[Contact, ...] = ()) -> TimeBase:
    """Judge the time stamps by the steps a second and by how fast the body falls.

    Nobody runs with a flight at fewer than 2.0 steps a second or at more than 5.2; running is near 2.8 (EVIDENCE 4,
    cadence). And a film played n times slower shows a fall n times slower, which the size of the runner tells. The
    factor is the usual one (2, 4, 8, ...) nearest to both.
    """
    steps_hz, falls = 2 * track.stride_hz, falls_slower(track, view, contacts)
    possible = POSSIBLE_STEPS_HZ[0] <= steps_hz <= POSSIBLE_STEPS_HZ[1]
    if possible and not abs(np.log(falls)) > np.log(CLEARLY_SLOWER):
        return TimeBase(1.0, "")
    guesses = np.log([falls] if possible else [falls, ORDINARY_STEPS_HZ / steps_hz])
    slower = min(USUAL_FACTORS, key=lambda factor: abs(np.log(factor) - float(np.nanmean(guesses))))
    shows = (
        "the body falls too slowly or too fast" if possible else f"the film shows {60 * steps_hz:.0f} steps a minute"
    )
    return TimeBase(
        slower,
        f"{shows}, so it cannot play in real time; it seems about {paced(slower)} than life: "
        f"say --slow-motion {slower:g}",
    )


def falls_slower(track: Track, view: View, contacts: tuple[Contact, ...]) -> float:
    """How many times slower than life the body falls; NaN if too little of it was seen.

    Lengths of a fall go with the square of its time. Without a scale that needs no time, the runner is taken to be of
    ordinary height.
    """
    if len(contacts) < 2:
        return np.nan
    taped = view.scale_source in {"height", "known_length"}
    metres = view.scale_m_per_leg if taped else metres_from_height(track, ORDINARY_HEIGHT_M)
    return float(np.sqrt(metres_from_gravity(track, contacts) / metres))


def paced(slower: float) -> str:
    """A factor of slow motion in words: "4 times slower", "2 times faster"."""
    return f"{slower:g} times slower" if slower >= 1 else f"{1 / slower:g} times faster"


def _speed(speed_leg: float, view: View, scale: Candidate, given_mps: float | None) -> tuple[float, float, str]:
    if given_mps:
        return given_mps, GIVEN_UNCERTAINTY * given_mps, "given"
    if view.plane != "side" or not np.isfinite(scale.metres) or view.setting == "in_place":
        return np.nan, np.nan, "none"
    speed = speed_leg * scale.metres
    half_width = speed * combined(scale.uncertainty, STANCE_SPEED_UNCERTAINTY)
    return speed, half_width, "stance foot" if view.setting == "treadmill" else "hips over the stance foot"


def _disagreements(ways: list[Candidate], best: Candidate) -> list[str]:
    """A sentence for every other way to metres whose interval does not meet that of the chosen one."""
    return [
        f"the scale from {way.source.replace('_', ' ')} differs by {100 * (way.metres / best.metres - 1):+.0f} %"
        for way in ways
        if way is not best and abs(way.metres / best.metres - 1) > combined(way.uncertainty, best.uncertainty)
    ]
