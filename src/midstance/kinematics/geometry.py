"""Compute angles and lengths from points (..., 2) in the plane of the picture; NaN stays NaN."""

from __future__ import annotations

import numpy as np

from midstance.model import Floats


def lean_deg(upper: Floats, lower: Floats) -> Floats:
    """Return how far the upper of two points (..., 2) is ahead of the lower: degrees from the vertical, + ahead.

    Source: docs/evidence.md#angles, lean(P, Q) = atan2(X_P - X_Q, Y_P - Y_Q).
    """
    reach = upper - lower
    return np.degrees(np.arctan2(reach[..., 0], reach[..., 1]))


def hang_deg(upper: Floats, lower: Floats) -> Floats:
    """Return how far the lower of two points (..., 2) is ahead of the upper: degrees from straight down, + ahead."""
    reach = lower - upper
    return np.degrees(np.arctan2(reach[..., 0], -reach[..., 1]))


def pitch_deg(rear: Floats, front: Floats) -> Floats:
    """Return how far the front of two points (..., 2) is above the rear: degrees from the horizontal, + front up."""
    reach = front - rear
    return np.degrees(np.arctan2(reach[..., 1], reach[..., 0]))


def bend_deg(first: Floats, joint: Floats, last: Floats) -> Floats:
    """Return the angle between two segments that meet in a joint, points (..., 2): degrees, 0 straight, 0..180."""
    before, after = joint - first, last - joint
    cross = before[..., 0] * after[..., 1] - before[..., 1] * after[..., 0]
    return np.asarray(np.degrees(np.abs(np.arctan2(cross, np.sum(before * after, axis=-1)))))


def distance(a: Floats, b: Floats) -> Floats:
    """Return the length between two points (..., 2), in their unit."""
    return np.asarray(np.linalg.norm(a - b, axis=-1))


def midpoint(a: Floats, b: Floats) -> Floats:
    """Return the point half way between two points (..., 2)."""
    return (a + b) / 2


def wrap_deg(angle: Floats) -> Floats:
    """Return the same direction in degrees from -180 up to 180."""
    return (angle + 180) % 360 - 180
