"""Relate lengths of the track to metres and to speed: body proportions, the standing foot, and free fall."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np

from midstance.kinematics import geometry
from midstance.kinematics.angles import point
from midstance.kinematics.centre_of_mass import bounce, rise_between
from midstance.kinematics.curves import Curve
from midstance.kinematics.smoothing import even_gaussian
from midstance.model import Contact, Side, Track
from midstance.skeleton import SIDES

GRAVITY_MPS2 = 9.81
TRUNK_AND_LEG = 0.780
"""Mid-shoulder to mid-hip plus hip to knee to ankle, over body height, as a pose model sees them: joint centres give
0.788 for men and 0.749 for women (de Leva 1996), and the shoulders are drawn 4 to 5 % of a leg high
(docs/evidence.md#pose-offsets)."""
STANDING = {"heel": (0.15, 0.50), "toe": (0.20, 0.85)}
"""Shares of stance in which heel and toe are still on the ground. The speed of 74 rendered runners was off by 1.6 %,
with 20 to 60 % for both by 2.2 % (25 to 50 % in docs/evidence.md#speed)."""
SPEEDS_ALIKE = 0.2
"""Share by which one contact's speed may be off the median of all: 0.14 at most in steady runs on rendered clips."""
BODY_SMOOTH_S = 0.15
"""The body is smoothed over this: within a step its speed swings by some 4 % and is slowest just then."""
SINE_MISSES = 1.09
"""True bounce over that of the sine model: 0.92 to 1.05 on rendered runners, 1.06 to 1.25 on force-plate trials."""


def metres_from_height(track: Track, height_m: float) -> float:
    """Return the metres in one length unit, from trunk plus leg: their sum hardly depends on the drawn hip."""
    return TRUNK_AND_LEG * height_m / trunk_and_leg(track)


def height_from_metres(track: Track, metres: float) -> float:
    """Return the height of the runner, metres, if one length unit of the track is so many metres."""
    return metres * trunk_and_leg(track) / TRUNK_AND_LEG


def trunk_and_leg(track: Track) -> float:
    """Measure the median length of trunk plus leg, length units of the track; mean of both legs."""
    trunk = geometry.distance(point(track, "mid_shoulder", "left"), point(track, "mid_hip", "left"))
    legs = [
        geometry.distance(point(track, "hip", side), point(track, "knee", side))
        + geometry.distance(point(track, "knee", side), point(track, "ankle", side))
        for side in SIDES
    ]
    return float(np.nanmedian(trunk) + np.mean([np.nanmedian(leg) for leg in legs]))


def running_speed_leg(track: Track, contacts: tuple[Contact, ...]) -> float:
    """Measure the running speed, length units a second, from the body over the foot on the ground; NaN if unseen.

    Median over contacts, mean of both feet. Heel and toe are averaged, because the pose model slides the one forward
    and the other back (docs/evidence.md#speed). A contact far from the others, as when somebody passes in front, does
    not count.
    """
    middle = (point(track, "mid_hip", "left")[:, 0] + point(track, "mid_shoulder", "left")[:, 0]) / 2
    body = even_gaussian(middle, BODY_SMOOTH_S * track.rate_hz)
    ahead = {
        (side, name): Curve(track.time_s, point(track, name, side)[:, 0] - body) for side in SIDES for name in STANDING
    }
    speeds = np.array([_speed_over(ahead, c) for c in contacts])
    if not np.isfinite(speeds).any():
        return np.nan
    alike = np.abs(speeds / np.nanmedian(speeds) - 1) < SPEEDS_ALIKE
    by_side = [speeds[alike & [c.side == side for c in contacts]] for side in SIDES]
    medians = [np.median(own) for own in by_side if len(own)]
    return float(np.mean(medians)) if medians else np.nan


def _speed_over(ahead: Mapping[tuple[Side, str], Curve], contact: Contact) -> float:
    """Measure the speed of the body over one foot while it is on the ground; NaN if it is not seen.

    ahead  of each side, how far heel and toe are ahead of the body
    """
    slopes = []
    for name, shares in STANDING.items():
        start, stop = (contact.strike_s + share * (contact.toe_off_s - contact.strike_s) for share in shares)
        moments = np.linspace(start, stop, 9)
        values = ahead[contact.side, name].at(moments)
        slopes.append(-np.polyfit(moments, values, 1)[0] if np.isfinite(values).all() else np.nan)
    return float(np.mean(slopes))


def metres_from_gravity(track: Track, contacts: tuple[Contact, ...]) -> float:
    """Return the metres in one length unit: times on the ground and in the air say how high a body must bounce.

    Flight is free fall; on the ground the force is taken as half a sine (Morin et al. 2005,
    docs/evidence.md#stiffness). That leaves the bounce 0 to 30 % too small: a middle part is put back, the rest is
    uncertainty. NaN for fewer than three steps from one foot to the other, or without flight.
    """
    steps_s = [(this.strike_s, after.strike_s) for this, after in pairwise(contacts) if this.side != after.side]
    if len(steps_s) < 3:
        return np.nan
    contact_s = float(np.mean([c.toe_off_s - c.strike_s for c in contacts]))
    flight_s = float(np.median([stop_s - start_s for start_s, stop_s in steps_s])) - contact_s
    if flight_s < 0:
        return np.nan
    body = bounce(track)
    rise = float(np.nanmedian([rise_between(body, *step_s)[1] for step_s in steps_s]))
    return SINE_MISSES * sine_bounce_m(contact_s, flight_s) / rise


def sine_bounce_m(contact_s: float, flight_s: float) -> float:
    """Return the rise of the centre of mass, metres, in a step whose ground force is half a sine."""
    share = np.linspace(0, 1, 201)
    push = GRAVITY_MPS2 * (contact_s + flight_s) * np.pi / (2 * contact_s)
    sine = push * contact_s**2 * (share / np.pi - np.sin(np.pi * share) / np.pi**2)
    height = -GRAVITY_MPS2 * flight_s / 2 * contact_s * share - GRAVITY_MPS2 * (contact_s * share) ** 2 / 2 + sine
    return float(GRAVITY_MPS2 * flight_s**2 / 8 - height.min())
