"""Place the legs of a typical runner over a filmed one: the same moment of the stride, hips and leg lengths."""

from __future__ import annotations

import numpy as np

from midstance.gait.strides import strides
from midstance.kinematics.angles import point
from midstance.kinematics.typical import toe_off_pct, typical_curve
from midstance.model import Analysis, Floats, Side
from midstance.render.plots import share_on_ground, typical_beside
from midstance.render.viewport import Viewport
from midstance.skeleton import INDEX, other

LEG_POINTS = 5
"""Hip, knee, ankle, heel and toe."""

FLAT = (0.25, 0.45)
"""Shares of the contact between which the foot lies flat: the zero of the typical foot's angle."""


def typical_legs(analysis: Analysis, view: Viewport) -> dict[Side, Floats] | None:
    """Return (row of the track, LEG_POINTS, 2) pixels of the drawn picture for the near leg, then the far.

    None where none can be drawn: not from the side, at a speed nobody was measured at, without two strides.
    """
    track, near = analysis.track, analysis.track.near_side
    if track.plane != "side" or near is None or typical_beside("thigh", analysis.view.speed_mps) is None:
        return None
    if len(strides(analysis.contacts, near, stride_hz=track.stride_hz)) < 2:
        return None
    shape = _shape(analysis, near)
    return {side: _leg(analysis, view, side, shape) for side in (near, other(near))}


def _leg(analysis: Analysis, view: Viewport, side: Side, shape: _Shape) -> Floats:
    track, speed_mps = analysis.track, analysis.view.speed_mps
    share = 100 * _share_of_stride(analysis, side)
    own_off = 100 * share_on_ground(analysis, analysis.near_leg)
    share = np.interp(share, (0, own_off, 100), (0, toe_off_pct(speed_mps), 100))
    thigh, shank, foot = (
        np.radians(np.interp(share, curve.share_pct, curve.usual))
        for curve in (typical_curve(name, speed_mps) for name in ("thigh", "shank", "foot"))
    )
    knee = shape.thigh * np.stack([np.sin(thigh), -np.cos(thigh)], axis=1)
    ankle = knee + shape.shank * np.stack([np.sin(shank), -np.cos(shank)], axis=1)
    turn = np.array([[np.cos(foot), -np.sin(foot)], [np.sin(foot), np.cos(foot)]])
    heel, toe = (ankle + np.einsum("ijr,j->ri", turn, part) for part in (shape.heel, shape.toe))
    from_hip = np.stack([np.zeros_like(knee), knee, ankle, heel, toe], axis=1)
    from_hip *= track.leg_px[:, None, None] * np.array([-1.0 if track.direction < 0 else 1.0, -1.0])
    hips = track.xy_px[:, INDEX[f"{side}_hip"]]
    frames = track.first_frame + np.arange(len(hips))
    return np.stack([view.place(p, int(f)) for p, f in zip(hips[:, None] + from_hip, frames, strict=True)])


class _Shape:
    """The runner's own thigh and shank, and heel and toe from the ankle while the foot lies flat; leg lengths."""

    def __init__(self, thigh: float, shank: float, heel: Floats, toe: Floats) -> None:
        self.thigh, self.shank, self.heel, self.toe = thigh, shank, heel, toe


def _shape(analysis: Analysis, side: Side) -> _Shape:
    track = analysis.track
    hip, knee, ankle, heel, toe = (point(track, name, side) for name in ("hip", "knee", "ankle", "heel", "toe"))
    flat = np.zeros(len(track.time_s), bool)
    for contact in (c for c in analysis.contacts if c.side == side):
        first, last = (contact.strike_s + part * (contact.toe_off_s - contact.strike_s) for part in FLAT)
        flat |= (track.time_s >= first) & (track.time_s <= last)
    return _Shape(
        float(np.nanmedian(np.hypot(*(knee - hip).T))),
        float(np.nanmedian(np.hypot(*(ankle - knee).T))),
        np.nanmedian((heel - ankle)[flat], axis=0),
        np.nanmedian((toe - ankle)[flat], axis=0),
    )


def _share_of_stride(analysis: Analysis, side: Side) -> Floats:
    """Return (row,) how far each row is from a landing of this foot to the next, 0 to 1."""
    time_s, stride_s = analysis.track.time_s, 1 / analysis.track.stride_hz
    landings = np.array(sorted(c.strike_s for c in analysis.contacts if c.side == side))
    last = np.clip(np.searchsorted(landings, time_s, side="right") - 1, 0, len(landings) - 1)
    lengths = np.append(np.diff(landings), stride_s)
    whole = lengths < 1.5 * stride_s  # no landing was missed
    share = (time_s - landings[last]) / np.where(whole, lengths, stride_s)[last]
    return np.asarray(share % 1.0)
