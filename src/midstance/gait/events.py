"""Find when each foot strikes the ground and leaves it, between frames.

A small fitted rule (data/contacts.toml, made by validation/fit_contacts.py) predicts, for moments before and after the
foot passes under the hip, how many seconds away the event is. It looks at height and speed of heel, toe, ankle and knee
against the ground, the other ankle and the rise of the shoulders. The event is the zero crossing of that prediction.
Rules made for walking are not used: they are 95 ms late in running (docs/evidence.md#contacts).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from midstance.data import table
from midstance.kinematics.angles import point
from midstance.kinematics.curves import Curve, crossings, fill_gaps, nearest_frame
from midstance.kinematics.smoothing import even_gaussian
from midstance.model import Contact, Floats, Side, Track, View
from midstance.skeleton import INDEX, SIDES, other

Event = Literal["strike", "toe_off"]
Leg = dict[str, Floats]
"""(frame, 2) length units of the track, of each point of a lower leg, by name."""

ON_THE_FOOT = ("heel", "toe", "ankle")
LOWER_LEG = (*ON_THE_FOOT, "knee")
SIGNALS = len(ON_THE_FOOT) + 2 * len(LOWER_LEG) + 3
LONGEST_GAP_S = 0.1
FOOT_SMOOTH_S, BODY_SMOOTH_S, HIP_SMOOTH_S = 0.012, 0.020, 0.030
"""Standard deviation of the smoothing of feet, shoulders and hips."""
UNDER_HIP_LEG = 0.2
"""A foot this near to the hip and moving back is taken to be on the ground when the running speed is measured."""
FASTER_THAN_OTHER = 1.15
"""How much faster one foot may seem to pass under the hip than the other; the nearer seems 5 % faster (rendered
clips)."""
FLAT_S = (-0.040, 0.020)
"""When the foot is flat on the ground, from the moment it passes under the hip; its heights then count as zero."""
SEARCH_S = {"strike": np.arange(-300, -15, 5) / 1000, "toe_off": np.arange(20, 305, 5) / 1000}
"""Moments at which the rule is evaluated, from the moment the foot passes under the hip."""
AROUND_S = 0.030
"""How far away a neighbouring moment may be to count; the rule was fitted over the same distance."""
ORDINARY_STRIDE_HZ, POSSIBLE_STRIDE_HZ = 1.4, (1.0, 2.6)
"""Strides a second in real running; a film outside plays too slow or too fast and is read at the ordinary rate."""
UNCERTAINTY_S = {"near": 0.013, "far": 0.014}
"""Half width of the 95 % interval of one event at a high frame rate: the error on real runners left out of the fit
(docs/decisions/contacts.md)."""
FRAME_SHARE = 0.25
"""How much of a frame adds to it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Predict how far an event is from a moment: a quadratic in a few mixtures of the signals around it.

    correction_s = constant + linear . x + quadratic . products_of_pairs(mixtures x), x = signals - mean

    offsets_s   (sample,) when the signals are sampled, from the moment
    mean        (signal x sample,) ordinary signals
    linear      (signal x sample,) seconds
    mixtures    (mixture, signal x sample)
    quadratic   (mixture x (mixture + 1) / 2,) seconds, for products of two mixtures, clipped to -largest..largest
    """

    offsets_s: Floats
    mean: Floats
    linear: Floats
    mixtures: Floats
    quadratic: Floats
    constant: float
    largest: float

    def correction_s(self, signals: Floats) -> Floats:
        """Predict the seconds from each moment to the event; NaN where a signal is unseen.

        signals  (moment, signal x sample) as Foot.signals gives them; returns (moment,)
        """
        x = signals - self.mean
        return self.constant + x @ self.linear + products_of_pairs(x @ self.mixtures.T, self.largest) @ self.quadratic


def products_of_pairs(mixed: Floats, largest: float) -> Floats:
    """Multiply every two values of the last axis, each with itself included, and clip to -largest..largest.

    mixed    (..., mixture); returns (..., mixture x (mixture + 1) / 2)
    """
    first, second = np.triu_indices(mixed.shape[-1])
    return np.clip(mixed[..., first] * mixed[..., second], -largest, largest)


@cache
def rules() -> dict[Event, Rule]:
    """Read the rules for strike and toe-off from data/contacts.toml."""
    return {event: _rule(table("contacts")[event]) for event in ("strike", "toe_off")}


def _rule(row: dict[str, list[float] | float]) -> Rule:
    arrays = {name: np.asarray(value) for name, value in row.items() if isinstance(value, list)}
    return Rule(**arrays, constant=float(str(row["constant"])), largest=float(str(row["largest"])))


class Foot:
    """One foot against the ground, as curves between frames.

    track     a track in side view
    side      the foot
    time_factor  seconds of real running in one second of the film
    speed     running speed, length units of the track a second: the hips against the foot that passes under them
    passes_s  moments at which the foot passes backward under the hip, one a stride
    """

    def __init__(self, track: Track, side: Side, *, time_factor: float = 1.0) -> None:
        self.time_s = track.time_s * time_factor
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
        half_stride_s = 0.5 / (track.stride_hz / time_factor)
        self.passes_s = _spaced(crossings(self.time_s, self._ahead(own), rising=False), half_stride_s)

    def _smooth(self, xy: Floats, sd_s: float) -> Floats:
        filled = np.stack([fill_gaps(self.time_s, xy[:, k], longest_s=LONGEST_GAP_S) for k in (0, 1)], axis=-1)
        return even_gaussian(filled, sd_s * self._rate_hz)

    def _curve(self, values: Floats) -> Curve:
        return Curve(self.time_s, values, LONGEST_GAP_S)

    def _over_hip(self, xy: Floats) -> Curve:
        return self._curve(xy[:, 0] - self._hip[:, 0])

    def _ahead(self, leg: Leg) -> Floats:
        """Return how far the middle of a foot is ahead of the hip, (frame,) length units."""
        return (leg["heel"][:, 0] + leg["toe"][:, 0]) / 2 - self._hip[:, 0]

    def _speed(self, leg: Leg) -> float:
        """Measure the speed of the hips over a foot while it passes under them; NaN if it never does."""
        speeds: list[float] = []
        for name in ("heel", "toe"):
            forward = self._over_hip(leg[name]).at(self.time_s, derivative=1)
            passing = (np.abs(self._ahead(leg)) < UNDER_HIP_LEG) & (forward < 0)
            speeds.append(-float(np.median(forward[passing])) if passing.any() else np.nan)
        return float(np.mean(speeds))

    def signals(self, moments_s: Floats, pass_s: float) -> Floats:
        """Sample what the rule looks at, in length units of the track and in running speeds.

        Heights of heel, toe and ankle over where the foot is flat; forward speed against the ground of the same, the
        knee and the other ankle; upward speed of all these and the shoulders.

        moments_s  (..., moment) seconds; returns (..., SIGNALS x moment), NaN where a point is unseen
        pass_s     when the foot passes under the hip
        """
        flat = pass_s + np.linspace(*FLAT_S, 7)
        heights = [curve.at(moments_s) - np.mean(curve.at(flat)) for curve in self._heights]
        forward = [curve.at(moments_s, derivative=1) / self.speed + 1 for curve in self._forward]
        upward = [curve.at(moments_s, derivative=1) / self.speed for curve in self._upward]
        return np.concatenate([*heights, *forward, *upward], axis=-1)


def _spaced(moments_s: Floats, least_s: float) -> Floats:
    """Drop the moments that follow the one before too soon, by less than least_s."""
    kept: list[float] = []
    for moment in moments_s:
        if not kept or moment - kept[-1] >= least_s:
            kept.append(float(moment))
    return np.array(kept)


def time_factor(track: Track) -> float:
    """Return the seconds of real running in a second of the film: 1, unless nobody runs at this stride rate."""
    slowest, fastest = POSSIBLE_STRIDE_HZ
    return 1.0 if slowest <= track.stride_hz <= fastest else track.stride_hz / ORDINARY_STRIDE_HZ


def find_contacts(track: Track, view: View) -> tuple[Contact, ...]:
    """Find every contact of both feet that lies wholly inside the track, in time order; none from front or rear."""
    if view.plane != "side":
        return ()
    found = [contact for side in SIDES for contact in _contacts_of(track, side)]
    return tuple(sorted(found, key=lambda contact: contact.strike_s))


def _contacts_of(track: Track, side: Side) -> list[Contact]:
    factor = time_factor(track)
    foot = Foot(track, side, time_factor=factor)
    found, off_s = [], uncertainty_s(near=side == track.near_side, rate_hz=track.rate_hz)
    for pass_s in foot.passes_s:
        strike, toe_off = find_event(foot, pass_s, "strike"), find_event(foot, pass_s, "toe_off")
        if strike < pass_s < toe_off:
            found.append(_contact(track, side, strike / factor, toe_off / factor, off_s=off_s))
    return found


def find_event(foot: Foot, pass_s: float, event: Event, rule: Rule | None = None) -> float:
    """Find the strike before, or the toe-off after, the foot passes under the hip; NaN if the clip does not show it.

    The event is the zero crossing of the predicted correction. If there are several, take the one whose neighbours
    agree best: from 10 ms before, the rule should say 10 ms later.

    pass_s  seconds, one of foot.passes_s
    rule    default: the fitted one for this event
    """
    rule = rule or rules()[event]
    moments = pass_s + SEARCH_S[event]
    corrections = rule.correction_s(foot.signals(moments[:, None] + rule.offsets_s, pass_s))
    here = crossings(moments, corrections, rising=False)
    if not len(here):
        return np.nan
    apart = moments - here[:, None]
    disagreement = np.where(np.abs(apart) < AROUND_S, np.abs(corrections + apart), np.nan)
    return float(here[np.argmin(np.nanmean(disagreement, axis=1))])


def uncertainty_s(*, near: bool, rate_hz: float) -> float:
    """Return the half width of the 95 % interval of one event of the near or far foot, seconds, at a frame rate."""
    return float(np.hypot(UNCERTAINTY_S["near" if near else "far"], FRAME_SHARE / rate_hz))


def _contact(track: Track, side: Side, strike_s: float, toe_off_s: float, *, off_s: float) -> Contact:
    return Contact(
        side=side,
        strike_s=strike_s,
        toe_off_s=toe_off_s,
        uncertainty_s=off_s,
        strike_frame=track.first_frame + nearest_frame(track.time_s, strike_s),
        toe_off_frame=track.first_frame + nearest_frame(track.time_s, toe_off_s),
    )
