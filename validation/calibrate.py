"""Measures beside their truth in; the error of each measure (data/accuracy.toml) out, so that 95 % of intervals hold.

Only the part that more strides do not average away is fitted: what the spread of the strides, the scale and the speed
already widen is taken off first. Where it pays, a part grows with the length of a frame.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import minimize
from scipy.stats.mstats import hdquantiles

from midstance.model import Floats, Measure
from midstance.uncertainty import FRAME_HZ, HALF_WIDTH, Error, Leg, combined, spread_half_width

LEVEL = 0.95
"""Share of the intervals that shall hold the truth."""
PAYS = 2.0
"""Gain of the logarithm of the likelihood from which an error is taken to depend on the frame rate."""
TAILS = 4.0
"""Degrees of freedom of the errors' distribution while that is judged, so that one bad clip does not decide."""
SPREAD_FROM = 3
"""Strides from which on a clip tells how strides spread."""


class Strides(NamedTuple):
    """The strides behind one number: of which measure, their values in its unit, and what one of them is worth."""

    measure: str
    values: Floats
    unit_size: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One measure of one clip beside its truth.

    strides   what was averaged; both sides for a difference of sides
    carried   half width that comes with the scale, the speed and the camera
    widened   how much less sure than usual
    """

    clip: str
    body: str
    leg: Leg
    rate_hz: float
    found: Measure
    true: float
    strides: tuple[Strides, ...]
    carried: float
    widened: float

    @property
    def error(self) -> float:
        return self.found.value - self.true

    @property
    def held(self) -> bool:
        return abs(self.error) <= self.found.uncertainty

    def beside(self, errors: Mapping[str, Error]) -> float:
        """Half width of everything but the measure's own error."""
        spreads = [
            spread_half_width(part.values, errors[part.measure].stride) / part.unit_size
            for part in self.strides
            if part.measure in errors
        ]
        return combined(*spreads, self.carried)

    def half_width(self, errors: Mapping[str, Error]) -> float:
        """Half width of the 95 % interval with other errors than those of data/accuracy.toml."""
        own = errors[self.found.id].sd_of_mean(self.leg, self.rate_hz) * self.widened
        return combined(self.beside(errors), HALF_WIDTH * own)


def calibrated(rows: Sequence[Compared]) -> dict[str, Error]:
    """The error of every measure that has one of its own; that of the speed is told by its view."""
    names = sorted({row.found.id for row in rows} - {"speed_mps"})
    by_name = {name: [row for row in rows if row.found.id == name] for name in names}
    spreads = {name: Error(stride=usual_spread(mine)) for name, mine in by_name.items()}
    return {name: own_error(mine, spreads) for name, mine in by_name.items()}


def usual_spread(rows: Sequence[Compared]) -> float:
    """Spread of the strides of one clip, root mean square over clips; NaN if no clip has enough of them."""
    parts = [part.values for row in rows if len(row.strides) == 1 for part in row.strides]
    squares = [float(np.var(values, ddof=1)) for values in parts if len(values) >= SPREAD_FROM]
    return float(np.sqrt(np.mean(squares))) if squares else float("nan")


def own_error(rows: Sequence[Compared], spreads: Mapping[str, Error]) -> Error:
    """The error of one measure by leg: its shape over legs and frame rates, then its size by the quantile of LEVEL."""
    legs = tuple(dict.fromkeys(row.leg for row in rows))
    at = np.array([legs.index(row.leg) for row in rows])
    frames = np.array([(FRAME_HZ / row.rate_hz) ** 2 for row in rows])
    squares = np.array([row.error**2 for row in rows]) / HALF_WIDTH**2
    beside = np.array([row.beside(spreads) ** 2 for row in rows]) / HALF_WIDTH**2
    needed = np.maximum(squares - beside, 0) / np.square([row.widened for row in rows])
    shape, frame = _shape(squares, beside, at, frames)
    if frame:
        size = quantile(needed / (shape[at] + frame * frames))
        shape, frame = shape * size, frame * size
    else:
        shape = np.array([quantile(needed[at == k]) for k in range(len(legs))])
    by_leg = {str(leg): float(np.sqrt(shape[k])) for k, leg in enumerate(legs)}
    return Error(**by_leg, frame=float(np.sqrt(frame)), stride=spreads[rows[0].found.id].stride)


def quantile(values: Floats) -> float:
    """The quantile of LEVEL (Harrell and Davis 1982); of one value that value."""
    return float(hdquantiles(values, prob=[LEVEL])[0]) if len(values) > 1 else float(values[0])


def _shape(squares: Floats, beside: Floats, at: Floats, frames: Floats) -> tuple[Floats, float]:
    """Variance of each leg, and what a frame of 1/30 s adds to it; 0 if that does not pay."""
    size, legs = float(np.mean(squares)) + 1e-12, int(at.max()) + 1

    def unlikely(logs: Floats) -> float:
        variance = size * (np.exp(logs[:legs])[at] + np.exp(logs[legs:]).sum() * frames) + beside + 1e-12
        return float(np.sum((TAILS + 1) / 2 * np.log1p(squares / variance / TAILS) + np.log(variance) / 2))

    fits = [
        minimize(unlikely, np.full(legs + extra, -1.0), method="Nelder-Mead", options={"maxiter": 4000})
        for extra in (0, 1)
    ]
    frame = size * float(np.exp(fits[1].x[legs])) if fits[0].fun - fits[1].fun > PAYS else 0.0
    chosen = fits[1] if frame else fits[0]
    return size * np.exp(chosen.x[:legs]), frame


def held_out(rows: Sequence[Compared]) -> list[tuple[Compared, float]]:
    """Every row with the half width it gets when no clip of its body was used for the errors."""
    found = []
    for body in sorted({row.body for row in rows}):
        errors = calibrated([row for row in rows if row.body != body])
        mine = [row for row in rows if row.body == body]
        found += [(row, _without(row, errors)) for row in mine]
    return found


def _without(row: Compared, errors: Mapping[str, Error]) -> float:
    return row.half_width(errors) if row.found.id in errors else row.found.uncertainty


def as_toml(errors: Mapping[str, Error]) -> str:
    """data/accuracy.toml: one table a measure; what is not known is left out."""
    text = (
        "# Standard deviations of the error of each measure; midstance.uncertainty.Error says what they are.\n"
        "# From rendered clips through the whole pipeline; made by `python -m validation.accuracy --write`; what is\n"
        "# read at the strike by `python -m validation.strike`; and then by `python -m validation.widen --write`.\n"
    )
    for name, error in errors.items():
        parts = {part: value for part, value in asdict(error).items() if np.isfinite(value)}
        lines = [f"{part} = {value:.3g}" for part, value in parts.items() if value or part != "frame"]
        text += "\n".join(["", f"[{name}]", *lines, ""])
    return text
