"""What the clip shows and can support: in, Clip, Poses and Track; out, View without a scale; walking is refused."""

from __future__ import annotations

import numpy as np

from midstance.model import Clip, Poses, Setting, Track, View
from midstance.skeleton import INDEX, leg_indices

PANS = 0.05
"""Share of the picture's width by which the background must move before the camera counts as panning."""
STAYS = 0.3
"""Hip speed over stance-foot speed below which the runner stays where the camera is: a belt, or in place."""
BELT = 0.8
"""Leg lengths a second of the stance foot below which nothing carries it back: running in place (2.5 m/s are 2.9)."""
TURNED_TRAVEL = 0.15
"""Front or rear view: change of size over the clip beyond which the runner comes or goes."""


def describe_view(clip: Clip, poses: Poses, track: Track) -> View:
    """Plane, sides, setting and camera; scale and speed come later (scale.py)."""
    return View(
        plane=track.plane,
        near_side=track.near_side,
        direction=track.direction,
        setting=setting_of(track),
        camera="panning" if pans(poses, track) else "fixed",
        notes=track.notes,
    )


def pans(poses: Poses, track: Track) -> bool:
    """Whether the background moves through the picture while the runner is followed."""
    shift = poses.camera.to_first[track.first_frame : track.first_frame + len(track.time_s), :, 2]
    return float(np.ptp(shift, axis=0).max()) > PANS * poses.width


def setting_of(track: Track) -> Setting:
    """Treadmill, over ground or in place, from how fast hips and stance foot move against the background."""
    if track.plane != "side":
        size = track.leg_px[np.isfinite(track.leg_px)]
        return "over_ground" if np.ptp(size) > TURNED_TRAVEL * np.median(size) else "treadmill"
    hip = track.xy[:, [INDEX["left_hip"], INDEX["right_hip"]], 0].mean(1)
    known = np.isfinite(hip)
    travel = abs(float(np.polyfit(track.time_s[known], hip[known], 1)[0]))
    foot = stance_speed(track)
    if travel > STAYS * max(foot, BELT):
        return "over_ground"
    return "treadmill" if foot > BELT else "in_place"


def stance_speed(track: Track) -> float:
    """Leg lengths a second at which the near foot moves back under the hip while it carries.

    The foot is on the ground for 30 to 45 % of a stride and nearly as fast back just before: the fastest fifth of all
    frames lies inside stance, whatever the foot strike.
    """
    assert track.near_side is not None
    ankle = track.xy[:, leg_indices(track.near_side)[2], 0]
    hip = track.xy[:, [INDEX["left_hip"], INDEX["right_hip"]], 0].mean(1)
    return float(-np.nanpercentile(np.gradient(ankle - hip, track.time_s), 20))
