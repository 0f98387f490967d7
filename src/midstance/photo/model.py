"""What one photograph shows of a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from midstance.model import Floats, Plane, Side
from midstance.pose.backends import Box
from midstance.reasons import Reason

Phase = Literal["landing", "midstance", "toe_off", "flight"]
PHASES: tuple[Phase, ...] = ("landing", "midstance", "toe_off", "flight")
"""First quarter of the contact, its middle, its last quarter, and both feet off the ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAngles:
    """The angles of one leg in degrees (docs/conventions.md): + is knee, ankle or toe ahead or up, or the knee bent."""

    thigh_deg: float
    knee_flexion_deg: float
    shank_deg: float
    foot_pitch_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """What is measured of one person who runs past the camera.

    Attributes
    ----------
    direction
        +1 runs to the right of the picture, -1 to the left.
    near_side, near_sure
        The side towards the camera; how sure near and far are the right way round, 0.5 (a guess) to 1.
    near_leads
        Whether the near knee is ahead of the far one.
    phase, phase_confidence
        The moment of the stride, and how likely it is the right one, 0 to 1.
    bearing
        The leg that is on the ground; None in flight.
    thigh_extension_deg, thigh_flexion_deg, between_thighs_deg
        How far the rear thigh is behind the vertical, the front one ahead of it, and both from each other.
    trunk_lean_deg
        + is forward.
    near, far
        The angles of each leg.
    """

    direction: int
    near_side: Side
    near_sure: float
    near_leads: bool
    phase: Phase
    phase_confidence: float
    bearing: Literal["near", "far"] | None
    thigh_extension_deg: float
    thigh_flexion_deg: float
    between_thighs_deg: float
    trunk_lean_deg: float
    near: LegAngles
    far: LegAngles


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One person in a photograph.

    Attributes
    ----------
    xy
        (keypoint, 2) pixels of the upright picture, each leg on its true side.
    confidence
        (keypoint) 0 to 1.
    box
        x0, y0, x1, y1 in pixels.
    plane
        Side, front or rear, as the body is turned.
    stance
        What is measured; None if nothing is.
    why_not
        Why nothing is measured; None if something is.
    """

    xy: Floats
    confidence: Floats
    box: Box
    plane: Plane
    stance: Stance | None
    why_not: Reason | None = None
