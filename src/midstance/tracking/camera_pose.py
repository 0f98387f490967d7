"""Where the camera stands: a runner's track from the side in; its tilt, its yaw and how far it looks down, out.

Everything is told from the runner, whose left and right are alike over whole strides: the near shoulder and knee lie
ahead of the far ones where the camera stands behind the square, the near foot below the far one where it looks down,
and what moves over level ground moves along a level line. The numbers are in data/cameras.toml; how they were found and
how well they do, in docs/decisions/cameras.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from midstance.data import table
from midstance.kinematics.angles import angle_deg, point
from midstance.model import Setting, Side, Track
from midstance.skeleton import other

STANDS = (-0.08, 0.22)
"""Where the toes stand on the ground, in strides from the moment the thighs pass each other. That moment does not
depend on how the camera is tilted; the toes, unlike the heels, stay until the foot leaves."""
FEWEST_STANCES = 2
FEWEST_FRAMES = 3
HEIGHT_OVER_HIP = 0.35
"""Height of the camera over or under the hips, as a share of its height: what a pass cannot tell of the slope."""


class Reading(NamedTuple):
    """An angle and the standard deviation of its error, degrees; NaN if it cannot be told."""

    deg: float
    sd_deg: float


UNTOLD = Reading(np.nan, np.nan)


class Standpoint(NamedTuple):
    """How a camera stands to the runner.

    tilt       level ground climbs by so much in the direction of running
    yaw        the camera is ahead of the square (+, it sees the chest) or behind it (-)
    look_down  angle below the horizontal at which it sees the standing feet
    """

    tilt: Reading
    yaw: Reading
    look_down: Reading


def standpoint(track: Track, setting: Setting) -> Standpoint:
    """The camera of a side view whose points are joint centres; the ground is taken as level."""
    slope = slope_of_ground(track, setting)
    yaw, look_down = (_read(track, name, setting) for name in ("yaw", "look_down"))
    return Standpoint(_tilt(slope, yaw, look_down, setting), yaw, look_down)


# -- yaw and look-down -----------------------------------------------------------------------------------------------


def _read(track: Track, name: str, setting: Setting) -> Reading:
    """A weighted sum of how far near and far points come apart; less sure over ground, where the view turns."""
    known = numbers()[name]
    apart = sum(weight * separation(track, part)[known["axis"]] for part, weight in known["deg_per_leg"].items())
    error_deg = known["path_error_deg" if setting == "over_ground" else "error_deg"]
    return Reading(known["deg_at_zero"] + apart, error_deg)


def separation(track: Track, part: str) -> tuple[float, float]:
    """How far the near point lies ahead of and above the far one: means over whole strides, leg lengths."""
    assert track.near_side is not None
    apart = point(track, part, track.near_side) - point(track, part, other(track.near_side))
    ahead, above = np.nanmean(apart[_whole_strides(track)], axis=0)
    return float(ahead), float(above)


def _whole_strides(track: Track) -> slice:
    """Rows from the first that make whole strides; all of them if there is none."""
    turns = (track.phase_rad - track.phase_rad[0]) / (2 * np.pi)
    whole = np.floor(turns[-1])
    return slice(0, int(np.searchsorted(turns, whole)) if whole >= 1 else None)


# -- tilt ------------------------------------------------------------------------------------------------------------


def slope_of_ground(track: Track, setting: Setting) -> Reading:
    """Degrees by which the ground climbs in the picture, in the direction of running."""
    if setting == "over_ground":
        return Reading(slope_of_path(track), numbers()["tilt"]["path_error_deg"])
    return _slope_of_belt(track) if setting == "treadmill" else UNTOLD


def slope_of_path(track: Track) -> float:
    """The way of hips and shoulders over whole strides."""
    rows = _whole_strides(track)
    x, y = (point(track, "mid_hip", "left")[rows] + point(track, "mid_shoulder", "left")[rows]).T / 2
    known = np.isfinite(x)
    return float(np.degrees(np.arctan(np.polyfit(x[known], y[known], 1)[0])))


def _slope_of_belt(track: Track) -> Reading:
    """The way of the toes that stand on it, near and far."""
    known, slopes = numbers()["tilt"], slopes_in_stance(track)
    if not np.isfinite(slopes).all():
        return UNTOLD
    slope = np.dot(known["share"], np.subtract(slopes, known["toe_slope_deg"]))
    return Reading(float(slope), known["belt_error_deg"])


def slopes_in_stance(track: Track) -> tuple[float, float]:
    """Degrees by which the way of the standing toes climbs forward, near and far foot; NaN for too few stances."""
    assert track.near_side is not None
    return _slope_in_stance(track, track.near_side), _slope_in_stance(track, other(track.near_side))


def _slope_in_stance(track: Track, side: Side) -> float:
    """Degrees; one line through all stances of a foot, each about its own middle."""
    toe, stances = point(track, "toe", side), _stances(track, side)
    if len(stances) < FEWEST_STANCES:
        return np.nan
    x, y = np.concatenate([toe[rows] - toe[rows].mean(axis=0) for rows in stances]).T
    return float(np.degrees(np.arctan2(x @ y, x @ x)))


def _stances(track: Track, side: Side) -> list[slice]:
    """Rows in which the toes of a foot stand, wholly within the track and wholly seen."""
    apart, time_s = angle_deg(track, "thigh", side) - angle_deg(track, "thigh", other(side)), track.time_s
    found = []
    for i in np.flatnonzero((apart[:-1] > 0) & (apart[1:] <= 0)):
        passing_s = time_s[i] + (time_s[i + 1] - time_s[i]) * apart[i] / (apart[i] - apart[i + 1])
        start_s, stop_s = (passing_s + share / track.stride_hz for share in STANDS)
        rows = slice(*np.searchsorted(time_s, (start_s, stop_s)).tolist())
        inside = time_s[0] <= start_s and stop_s <= time_s[-1] and rows.stop - rows.start >= FEWEST_FRAMES
        if inside and np.isfinite(point(track, "toe", side)[rows]).all():
            found.append(rows)
    return found


def _tilt(slope: Reading, yaw: Reading, look_down: Reading, setting: Setting) -> Reading:
    """The slope less what perspective makes of level ground.

    Seen from above and ahead of the square, a level line drops in the picture by its angle below the camera times the
    sine of the yaw. A pass is followed at the hips, as high as the camera or nearly so.
    """
    ahead, off = np.sin(np.radians(yaw.deg)), np.sin(np.radians(yaw.sd_deg))
    ground = numbers()["tilt"]["ground_error_deg"]
    if setting == "over_ground":
        doubts = np.array([slope.sd_deg, ground, HEIGHT_OVER_HIP * look_down.deg * ahead])
        return Reading(slope.deg, float(np.linalg.norm(doubts)))
    doubts = np.array([slope.sd_deg, ground, look_down.sd_deg * ahead, look_down.deg * off])
    return Reading(slope.deg + look_down.deg * ahead, float(np.linalg.norm(doubts)))


def numbers() -> Mapping[str, Any]:
    """data/cameras.toml."""
    return table("cameras")
