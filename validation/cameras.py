"""Cameras as they are: runners rendered obliquely, from low, high and tilted cameras, in; what was mended, out."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from midstance.model import Floats, Side, Track
from midstance.skeleton import INDEX, leg_indices

TRUE_JOINTS = ("hip", "knee", "ankle", "heel", "toe")


class TrueCamera(NamedTuple):
    """Means over the frames of a track, degrees, as in View."""

    yaw_deg: float
    look_down_deg: float


def true_camera(truth: dict[str, Any], track: Track) -> TrueCamera:
    """Where the camera really stood, as seen from the runner."""
    rows = slice(track.first_frame, track.first_frame + len(track.time_s))
    subject, outward = truth["people"][0], 1 if truth["view"] == "left" else -1
    hips = [subject["keypoint_names"].index(f"hip{letter}") for letter in "LR"]
    away = np.array(truth["camera"]["eye_m"])[rows] - np.array(subject["keypoints_m"])[rows][:, hips].mean(axis=1)
    eye_high = np.array(truth["camera"]["eye_m"])[rows, 2]
    yaw = np.degrees(np.arctan2(away[:, 0], outward * away[:, 1]))
    look_down = np.degrees(np.arctan2(eye_high, np.hypot(away[:, 0], away[:, 1])))
    return TrueCamera(float(yaw.mean()), float(look_down.mean()))


def true_leg(truth: dict[str, Any], track: Track, side: Side) -> tuple[Floats, Floats]:
    """(frame, leg joint, 2) a leg of the track and the true one, each around its mid-hip, in leg lengths as drawn."""
    rows = slice(track.first_frame, track.first_frame + len(track.time_s))
    subject = truth["people"][0]
    names, points = subject["keypoint_names"], np.array(subject["keypoints_m"])[rows][..., [0, 2]]
    hips = [names.index(f"hip{letter}") for letter in "LR"]
    depth_m = np.array(subject["depth_m"])[rows][:, hips].mean(axis=1)
    scale = truth["camera"]["f_px"] / depth_m / track.leg_px
    true = points[:, [names.index(f"{joint}{side[0].upper()}") for joint in TRUE_JOINTS]]
    true = (true - points[:, hips].mean(axis=1)[:, None]) * scale[:, None, None]
    drawn = track.xy[:, leg_indices(side)] - track.xy[:, [INDEX["left_hip"], INDEX["right_hip"]]].mean(axis=1)[:, None]
    return drawn, true
