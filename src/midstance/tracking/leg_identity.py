"""Repair the legs of one person as drawn by the pose model: the near and the far leg, complete and not mixed up.

The pose model swaps the legs as they pass and draws one on top of the other. Running is periodic, so the whole clip
decides: a phase and a shape per joint are fitted to both legs at once, while every frame's two chains are assigned to
near and far. What is far from the prediction does not count. Then the prediction is moved towards the points that agree
with it. All widths in time are shares of a stride, so slow-motion film is treated alike.

Method and measured effect of each number: docs/decisions/legs.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from midstance.kinematics.smoothing import gaussian_mean, running_median, smooth_keeping_bounce
from midstance.model import Floats, Side
from midstance.skeleton import INDEX, leg_indices, other
from midstance.tracking.gait_phase import ANKLE, HEEL, HIP, KNEE, Rhythm, mismatch, rhythm_of, template_leg
from midstance.tracking.leg_fit import Pair, fit_legs, in_order, move_to_points
from midstance.tracking.orientation import near_side_of

SIZE_WIDTH = 0.55
HIP_WIDTH = 0.35
CALM_WIDTH = 0.035
"""Shares of a stride: smoothing of the size, the hip against the shoulders, the shoulders."""
LEAN_SHARE, ORDINARY_LEAN = 0.3, np.radians(8)
"""Out of the blocks the legs work in a frame that leans with the trunk, by about a third of its lean."""
STRETCH_S, AROUND_S = 60.0, 3.0
"""A clip of twice this or longer is repaired in stretches of about this, each with so much more on either side."""
HIP_JUMP = 0.06
"""Leg lengths: a hip point this far from its neighbours in time is a slip of the pose model."""


class Body(NamedTuple):
    """Place and size of the body in the picture.

    hip_px     (frame, 2) mid-hip
    leg_px     (frame,) pixels per leg length
    flip       what turns picture axes into x forward, y up
    """

    hip_px: Floats
    leg_px: Floats
    flip: Floats

    def part(self, rows: slice) -> Body:
        """Return the body in some frames."""
        return Body(self.hip_px[rows], self.leg_px[rows], self.flip)

    def to_body(self, points_px: Floats) -> Floats:
        """Convert pixels (frame, ..., 2) to leg lengths around the hip."""
        return (points_px - _beside(self.hip_px, points_px)) / _beside(self.leg_px[:, None], points_px) * self.flip

    def to_picture(self, points: Floats) -> Floats:
        """Convert leg lengths around the hip to pixels."""
        return points * self.flip * _beside(self.leg_px[:, None], points) + _beside(self.hip_px, points)


def _beside(per_frame: Floats, points: Floats) -> Floats:
    return per_frame.reshape(len(per_frame), *[1] * (points.ndim - 2), -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The two legs of a runner seen from the side; index 0 is the near leg, 1 the far leg.

    xy           (2, frame, leg joint, 2) leg lengths around the mid-hip of body, x forward, y up
    seen         (2, frame, leg joint) 1 = observed where predicted, near 0 = filled in
    smoothed_away  (2, frame, leg joint, 2) what is missing from xy to the points as drawn; NaN = unseen
    phase_rad    (frame,) stride phase of the near leg, unwrapped
    swapped      (frame,) True where the labels were the wrong way round
    sureness     of which leg is the near one: about 0 a guess, 2 certain
    explained    (frame,) share of leg points within one gate of the model; NaN where there is no leg
    swing_range  fore-and-aft travel of the ankles, leg lengths: running 0.8 to 1.1, standing 0.1
    """

    xy: Floats
    seen: Floats
    smoothed_away: Floats
    body: Body
    phase_rad: Floats
    stride_hz: float
    swapped: NDArray[np.bool_]
    sureness: float
    explained: Floats
    swing_range: float


# -- where the body is -----------------------------------------------------------------------------------------------


