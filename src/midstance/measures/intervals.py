"""Widen the interval of a measure by what this clip adds to its known error."""

from __future__ import annotations

import numpy as np

from midstance.measures.registry import Definition
from midstance.measures.run import Run
from midstance.model import Floats, Side, View
from midstance.skeleton import leg_indices
from midstance.uncertainty import Leg, combined, error_of, half_width

SEEN_USUALLY, MOST_WIDENING = 0.90, 3.0
"""Share of leg points seen where expected in the clips behind data/accuracy.toml, and the limit of the widening."""
DRAWN_WIDENING = 1.4
"""Widening of an interval without the offset table: thigh 2.5 instead of 2.1, foot 4.3 instead of 3.2 degrees
(docs/evidence.md#pose-offsets)."""


def interval(definition: Definition, run: Run, side: Side, values: Floats) -> float:
    """Compute the half width of the 95 % interval of the mean: spread, the pose model's own error, scale and speed."""
    known = definition.error or error_of(definition.id, run.track.seen_by)
    return half_width(
        values,
        own_sd=known.sd_of_mean(leg_of(run, side), run.track.rate_hz) * widening(run, side),
        stride_sd=known.stride,
        carried=carried(definition, run.view, float(np.mean(values))),
    )


def leg_of(run: Run, side: Side) -> Leg:
    """Return which leg of the picture this side is."""
    if run.view.plane != "side":
        return "turned"
    return "near" if side == run.near else "far"


def widening(run: Run, side: Side) -> float:
    """Return how much wider than usual an interval is: 1, more where less of the leg was seen."""
    if run.view.plane != "side":
        return 1.0
    seen = float(np.nanmean(run.track.seen[:, leg_indices(side)]))
    hidden = SEEN_USUALLY / max(seen, SEEN_USUALLY / MOST_WIDENING)
    return max(1.0, hidden) * (1.0 if run.track.bias_removed else DRAWN_WIDENING)


def carried(definition: Definition, view: View, value: float) -> float:
    """Compute the half width that a value has from the scale and the speed."""
    scale = definition.with_scale * value * view.scale_uncertainty
    speed = definition.with_speed * value * view.speed_uncertainty_mps / view.speed_mps
    return combined(scale, speed)
