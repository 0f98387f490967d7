"""Track in, contacts out: when each foot strikes the ground and leaves it, between frames.

A small fitted rule (data/contacts.toml, made by validation/fit_contacts.py) says of every moment before or after the
foot passes under the hip how far off the event is, from height and speed of heel, toe, ankle and knee against the
ground, the other ankle and the rise of the shoulders; the event is where it says "here". No walking rule is used: they
are 95 ms late in running (EVIDENCE 2).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np
from scipy.ndimage import gaussian_filter1d

from midstance.data import table
from midstance.kinematics.angles import point
from midstance.kinematics.curves import Curve, crossings, fill_gaps
from midstance.model import Contact, Floats, Side, Track, View
from midstance.skeleton import INDEX, SIDES, other

Event = Literal["strike", "toe_off"]
Leg = dict[str, Floats]
"""(frame, 2) of the points of a lower leg, by name."""

ON_THE_FOOT = ("heel", "toe", "ankle")
LOWER_LEG = (*ON_THE_FOOT, "knee")
SIGNALS = len(ON_THE_FOOT) + 2 * len(LOWER_LEG) + 3
LONGEST_GAP_S = 0.1
FOOT_SMOOTH_S, BODY_SMOOTH_S, HIP_SMOOTH_S = 0.012, 0.020, 0.030
"""Standard deviation of the smoothing of feet, shoulders and hips."""
UNDER_HIP_LEG = 0.2
"""A foot this near to the hip, going back, is taken to stand on the ground when the running speed is read."""
FASTER_THAN_OTHER = 1.15
"""How much faster one foot may seem to pass under the hip than the other; the nearer seems 5 % faster (rendered
clips)."""
FLAT_S = (-0.040, 0.020)
"""Where the foot stands flat, from the moment it passes under the hip: its heights there are the zero."""
SEARCH_S = {"strike": np.arange(-300, -15, 5) / 1000, "toe_off": np.arange(20, 305, 5) / 1000}
"""Moments, from the one at which the foot passes under the hip, of which the rule is asked."""
AROUND_S = 0.030
"""How far the moments around lie; the rule learnt from as far."""
ORDINARY_STRIDE_HZ, POSSIBLE_STRIDE_HZ = 1.4, (1.0, 2.6)
"""Strides a second of real running; a film outside them plays too slow or too fast and is read at the ordinary."""
UNCERTAINTY_S = {"near": 0.013, "far": 0.014}
"""Half width of the 95 % interval of one event at a high frame rate: how far real runners are off that were left out of
the fit (docs/decisions/contacts.md)."""
FRAME_SHARE = 0.25
"""What a frame adds to it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How far an event is from a moment, from the signals around it: a quadratic in a few of their mixtures.

    correction_s = constant + linear . x + quadratic . pairs(mixtures x), x = signals - mean

    offsets_s   (sample,) when the signals are read, from the moment
    mean        (signal x sample,) ordinary signals
    linear      (signal x sample,) seconds
    mixtures    (mixture, signal x sample)
    quadratic   (mixture x (mixture + 1) / 2,) seconds, for products of two mixtures, held within -largest..largest
    """

    offsets_s: Floats
    mean: Floats
    linear: Floats
    mixtures: Floats
    quadratic: Floats
    constant: float
    largest: float

    def correction_s(self, signals: Floats) -> Floats:
        """(moment,) seconds from each moment to the event, of (moment, signal x sample); NaN if a signal is unseen."""
        x = signals - self.mean
        return self.constant + x @ self.linear + pairs(x @ self.mixtures.T, self.largest) @ self.quadratic


def pairs(mixed: Floats, largest: float) -> Floats:
    """Products of every two of the last axis, itself included, held within -largest..largest."""
    first, second = np.triu_indices(mixed.shape[-1])
    return np.clip(mixed[..., first] * mixed[..., second], -largest, largest)


@cache
def rules() -> dict[Event, Rule]:
    """The rules for strike and toe-off of data/contacts.toml."""
    return {event: _rule(table("contacts")[event]) for event in ("strike", "toe_off")}


def _rule(row: dict[str, list[float] | float]) -> Rule:
    arrays = {name: np.asarray(value) for name, value in row.items() if isinstance(value, list)}
    return Rule(**arrays, constant=float(str(row["constant"])), largest=float(str(row["largest"])))


class Foot:
    """One foot seen from the ground it runs on, as curves between frames.

    speed     running speed, length units of the track a second: the hips against the foot that passes under them
    passes_s  moments at which the foot passes backward under the hip, one a stride
    """

    def __init__(self, track: Track, side: Side, *, pace: float = 1.0) -> None:
        self.time_s = track.time_s * pace
        self._rate_hz = 1 / float(np.median(np.diff(self.time_s)))
        self._hip = self._smooth(point(track, "mid_hip", side), HIP_SMOOTH_S)
        legs = {leg: {name: self._smooth(track.xy[:, INDEX[f"{leg}_{name}"]], FOOT_SMOOTH_S) for name in LOWER_LEG}
                for leg in SIDES}  # fmt: skip
        own, others = legs[side], legs[other(side)]
        shoulder = self._smooth(point(track, "mid_shoulder", side), BODY_SMOOTH_S)
        self._heights = [self._curve(own[name][:, 1]) for name in ON_THE_FOOT]
        moving = [*own.values(), others["ankle"]]
        self._forward = [self._over_hip(xy) for xy in moving]
        self._upward = [self._curve(xy[:, 1]) for xy in (*moving, shoulder)]
        self.speed = float(np.fmin(self._speed(own), FASTER_THAN_OTHER * self._speed(others)))
        self.passes_s = _apart(crossings(self.time_s, self._ahead(own), rising=False), 0.5 / (track.stride_hz / pace))

    def _smooth(self, xy: Floats, sd_s: float) -> Floats:
        filled = np.stack([fill_gaps(self.time_s, xy[:, k], longest_s=LONGEST_GAP_S) for k in (0, 1)], axis=-1)
        return np.asarray(gaussian_filter1d(filled, sd_s * self._rate_hz, axis=0, mode="nearest"))

    def _curve(self, values: Floats) -> Curve:
        return Curve(self.time_s, values, LONGEST_GAP_S)

    def _over_hip(self, xy: Floats) -> Curve:
        return self._curve(xy[:, 0] - self._hip[:, 0])

    def _ahead(self, leg: Leg) -> Floats:
        """How far the middle of a foot is ahead of the hip."""
        return (leg["heel"][:, 0] + leg["toe"][:, 0]) / 2 - self._hip[:, 0]

    def _speed(self, leg: Leg) -> float:
        """Speed of the hips over a foot while it passes under them."""
        speeds: list[float] = []
        for name in ("heel", "toe"):
            forward = self._over_hip(leg[name]).at(self.time_s, derivative=1)
            passing = (np.abs(self._ahead(leg)) < UNDER_HIP_LEG) & (forward < 0)
            speeds.append(-float(np.median(forward[passing])) if passing.any() else np.nan)
        return float(np.mean(speeds))

    def signals(self, moments_s: Floats, pass_s: float) -> Floats:
        """(..., SIGNALS x moment) of (..., moment), in length units of the track and running speeds: heights of heel,
        toe and ankle over where they stand flat; forward speed against the ground of the same, the knee and the other
        ankle; upward speed of all these and the shoulders.
        """
        flat = pass_s + np.linspace(*FLAT_S, 7)
        heights = [curve.at(moments_s) - np.mean(curve.at(flat)) for curve in self._heights]
        forward = [curve.at(moments_s, derivative=1) / self.speed + 1 for curve in self._forward]
        upward = [curve.at(moments_s, derivative=1) / self.speed for curve in self._upward]
        return np.concatenate([*heights, *forward, *upward], axis=-1)


def _apart(moments_s: Floats, least_s: float) -> Floats:
    """The moments that follow the one before by at least least_s."""
    kept: list[float] = []
    for moment in moments_s:
        if not kept or moment - kept[-1] >= least_s:
            kept.append(float(moment))
    return np.array(kept)


def pace(track: Track) -> float:
    """Seconds of real running in a second of the film: 1, unless no one runs at the film's strides a second."""
    slowest, fastest = POSSIBLE_STRIDE_HZ
    return 1.0 if slowest <= track.stride_hz <= fastest else track.stride_hz / ORDINARY_STRIDE_HZ