def place_body(xy_px: Floats, time_s: Floats, *, direction: int, stride_s: float) -> Body:
    """Find mid-hip and size of the body in every frame.

    The hip points miss up to half of the bounce. So the height comes from the shoulders plus a slow offset, the forward
    position half from there and half from the hip points (docs/evidence.md#pose-offsets).

    xy_px      (frame, keypoint, 2) pixels, NaN = unseen; gaps are bridged
    direction  +1 to the right of the picture, -1 to the left
    """
    shoulders, hips = (_middle(xy_px, part) for part in ("shoulder", "hip"))
    step_s = float(np.median(np.diff(time_s)))
    trunk = np.linalg.norm(shoulders - hips, axis=1)
    trunk = gaussian_mean(running_median(trunk, 0.28 * stride_s / step_s), time_s, SIZE_WIDTH * stride_s)
    leg_px = trunk * float(np.nanmedian(_leg_lengths(xy_px) / trunk[:, None]))
    typical = float(np.median(leg_px))

    steady = running_median(hips, 0.14 * stride_s / step_s)
    jumped = np.linalg.norm(hips - steady, axis=1) > HIP_JUMP * typical
    own = smooth_keeping_bounce(np.where(jumped[:, None], steady, hips), time_s, CALM_WIDTH * stride_s)
    top = smooth_keeping_bounce(
        running_median(shoulders, min(5.0, 0.14 * stride_s / step_s)), time_s, CALM_WIDTH * stride_s
    )
    carried = top + gaussian_mean(own - top, time_s, HIP_WIDTH * stride_s)
    hip = np.stack([0.5 * (carried[:, 0] + own[:, 0]), carried[:, 1]], 1)
    return Body(hip, leg_px, np.array([direction, -1.0]))


def _middle(xy_px: Floats, part: str) -> Floats:
    """Return the middle of the left and right point, (frame, 2), bridged over gaps."""
    middle = xy_px[:, [INDEX[f"left_{part}"], INDEX[f"right_{part}"]]].mean(1)
    frames, seen = np.arange(len(middle)), np.isfinite(middle[:, 0])
    return np.stack([np.interp(frames, frames[seen], middle[seen, axis]) for axis in (0, 1)], 1)


def _leg_lengths(xy_px: Floats) -> Floats:
    """Return the drawn length of both legs, hip to knee to ankle, (frame, 2) pixels."""
    legs = np.stack([xy_px[:, leg_indices(side)] for side in ("left", "right")], 1)
    return np.asarray(np.linalg.norm(np.diff(legs[:, :, HIP:HEEL], axis=2), axis=-1).sum(-1))


# -- the rhythm of a whole clip --------------------------------------------------------------------------------------


def chains_of(xy_px: Floats, body: Body, near: Side) -> Pair:
    """Return the chains (frame, leg joint, 2) labelled near and far by the pose model, leg lengths around the hip."""
    return body.to_body(xy_px[:, leg_indices(near)]), body.to_body(xy_px[:, leg_indices(other(near))])


def find_leg_rhythm(xy_px: Floats, time_s: Floats, *, direction: int) -> Rhythm:
    """Find the rhythm of the legs over all frames given, as if they ran in this direction.

    xy_px  (frame, keypoint, 2) pixels, NaN = unseen
    """
    body = place_body(xy_px, time_s, direction=direction, stride_s=0.7)
    chains = chains_of(xy_px, body, near_side_of(direction))
    trunk = gaussian_mean((_middle(xy_px, "shoulder") - _middle(xy_px, "hip")) * body.flip, time_s, 0.35)
    lean = np.arctan2(trunk[:, 0], trunk[:, 1])
    upright = _turned(LEAN_SHARE * (lean - ORDINARY_LEAN))
    one, two = (np.einsum("nij,nkj->nki", upright, chain) for chain in chains)
    return rhythm_of(one, two, time_s)


def _turned(angle_rad: Floats) -> Floats:
    """Return rotations (frame, 2, 2), + from forward to up."""
    c, s = np.cos(angle_rad), np.sin(angle_rad)
    return np.stack([np.stack([c, -s], -1), np.stack([s, c], -1)], 1)


# -- the repair ------------------------------------------------------------------------------------------------------


