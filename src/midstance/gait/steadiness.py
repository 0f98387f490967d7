"""Measure whether a runner keeps the speed: by the path of the hips, and by the posture over the foot on the ground."""

from __future__ import annotations

import numpy as np

from midstance.gait.lengths import GRAVITY_MPS2
from midstance.kinematics.angles import point
from midstance.kinematics.centre_of_mass import center_of_mass
from midstance.kinematics.curves import Curve
from midstance.model import Contact, Side, Track, View
from midstance.skeleton import SIDES

STEADY_MPS2 = 1.0
"""Who changes speed faster is not steady: even passes came out below 0.25, sprint starts on real film above 1.7."""
POSTURE_AT_EVEN_SPEED_MPS2 = 1.0
"""What the posture of runners at even speed shows: 0.9 to 1.3 on five force-plate trials, 0.0 to 1.2 on six rendered
runners, 0.4 on a real treadmill film. The foot's middle of pressure is guessed, so this much is taken off."""
PRESSURE_FROM_HEEL = 0.6
"""Where the ground pushes on a foot, over the whole contact, as a share of its length."""
MOMENTS = 41


def acceleration_leg(track: Track) -> float:
    """Measure how fast the speed over the ground rises, length units a second squared, from the path of the hips.

    NaN from front or rear, and for less than a stride: the speed changes within every step.
    """
    hip = point(track, "mid_hip", "left")[:, 0]
    known = np.isfinite(hip)
    seen_s = track.time_s[known]
    if track.plane != "side" or np.ptp(seen_s) * track.stride_hz < 1:
        return np.nan
    return float(2 * np.polyfit(seen_s - seen_s.mean(), hip[known], 2)[0])


def posture_acceleration_mps2(track: Track, contacts: tuple[Contact, ...]) -> float:
    """Measure the acceleration, m/s2, from how far the body is ahead of the foot on the ground; NaN if unseen.

    A body that does not tip over has its weight and its push in one line: over a contact, the centre of mass is ahead
    of the foot by its height times acceleration over gravity. No clock and no scale is needed.
    """
    over = {side: _body_over_foot(track, side) for side in SIDES}
    ahead = np.array([_ahead_of_foot(over[contact.side], contact) for contact in contacts])
    ahead = ahead[np.isfinite(ahead)]
    return GRAVITY_MPS2 * float(np.median(ahead)) - POSTURE_AT_EVEN_SPEED_MPS2 if len(ahead) else np.nan


def _body_over_foot(track: Track, side: Side) -> tuple[Curve, Curve]:
    """Return how far the centre of mass is ahead of and above where one foot would be pushed, over the clip."""
    heel, toe = (point(track, name, side) for name in ("heel", "toe"))
    ahead, above = (center_of_mass(track) - heel - PRESSURE_FROM_HEEL * (toe - heel)).T
    return Curve(track.time_s, ahead), Curve(track.time_s, above)


def _ahead_of_foot(over: tuple[Curve, Curve], contact: Contact) -> float:
    """Average over a contact how far the body is ahead of the foot, over its height, by the force of half a sine."""
    share = np.linspace(0, 1, MOMENTS)
    moments, force = contact.strike_s + share * (contact.toe_off_s - contact.strike_s), np.sin(np.pi * share)
    ahead, above = (force @ curve.at(moments) for curve in over)
    return float(ahead / above)


def is_steady(view: View) -> bool:
    """Return whether the runner keeps the speed, as far as can be seen; usual ranges are for those who do."""
    return not abs(change_of_speed_mps2(view)) > STEADY_MPS2


def change_of_speed_mps2(view: View) -> float:
    """Return how fast the speed rises (+) or falls, m/s2: by the path of the hips, or by the posture of a start.

    Who is not yet fast enough for the path to show it leans far ahead of the feet. On a treadmill the posture does not
    count: there a tilted camera or a climbing belt looks like a start. NaN if unseen.
    """
    start = view.setting != "treadmill" and view.posture_acceleration_mps2 > STEADY_MPS2
    return view.posture_acceleration_mps2 if start else view.acceleration_mps2
