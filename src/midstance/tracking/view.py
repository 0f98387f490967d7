"""Describe what the clip shows and can support: plane, setting, camera; walking is refused."""

from __future__ import annotations

import numpy as np

from midstance.errors import Refused
from midstance.kinematics.angles import middle_of
from midstance.model import Clip, Floats, Poses, Setting, Track, View
from midstance.reasons import Reason
from midstance.skeleton import SIDES, leg_indices
from midstance.tracking.gait_phase import fourier

PANS = 0.05
"""Share of the picture's width by which the background must move before the camera counts as panning."""
FOLLOWED = 0.75
"""Share of the background's corners that agree, in the middle frame, if its motion is known: 0.94 to 0.99 on six films
of treadmills, 0.83 under a pan that was followed, 0.53 under one in front of a background without detail."""
STAYS = 0.3
"""Hip speed over stance-foot speed below which the runner stays where they are: a belt, or in place."""
BELT = 0.55
"""Leg lengths a stride by which the stance foot must go back; less is running in place (2 at 2.5 m/s)."""
CLEAR_VAULT = 0.2
"""Hips at mid-stance, -1 lowest to 1 highest: running -0.5 to -0.9 on film, walking +0.6 to +1.0."""
FLIGHT_LIFT = 0.04
"""Leg lengths. Drawn soles wander by about as much, so this only decides where the bounce does not."""
TYPICAL_LEG_M, GRAVITY_MPS2 = 0.85, 9.81
TURNED_TRAVEL = 0.15
"""Front or rear view: change of size over the clip beyond which the runner comes or goes."""


def describe_view(clip: Clip, poses: Poses, track: Track) -> View:
    """Describe plane, sides, setting and camera; scale and speed come later (gait/scale.py).

    Raises Refused (not_running) for a walk.
    """
    if track.plane == "side" and is_walk(track):
        raise Refused("not_running", Reason("walking"))
    return View(
        plane=track.plane,
        near_side=track.near_side,
        direction=track.direction,
        setting=setting_of(track, followed=is_followed(poses, track), panning=is_panning(clip, poses, track)),
        camera="panning" if is_panning(clip, poses, track) else "fixed",
        notes=track.notes,
    )


def is_walk(track: Track) -> bool:
    """Return whether this is a walk, by flight and by what the body does over the foot on the ground, not by cadence.

    A walker vaults over the leg and is highest at mid-stance; a runner bounces and is lowest there (Cavagna, Heglund
    and Taylor 1977, doi:10.1152/ajpregu.1977.233.5.R243). Where the bounce says nothing, both feet must be seen to
    leave the ground. Nobody vaults faster than a Froude number of 1 (Alexander 1989,
    doi:10.1152/physrev.1989.69.4.1199).
    """
    vault, lift = vault_and_lift(track)
    froude = stance_speed(track) ** 2 * TYPICAL_LEG_M / GRAVITY_MPS2
    if froude > 1 and lift > FLIGHT_LIFT:
        return False
    return vault > CLEAR_VAULT or (vault > -CLEAR_VAULT and lift < FLIGHT_LIFT)


def vault_and_lift(track: Track) -> tuple[float, float]:
    """Measure the height of the hips when the legs pass each other, and the flight.

    The height is -1 (lowest of the step) to 1 (highest). The flight is how far the lower of the two soles rises above
    the ground once a step, leg lengths.
    """
    hip = middle_of(track.xy, "hip")
    legs = np.stack([track.xy[:, leg_indices(side)] for side in SIDES], 1)
    known = np.isfinite(hip[:, 0])
    phase, hip, legs = track.phase_rad[known], hip[known], legs[known]
    grid = np.linspace(0, np.pi, 90, endpoint=False)
    height = _over_step(hip[:, 1], phase, grid, orders=1)
    apart = _over_step(np.abs(np.diff(legs[:, :, 1:3, 0].sum(2), axis=1)[:, 0]), phase, grid, orders=3)
    soles = legs[:, :, 3:, 1].min(2)
    lower = _over_step((soles - np.percentile(soles, 10, axis=0)).min(1), phase, grid, orders=3)
    middle, swing = (height.max() + height.min()) / 2, np.ptp(height) / 2
    vault = (height[apart.argmin()] - middle) / swing if swing > 0 else 0.0
    return float(vault), float(np.ptp(lower))


def _over_step(values: Floats, phase: Floats, grid: Floats, *, orders: int) -> Floats:
    """Average a quantity over one step (half a stride), free of a slow drift over the clip; (grid,)."""
    drift = np.linspace(-1, 1, len(phase))
    columns = np.column_stack([fourier(2 * phase, orders), drift, drift**2])
    terms = np.linalg.lstsq(columns, values, rcond=None)[0]
    return np.asarray(fourier(2 * grid, orders) @ terms[: 2 * orders + 1])


def is_panning(clip: Clip, poses: Poses, track: Track) -> bool:
    """Return whether the background moves through the picture while the runner is followed."""
    shift = poses.camera.to_first[track.first_frame : track.first_frame + len(track.time_s), :, 2]
    return float(np.ptp(shift, axis=0).max()) > PANS * clip.width


def is_followed(poses: Poses, track: Track) -> bool:
    """Return whether the background is surely followed: only then does a runner who stays there run on a belt."""
    quality = poses.camera.quality[track.first_frame : track.first_frame + len(track.time_s)]
    return float(np.median(quality)) >= FOLLOWED


def setting_of(track: Track, *, followed: bool = True, panning: bool = False) -> Setting:
    """Classify treadmill, over ground or in place, by how fast hips and stance foot move against the background.

    followed, panning  what is known of the background. Who seems to stay in front of one that could not be followed,
    or that moves while the runner comes straight at the camera, may run anywhere: unknown
    """
    if track.plane != "side":
        size = track.leg_px[np.isfinite(track.leg_px)]
        if np.ptp(size) > TURNED_TRAVEL * np.median(size):
            return "over_ground"
        return "treadmill" if followed and not panning else "unknown"
    hip = middle_of(track.xy, "hip")[:, 0]
    known = np.isfinite(hip)
    travel = abs(float(np.polyfit(track.time_s[known], hip[known], 1)[0])) / track.stride_hz
    foot = stance_speed(track) / track.stride_hz
    if travel > STAYS * max(foot, BELT):
        return "over_ground"
    if not followed:
        return "unknown"
    return "treadmill" if foot > BELT else "in_place"


def stance_speed(track: Track) -> float:
    """Measure how fast the near foot moves back under the hip while it is on the ground, leg lengths a second.

    The foot is on the ground for 30 to 45 % of a stride and nearly as fast back just before: the fastest fifth of all
    frames is inside stance, whatever the foot strike.
    """
    assert track.near_side is not None
    ankle = track.xy[:, leg_indices(track.near_side)[2], 0]
    hip = middle_of(track.xy, "hip")[:, 0]
    return float(-np.nanpercentile(np.gradient(ankle - hip, track.time_s), 20))