class _Drawn(NamedTuple):
    """A stretch as the pose model drew it, leg lengths around the hip; arm_ahead: near elbow before its shoulder."""

    chains: Pair
    peaks: Floats | None
    arm_ahead: Floats
    time_s: Floats
    rhythm: Rhythm


class _Repaired(NamedTuple):
    """What is found of a stretch, as in Legs; ankles (2, frame): where the model has them, fore and aft."""

    xy: Floats
    seen: Floats
    away: Floats
    phase: Floats
    swapped: NDArray[np.bool_]
    explained: Floats
    ankles: Floats

    def part(self, start: int, stop: int) -> _Repaired:
        """Return some frames of it."""
        rows = slice(start, stop)
        values: Any = zip(self, _FRAMES, strict=True)
        return _Repaired(*(value[(slice(None),) * axis + (rows,)] for value, axis in values))


_FRAMES = (1, 1, 1, 0, 0, 0, 1)
"""Which axis of each is the frame."""


def stretches_of(time_s: Floats) -> list[tuple[slice, slice]]:
    """Return the stretches that are repaired one by one: their frames, and those looked at for them, some more."""
    many = max(1, int((time_s[-1] - time_s[0]) / STRETCH_S))
    ends_s = np.linspace(time_s[0], time_s[-1], many + 1)
    ends_s[-1] = np.inf
    first, last = (np.searchsorted(time_s, ends_s + more_s) for more_s in (-AROUND_S, AROUND_S))
    ends = np.searchsorted(time_s, ends_s)
    ends[0] = 0
    return [(slice(ends[k], ends[k + 1]), slice(first[k], last[k + 1])) for k in range(many)]


def repair_legs(xy_px: Floats, peaks_px: Floats | None, time_s: Floats, *, direction: int, rhythm: Rhythm) -> Legs:
    """Separate and complete both legs of a part of the clip that runs.

    A long one is repaired stretch by stretch, so that memory does not grow with it, and the form may change over it.

    xy_px      (frame, keypoint, 2) as drawn by the pose model, NaN = unseen
    peaks_px   (frame, leg joint, peak, 3) or None
    rhythm     of the same frames, from `find_leg_rhythm`
    direction  +1 to the right of the picture, -1 to the left
    """
    body = place_body(xy_px, time_s, direction=direction, stride_s=1 / rhythm.hz)
    stretches = stretches_of(time_s)

    def drawn(rows: slice) -> _Drawn:
        here = replace(rhythm, phase_rad=rhythm.phase_rad[rows], cost=rhythm.cost[rows])
        peaks = None if peaks_px is None else peaks_px[rows]
        return _drawn(xy_px[rows], peaks, time_s[rows], body=body.part(rows), rhythm=here, near=near_side_of(direction))

    surest = [(stretch.stop - stretch.start, _sureness_of_near_leg(drawn(stretch))) for stretch, _ in stretches]
    sureness = sum(many * sure for many, sure in surest) / len(time_s)
    shift_rad = 0.0 if sureness > 0 else np.pi
    parts = [
        _repaired(drawn(wide), shift_rad).part(stretch.start - wide.start, stretch.stop - wide.start)
        for stretch, wide in stretches
    ]
    whole = _Repaired(
        *(np.concatenate(values, axis=axis) for values, axis in zip(zip(*parts, strict=True), _FRAMES, strict=True))
    )
    return Legs(
        xy=level_hips(whole.xy),
        seen=whole.seen,
        smoothed_away=whole.away,
        body=body,
        phase_rad=whole.phase,
        stride_hz=float(np.polyfit(time_s - time_s[0], whole.phase, 1)[0] / (2 * np.pi)),
        swapped=whole.swapped,
        sureness=abs(sureness),
        explained=whole.explained,
        swing_range=float(np.ptp(np.percentile(whole.ankles, [5, 95]))),
    )


def _drawn(xy_px: Floats, peaks_px: Floats | None, time_s: Floats, *, body: Body, rhythm: Rhythm, near: Side) -> _Drawn:
    peaks = None if peaks_px is None else np.concatenate([body.to_body(peaks_px[..., :2]), peaks_px[..., 2:]], -1)
    return _Drawn(chains_of(xy_px, body, near), peaks, _arm_ahead(xy_px, body, near), time_s, rhythm)


