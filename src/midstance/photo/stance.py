"""Judge one person in a photograph: the moment of the stride and the angles, or why not.

Left and right are often the wrong way round in a single picture; the angles of the thighs are therefore given for the
front and the rear leg, and which leg is the near one with how sure.
"""

from __future__ import annotations

import math

import numpy as np

from midstance.kinematics import geometry
from midstance.model import Floats, Person, Plane, Side
from midstance.photo.model import PHASES, Figure, Stance
from midstance.photo.phase import (
    HEEL,
    KNEE,
    LEAST_CONFIDENCE,
    TOE,
    bearing_leg,
    forward,
    leg_angles,
    leg_px,
    phase_chances,
    posture,
    rules,
)
from midstance.pose.backends import Sighting
from midstance.reasons import Reason
from midstance.skeleton import INDEX, SIDES, leg_indices, other
from midstance.tracking import joint_centres
from midstance.tracking.orientation import direction_votes, near_side_of, plane_of

LEAST_LEG_PX = 40.0
"""At this length the foot has some ten pixels, too few for its direction."""
STANDING_DEG = 15.0
"""Nobody runs with both knees straight, both feet level and the thighs nearer together than this."""
SAME_LEVEL = 0.06  # leg lengths between the soles
STRAIGHT_DEG = 25.0
ON_ONE_LEG = 0.2
"""Both legs are drawn on one where no joint below the hip is farther from its other than this, leg lengths. Runners
keep 0.24 and more at any moment; where the far leg was not found, 0.12 to 0.17."""
CROUCHED_DEG = 45.0  # trunk from the vertical: the phases were fitted on upright runners


def judge_figure(sighting: Sighting, size: tuple[int, int], model: str) -> Figure:
    """Measure one person in a picture of this size (width, height), if they can be measured."""
    xy, confidence = sighting.xy, sighting.confidence
    plane = plane_of(xy[None])
    why_not = _why_not(xy, confidence, size, plane)
    stance = None
    if not why_not:
        direction = _direction(xy, confidence)
        near = near_side_of(direction)
        sure = near_legs_sure(xy, near)
        if sure < 0.5:
            xy, sure = _legs_changed(xy), 1 - sure
        stance = _stance(xy, direction, sure, model)
        why_not = _no_runner(stance, xy)
    return Figure(
        xy=xy,
        confidence=confidence,
        box=sighting.box,
        plane=plane,
        stance=None if why_not else stance,
        why_not=why_not,
    )


def _why_not(xy: Floats, confidence: Floats, size: tuple[int, int], plane: Plane) -> Reason | None:
    legs = leg_indices("left") + leg_indices("right")
    if ((xy[legs] < 0) | (xy[legs] >= size)).any():
        return Reason("photo_leg_cut_off")
    if np.median(confidence[legs]) < LEAST_CONFIDENCE:
        return Reason("photo_legs_hidden")
    if plane != "side":
        return Reason("photo_turned_towards") if plane == "front" else Reason("photo_turned_away")
    if (leg := leg_px(xy)) < LEAST_LEG_PX:
        return Reason("photo_too_small", leg_px=leg, least_px=LEAST_LEG_PX)
    return None


def _direction(xy: Floats, confidence: Floats) -> int:
    """Return +1 for somebody who faces the right of the picture, -1 for the left, by the votes used for films."""
    twice = Person(xy=np.stack([xy, xy]), confidence=np.stack([confidence, confidence]))
    return 1 if direction_votes(twice, np.zeros((2, 2)), np.arange(2.0)) > 0 else -1


def _legs_changed(xy: Floats) -> Floats:
    """Return the same points with the two legs the other way round."""
    changed = xy.copy()
    for side in SIDES:
        changed[leg_indices(side)] = xy[leg_indices(other(side))]
    return changed


def near_legs_sure(xy: Floats, near: Side) -> float:
    """Return how likely the leg that is labelled near is the near one, 0 to 1.

    The arms, which are seldom mislabelled, swing against the legs: whose elbow is behind, that knee is ahead.
    """
    rule = rules()["near"]
    lead = {
        joint: float((xy[INDEX[f"{near}_{joint}"]] - xy[INDEX[f"{other(near)}_{joint}"]])[0]) / leg_px(xy)
        for joint in ("knee", "elbow", "shoulder")
    }
    sign = 1 if near == "right" else -1
    legs = math.tanh(sign * lead["knee"] / rule["reach"])
    arms = math.tanh((sign * (lead["elbow"] - lead["shoulder"]) - rule["arms_level"]) / rule["reach"])
    return float(1 / (1 + np.exp(-(rule["label"] - rule["against"] * legs * arms))))


def _stance(xy: Floats, direction: int, sure: float, model: str) -> Stance:
    near = near_side_of(direction)
    drawn = forward(xy, direction)
    near_leg, far_leg = (drawn[leg_indices(side)] for side in (near, other(near)))
    if joint_centres.has_table(model):
        near_leg, far_leg = _centred(near_leg, "near", model), _centred(far_leg, "far", model)
    angles = [leg_angles(leg) for leg in (near_leg, far_leg)]
    thighs = sorted(each.thigh_deg for each in angles)
    chances = phase_chances(posture(drawn))
    best = int(np.argmax(chances))
    hips, shoulders = (drawn[[INDEX[f"{s}_{part}"] for s in SIDES]].mean(axis=0) for part in ("hip", "shoulder"))
    return Stance(
        direction=direction,
        near_side=near,
        near_sure=sure,
        near_leads=angles[0].thigh_deg >= angles[1].thigh_deg,
        phase=PHASES[best],
        phase_confidence=float(chances[best]),
        bearing=bearing_leg(PHASES[best], near_leg, far_leg),
        thigh_extension_deg=-thighs[0],
        thigh_flexion_deg=thighs[1],
        between_thighs_deg=thighs[1] - thighs[0],
        trunk_lean_deg=float(geometry.lean_deg(shoulders, hips)),
        near=angles[0],
        far=angles[1],
    )


def _centred(leg: Floats, which: joint_centres.Which, model: str) -> Floats:
    return np.asarray(joint_centres.to_joint_centres(leg[None], model, which)[0])


def _no_runner(stance: Stance, xy: Floats) -> Reason | None:
    """Return why somebody is not taken for a runner; None for one who may run."""
    if abs(stance.trunk_lean_deg) > CROUCHED_DEG:
        return Reason("photo_crouches")
    left, right = (forward(xy, 1)[leg_indices(side)] for side in SIDES)
    soles = [min(leg[HEEL][1], leg[TOE][1]) for leg in (left, right)]
    level = abs(soles[0] - soles[1]) < SAME_LEVEL
    straight = max(stance.near.knee_flexion_deg, stance.far.knee_flexion_deg) < STRAIGHT_DEG
    if level and straight and stance.between_thighs_deg < STANDING_DEG:
        return Reason("photo_stands")
    on_one = np.linalg.norm((left - right)[KNEE:], axis=1).max() < ON_ONE_LEG
    return Reason("photo_legs_on_one") if on_one else None
