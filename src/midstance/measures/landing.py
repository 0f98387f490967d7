"""Give an angle back the corner that smoothing rounded off where a foot strikes (docs/decisions/strike.md).

Shank, knee and foot change their rate within a few hundredths of a second as the foot lands. The repair of the legs
(tracking/leg_fit.py) smooths straight through it. What it does to a corner is known; so how sharp the corner is,
can be read from the points as they were drawn. One sharpness for all strikes of both feet: a single one shows too
little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np

from midstance.kinematics.curves import Corners, Curve, speed
from midstance.kinematics.geometry import wrap_deg
from midstance.kinematics.smoothing import TimeKernel
from midstance.model import Floats, Side, Track
from midstance.skeleton import leg_indices
from midstance.tracking.gait_phase import KNEE, fourier
from midstance.tracking.leg_fit import BACK_TO_DATA, HARMONICS, PRIOR

WIDTH = 0.07
"""Shares of a stride over which a corner fades."""
REACH = 0.17
"""Shares of a stride before and after a strike in which its corner is looked for."""
SHARPNESS = 0.5
"""How sharp corners usually are: the jump of the rate as a share of the ordinary rate of the same curve. Against this
stands the scatter of the points as drawn: where they scatter much, the curve stays nearly as smooth as it was."""


class Evidence(NamedTuple):
    """Sums over the frames of one foot, of an angle in degrees.

    shown      lost x missing, near the strikes
    possible   lost squared, there
    scatter    missing squared, elsewhere
    frames     how many of them
    rate       mean square of the rate of the curve
    """

    shown: float
    possible: float
    scatter: float
    frames: float
    rate: float


class Landing:
    """What the repair made of sharp corners at the strikes of one foot.

    track      a track with smoothed_away
    strikes_s  moments of the strikes
    """

    def __init__(self, track: Track, side: Side, strikes_s: Sequence[float]) -> None:
        stride_s = 1 / track.stride_hz
        moments = np.sort(np.array(strikes_s, dtype=float))
        self._seen = track.seen[:, leg_indices(side)[KNEE:]].min(axis=1)
        self._corners = Corners(moments, WIDTH * stride_s)
        sharp = self._corners.at(track.time_s)
        self._lost = lost_by_repair(track, self._seen, sharp)
        self._kept = sharp - self._lost
        self._near = np.abs(self._corners.late_s(track.time_s)).min(axis=-1) < REACH * stride_s

    def with_corner(self, smooth: Curve, jump: float) -> Curve:
        """Return the curve with corners of this jump of its rate, and without what the repair had left of them."""
        corners = replace(self._corners, jump=jump)
        return replace(smooth, values=smooth.values - jump * self._kept, corners=corners)

    def evidence(self, smooth: Curve, drawn: Floats) -> Evidence:
        """Compare what the drawn values have more than the smooth ones with what a corner would have lost."""
        missing = np.nan_to_num(wrap_deg(drawn - smooth.values))
        weight = self._seen * (missing != 0.0)
        here, elsewhere = weight * self._near, weight * ~self._near
        return Evidence(
            shown=float(here @ (self._lost * missing)),
            possible=float(here @ self._lost**2),
            scatter=float(elsewhere @ missing**2),
            frames=float(elsewhere.sum()),
            rate=_mean_square(speed(smooth.time_s, smooth.values)),
        )


def _mean_square(values: Floats) -> float:
    """Return the mean of the squares of what is seen; 0 where nothing is."""
    seen = values[np.isfinite(values)]
    return float(np.mean(seen**2)) if len(seen) else 0.0


def with_corners(
    smooth: Mapping[Side, Curve], drawn: Mapping[Side, Floats], landings: Mapping[Side, Landing]
) -> Mapping[Side, Curve]:
    """Return an angle of both sides, degrees, with the corner that the drawn values show; NaN values do not count."""
    sums = Evidence(*np.sum([landings[side].evidence(smooth[side], drawn[side]) for side in smooth], axis=0).tolist())
    if not (sums.possible and sums.frames and sums.rate > 0):
        return smooth
    caution = (sums.scatter / sums.frames) / (SHARPNESS**2 * sums.rate / len(smooth))
    jump = sums.shown / (sums.possible + caution)
    return {side: landings[side].with_corner(curve, jump) for side, curve in smooth.items()}


def lost_by_repair(track: Track, seen: Floats, values: Floats) -> Floats:
    """Return what the repair of the legs smooths away of any (frame,) values: what is neither periodic nor slow.

    seen  (frame,) how far the points behind the values were seen, 0 to 1
    """
    stride_s = 1 / track.stride_hz
    waves = np.column_stack([fourier(track.phase_rad, HARMONICS), np.linspace(-1, 1, len(values))])
    weighted = waves.T * seen
    rest = values - waves @ np.linalg.lstsq(weighted @ waves, weighted @ values, rcond=None)[0]
    for width, _ in BACK_TO_DATA:
        blur = TimeKernel(track.time_s, width * stride_s)
        rest = rest - (blur @ (seen * rest)) / (blur @ seen + PRIOR * blur.room)
    return np.asarray(rest)
