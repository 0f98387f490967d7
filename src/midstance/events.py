"""Track in, contacts out: when each foot strikes the ground and leaves it, between frames."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from midstance.angles import point
from midstance.model import Contact, Floats, Side, Track, View
from midstance.series import Curve, crossings, speed
from midstance.skeleton import INDEX, SIDES

STEPS_NEEDED = 2
FORWARD = np.array([1.0, 0.0])
STRIKE_SPEED, TOE_OFF_SPEED = 0.35, 0.22


@dataclass(frozen=True, slots=True)
class Foot:
    """One foot against the ground, in leg lengths and seconds.

    time_s     (frame,)
    ahead      (frame,) mid-foot ahead of mid-hip
    heel, toe  (frame, 2) velocity against the ground, in running speeds; NaN = unseen
    ground     running speed, leg lengths a second
    """

    side: Side
    time_s: Floats
    ahead: Floats
    heel: Floats
    toe: Floats
    ground: float


def find_contacts(track: Track, view: View) -> tuple[Contact, ...]:
    """Every contact of both feet that lies wholly inside the track, in time order; empty in a front or rear view."""
    if view.plane != "side":
        return ()
    found = [contact for side in SIDES for contact in _contacts_of(foot_on_ground(track, side), track)]
    return tuple(sorted(found, key=lambda contact: contact.strike_s))


def foot_on_ground(track: Track, side: Side) -> Foot:
    """The foot of one side seen from the ground, whose speed is that of the foot as it passes under the hip."""
    hip = point(track, "mid_hip", side)
    time_s = track.time_s
    heel, toe = (_velocity(track, f"{side}_{name}", hip) for name in ("heel", "toe"))
    ahead = (point(track, "heel", side) + point(track, "toe", side))[:, 0] / 2 - hip[:, 0]
    rearward = np.nanmedian([_speed_under_hip(ahead, v[:, 0]) for v in (heel, toe)])
    ground = max(float(-rearward), 1e-3)
    return Foot(side, time_s, ahead, heel / ground + FORWARD, toe / ground + FORWARD, ground)


def _velocity(track: Track, name: str, hip: Floats) -> Floats:
    """(frame, 2) leg lengths a second: forward against the hips (which a moving camera cannot disturb), upward."""
    xy = track.xy[:, INDEX[name]]
    return np.stack([speed(track.time_s, xy[:, 0] - hip[:, 0]), speed(track.time_s, xy[:, 1])], axis=-1)


def _speed_under_hip(ahead: Floats, forward: Floats) -> float:
    """Median forward speed while the foot goes from a little ahead of the hip to a little behind."""
    passing = (np.abs(ahead) < 0.2) & (forward < 0)
    return float(np.nanmedian(forward[passing])) if passing.any() else np.nan


def midstances(foot: Foot) -> Floats:
    """Moments at which the foot passes backward under the hip: one a stride."""
    return crossings(foot.time_s, foot.ahead, rising=False)


def _contacts_of(foot: Foot, track: Track) -> list[Contact]:
    half_stride = 0.5 / track.stride_hz
    found = []
    for middle in midstances(foot):
        strike, toe_off = strike_before(foot, middle, half_stride), toe_off_after(foot, middle, half_stride)
        if np.isfinite(strike) and np.isfinite(toe_off):
            found.append(_contact(foot.side, strike, toe_off, track))
    return found


def strike_before(foot: Foot, middle_s: float, half_stride_s: float) -> float:
    """The last moment before midstance at which the heel still moved against the ground; NaN if not in the clip."""
    moments = np.arange(middle_s - half_stride_s, middle_s, 0.001)
    heel = np.hypot(*(Curve(foot.time_s, foot.heel[:, k]).at(moments) for k in (0, 1)))
    still = crossings(moments, heel, STRIKE_SPEED, rising=False)
    return float(still[-1]) if len(still) else np.nan


def toe_off_after(foot: Foot, middle_s: float, half_stride_s: float) -> float:
    """The first moment after midstance at which the toe moves forward against the ground; NaN if not in the clip."""
    moments = np.arange(middle_s, middle_s + half_stride_s, 0.001)
    toe = Curve(foot.time_s, foot.toe[:, 0]).at(moments)
    moving = crossings(moments, toe, TOE_OFF_SPEED, rising=True)
    return float(moving[0]) if len(moving) else np.nan


def _contact(side: Side, strike_s: float, toe_off_s: float, track: Track) -> Contact:
    return Contact(
        side=side,
        strike_s=strike_s,
        toe_off_s=toe_off_s,
        uncertainty_s=0.02,
        strike_frame=_nearest_frame(track, strike_s),
        toe_off_frame=_nearest_frame(track, toe_off_s),
    )


def _nearest_frame(track: Track, moment_s: float) -> int:
    return track.first_frame + int(np.argmin(np.abs(track.time_s - moment_s)))
