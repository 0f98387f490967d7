"""Judge whether the film's seconds can be those of a runner, or whether it plays slower or faster than life."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from midstance.data import table
from midstance.gait.lengths import height_from_metres, metres_from_gravity, metres_from_height, running_speed_leg
from midstance.gait.steadiness import STEADY_MPS2, acceleration_leg, posture_acceleration_mps2
from midstance.model import Contact, Track, View
from midstance.reasons import Reason
from midstance.uncertainty import HALF_WIDTH

POSSIBLE_STEPS_HZ, ORDINARY_STEPS_HZ = (2.0, 5.2), 2.8
USUAL_FACTORS = (0.5, 2.0, 4.0, 8.0, 16.0, 32.0)
CLEARLY_SLOWER = 1.6
"""By how much a fall alone must look slower, or faster, than life; in real time it looked 0.9 to 1.3 times slower."""
SURE, BOTH_SURE = 2.0, 3.5
"""Standard deviations by which each of two clocks, and both together, must be off for a film to play wrongly."""
ORDINARY_HEIGHT_M = 1.72
"""Of a runner whose height is not given; adults differ by 8 %, a clock read from a fall by half as much."""
HEIGHT_SD = 0.04
"""What the unknown height adds to each clock, as a natural logarithm."""
FALL_LOOKS, FALL_SD = 0.07, 0.10
"""How much slower than life a fall looks in real time, natural logarithm: 0.9 to 1.3 times on 140 rendered clips. On 79
treadmill runs of 26 runners, with the bounce known from the force plate, the spread is 0.02."""
STEPS_SD = 0.07
"""Spread of the steps a minute of different runners at one speed, natural logarithm (docs/evidence.md#norms)."""
SLOWEST_MPS = 1.2
"""Down to which the line of usual steps is carried on below its slowest speed, 2 m/s."""
ANY_STEPS_SD = 0.25
"""Spread of the steps a second of all running, natural logarithm, where the length of the steps is not known."""


class Clock(NamedTuple):
    """How slow a film plays by one witness: natural logarithm of "times slower than life", and its SD.

    log_slower  NaN if unseen
    """

    log_slower: float
    sd: float

    @property
    def off(self) -> float:
        """Standard deviations from real time, + slower; 0 if unseen."""
        return float(np.nan_to_num(self.log_slower / self.sd))


UNSEEN = Clock(np.nan, np.nan)


class TimeBase(NamedTuple):
    """Whether the film's seconds can be those of a runner.

    slower  how many times slower than life the film seems to play; 1 if nothing contradicts its time stamps
    why     what contradicts the time stamps; None if slower is 1
    """

    slower: float
    why: Reason | None


def time_base(track: Track, view: View, contacts: tuple[Contact, ...] = ()) -> TimeBase:
    """Judge the time stamps by the steps a second and by how fast the body falls.

    Three tests. Nobody runs with a flight at fewer than 2.0 steps a second or at more than 5.2. A fall that looks much
    slower or faster than life is enough by itself. And a film that plays only somewhat wrongly, as 40 frames a second
    shown as 60, is found where two clocks agree: the fall, and the steps a second for the length of the steps
    (docs/evidence.md#cadence). The factor is a usual one (2, 4, 8, ...) if one is within the interval of the clocks.
    """
    steps_hz, falls = 2 * track.stride_hz, slowdown_of_fall(track, view, contacts)
    fall = fall_clock(falls, view)
    if not POSSIBLE_STEPS_HZ[0] <= steps_hz <= POSSIBLE_STEPS_HZ[1]:
        ordinary = Clock(float(np.log(ORDINARY_STEPS_HZ / steps_hz)), ANY_STEPS_SD)
        slower = factor_of(together(fall, ordinary))
        return TimeBase(slower, Reason("steps_cannot_be", steps_spm=60 * steps_hz, slower=slower, pace=pace_of(slower)))
    if abs(np.log(falls)) > np.log(CLEARLY_SLOWER):
        slower = factor_of(fall)
        return TimeBase(slower, Reason("fall_cannot_be", slower=slower, pace=pace_of(slower)))
    steps = step_clock(track, view, contacts)
    agree = fall.off * steps.off > 0 and min(abs(fall.off), abs(steps.off)) > SURE
    if not agree or abs(together(fall, steps).off) < BOTH_SURE:
        return TimeBase(1.0, None)
    height_m = falls**2 * height_from_metres(track, _metres(track, view))
    return _by_two_clocks(fall, steps, 60 * steps_hz, height_m, taped=_is_taped(view))


def _by_two_clocks(fall: Clock, steps: Clock, steps_spm: float, height_m: float, *, taped: bool) -> TimeBase:
    """Say how wrong a film plays by both clocks, and what they show: steps a minute, and the height of who falls so."""
    both = together(fall, steps)
    slower, ends = factor_of(both), np.exp(both.log_slower + HALF_WIDTH * both.sd * np.array([-1, 1]))
    usual_spm = steps_spm * np.exp(steps.log_slower + HALF_WIDTH * steps.sd * np.array([-1, 1]))
    values = {
        "steps_spm": steps_spm,
        "low_spm": usual_spm[0],
        "high_spm": usual_spm[1],
        "height_m": height_m,
        "remedy": Reason("give_slow_motion" if taped else "give_slow_motion_or_height", slower=slower),
    }
    if both.off > 0:
        return TimeBase(slower, Reason("plays_too_slow", times=slower, least=ends[0], most=ends[1], **values))
    return TimeBase(slower, Reason("plays_too_fast", times=1 / slower, least=1 / ends[1], most=1 / ends[0], **values))


def together(*clocks: Clock) -> Clock:
    """Combine clocks by their certainty; those that were not seen do not count."""
    seen = [clock for clock in clocks if np.isfinite(clock.log_slower)]
    if not seen:
        return UNSEEN
    weights = np.array([clock.sd**-2.0 for clock in seen])
    mean = float(weights @ [clock.log_slower for clock in seen] / weights.sum())
    return Clock(mean, float(weights.sum() ** -0.5))


def factor_of(clock: Clock) -> float:
    """Return how many times slower than life a clock says: a usual factor within its interval, else two digits."""
    usual = min(USUAL_FACTORS, key=lambda factor: abs(np.log(factor) - clock.log_slower))
    if abs(np.log(usual) - clock.log_slower) <= HALF_WIDTH * clock.sd:
        return usual
    return float(f"{np.exp(clock.log_slower):.2g}")


# -- the clocks ------------------------------------------------------------------------------------------------------


def fall_clock(falls: float, view: View) -> Clock:
    """Read the clock of gravity, by how many times slower than life the body falls (`slowdown_of_fall`)."""
    return Clock(float(np.log(falls)) - FALL_LOOKS, _sd(FALL_SD, view)) if np.isfinite(falls) else UNSEEN


def slowdown_of_fall(track: Track, view: View, contacts: tuple[Contact, ...]) -> float:
    """Measure how many times slower than life the body falls; NaN if too little of it was seen.

    The length of a fall grows with the square of its time. Without a scale that needs no time, the runner is taken to
    be of ordinary height.
    """
    if len(contacts) < 2:
        return np.nan
    return float(np.sqrt(metres_from_gravity(track, contacts) / _metres(track, view)))


def step_clock(track: Track, view: View, contacts: tuple[Contact, ...]) -> Clock:
    """Read the clock of the legs: the steps a second against those usual for steps as long as these.

    The length of a step needs no clock. A small runner's legs swing faster, as the root of their length. Unseen where
    the runner speeds up: the first steps of a sprint are quick and short.
    """
    if track.plane != "side" or gathers_speed(track, view, contacts):
        return UNSEEN
    metres, steps_hz = _metres(track, view), 2 * track.stride_hz
    size = height_from_metres(track, metres) / ORDINARY_HEIGHT_M
    step_m = metres * running_speed_leg(track, contacts) / steps_hz
    if not step_m > 0:
        return UNSEEN
    usual_hz, sd = usual_steps_hz(step_m / size)
    return Clock(float(np.log(usual_hz / np.sqrt(size) / steps_hz)), _sd(sd, view))


def usual_steps_hz(step_m: float) -> tuple[float, float]:
    """Return the steps a second usual for steps of this length, and their spread as a natural logarithm.

    From the usual steps a minute by speed (data/references.toml). Where they rise as fast as the speed, as in a sprint,
    the length of a step says little.
    """
    speeds, spm = np.array(table("references")["cadence_spm"]["usual"]).T
    line = np.polyfit(np.log(speeds[:2]), np.log(spm[:2]), 1)
    speeds = np.concatenate([[SLOWEST_MPS], speeds])
    log_hz = np.concatenate([[np.polyval(line, np.log(SLOWEST_MPS))], np.log(spm)]) - np.log(60)
    log_step = np.log(speeds) - log_hz
    here = int(np.clip(np.searchsorted(log_step, np.log(step_m)), 1, len(speeds) - 1))
    rise = np.diff(log_hz)[here - 1] / np.diff(np.log(speeds))[here - 1]
    return float(np.exp(np.interp(np.log(step_m), log_step, log_hz))), STEPS_SD / (1 - rise)


def gathers_speed(track: Track, view: View, contacts: tuple[Contact, ...]) -> bool:
    """Return whether a runner over ground speeds up, by the path of the hips or by the posture."""
    if view.setting == "treadmill":
        return False
    path_mps2 = _metres(track, view) * acceleration_leg(track) if view.setting == "over_ground" else np.nan
    return bool(path_mps2 > STEADY_MPS2 or posture_acceleration_mps2(track, contacts) > STEADY_MPS2)


def _metres(track: Track, view: View) -> float:
    """Return the metres in one length unit, by a tape or by an ordinary height."""
    return view.scale_m_per_leg if _is_taped(view) else metres_from_height(track, ORDINARY_HEIGHT_M)


def _sd(sd: float, view: View) -> float:
    return sd if _is_taped(view) else float(np.hypot(sd, HEIGHT_SD))


def _is_taped(view: View) -> bool:
    return view.scale_source in {"height", "known_length", "file"}


def pace_of(slower: float) -> Reason:
    """Return the pace of a film in words: "4 times slower than life", "2 times faster than life"."""
    return Reason("slower_than_life", times=slower) if slower >= 1 else Reason("faster_than_life", times=1 / slower)
