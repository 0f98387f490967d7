"""Repair the legs of one person as drawn by the pose model: the near and the far leg, complete and not mixed up.

The pose model swaps the legs as they pass and draws one on top of the other. Running is periodic, so the whole clip
decides: a phase and a shape per joint are fitted to both legs at once, while every frame's two chains are assigned to
near and far. What is far from the prediction does not count. Then the prediction is moved towards the points that agree
with it. All widths in time are shares of a stride, so slow-motion film is treated alike.

Method and measured effect of each number: docs/decisions/legs.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from midstance.kinematics.smoothing import gaussian_mean, running_median, smooth_keeping_bounce, time_kernel
from midstance.model import Floats, Side
from midstance.skeleton import INDEX, leg_indices, other
from midstance.tracking.gait_phase import (
    ANKLE,
    HEEL,
    HIP,
    KNEE,
    Rhythm,
    Shapes,
    agreement,
    cheapest_path,
    fit_shapes,
    mismatch,
    rhythm_of,
    template_leg,
)
from midstance.tracking.orientation import near_side_of

HARMONICS = 5
ROUNDS = 14
"""Rounds of assigning, fitting and correcting the phase; the gate shrinks from the first to the last of them."""
GATES = (0.20, 0.06)
"""Leg lengths: a point this far off counts a quarter."""
SWITCH_COST = 0.5
"""Of changing the assignment from one frame to the next; a chain of four joints costs 0 to 4 a frame."""
SHARED = (0.05, 0.5)
"""Pull of the near and the far leg towards the common shape; strong for the far one, hidden once every stride."""
SHARED_AT_FIRST = 0.15
PEAK_FROM, PEAK_WITHIN = 0.06, 0.15
"""Leg lengths: a point further off than the first gives way to a heatmap peak nearer than the second."""
BACK_TO_DATA = ((0.42, 0.15), (0.028, 0.10))
"""Passes from the prediction to the points: width in strides, gate in leg lengths. First drift and perspective, then
single frames."""
STIFF_ANKLE = 0.1
"""Weight of "the foot turns with the shank" where heel or toe are not seen; none where they are."""
PRIOR = 0.2
"""Weight of "as predicted" against a fully seen point."""
PHASE_WIDTH = 0.17
SIZE_WIDTH = 0.55
HIP_WIDTH = 0.35
CALM_WIDTH = 0.035
"""Shares of a stride: smoothing of the phase correction, the size, the hip against the shoulders, the shoulders."""
LEAN_SHARE, ORDINARY_LEAN = 0.3, np.radians(8)
"""Out of the blocks the legs work in a frame that leans with the trunk, by about a third of its lean."""
HIP_JUMP = 0.06
"""Leg lengths: a hip point this far from its neighbours in time is a slip of the pose model."""


_Pair = tuple[Floats, Floats]


class Body(NamedTuple):
    """Place and size of the body in the picture.

    hip_px     (frame, 2) mid-hip
    leg_px     (frame,) pixels per leg length
    flip       what turns picture axes into x forward, y up
    """

    hip_px: Floats
    leg_px: Floats
    flip: Floats

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


def chains_of(xy_px: Floats, body: Body, near: Side) -> _Pair:
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


def repair_legs(xy_px: Floats, peaks_px: Floats | None, time_s: Floats, *, direction: int, rhythm: Rhythm) -> Legs:
    """Separate and complete both legs of a stretch that runs.

    xy_px      (frame, keypoint, 2) as drawn by the pose model, NaN = unseen
    peaks_px   (frame, leg joint, peak, 3) or None
    rhythm     of the same frames, from `find_leg_rhythm`
    direction  +1 to the right of the picture, -1 to the left
    """
    body = place_body(xy_px, time_s, direction=direction, stride_s=1 / rhythm.hz)
    drawn = chains_of(xy_px, body, near_side_of(direction))
    peaks = None if peaks_px is None else np.concatenate([body.to_body(peaks_px[..., :2]), peaks_px[..., 2:]], -1)
    phase, sureness = _phase_of_near_leg(drawn, _arm_ahead(xy_px, body, near_side_of(direction)), rhythm)
    fit = _fit(drawn, peaks, time_s, replace(rhythm, phase_rad=phase))
    moved, seen, away = [], [], []
    for chain, model in zip(_in_order(drawn, fit.swapped), fit.model, strict=True):
        points, weight, found = _move_to_points(chain, model, peaks, time_s=time_s, stride_s=1 / rhythm.hz)
        moved.append(points)
        seen.append(weight)
        away.append(smoothed_away(found, points))
    legs = level_hips(np.array(moved))
    there = np.isfinite(drawn[0][:, KNEE:, 0]).any(1) | np.isfinite(drawn[1][:, KNEE:, 0]).any(1)
    ankles = np.concatenate([model[:, ANKLE, 0] for model in fit.model])
    return Legs(
        xy=legs,
        seen=np.array(seen),
        smoothed_away=np.array(away),
        body=body,
        phase_rad=fit.phase,
        stride_hz=float(np.polyfit(time_s - time_s[0], fit.phase, 1)[0] / (2 * np.pi)),
        swapped=fit.swapped,
        sureness=sureness,
        explained=np.where(there, np.mean([w[:, KNEE:] > 0.25 for w in fit.weights], axis=(0, 2)), np.nan),
        swing_range=float(np.ptp(np.percentile(ankles, [5, 95]))),
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


class _Fit(NamedTuple):
    phase: Floats
    model: _Pair
    swapped: NDArray[np.bool_]
    weights: _Pair


def _fit(drawn: _Pair, peaks: Floats | None, time_s: Floats, rhythm: Rhythm) -> _Fit:
    """Assign the chains, fit the shapes, correct the phase, again and again with a tightening gate."""
    phase = rhythm.phase_rad
    model = template_leg(phase, rhythm.gait), template_leg(phase + np.pi, rhythm.gait)
    narrow = time_kernel(time_s, PHASE_WIDTH / rhythm.hz)
    wide = time_kernel(time_s, 1.5 / rhythm.hz)
    for k, gate in enumerate(np.geomspace(*GATES, ROUNDS)):
        late = k >= ROUNDS // 2
        swapped = _swapped_frames(drawn, model, gate)
        seen, trust = zip(
            *(
                _with_peaks(chain, shape, peaks if late else None)
                for chain, shape in zip(_in_order(drawn, swapped), model, strict=True)
            ),
            strict=True,
        )
        weights = tuple(t * agreement(s, m, gate) for s, m, t in zip(seen, model, trust, strict=True))
        least = SHARED_AT_FIRST if k < ROUNDS - 3 else 0.0
        shapes = fit_shapes(
            *_with_stiff_ankles(seen, weights, model),
            phase,
            harmonics=min(HARMONICS, 2 + k),
            shared=(max(SHARED[0], least), max(SHARED[1], least)),
        )
        phase = phase + _phase_step(shapes, seen, weights, phase=phase, blur=narrow if late else wide)
        model = shapes.at(phase, 0), shapes.at(phase, 1)
    return _Fit(phase, model, swapped, (weights[0], weights[1]))


def _with_stiff_ankles(seen: _Pair, weights: _Pair, model: _Pair) -> tuple[_Pair, _Pair]:
    """Pull heel and toe lightly to where a foot that turns with its shank would have them; points and weights.

    Where a foot is never seen at some phase of the stride the series would run wild there; the ankle moves by 30
    degrees at most, the shank by a hundred.
    """
    frames = [_shank_axes(leg) for leg in model]
    around = [
        np.einsum("nij,nkj->nki", axes, leg[:, HEEL:] - leg[:, [ANKLE]]) for axes, leg in zip(frames, seen, strict=True)
    ]
    total = sum(np.einsum("nk,nkj->kj", w[:, HEEL:], np.nan_to_num(p)) for w, p in zip(weights, around, strict=True))
    mean = total / (sum(w[:, HEEL:].sum(0) for w in weights)[:, None] + 1e-9)
    points, heavier = [], []
    for axes, leg, drawn, weight in zip(frames, model, seen, weights, strict=True):
        stiff = leg[:, [ANKLE]] + np.einsum("nji,kj->nki", axes, mean)
        w = weight[:, HEEL:, None]
        point, more = np.nan_to_num(drawn), weight.copy()
        pull = STIFF_ANKLE * (1 - w) ** 2
        point[:, HEEL:] = (w * point[:, HEEL:] + pull * stiff) / (w + pull)
        more[:, HEEL:] += pull[..., 0]
        points.append(point)
        heavier.append(more)
    return (points[0], points[1]), (heavier[0], heavier[1])


def _shank_axes(leg: Floats) -> Floats:
    """Return unit vectors along the shank and perpendicular to it, as rows, (frame, 2, 2)."""
    along = leg[:, ANKLE] - leg[:, KNEE]
    along = along / np.linalg.norm(along, axis=1, keepdims=True)
    return np.stack([along, np.stack([-along[:, 1], along[:, 0]], -1)], 1)


def _phase_of_near_leg(drawn: _Pair, arm_ahead: Floats, rhythm: Rhythm) -> tuple[Floats, float]:
    """Choose which of the two half strides is the near leg's, and say how sure: about 0 a guess, 2 certain.

    Two witnesses. Most labels of the legs are right in every clip (56 to 100 % of the frames). And the near arm, which
    is never hidden and hardly ever mislabelled, swings against the near leg: its correlation with the lead of the near
    knee is -0.5 to -1.0 in every clip, sprint starts included.
    """
    phase = rhythm.phase_rad
    one, two = template_leg(phase, rhythm.gait), template_leg(phase + np.pi, rhythm.gait)
    keep = (mismatch(drawn[0], one, 0.2) + mismatch(drawn[1], two, 0.2)).sum()
    swap = (mismatch(drawn[0], two, 0.2) + mismatch(drawn[1], one, 0.2)).sum()
    known = np.isfinite(arm_ahead)
    lead = (one - two)[known, KNEE, 0]
    against = -np.corrcoef(arm_ahead[known], lead)[0, 1] if known.sum() > 2 and np.ptp(arm_ahead[known]) > 0 else 0.0
    sureness = float((swap - keep) / (swap + keep) + against)
    return (phase, sureness) if sureness > 0 else (phase + np.pi, -sureness)


def _arm_ahead(xy_px: Floats, body: Body, near: Side) -> Floats:
    """Return how far the near elbow is ahead of its shoulder, (frame,) leg lengths."""
    arm = body.to_body(xy_px[:, [INDEX[f"{near}_elbow"], INDEX[f"{near}_shoulder"]]])
    return np.asarray(arm[:, 0, 0] - arm[:, 1, 0])


def _swapped_frames(drawn: _Pair, model: _Pair, gate: float) -> NDArray[np.bool_]:
    keep = mismatch(drawn[0], model[0], gate) + mismatch(drawn[1], model[1], gate)
    swap = mismatch(drawn[0], model[1], gate) + mismatch(drawn[1], model[0], gate)
    return cheapest_path(keep, swap, SWITCH_COST)


def _in_order(drawn: _Pair, swapped: NDArray[np.bool_]) -> _Pair:
    change = swapped[:, None, None]
    return np.where(change, drawn[1], drawn[0]), np.where(change, drawn[0], drawn[1])


def _with_peaks(chain: Floats, model: Floats, peaks: Floats | None) -> _Pair:
    """Replace points far from the prediction by the nearest heatmap peak; return the chain and a trust 0..1 in each."""
    if peaks is None:
        return chain, np.ones(chain.shape[:2])
    off = np.nan_to_num(np.linalg.norm(chain - model, axis=2), nan=np.inf)
    distance = np.nan_to_num(np.linalg.norm(peaks[..., :2] - model[:, :, None], axis=3), nan=np.inf)
    nearest = distance.argmin(2)[..., None]
    peak = np.take_along_axis(peaks, nearest[..., None], 2)[:, :, 0]
    reach = np.take_along_axis(distance, nearest, 2)[..., 0]
    better = (off > PEAK_FROM) & (reach < np.minimum(off - 0.02, PEAK_WITHIN))
    better[:, HIP] = False
    trust = np.where(better, 0.3 + 0.7 * np.minimum(1, peak[..., 2] / 0.5), 1.0)
    return np.where(better[..., None], peak[..., :2], chain), trust


def _phase_step(shapes: Shapes, seen: _Pair, weights: _Pair, *, phase: Floats, blur: csr_matrix) -> Floats:
    """Return the correction of the phase that brings the prediction nearer along its own path, smoothed in time."""
    pull, push = np.zeros(len(phase)), np.zeros(len(phase))
    for leg in (0, 1):
        slope = shapes.slope(phase, leg)
        gap = np.nan_to_num(seen[leg] - shapes.at(phase, leg))
        pull += (weights[leg][..., None] * slope * gap)[:, KNEE:].sum((1, 2))
        push += (weights[leg][..., None] * slope**2)[:, KNEE:].sum((1, 2))
    room = blur @ np.ones(len(phase))
    return cast("Floats", np.clip((blur @ pull) / (blur @ push + 0.02 * push.mean() * room + 1e-9), -0.4, 0.4))


def _move_to_points(
    chain: Floats, model: Floats, peaks: Floats | None, *, time_s: Floats, stride_s: float
) -> tuple[Floats, Floats, Floats]:
    """Move the prediction to the points that agree with it; return it, how far each was really seen, and the points."""
    for width, gate in BACK_TO_DATA:
        found, trust = _with_peaks(chain, model, peaks)
        weight = trust * agreement(found, model, gate)
        blur = time_kernel(time_s, width * stride_s)
        room = blur @ np.ones(len(time_s))
        flat = (weight[..., None] * np.nan_to_num(found - model)).reshape(len(model), -1)
        shift = (blur @ flat).reshape(model.shape) / (blur @ weight + PRIOR * room[:, None])[..., None]
        shift[:, HIP] = 0
        model = model + shift
    return model, weight, found
