"""Read the moment of the stride, and the angles of the legs, from one posture."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np

from midstance.data import table
from midstance.kinematics import geometry
from midstance.kinematics.angles import middle_of
from midstance.model import Floats
from midstance.photo.model import PHASES, LegAngles, Phase
from midstance.skeleton import LEG, SIDES, leg_indices

LEAST_CONFIDENCE = 0.5
"""Of the legs, or of the body, for a person to be measured."""
TOE_OFF_APART_DEG = 15.0
"""Least angle between the thighs at toe-off; runners have 20 and more there."""
HIP, KNEE, ANKLE, HEEL, TOE = range(len(LEG))


class Posture(NamedTuple):
    """What the moment of the stride is read from; the front leg is the one whose ankle is ahead of the other's.

    Angles in units of 30 degrees, ankles ahead of the hips and the height of the front sole over the rear one in leg
    lengths.
    """

    front_ankle: float
    rear_ankle: float
    front_thigh: float
    rear_thigh: float
    front_shank: float
    rear_shank: float
    front_foot: float
    rear_foot: float
    front_sole: float
    one: float = 1.0


def posture(drawn: Floats) -> Posture:
    """Return the posture of points (keypoint, 2) in leg lengths around the mid-hip, whatever the legs are labelled."""
    legs = sorted((drawn[leg_indices(side)] for side in SIDES), key=lambda leg: -float(leg[ANKLE][0]))
    angles = [leg_angles(leg) for leg in legs]
    soles = [float(min(leg[HEEL][1], leg[TOE][1])) for leg in legs]
    return Posture(
        front_ankle=float(legs[0][ANKLE][0]),
        rear_ankle=float(legs[1][ANKLE][0]),
        front_thigh=angles[0].thigh_deg / 30,
        rear_thigh=angles[1].thigh_deg / 30,
        front_shank=angles[0].shank_deg / 30,
        rear_shank=angles[1].shank_deg / 30,
        front_foot=angles[0].foot_pitch_deg / 30,
        rear_foot=angles[1].foot_pitch_deg / 30,
        front_sole=soles[0] - soles[1],
    )


def phase_chances(shape: Posture) -> Floats:
    """Return probabilities (phase,) in the order of PHASES: weighted sums of the posture (data/photo.toml).

    With the thighs nearly side by side nobody leaves the ground.
    """
    weights = rules()["phase"]
    score = np.array([np.dot([weights[name][phase] for name in Posture._fields], shape) for phase in range(4)])
    if 30 * abs(shape.front_thigh - shape.rear_thigh) < TOE_OFF_APART_DEG:
        score[PHASES.index("toe_off")] = -np.inf
    chances = np.exp(score - score.max())
    return np.asarray(chances / chances.sum())


def bearing_leg(phase: Phase, near_leg: Floats, far_leg: Floats) -> Literal["near", "far"] | None:
    """Return the leg on the ground: the front one at landing, the rear one at toe-off, the lower one between."""
    if phase == "flight":
        return None
    near, far = (
        {"landing": leg[ANKLE][0], "toe_off": -leg[ANKLE][0], "midstance": -min(leg[HEEL][1], leg[TOE][1])}[phase]
        for leg in (near_leg, far_leg)
    )
    return "near" if near >= far else "far"


def rules() -> dict[str, dict[str, Any]]:
    """Return the weights of the phases and of the near leg, data/photo.toml."""
    return table("photo")


def forward(xy: Floats, direction: int) -> Floats:
    """Return points (keypoint, 2) in leg lengths around the mid-hip, x forward, y up."""
    hips = middle_of(xy, "hip")
    return np.asarray((xy - hips) * [direction, -1] / leg_px(xy))


def leg_px(xy: Floats) -> float:
    """Return the length from hip to knee to ankle, mean of both legs, pixels."""
    legs = np.array([xy[leg_indices(side)][: ANKLE + 1] for side in SIDES])
    return float(np.linalg.norm(np.diff(legs, axis=1), axis=2).sum(axis=1).mean())


def leg_angles(leg: Floats) -> LegAngles:
    """Return the angles of a leg (joint, 2) in the order of skeleton.LEG, x forward, y up."""
    thigh, shank = geometry.hang_deg(leg[HIP], leg[KNEE]), geometry.hang_deg(leg[KNEE], leg[ANKLE])
    return LegAngles(
        thigh_deg=float(thigh),
        knee_flexion_deg=float(geometry.wrap_deg(thigh - shank)),
        shank_deg=float(shank),
        foot_pitch_deg=float(geometry.pitch_deg(leg[HEEL], leg[TOE])),
    )
