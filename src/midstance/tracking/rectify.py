"""A runner's track as the camera saw it, in; as a level camera square to the runner would have seen it, out.

What surely stands out is corrected: the tilt of the picture, the shortening of everything forward, and where
the pose model draws joints that it sees obliquely. What remains widens the uncertainty of every measure it touches
(measures). docs/decisions/cameras.md has the figures.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import numpy as np

from midstance.errors import Refused
from midstance.model import Track, View
from midstance.reasons import as_written
from midstance.skeleton import INDEX, leg_indices, other
from midstance.tracking.camera_pose import numbers, standpoint
from midstance.tracking.joint_centres import move, picture_terms
from midstance.uncertainty import HALF_WIDTH

MOST_YAW_DEG, MENDED_DEG = 30.0, 25.0
"""Refused beyond the first, if surely beyond the second: at 25 degrees the far leg still meets its target."""
SURE = 2.6
"""Standard deviations from which a tilt or a yaw is taken out: one in a hundred level cameras would show as much."""
LEVEL_DEG, SQUARE_DEG = 1.0, 4.0
"""How far off level and square people film who mean to, standard deviation: left where nothing stands out."""


def set_square(track: Track, view: View) -> tuple[Track, View]:
    """The track put upright and square, and the view with what was found; refused if the camera stands too obliquely.

    Left as it is in a front or rear view, and where the points are not joint centres (a pose model without a table).
    """
    if track.plane != "side" or not track.bias_removed:
        return track, view
    tilt, yaw, look_down = standpoint(track, view.setting)
    if abs(yaw.deg) > MOST_YAW_DEG and abs(yaw.deg) - HALF_WIDTH * yaw.sd_deg > MENDED_DEG:
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
    removed = removed_from(view)
    if removed.tilt_deg:
        track = tilted(track, -removed.tilt_deg * track.direction)
    if removed.yaw_deg:
        track = turned(track, removed.yaw_deg, look_down_deg=removed.look_down_deg)
    return track, replace(view, notes=(*view.notes, *map(as_written, _notes(removed))))


class Camera(NamedTuple):
    """Tilt, yaw and look-down, degrees, as in View."""

    tilt_deg: float
    yaw_deg: float
    look_down_deg: float


def removed_from(view: View) -> Camera:
    """What was taken out of the track: what surely stands out."""
    return Camera(
        _beyond(view.tilt_deg, view.tilt_uncertainty_deg),
        _beyond(view.yaw_deg, view.yaw_uncertainty_deg),
        view.look_down_deg,
    )


def _beyond(deg: float, uncertainty_deg: float) -> float:
    return deg if abs(deg) > SURE / HALF_WIDTH * uncertainty_deg else 0.0


def left_in(view: View) -> tuple[float, float]:
    """Standard deviation of the tilt and of the yaw that are still in the track, degrees."""
    return (
        _left_in(view.tilt_deg, view.tilt_uncertainty_deg / HALF_WIDTH, LEVEL_DEG),
        _left_in(view.yaw_deg, view.yaw_uncertainty_deg / HALF_WIDTH, SQUARE_DEG),
    )


def _left_in(deg: float, sd_deg: float, usual_deg: float) -> float:
    """The error of what was removed; else what is likely, given what is usual and what was found."""
    if not np.isfinite(sd_deg):
        return usual_deg
    if _beyond(deg, HALF_WIDTH * sd_deg):
        return sd_deg
    share = usual_deg**2 / (usual_deg**2 + sd_deg**2)
    return float(np.hypot(share * deg, np.sqrt(share) * sd_deg))


# -- turning a track -------------------------------------------------------------------------------------------------


def tilted(track: Track, deg: float) -> Track:
    """The track turned about its origin, + from forward to up."""
    c, s = np.cos(np.radians(deg)), np.sin(np.radians(deg))
    return replace(track, xy=track.xy @ np.array([[c, s], [-s, c]]))


def turned(
    track: Track, yaw_deg: float, *, look_down_deg: float, already_deg: float = 0.0, redraw: bool = True
) -> Track:
    """The track of a camera at this yaw as a square one would have seen it; already_deg of it is out of it by now.

    Three things: forward lengths are stretched back; a level line that runs towards a camera looking down on it is
    levelled, as at half the height of the legs; and what the pose model draws obliquely is put back (redraw).
    """
    stretch = np.cos(np.radians(already_deg)) / np.cos(np.radians(yaw_deg))
    oblique = float(np.sin(np.radians(yaw_deg)) - np.sin(np.radians(already_deg)))
    xy = track.xy * [stretch, 1.0]
    hip_x = xy[:, [INDEX["left_hip"], INDEX["right_hip"]], 0].mean(axis=1)
    drop = 0.5 * np.tan(np.radians(look_down_deg)) * oblique
    assert track.near_side is not None
    for which, side in (("near", track.near_side), ("far", other(track.near_side))):
        leg = xy[:, leg_indices(side)]
        leg[..., 1] += drop * (leg[..., 0] - hip_x[:, None])
        if redraw:
            leg = move(leg, picture_terms(leg), oblique * np.array(numbers()["oblique"][which]))
        xy[:, leg_indices(side)] = leg
    return replace(track, xy=xy)


# -- words -----------------------------------------------------------------------------------------------------------


def _notes(removed: Camera) -> list[str]:
    notes = []
    if removed.tilt_deg:
        notes.append(
            f"The camera was tilted by about {abs(removed.tilt_deg):.0f} degrees: taken out, with the ground as level. "
            "Film with the camera level for surer angles."
        )
    if removed.yaw_deg:
        where = "ahead of" if removed.yaw_deg > 0 else "behind"
        notes.append(
            f"The camera stood about {abs(removed.yaw_deg):.0f} degrees {where} square to the runner: angles and "
            "lengths are corrected for it and less sure. Film square from the side."
        )
    return notes


def _too_oblique(yaw_deg: float) -> str:
    where, other_view = ("ahead of", "front") if yaw_deg > 0 else ("behind", "rear")
    return (
        f"The camera stands about {abs(yaw_deg):.0f} degrees {where} square to the runner: neither a side view nor a "
        f"{other_view} view. Stand so that you look straight at the runner's side as they pass."
    )