def _repaired(drawn: _Drawn, shift_rad: float) -> _Repaired:
    """Repair a stretch whose near leg is at the phase of its rhythm, shifted by this."""
    rhythm, time_s, peaks = drawn.rhythm, drawn.time_s, drawn.peaks
    fit = fit_legs(drawn.chains, peaks, time_s, replace(rhythm, phase_rad=rhythm.phase_rad + shift_rad))
    moved, seen, away = [], [], []
    for chain, model in zip(in_order(drawn.chains, fit.swapped), fit.model, strict=True):
        points, weight, found = move_to_points(chain, model, peaks, time_s=time_s, stride_s=1 / rhythm.hz)
        moved.append(points)
        seen.append(weight)
        away.append(smoothed_away(found, points))
    there = np.any([np.isfinite(chain[:, KNEE:, 0]).any(1) for chain in drawn.chains], axis=0)
    return _Repaired(
        xy=np.array(moved),
        seen=np.array(seen),
        away=np.array(away),
        phase=fit.phase,
        swapped=fit.swapped,
        explained=np.where(there, np.mean([w[:, KNEE:] > 0.25 for w in fit.weights], axis=(0, 2)), np.nan),
        ankles=np.array([model[:, ANKLE, 0] for model in fit.model]),
    )


def smoothed_away(found: Floats, smooth: Floats) -> Floats:
    """Return what is missing from a smoothed leg (frame, leg joint, 2) to where it was found, 0 at the hip.

    The hip is not moved to its points (docs/evidence.md#pose-offsets).
    """
    away = found - smooth
    away[:, HIP] = 0.0
    return away


def level_hips(legs: Floats) -> Floats:
    """Shift the two hips together, up or down, so that their middle keeps its height.

    legs  (2, frame, leg joint, 2) leg lengths; returned in the same shape

    The drawn hip points miss up to half of the bounce; the height of the body's mid-hip, which comes from the
    shoulders, does not (bounce of the hips off by 0.5 instead of 1.2 % of a leg on rendered clips).
    """
    middle = legs[:, :, HIP, 1].mean(0)
    levelled = legs.copy()
    levelled[:, :, HIP, 1] -= middle - np.nanmean(middle)
    return levelled


def _sureness_of_near_leg(drawn: _Drawn) -> float:
    """Return how surely the rhythm is that of the near leg: about 0 a guess, 2 certain, below 0 of the far leg.

    Two witnesses. Most labels of the legs are right in every clip (56 to 100 % of the frames). And the near arm, which
    is never hidden and hardly ever mislabelled, swings against the near leg: its correlation with the lead of the near
    knee is -0.5 to -1.0 in every clip, sprint starts included.
    """
    chains, phase, gait = drawn.chains, drawn.rhythm.phase_rad, drawn.rhythm.gait
    one, two = template_leg(phase, gait), template_leg(phase + np.pi, gait)
    keep = (mismatch(chains[0], one, 0.2) + mismatch(chains[1], two, 0.2)).sum()
    swap = (mismatch(chains[0], two, 0.2) + mismatch(chains[1], one, 0.2)).sum()
    known = np.isfinite(drawn.arm_ahead)
    lead, ahead = (one - two)[known, KNEE, 0], drawn.arm_ahead
    against = -np.corrcoef(ahead[known], lead)[0, 1] if known.sum() > 2 and np.ptp(ahead[known]) > 0 else 0.0
    return float((swap - keep) / (swap + keep) + against)


def _arm_ahead(xy_px: Floats, body: Body, near: Side) -> Floats:
    """Return how far the near elbow is ahead of its shoulder, (frame,) leg lengths."""
    arm = body.to_body(xy_px[:, [INDEX[f"{near}_elbow"], INDEX[f"{near}_shoulder"]]])
    return np.asarray(arm[:, 0, 0] - arm[:, 1, 0])
