"""Keep the regions of a person steady from frame to frame, by the one-euro filter that BlazePose's own graph uses.

Without it the regions feed on themselves: a difference of 0.0001 px grows to several within ten frames.
"""

from __future__ import annotations

import math

import numpy as np

from midstance.model import Floats
from midstance.pose.backends import Region

MARGIN = 1.25
"""Side of a region over the diameter of the circle around the body."""
LEAST_CUTOFF_HZ, CUTOFF_PER_SPEED, SPEED_CUTOFF_HZ = 0.01, 10.0, 1.0


def region_of(hips: Floats, rim: Floats) -> Region:
    """Return the square around the circle with its centre in the hips and a point on its rim above the head."""
    x, y = rim - hips
    angle = math.remainder(math.pi / 2 - math.atan2(-y, x), 2 * math.pi)
    return Region(x_px=float(hips[0]), y_px=float(hips[1]), size_px=2 * MARGIN * math.hypot(x, y), angle_rad=angle)


def hips_and_rim(region: Region) -> Floats:
    """Return (2, 2) the two points that make a region, px."""
    radius = region.size_px / (2 * MARGIN)
    hips = np.array([region.x_px, region.y_px])
    return np.stack([hips, hips + radius * np.array([math.sin(region.angle_rad), -math.cos(region.angle_rad)])])


class SteadyRegion:
    """One person's region: still while the person is, quick otherwise (Casiez 2012, doi 10.1145/2207676.2208639)."""

    def __init__(self, first: Region) -> None:
        self._seen = self._steady = hips_and_rim(first)
        self._speed = np.zeros_like(self._seen)

    def __call__(self, region: Region, *, step_s: float) -> Region:
        """Return the region to look in after this one, which was seen step_s after the one before."""
        points = hips_and_rim(region)
        body_px = region.size_px / MARGIN
        speed = (points - self._seen) / (body_px * step_s)
        self._seen = points
        self._speed = self._speed + low_pass_weight(SPEED_CUTOFF_HZ, step_s) * (speed - self._speed)
        cutoff_hz = LEAST_CUTOFF_HZ + CUTOFF_PER_SPEED * np.abs(self._speed)
        self._steady = self._steady + low_pass_weight(cutoff_hz, step_s) * (points - self._steady)
        return region_of(*self._steady)


def low_pass_weight(cutoff_hz: Floats | float, step_s: float) -> Floats:
    """Return the weight that a low-pass filter of this cutoff gives a new value."""
    turn = 2 * math.pi * step_s * np.asarray(cutoff_hz)
    return np.asarray(turn / (1 + turn))
