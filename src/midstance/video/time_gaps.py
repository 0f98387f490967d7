"""Begin a new scene where the frames of a film are seconds apart: nothing is known of what happened between them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from midstance.model import CameraMotion, Floats

GAP_S = 2.0
"""A camera that stutters loses tenths of a second; a recording that was paused goes on seconds later."""


def cut_at_gaps(motion: CameraMotion, time_s: Floats) -> CameraMotion:
    """Return how the camera moves, with a cut at every frame that comes so long after the one before it."""
    late = np.diff(time_s, prepend=time_s[:1]) > GAP_S
    return replace(motion, cut=motion.cut | late) if late.any() else motion
