"""Show a run as another camera would have: tilted or turned by what may still be wrong."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from midstance.measures.run import Run
from midstance.model import Track
from midstance.tracking.rectify import correction_of, remaining_sd_deg, rotated, without_yaw


def seen_otherwise(run: Run) -> Iterator[Run]:
    """Yield the run as seen one standard deviation of tilt away, and one of yaw away; side view only.

    What a measure changes by is its uncertainty from the camera: nothing for times, all of it for a lean.
    """
    if run.view.plane != "side":
        return
    tilt_deg, yaw_deg = remaining_sd_deg(run.view)
    already_deg = correction_of(run.view).yaw_deg
    further_deg = already_deg + yaw_deg * (np.sign(already_deg) or 1.0)
    look_down_deg = float(np.nan_to_num(run.view.look_down_deg))
    yield _over(run, rotated(run.track, tilt_deg))
    yield _over(run, without_yaw(run.track, further_deg, look_down_deg=look_down_deg, already_deg=already_deg))


def _over(run: Run, track: Track) -> Run:
    """Return the run over another track; a speed that was measured is measured again, at the same scale."""
    other = Run(track=track, contacts=run.contacts, view=run.view, mass_kg=run.mass_kg)
    if run.view.speed_source == "given":
        return other
    speed_mps = run.view.speed_mps * (other.speed_leg / run.speed_leg)
    return replace(other, view=replace(run.view, speed_mps=speed_mps))
