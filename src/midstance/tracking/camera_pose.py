"""Estimate tilt, yaw and look-down of the camera from a runner's track in side view.

Everything is measured on the runner, whose left and right are alike over whole strides. Near shoulder and knee are
ahead of the far ones if the camera is behind the perpendicular. The near foot is below the far one if the camera looks
down. What moves over level ground moves along a level line. The numbers are in data/cameras.toml; how they were found
and how well they do, in docs/decisions/cameras.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from midstance.data import table
from midstance.kinematics.angles import angle_deg, point
from midstance.model import Setting, Side, Track
from midstance.skeleton import other

TOES_STAND = (-0.08, 0.22)
"""When the toes are still on the ground, in strides from the moment the thighs pass each other. That moment does not
depend on the tilt of the camera; the toes, unlike the heels, stay until the foot leaves."""
AGREE, CONFIRMS = 2.0, 0.5
"""Standard deviations by which two witnesses may differ, and the share of a tilt that the second must show."""
TWO_KINDS_SD_DEG = 0.8
"""Standard deviation of a scene up to which uprights and levels of it agree."""
FEWEST_STANCES = 2
FEWEST_FRAMES = 3
HEIGHT_OVER_HIP = 0.35
"""Height of the camera over or under the hips, as a share of its height: what a pass leaves open about the slope."""


class Estimate(NamedTuple):
    """An angle and the standard deviation of its error, degrees; NaN if it cannot be estimated."""

    deg: float
    sd_deg: float


UNKNOWN = Estimate(np.nan, np.nan)


class CameraPose(NamedTuple):
    """Tilt, yaw and look-down of a camera against the runner.

    tilt       level ground climbs by so much in the direction of running
    yaw        the camera is ahead of the perpendicular (+, it sees the chest) or behind it (-)
    look_down  angle below the horizontal at which it sees the feet on the ground
    """

    tilt: Estimate
    yaw: Estimate
    look_down: Estimate


def estimate_camera(track: Track, setting: Setting, scene: Estimate = UNKNOWN) -> CameraPose:
    """Estimate the camera of a side view whose points are joint centres; the ground is taken as level.

    scene  how far the lines of the scene climb in the direction of running
    """
    slope = slope_of_ground(track, setting)
    yaw, look_down = (_read(track, name, setting) for name in ("yaw", "look_down"))
    runner = _tilt(slope, yaw, look_down, setting)
    if not np.isfinite(scene.deg):
        return CameraPose(unconfirmed(runner) if setting == "over_ground" else runner, yaw, look_down)
    return CameraPose(agreed(runner, scene), yaw, look_down)


# -- yaw and look-down -----------------------------------------------------------------------------------------------


def _read(track: Track, name: str, setting: Setting) -> Estimate:
    """Add up how far near and far points are apart, by weight; less sure over ground, where the view turns."""
    known = camera_table()[name]
    apart = sum(weight * separation(track, part)[known["axis"]] for part, weight in known["deg_per_leg"].items())
    error_deg = known["error_deg" if setting == "treadmill" else "path_error_deg"]
    return Estimate(known["deg_at_zero"] + apart, error_deg)


def separation(track: Track, part: str) -> tuple[float, float]:
    """Measure how far the near point is ahead of and above the far one: means over whole strides, leg lengths.

    A frame is weighed by the time around it, so by more beside a gap: else the part of the stride without gaps weighs
    too much.
    """
    assert track.near_side is not None
    rows = _whole_strides(track)
    apart = (point(track, part, track.near_side) - point(track, part, other(track.near_side)))[rows]
    known, lasts_s = np.isfinite(apart).all(axis=1), np.gradient(track.time_s)[rows]
    ahead, above = np.average(apart[known], axis=0, weights=lasts_s[known]) if known.any() else (np.nan, np.nan)
    return float(ahead), float(above)


def _whole_strides(track: Track) -> slice:
    """Return the rows from the first that make whole strides; all of them if there is none."""
    turns = (track.phase_rad - track.phase_rad[0]) / (2 * np.pi)
    whole = np.floor(turns[-1])
    return slice(0, int(np.searchsorted(turns, whole)) if whole >= 1 else None)


# -- tilt ------------------------------------------------------------------------------------------------------------


def slope_of_ground(track: Track, setting: Setting) -> Estimate:
    """Estimate the degrees by which the ground climbs in the picture, in the direction of running."""
    if setting == "over_ground":
        return Estimate(slope_of_path(track), camera_table()["tilt"]["path_error_deg"])
    return _slope_of_belt(track) if setting == "treadmill" else UNKNOWN


def slope_of_path(track: Track) -> float:
    """Measure the slope of the path of hips and shoulders over whole strides, degrees."""
    rows = _whole_strides(track)
    x, y = (point(track, "mid_hip", "left")[rows] + point(track, "mid_shoulder", "left")[rows]).T / 2
    known = np.isfinite(x)
    return float(np.degrees(np.arctan(np.polyfit(x[known], y[known], 1)[0])))


def _slope_of_belt(track: Track) -> Estimate:
    """Estimate the slope of a belt from the path of the toes that are on it, near and far."""
    known, slopes = camera_table()["tilt"], slopes_in_stance(track)
    if not np.isfinite(slopes).all():
        return UNKNOWN
    toes = Estimate(float(np.dot(known["share"], np.subtract(slopes, known["toe_slope_deg"]))), known["belt_error_deg"])
    ankles = np.mean(slopes_in_stance(track, "ankle")) - known["ankle_slope_deg"]
    return confirmed(toes, Estimate(float(ankles), known["ankle_error_deg"]))


def confirmed(first: Estimate, second: Estimate) -> Estimate:
    """Return the first estimate if a second witness confirms it, else the middle of both, as unsure as they differ.

    Confirmed: they differ by no more than their errors allow, and the second is at least half as far from zero, on the
    same side. Text or a rail over the landing foot moves the drawn toes, and not the ankles.
    """
    apart = abs(first.deg - second.deg)
    alike = apart <= AGREE * np.hypot(first.sd_deg, second.sd_deg)
    if alike and (abs(first.deg) <= AGREE * first.sd_deg or second.deg / first.deg >= CONFIRMS):
        return first
    return Estimate((first.deg + second.deg) / 2, float(max(apart, first.sd_deg)))


def agreed(runner: Estimate, scene: Estimate) -> Estimate:
    """Return the mean of what runner and scene show, by their errors, where they agree; else their doubtful middle.

    Alone, the scene counts where its uprights and its levels agree: two witnesses.
    """
    if not np.isfinite(runner.deg):
        return scene if scene.sd_deg <= TWO_KINDS_SD_DEG else unconfirmed(scene)
    apart = abs(runner.deg - scene.deg)
    if apart > AGREE * np.hypot(runner.sd_deg, scene.sd_deg):
        return Estimate((runner.deg + scene.deg) / 2, float(apart))
    sure = np.array([runner.sd_deg, scene.sd_deg]) ** -2
    return Estimate(float(np.average([runner.deg, scene.deg], weights=sure)), float(sure.sum() ** -0.5))


def unconfirmed(only: Estimate) -> Estimate:
    """Return what a single witness shows, so unsure that it is not taken out and widens the intervals instead."""
    return Estimate(only.deg, float(max(only.sd_deg, abs(only.deg) / 2)))


def slopes_in_stance(track: Track, part: str = "toe") -> tuple[float, float]:
    """Measure how the path of the toes on the ground climbs forward, near and far, degrees; NaN for few stances.

    part  or of another point of the foot, over the same time
    """
    assert track.near_side is not None
    return _slope_in_stance(track, track.near_side, part), _slope_in_stance(track, other(track.near_side), part)


def _slope_in_stance(track: Track, side: Side, part: str) -> float:
    """Fit one line through all stances of a foot, each about its own middle; degrees."""
    toe, stances = point(track, part, side), _stances(track, side)
    if len(stances) < FEWEST_STANCES:
        return np.nan
    x, y = np.concatenate([toe[rows] - toe[rows].mean(axis=0) for rows in stances]).T
    return float(np.degrees(np.arctan2(x @ y, x @ x)))


def _stances(track: Track, side: Side) -> list[slice]:
    """Return the rows in which the toes of a foot are on the ground, wholly within the track and wholly seen."""
    apart, time_s = angle_deg(track, "thigh", side) - angle_deg(track, "thigh", other(side)), track.time_s
    found = []
    for i in np.flatnonzero((apart[:-1] > 0) & (apart[1:] <= 0)):
        passing_s = time_s[i] + (time_s[i + 1] - time_s[i]) * apart[i] / (apart[i] - apart[i + 1])
        start_s, stop_s = (passing_s + share / track.stride_hz for share in TOES_STAND)
        rows = slice(*np.searchsorted(time_s, (start_s, stop_s)).tolist())
        inside = time_s[0] <= start_s and stop_s <= time_s[-1] and rows.stop - rows.start >= FEWEST_FRAMES
        if inside and np.isfinite(point(track, "toe", side)[rows]).all():
            found.append(rows)
    return found


def _tilt(slope: Estimate, yaw: Estimate, look_down: Estimate, setting: Setting) -> Estimate:
    """Take off the slope what perspective makes of level ground.

    Seen from above and ahead of the square, a level line drops in the picture by its angle below the camera times the
    sine of the yaw. A pass is followed at the hips, as high as the camera or nearly so.
    """
    ahead, off = np.sin(np.radians(yaw.deg)), np.sin(np.radians(yaw.sd_deg))
    ground = camera_table()["tilt"]["ground_error_deg"]
    if setting == "over_ground":
        doubts = np.array([slope.sd_deg, ground, HEIGHT_OVER_HIP * look_down.deg * ahead])
        return Estimate(slope.deg, float(np.linalg.norm(doubts)))
    doubts = np.array([slope.sd_deg, ground, look_down.sd_deg * ahead, look_down.deg * off])
    return Estimate(slope.deg + look_down.deg * ahead, float(np.linalg.norm(doubts)))


def camera_table() -> Mapping[str, Any]:
    """Read data/cameras.toml."""
    return table("cameras")