def find_contacts(track: Track, view: View) -> tuple[Contact, ...]:
    """Every contact of both feet that lies wholly inside the track, in time order; none in a front or rear view."""
    if view.plane != "side":
        return ()
    found = [contact for side in SIDES for contact in _contacts_of(track, side)]
    return tuple(sorted(found, key=lambda contact: contact.strike_s))


def _contacts_of(track: Track, side: Side) -> list[Contact]:
    true_time = pace(track)
    foot = Foot(track, side, pace=true_time)
    found = []
    for pass_s in foot.passes_s:
        strike, toe_off = find_event(foot, pass_s, "strike"), find_event(foot, pass_s, "toe_off")
        if strike < pass_s < toe_off:
            found.append(_contact(track, side, strike / true_time, toe_off / true_time))
    return found


def find_event(foot: Foot, pass_s: float, event: Event, rule: Rule | None = None) -> float:
    """The strike before, or the toe-off after, the foot passes under the hip; NaN if the clip does not show it.

    It is where the rule says "here". Of several such moments it is the one of which the moments around speak truest:
    what is so much too early says so much later.
    """
    rule = rule or rules()[event]
    moments = pass_s + SEARCH_S[event]
    corrections = rule.correction_s(foot.signals(moments[:, None] + rule.offsets_s, pass_s))
    here = crossings(moments, corrections, rising=False)
    if not len(here):
        return np.nan
    apart = moments - here[:, None]
    untrue = np.where(np.abs(apart) < AROUND_S, np.abs(corrections + apart), np.nan)
    return float(here[np.argmin(np.nanmean(untrue, axis=1))])


def uncertainty_s(*, near: bool, rate_hz: float) -> float:
    """Half width of the 95 % interval of one event of the near or the far foot at a frame rate."""
    return float(np.hypot(UNCERTAINTY_S["near" if near else "far"], FRAME_SHARE / rate_hz))


def _contact(track: Track, side: Side, strike_s: float, toe_off_s: float) -> Contact:
    return Contact(
        side=side,
        strike_s=strike_s,
        toe_off_s=toe_off_s,
        uncertainty_s=uncertainty_s(near=side == track.near_side, rate_hz=track.rate_hz),
        strike_frame=_nearest_frame(track, strike_s),
        toe_off_frame=_nearest_frame(track, toe_off_s),
    )


def _nearest_frame(track: Track, moment_s: float) -> int:
    return track.first_frame + int(np.argmin(np.abs(track.time_s - moment_s)))
