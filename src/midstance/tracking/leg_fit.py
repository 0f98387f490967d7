"""Fit the paths of both legs to a stretch of running, and move them towards the points that agree.

Running is periodic: a phase and a shape per joint are fitted to both legs at once, while every frame's two chains are
assigned to near and far. How well this does: docs/decisions/legs.md.
"""

from __future__ import annotations

from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from midstance.kinematics.smoothing import TimeKernel
from midstance.model import Floats
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
    template_leg,
)

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
"""Smoothing of the phase correction, a share of a stride."""


Pair = tuple[Floats, Floats]
"""The near and the far leg."""


class Fit(NamedTuple):
    """The paths that were fitted.

    phase    (frame,) stride phase of the near leg
    model    (frame, leg joint, 2) where each leg should be
    swapped  (frame,) True where the two chains were the wrong way round
    weights  (frame, leg joint) how well each point agrees with its leg
    """

    phase: Floats
    model: Pair
    swapped: NDArray[np.bool_]
    weights: Pair


def fit_legs(drawn: Pair, peaks: Floats | None, time_s: Floats, rhythm: Rhythm) -> Fit:
    """Assign the chains, fit the shapes, correct the phase, again and again with a tightening gate."""
    phase = rhythm.phase_rad
    model = template_leg(phase, rhythm.gait), template_leg(phase + np.pi, rhythm.gait)
    narrow = TimeKernel(time_s, PHASE_WIDTH / rhythm.hz)
    wide = TimeKernel(time_s, 1.5 / rhythm.hz)
    for k, gate in enumerate(np.geomspace(*GATES, ROUNDS)):
        late = k >= ROUNDS // 2
        swapped = _swapped_frames(drawn, model, gate)
        seen, trust = zip(
            *(
                _with_peaks(chain, shape, peaks if late else None)
                for chain, shape in zip(in_order(drawn, swapped), model, strict=True)
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
    return Fit(phase, model, swapped, (weights[0], weights[1]))


def _with_stiff_ankles(seen: Pair, weights: Pair, model: Pair) -> tuple[Pair, Pair]:
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


def _swapped_frames(drawn: Pair, model: Pair, gate: float) -> NDArray[np.bool_]:
    keep = mismatch(drawn[0], model[0], gate) + mismatch(drawn[1], model[1], gate)
    swap = mismatch(drawn[0], model[1], gate) + mismatch(drawn[1], model[0], gate)
    return cheapest_path(keep, swap, SWITCH_COST)


def in_order(drawn: Pair, swapped: NDArray[np.bool_]) -> Pair:
    """Return the chains of the near and the far leg."""
    change = swapped[:, None, None]
    return np.where(change, drawn[1], drawn[0]), np.where(change, drawn[0], drawn[1])


def _with_peaks(chain: Floats, model: Floats, peaks: Floats | None) -> Pair:
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


def _phase_step(shapes: Shapes, seen: Pair, weights: Pair, *, phase: Floats, blur: TimeKernel) -> Floats:
    """Return the correction of the phase that brings the prediction nearer along its own path, smoothed in time."""
    pull, push = np.zeros(len(phase)), np.zeros(len(phase))
    for leg in (0, 1):
        slope = shapes.slope(phase, leg)
        gap = np.nan_to_num(seen[leg] - shapes.at(phase, leg))
        pull += (weights[leg][..., None] * slope * gap)[:, KNEE:].sum((1, 2))
        push += (weights[leg][..., None] * slope**2)[:, KNEE:].sum((1, 2))
    return cast("Floats", np.clip((blur @ pull) / (blur @ push + 0.02 * push.mean() * blur.room + 1e-9), -0.4, 0.4))


def move_to_points(
    chain: Floats, model: Floats, peaks: Floats | None, *, time_s: Floats, stride_s: float
) -> tuple[Floats, Floats, Floats]:
    """Move the prediction to the points that agree with it; return it, how far each was really seen, and the points."""
    for width, gate in BACK_TO_DATA:
        found, trust = _with_peaks(chain, model, peaks)
        weight = trust * agreement(found, model, gate)
        blur = TimeKernel(time_s, width * stride_s)
        flat = (weight[..., None] * np.nan_to_num(found - model)).reshape(len(model), -1)
        shift = (blur @ flat).reshape(model.shape) / (blur @ weight + PRIOR * blur.room[:, None])[..., None]
        shift[:, HIP] = 0
        model = model + shift
    return model, weight, found
