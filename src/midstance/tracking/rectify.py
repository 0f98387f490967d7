"""Correct a track for camera tilt and yaw, as if filmed by a level camera perpendicular to the run.

Only what is clearly more than its own error is corrected: the tilt of the picture, the shortening of everything
forward, and where the pose model draws joints that it sees obliquely. What remains widens the interval of every measure
it touches (measures/camera.py). docs/decisions/cameras.md has the figures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from midstance.errors import Refused
from midstance.kinematics.angles import middle_of
from midstance.model import Track, View
from midstance.reasons import Reason
from midstance.skeleton import leg_indices, other
from midstance.tracking.camera_pose import Estimate, camera_table, estimate_camera
from midstance.tracking.joint_centres import move, picture_terms
from midstance.uncertainty import HALF_WIDTH

MOST_YAW_DEG, CORRECTABLE_YAW_DEG = 30.0, 25.0
"""Refused beyond the first, if surely beyond the second: at 25 degrees the far leg still meets its target."""
SURE = 2.6
"""Standard deviations from which a tilt or yaw is corrected: one in a hundred level cameras would show as much."""
LEVEL_DEG, SQUARE_DEG = 1.0, 4.0
"""Standard deviation from level and from perpendicular of people who mean to film so: left where nothing is found."""


def correct_camera(track: Track, view: View, scene_tilt: tuple[float, float] = (np.nan, np.nan)) -> tuple[Track, View]:
    """Return the corrected track, and the view with what was found.

    scene_tilt  degrees by which the lines of the scene climb to the right, and their standard deviation; NaN: none

    Unchanged in a front or rear view, and where the points are not joint centres (a pose model without a table).
    Raises Refused (view_not_supported) if the camera is too oblique.
    """
    if track.plane != "side" or not track.bias_removed:
        return track, view
    scene = Estimate(scene_tilt[0] * track.direction, scene_tilt[1])
    tilt, yaw, look_down = estimate_camera(track, view.setting, scene)
    if abs(yaw.deg) > MOST_YAW_DEG and abs(yaw.deg) - HALF_WIDTH * yaw.sd_deg > CORRECTABLE_YAW_DEG:
        raise Refused("view_not_supported", _too_oblique(yaw.deg))
    view = replace(
        view,
        tilt_deg=tilt.deg * track.direction,
        tilt_uncertainty_deg=HALF_WIDTH * tilt.sd_deg,
        yaw_deg=yaw.deg,
        yaw_uncertainty_deg=HALF_WIDTH * yaw.sd_deg,
        look_down_deg=look_down.deg,
        look_down_uncertainty_deg=HALF_WIDTH * look_down.sd_deg,
    )
    removed = correction_of(view)
    if removed.tilt_deg:
        track = rotated(track, -removed.tilt_deg * track.direction)
    if removed.yaw_deg:
        track = without_yaw(track, removed.yaw_deg, look_down_deg=removed.look_down_deg)
    return track, replace(view, notes=(*view.notes, *_notes(removed)))


class Correction(NamedTuple):
    """Tilt, yaw and look-down that were taken out of a track, degrees, as in View."""

    tilt_deg: float
    yaw_deg: float
    look_down_deg: float


def correction_of(view: View) -> Correction:
    """Return what was taken out of the track: what is clearly more than its own error."""
    return Correction(
        _beyond(view.tilt_deg, view.tilt_uncertainty_deg),
        _beyond(view.yaw_deg, view.yaw_uncertainty_deg),
        view.look_down_deg,
    )


def _beyond(deg: float, uncertainty_deg: float) -> float:
    return deg if abs(deg) > SURE / HALF_WIDTH * uncertainty_deg else 0.0


def remaining_sd_deg(view: View) -> tuple[float, float]:
    """Return the standard deviation of the tilt and of the yaw that are still in the track, degrees."""
    return (
        _left_in(view.tilt_deg, view.tilt_uncertainty_deg / HALF_WIDTH, LEVEL_DEG),
        _left_in(view.yaw_deg, view.yaw_uncertainty_deg / HALF_WIDTH, SQUARE_DEG),
    )


def _left_in(deg: float, sd_deg: float, usual_deg: float) -> float:
    """Return the error of what was removed; else what is likely, given what is usual and what was found.

    What was found and is too doubtful to be removed may be there: then more than usual is likely.
    """
    if not np.isfinite(sd_deg):
        return usual_deg
    if _beyond(deg, HALF_WIDTH * sd_deg):
        return sd_deg
    usual_deg = max(usual_deg, min(abs(deg) + sd_deg / 2, sd_deg))
    share = usual_deg**2 / (usual_deg**2 + sd_deg**2)
    return float(np.hypot(share * deg, np.sqrt(share) * sd_deg))


# -- turning a track -------------------------------------------------------------------------------------------------


def rotated(track: Track, deg: float) -> Track:
    """Rotate a track about its origin by degrees, + from forward to up."""
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return replace(track, xy=track.xy @ np.array([[c, s], [-s, c]]))


def without_yaw(
    track: Track, yaw_deg: float, *, look_down_deg: float, already_deg: float = 0.0, redraw: bool = True
) -> Track:
    """Correct the track of a camera at this yaw, as a perpendicular one would have seen it.

    Three things: forward lengths are stretched back; a level line that runs towards a camera looking down on it is
    levelled, as at half the height of the legs; and what the pose model draws obliquely is moved back (redraw).

    yaw_deg      the whole yaw, degrees
    already_deg  how much of it was corrected before
    """
    stretch = np.cos(np.radians(already_deg)) / np.cos(np.radians(yaw_deg))
    oblique = float(np.sin(np.radians(yaw_deg)) - np.sin(np.radians(already_deg)))
    xy = track.xy * [stretch, 1.0]
    hip_x = middle_of(xy, "hip")[:, 0]
    drop = 0.5 * np.tan(np.radians(look_down_deg)) * oblique
    assert track.near_side is not None
    for which, side in (("near", track.near_side), ("far", other(track.near_side))):
        leg = xy[:, leg_indices(side)]
        leg[..., 1] += drop * (leg[..., 0] - hip_x[:, None])
        if redraw:
            leg = move(leg, picture_terms(leg), oblique * np.array(camera_table()["oblique"][which]))
        xy[:, leg_indices(side)] = leg
    return replace(track, xy=xy)


# -- words -----------------------------------------------------------------------------------------------------------


def _notes(removed: Correction) -> list[Reason]:
    notes = []
    if removed.tilt_deg:
        notes.append(Reason("tilt_corrected", tilt_deg=abs(removed.tilt_deg)))
    if removed.yaw_deg:
        ahead, yaw_deg = removed.yaw_deg > 0, abs(removed.yaw_deg)
        notes.append(Reason("yaw_ahead_corrected" if ahead else "yaw_behind_corrected", yaw_deg=yaw_deg))
    return notes


def _too_oblique(yaw_deg: float) -> Reason:
    return Reason("too_far_ahead" if yaw_deg > 0 else "too_far_behind", yaw_deg=abs(yaw_deg), most_deg=MOST_YAW_DEG)
