"""Find where in the stride each frame is, with a periodic model of a running leg.

A chain is (frame, leg joint, 2): hip, knee, ankle, heel, toe around the mid-hip, in leg lengths, x forward, y up; NaN
is unseen. The labels left and right are not trusted: the two chains may change places from frame to frame. The far leg
does what the near leg did half a stride earlier, so a phase costs the same half a stride later. Which leg is which, the
caller decides by a vote over the labels.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from midstance.model import Floats, Ints

HIP, KNEE, ANKLE, HEEL, TOE = range(5)

TEMPLATE_GATE = 0.20
"""Leg lengths: a joint this far from the template costs half of what a lost one costs."""

PHASES = 36
"""Steps of the phase grid over half a stride."""

STRIDE_HZ = (0.1, 2.6)
"""Strides a second that are searched: from a clip slowed tenfold to a sprinter at 2.4
(docs/evidence.md#two-legs)."""

_ORDERS = 5
"""Harmonics of the half stride kept of the cost over phase; more changed no phase."""
_TURNS = np.exp(2j * np.pi * np.multiply.outer(np.arange(_ORDERS), np.arange(4 * PHASES) / (4 * PHASES)))
"""Each order at evenly spaced phases of the half stride."""

_SEARCH_STRIDES, _FOLLOW_STRIDES = 3.0, 2.0
"""Length of a window: long enough to fix the frequency; then short enough to follow a change of pace."""

EXPLAINED_COST = 1.85
"""Template cost (0..4) below which a window may be running: steady 0.3-1.4, out of the blocks 1.5-1.8, in the wrong
direction 1.95 and more; the guards of the fit decide afterwards."""


# -- a generic stride ------------------------------------------------------------------------------------------------


def _angle_series(mean_deg: float, *amplitude_phase_deg: tuple[float, float]) -> Floats:
    terms = [mean_deg]
    for amplitude, phase in amplitude_phase_deg:
        terms += [amplitude * np.cos(np.radians(phase)), amplitude * np.sin(np.radians(phase))]
    return np.array(terms)


# Round numbers of a textbook stride, degrees from the vertical (foot: from the horizontal), phase 0 = foot strike. They
# only find the first phase; scaling any harmonic by 0.65 to 1.35 changed no result (docs/evidence.md#two-legs).
_THIGH = _angle_series(9, (23, -42), (8, 125), (2, 125))
_SHANK = _angle_series(-38, (34, 14), (16, -67), (2, -25))
_FOOT = _angle_series(-36, (46, 14), (8, -95), (4, -100))


class Gait(NamedTuple):
    """How far the thigh and the lower leg of a generic stride swing, in those of a jog."""

    thigh: float
    lower_leg: float


JOG, SPRINT = Gait(1.0, 1.0), Gait(1.7, 1.4)
"""The knees come 113 degrees apart at 9.5 m/s and 60 at 3.5, and bend by 150 and 111 (docs/evidence.md#swing-angle).
On a rendered sprint of 9 m/s a jog explains nothing (cost 2.3), the sprint does (1.4). Who walks, balances or runs the
other way comes no nearer to it than to the jog. Real sprint starts are explained by the jog, and better."""


def template_leg(phase_rad: Floats, gait: Gait = JOG) -> Floats:
    """Return the leg of a generic runner at each phase of the stride, (frame, leg joint, 2); phase 0 is strike."""
    basis = fourier(phase_rad, 3)
    swings = (_THIGH, gait.thigh), (_SHANK, gait.lower_leg), (_FOOT, gait.lower_leg)
    thigh, shank, foot = (np.radians(basis @ series * wider) for series, wider in swings)
    along = np.stack([np.cos(foot), np.sin(foot)], -1)
    knee = 0.5 * _hanging(thigh)
    ankle = knee + 0.5 * _hanging(shank)
    heel = ankle - 0.05 * along + 0.07 * _hanging(foot)
    return np.stack([np.zeros_like(knee), knee, ankle, heel, heel + 0.27 * along], 1)


def _hanging(angle_rad: Floats) -> Floats:
    return np.stack([np.sin(angle_rad), -np.cos(angle_rad)], -1)


def fourier(phase_rad: Floats, harmonics: int) -> Floats:
    """Return 1, cos, sin, cos 2, sin 2 ... of the phase, (frame, 1 + 2 harmonics)."""
    multiples = np.multiply.outer(phase_rad, np.arange(1, harmonics + 1))
    waves = np.stack([np.cos(multiples), np.sin(multiples)], -1).reshape(len(phase_rad), -1)
    return np.column_stack([np.ones(len(phase_rad)), waves])


def fourier_slope(phase_rad: Floats, harmonics: int) -> Floats:
    """Return the derivative of `fourier` by the phase, same shape."""
    orders = np.arange(1, harmonics + 1)
    multiples = np.multiply.outer(phase_rad, orders)
    waves = np.stack([-orders * np.sin(multiples), orders * np.cos(multiples)], -1).reshape(len(phase_rad), -1)
    return np.column_stack([np.zeros(len(phase_rad)), waves])


# -- distances -------------------------------------------------------------------------------------------------------


def mismatch(chain: Floats, model: Floats, gate: float) -> Floats:
    """Add up a saturating cost of knee to toe, (frame,): 0 = all on the model, 1 for each joint far off or unseen."""
    squared = (np.square(chain - model).sum(-1) / gate**2)[..., KNEE:]
    cost = squared / (1 + squared)
    return cast("Floats", np.where(np.isfinite(cost), cost, 1.0).sum(-1))


def agreement(chain: Floats, model: Floats, gate: float) -> Floats:
    """Return a robust weight 0..1 of each point, (frame, joint): 1 on the model, a quarter at the gate, 0 unseen."""
    squared = np.square(chain - model).sum(-1) / gate**2
    return cast("Floats", np.nan_to_num(1 / (1 + squared) ** 2))


def cheapest_path(keep: Floats, swap: Floats, switch_cost: float) -> NDArray[np.bool_]:
    """Find the cheapest sequence of two states (Viterbi); (frame,) True where the chains change places.

    keep, swap   (frame,) cost of either state
    switch_cost  of a change from one frame to the next
    """
    came = np.empty((len(keep), 2), bool)
    kept, swapped = float(keep[0]), float(swap[0])
    for i, (k, s) in enumerate(zip(keep[1:].tolist(), swap[1:].tolist(), strict=True), start=1):
        came[i] = swapped + switch_cost < kept, swapped <= kept + switch_cost
        kept, swapped = min(kept, swapped + switch_cost) + k, min(swapped, kept + switch_cost) + s
    path = np.empty(len(keep), bool)
    path[-1] = swapped < kept
    for i in range(len(keep) - 1, 0, -1):
        path[i - 1] = came[i, int(path[i])]
    return path


# -- phase -----------------------------------------------------------------------------------------------------------


BLOCK = 4096
"""Frames whose cost is in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """The first guess of a stride, blind to which leg is which.

    hz          strides a second over the windows that look like running
    phase_rad   (frame,) stride phase, true up to half a stride
    cost        (frame,) template cost 0..4 of the window around each frame; under EXPLAINED_COST it looks like running
    gait        the generic stride that explains them
    """

    hz: float
    phase_rad: Floats
    cost: Floats
    gait: Gait = JOG


def rhythm_of(chain_a: Floats, chain_b: Floats, time_s: Floats) -> Rhythm:
    """Find the rhythm of a jog or, where a jog explains nothing, of a sprint.

    chain_a, chain_b  (frame, leg joint, 2), NaN = unseen
    time_s            (frame,)
    """
    jog = _rhythm(_spectrum_of(chain_a, chain_b, JOG), time_s)
    if (jog.cost < EXPLAINED_COST).any():
        return jog
    return replace(_rhythm(_spectrum_of(chain_a, chain_b, SPRINT), time_s), gait=SPRINT)


def _spectrum_of(chain_a: Floats, chain_b: Floats, gait: Gait) -> NDArray[np.complex128]:
    """Return the spectrum of the cost of all frames, a block of them after the other: the cost is large."""
    starts = range(0, len(chain_a), BLOCK)
    blocks = [_spectrum(phase_cost(chain_a[i : i + BLOCK], chain_b[i : i + BLOCK], gait)) for i in starts]
    return np.concatenate(blocks)


def phase_cost(chain_a: Floats, chain_b: Floats, gait: Gait = JOG) -> Floats:
    """Return the cost 0..4 of knee and ankle on the template, (frame, PHASES); NaN where there are no legs.

    The better of both assignments of the chains to the legs counts.
    """
    grid = np.pi * np.arange(2 * PHASES) / PHASES
    leg = template_leg(grid, gait)[:, [HIP, KNEE, ANKLE]]
    a = mismatch(chain_a[:, None, :3], leg[None], TEMPLATE_GATE)
    b = mismatch(chain_b[:, None, :3], leg[None], TEMPLATE_GATE)
    cost = np.minimum(a[:, :PHASES] + b[:, PHASES:], a[:, PHASES:] + b[:, :PHASES])
    unseen = ~np.isfinite(chain_a[:, KNEE, 0]) & ~np.isfinite(chain_b[:, KNEE, 0])
    return np.where(unseen[:, None], np.nan, cost)


def find_rhythm(cost: Floats, time_s: Floats) -> Rhythm:
    """Find the stride that explains most of the clip, then follow it window by window.

    cost    (frame, PHASES) of `phase_cost`
    """
    return _rhythm(_spectrum(cost), time_s)


def _rhythm(spectrum: NDArray[np.complex128], time_s: Floats) -> Rhythm:
    duration = float(time_s[-1] - time_s[0])
    low = max(STRIDE_HZ[0], 1.0 / duration)
    candidates = np.geomspace(low, max(STRIDE_HZ[1], low * 1.1), 1 + round(np.log(STRIDE_HZ[1] / low) / 0.015))
    gains = [_gain(_windows(spectrum, time_s, hz, strides=_SEARCH_STRIDES, hop=0.5)) for hz in candidates]
    return _follow(spectrum, time_s, float(candidates[int(np.argmax(gains))]))


def _spectrum(cost: Floats) -> NDArray[np.complex128]:
    """Expand cost over phase as a Fourier series of the half stride, (frame, orders + 1); last column: 1 if seen."""
    seen = np.isfinite(cost[:, 0])
    coefficients = np.fft.rfft(np.nan_to_num(cost), axis=1)[:, :_ORDERS] / cost.shape[1]
    coefficients[:, 1:] *= 2
    return np.column_stack([coefficients, seen])


def _windows(
    spectrum: NDArray[np.complex128], time_s: Floats, hz: float, *, strides: float, hop: float
) -> tuple[Floats, Floats, Floats, Floats]:
    """Return, for windows of a few strides, middle time, best phase there, its cost, and the seconds they cover."""
    duration = float(time_s[-1] - time_s[0])
    width = min(duration, strides / hz)
    starts = time_s[0] + np.linspace(0, duration - width, 1 + int(np.ceil((duration - width) / (hop * width))))
    first = np.searchsorted(time_s, starts - 1e-9)
    last = np.searchsorted(time_s, starts + width + 1e-9)
    summed = _turned_sums(spectrum, time_s, hz, np.concatenate([first, last]))
    total = summed[len(first) :] - summed[: len(first)]
    seen = np.maximum(total[:, -1].real, 1e-9)
    over_phase = (total[:, :-1] @ _TURNS).real / seen[:, None]
    best = over_phase.argmin(1)
    middle = starts + width / 2
    phase = np.pi * best / (4 * PHASES) + 2 * np.pi * hz * (middle - time_s[0])
    frames = np.maximum(last - first, 1)
    covered = seen / frames * duration / len(starts)
    cost = np.where(seen < 0.5 * frames, np.inf, over_phase[np.arange(len(best)), best])
    return middle, phase, cost, covered


def _turned_sums(spectrum: NDArray[np.complex128], time_s: Floats, hz: float, frames: Ints) -> NDArray[np.complex128]:
    """Sum the spectrum, turned back by the phase of a stride rate, over all frames before each of some."""
    found = np.zeros((len(frames), _ORDERS + 1), complex)
    so_far = np.zeros((1, _ORDERS + 1), complex)
    for start in range(0, len(time_s), BLOCK):  # of a long clip the sums up to every frame are large
        here = slice(start, start + BLOCK)
        turn = np.vander(np.exp(2j * np.pi * 2 * hz * (time_s[here] - time_s[0])), _ORDERS, increasing=True)
        sums = np.cumsum(np.concatenate([so_far, spectrum[here] * np.column_stack([turn, turn[:, 0]])]), 0)
        inside = (frames > start) & (frames < start + len(sums))
        found[inside] = sums[frames[inside] - start]
        so_far = sums[-1:]
    return found


def _gain(windows: tuple[Floats, Floats, Floats, Floats]) -> float:
    """Measure how much of the clip a frequency explains, and how well."""
    _, _, cost, covered = windows
    return float((np.clip(2.0 - cost, 0, None) * covered).sum())


def _follow(spectrum: NDArray[np.complex128], time_s: Floats, hz: float) -> Rhythm:
    """Join the phase over windows, each at the best frequency near hz."""
    near = hz * np.geomspace(0.8, 1.25, 46)
    tried = [_windows(spectrum, time_s, f, strides=_FOLLOW_STRIDES, hop=0.15) for f in near]
    counts = min(len(w[0]) for w in tried)
    middle = np.linspace(tried[0][0][0], tried[0][0][-1], counts)
    cost = np.array([np.interp(middle, w[0], np.minimum(w[2], 4.0)) for w in tried])
    pick = cost.argmin(0)
    rate = near[pick]
    phase = np.array([_phase_at(tried[k], near[k], m) for k, m in zip(pick, middle, strict=True)])
    for i in range(1, counts):
        expected = phase[i - 1] + np.pi * (rate[i - 1] + rate[i]) * (middle[i] - middle[i - 1])
        phase[i] += np.pi * np.round((expected - phase[i]) / np.pi)
    best = cost.min(0)
    good = best < EXPLAINED_COST
    return Rhythm(
        hz=float(np.median(rate[good])) if good.any() else hz,
        phase_rad=_extended(time_s, middle, phase, rate),
        cost=np.interp(time_s, middle, best),
    )


def _phase_at(windows: tuple[Floats, Floats, Floats, Floats], hz: float, when_s: float) -> float:
    nearest = int(np.abs(windows[0] - when_s).argmin())
    return float(windows[1][nearest] + 2 * np.pi * hz * (when_s - windows[0][nearest]))


def _extended(time_s: Floats, middle: Floats, phase: Floats, rate: Floats) -> Floats:
    """Interpolate the phase of every frame between the windows' middles, and carry it on at the ends."""
    inside = np.interp(time_s, middle, phase)
    before = 2 * np.pi * rate[0] * np.minimum(time_s - middle[0], 0)
    after = 2 * np.pi * rate[-1] * np.maximum(time_s - middle[-1], 0)
    return np.asarray(inside + before + after)


# -- shapes ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Shapes:
    """The path of each joint of the two legs over the phase.

    coefficients  (2, leg joint, term, 2): near and far leg; terms are those of `fourier`, then a linear drift
    """

    coefficients: Floats
    harmonics: int

    def at(self, phase_rad: Floats, leg: int) -> Floats:
        """Return the points (frame, leg joint, 2) of leg 0 (near) or 1 (far, half a stride later)."""
        return self._sum(fourier(phase_rad + np.pi * leg, self.harmonics), np.linspace(-1, 1, len(phase_rad)), leg)

    def slope(self, phase_rad: Floats, leg: int) -> Floats:
        """Return the derivative of `at` by the phase."""
        return self._sum(fourier_slope(phase_rad + np.pi * leg, self.harmonics), np.zeros(len(phase_rad)), leg)

    def _sum(self, waves: Floats, drift: Floats, leg: int) -> Floats:
        return cast("Floats", np.einsum("nk,jkd->njd", np.column_stack([waves, drift]), self.coefficients[leg]))


def fit_shapes(
    chains: tuple[Floats, Floats],
    weights: tuple[Floats, Floats],
    phase_rad: Floats,
    *,
    harmonics: int,
    shared: tuple[float, float],
) -> Shapes:
    """Fit a weighted Fourier series and linear drift of every joint: one shape for both legs, then each near it.

    chains, weights   of the near and the far leg; a point of weight 0 may be NaN
    shared            pull of each leg towards the common shape: the far leg is hidden in the same part of every stride
    The drift follows a camera that turns after the runner and sees the two legs come apart.
    """
    n = len(phase_rad)
    drift = np.linspace(-1, 1, n)
    bases = [np.column_stack([fourier(phase_rad + np.pi * leg, harmonics), drift]) for leg in (0, 1)]
    orders = np.r_[np.repeat(np.arange(harmonics + 1), [1] + [2] * harmonics), 0]
    smooth = np.diag(2e-5 * n * orders**4.0 + 1e-6)
    waves = (orders > 0).astype(float)
    pulls = [n * np.diag(0.02 * (1 - waves) + 0.5 * pull * waves) for pull in shared]
    coefficients = np.empty((2, chains[0].shape[1], bases[0].shape[1], 2))
    for joint in range(chains[0].shape[1]):
        sums = [_normal_sums(bases[leg], weights[leg][:, joint], chains[leg][:, joint]) for leg in (0, 1)]
        common = np.linalg.solve(sums[0][0] + sums[1][0] + smooth, sums[0][1] + sums[1][1])
        for leg, pull in enumerate(pulls):
            squares, products = sums[leg]
            coefficients[leg, joint] = np.linalg.solve(squares + pull + smooth, products + pull @ common)
    return Shapes(coefficients=coefficients, harmonics=harmonics)


def _normal_sums(basis: Floats, weight: Floats, points: Floats) -> tuple[Floats, Floats]:
    weighted = basis.T * weight
    return weighted @ basis, weighted @ np.nan_to_num(points)
