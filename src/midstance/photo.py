"""A photograph in, everyone in it out: the moment of the stride and the angles of who runs past the camera, or why not.

Nothing before or after helps, so each person is looked at four times (two sizes, each also mirrored), and the middle of
the four is taken: it halves the worst errors. Left and right are often the wrong way round in a single picture; the
angles of the thighs are therefore told for the front and the rear leg, and which leg is the near one with how sure.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Literal, NamedTuple

import numpy as np

from midstance.data import table
from midstance.kinematics import geometry
from midstance.kinematics.angles import middle_of
from midstance.model import Floats, Person, Plane, Side
from midstance.pose.backends import Backend, Box, Picture, Region, Sighting
from midstance.pose.people import same_body
from midstance.skeleton import HEAD, INDEX, LEG, MIRROR, SEGMENTS_ONE_SIDE, SIDES, leg_indices, other
from midstance.tracking import joint_centres
from midstance.tracking.orientation import direction_votes, near_side_of, plane_of

Phase = Literal["landing", "midstance", "toe_off", "flight"]
PHASES: tuple[Phase, ...] = ("landing", "midstance", "toe_off", "flight")
"""First quarter of the contact, its middle, its last quarter, and both feet off the ground."""

SIZES = (1.0, 1.08)
"""Regions looked at, as multiples of the one that fits the person."""

LEAST_LEG_PX = 40.0
"""At this length the foot has some ten pixels: its direction cannot be told."""
LEAST_CONFIDENCE = 0.5
STANDING_DEG = 15.0
"""Thighs nearer together than this over straight knees with both feet level: nobody runs so."""
SAME_LEVEL = 0.06  # leg lengths between the soles
STRAIGHT_DEG = 25.0
CROUCHED_DEG = 45.0  # trunk from the vertical: the phases were fitted on upright runners
PART_OF_BODY = 0.55  # of the size of the body it lies on: no second person but a hand or a knee
REACH = 0.08  # of the size: hands and feet reach so far beyond the keypoints
ON_BODY = 0.05  # of its size: half of the points as near as this to the bones of another are his
BONES = [[INDEX[f"{side}_{end}"] for end in bone] for side in SIDES for bone in SEGMENTS_ONE_SIDE]
HIP, KNEE, ANKLE, HEEL, TOE = range(len(LEG))


@dataclass(frozen=True, slots=True, kw_only=True)
class LegAngles:
    """Of one leg, degrees as in docs/conventions.md: + is knee, ankle or toe ahead or up, or the knee bent."""

    thigh_deg: float
    knee_flexion_deg: float
    shank_deg: float
    foot_pitch_deg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Stance:
    """What is measured of one person who runs past the camera.

    phase_confidence    0..1, how likely the phase is the right one
    bearing             the leg that is on the ground; None in flight
    thigh_extension_deg how far the rear thigh is behind the vertical, thigh_flexion_deg how far the front one is ahead
    near_sure           0.5 a guess .. 1 certain, that near and far are the right way round
    near_leads          whether the near knee is ahead of the far one
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

    xy          (keypoint, 2) pixels, legs dealt out to their sides
    box         x0, y0, x1, y1 in pixels
    stance      None if not measured, and then `why_not` says the reason
    """

    xy: Floats
    confidence: Floats
    box: Box
    plane: Plane
    stance: Stance | None
    why_not: str = ""


def read_photo(rgb: Picture, backend: Backend) -> tuple[Figure, ...]:
    """Everyone in a picture, from left to right."""
    figures = [_judged(sighting, rgb.shape[1::-1], backend.model.model) for sighting in everyone(rgb, backend)]
    return tuple(sorted(figures, key=lambda figure: figure.box[0] + figure.box[2]))


# -- looking -------------------------------------------------------------------------------------------------------


def everyone(rgb: Picture, backend: Backend) -> list[Sighting]:
    """All people that the model is sure of, each looked at four times."""
    seen: list[Sighting] = []
    for x, y, width, height in _windows(rgb.shape[1], rgb.shape[0]):
        window = np.ascontiguousarray(rgb[y : y + height, x : x + width])
        hidden = [box for sighting in seen for box in _covers(sighting.xy - (x, y))]
        for region in backend.find(window, hide=hidden):
            found = backend.look(rgb, replace(region, x_px=region.x_px + x, y_px=region.y_px + y))
            sighting = _looked_at(rgb, backend, found.region) if found else None
            if sighting and _is_somebody(sighting, rgb) and not any(_is_same(sighting, each) for each in seen):
                seen.append(sighting)
    return seen


def _covers(xy: Floats) -> Iterator[Box]:
    """Boxes that hide a body bone by bone, so that who stands behind a leg is not hidden too."""
    trunk = [INDEX[f"{side}_{part}"] for side in SIDES for part in ("shoulder", "hip")]
    for points in ([INDEX[name] for name in HEAD], trunk, *BONES):
        (x0, y0), (x1, y1) = xy[points].min(axis=0), xy[points].max(axis=0)
        yield float(x0), float(y0), float(x1), float(y1)


def _windows(width: int, height: int) -> Iterator[tuple[int, int, int, int]]:
    """The whole picture, then overlapping squares as high as it, and half as high: somebody small is found there."""
    yield 0, 0, width, height
    for side in (min(width, height), min(width, height) // 2):
        steps = [range(max(1, math.ceil(2 * (length - side) / side)) + 1) for length in (width, height)]
        places = [
            [round((length - side) * i / max(1, len(step) - 1)) for i in step] if length > side else [0]
            for length, step in zip((width, height), steps, strict=True)
        ]
        for y, x in product(places[1], places[0]):
            yield x, y, side, side


def _looked_at(rgb: Picture, backend: Backend, region: Region) -> Sighting | None:
    """The middle of four looks at one person; None if the model does not see one every time."""
    mirror, looks = np.ascontiguousarray(rgb[:, ::-1]), list[Sighting]()
    for size in SIZES:
        scaled = replace(region, size_px=size * region.size_px)
        turned = replace(scaled, x_px=rgb.shape[1] - scaled.x_px, angle_rad=-scaled.angle_rad)
        straight, mirrored = backend.look(rgb, scaled), backend.look(mirror, turned)
        if straight is None or mirrored is None:
            return None
        looks += [straight, _turned_back(mirrored, rgb.shape[1])]
    xy = np.array([_legs_as_in(looks[0].xy, look.xy) for look in looks])
    confidence = np.array([look.confidence for look in looks])
    return replace(looks[0], xy=np.median(xy, axis=0), confidence=np.median(confidence, axis=0))


def _turned_back(sighting: Sighting, width: int) -> Sighting:
    return replace(
        sighting, xy=(sighting.xy * [-1, 1] + [width, 0])[MIRROR], confidence=sighting.confidence[MIRROR], peaks=None
    )


def _legs_as_in(first: Floats, xy: Floats) -> Floats:
    """The points (keypoint, 2) with the legs changed over if that brings them nearer to those of the first look."""
    swapped = xy.copy()
    for side in SIDES:
        swapped[leg_indices(side)] = xy[leg_indices(other(side))]
    return min((xy, swapped), key=lambda points: float(np.linalg.norm(points - first, axis=1).sum()))


def _is_somebody(sighting: Sighting, rgb: Picture) -> bool:
    """Whether the model was sure of the body, or of its upper half, as far as that lies in the picture."""
    inside = ((sighting.xy >= 0) & (sighting.xy < rgb.shape[1::-1])).all(axis=1)
    upper = inside & (np.arange(len(sighting.xy)) < INDEX["left_hip"])
    return any(part.any() and np.median(sighting.confidence[part]) >= LEAST_CONFIDENCE for part in (inside, upper))


def _is_same(new: Sighting, known: Sighting) -> bool:
    """Whether a sighting is of a body already known: the same trunk, or parts of it taken for somebody."""
    if same_body(new, known):
        return True
    x0, y0, x1, y1 = known.box
    reach = REACH * known.region.size_px
    within = x0 - reach < new.region.x_px < x1 + reach and y0 - reach < new.region.y_px < y1 + reach
    small = within and new.region.size_px < PART_OF_BODY * known.region.size_px
    return small or bool(np.mean(_off_bones(new.xy, known.xy) < ON_BODY * known.region.size_px) > 0.5)


def _off_bones(points: Floats, body: Floats) -> Floats:
    """(point,) distance of points (point, 2) from the nearest bone of a body (keypoint, 2), pixels."""
    starts, ends = (np.array([body[bone[i]] for bone in BONES]) for i in (0, 1))
    along = ends - starts
    share = np.einsum("pbi,bi->pb", points[:, None] - starts, along) / ((along**2).sum(axis=1) + 1e-9)
    nearest = starts + np.clip(share, 0, 1)[..., None] * along
    return np.asarray(np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1))


# -- judging -------------------------------------------------------------------------------------------------------


def _judged(sighting: Sighting, size: tuple[int, int], model: str) -> Figure:
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


def _why_not(xy: Floats, confidence: Floats, size: tuple[int, int], plane: Plane) -> str:
    legs = leg_indices("left") + leg_indices("right")
    if ((xy[legs] < 0) | (xy[legs] >= size)).any():
        return "a leg is cut off by the edge of the picture"
    if np.median(confidence[legs]) < LEAST_CONFIDENCE:
        return "the legs are hidden"
    if plane != "side":
        towards = "towards the camera" if plane == "front" else "away from the camera"
        return f"turned {towards}; the angles need a view from the side"
    if (leg := _leg_px(xy)) < LEAST_LEG_PX:
        return f"too small: a leg is {leg:.0f} pixels long, {LEAST_LEG_PX:.0f} are needed"
    return ""


def _direction(xy: Floats, confidence: Floats) -> int:
    """+1 faces the right of the picture, -1 the left: the votes of a film, of one that stands still."""
    twice = Person(xy=np.stack([xy, xy]), confidence=np.stack([confidence, confidence]))
    return 1 if direction_votes(twice, np.zeros((2, 2)), np.arange(2.0)) > 0 else -1


def _legs_changed(xy: Floats) -> Floats:
    """The same points with the two legs the other way round."""
    changed = xy.copy()
    for side in SIDES:
        changed[leg_indices(side)] = xy[leg_indices(other(side))]
    return changed


def near_legs_sure(xy: Floats, near: Side) -> float:
    """How likely the leg that is labelled near is the near one, 0..1.

    The arms, which are seldom mislabelled, swing against the legs: whose elbow is behind, that knee is ahead.
    """
    rule = rules()["near"]
    lead = {
        joint: float((xy[INDEX[f"{near}_{joint}"]] - xy[INDEX[f"{other(near)}_{joint}"]])[0]) / _leg_px(xy)
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
    angles = [_angles(leg) for leg in (near_leg, far_leg)]
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
        bearing=_bearing(PHASES[best], near_leg, far_leg),
        thigh_extension_deg=-thighs[0],
        thigh_flexion_deg=thighs[1],
        between_thighs_deg=thighs[1] - thighs[0],
        trunk_lean_deg=float(geometry.lean_deg(shoulders, hips)),
        near=angles[0],
        far=angles[1],
    )


def forward(xy: Floats, direction: int) -> Floats:
    """(keypoint, 2) in leg lengths around the mid-hip, x forward, y up."""
    hips = middle_of(xy, "hip")
    return np.asarray((xy - hips) * [direction, -1] / _leg_px(xy))


def _leg_px(xy: Floats) -> float:
    """Hip to knee to ankle, mean of both legs, pixels."""
    legs = np.array([xy[leg_indices(side)][: ANKLE + 1] for side in SIDES])
    return float(np.linalg.norm(np.diff(legs, axis=1), axis=2).sum(axis=1).mean())


def _centred(leg: Floats, which: joint_centres.Which, model: str) -> Floats:
    return np.asarray(joint_centres.to_joint_centres(leg[None], model, which)[0])


def _angles(leg: Floats) -> LegAngles:
    thigh, shank = geometry.hang_deg(leg[HIP], leg[KNEE]), geometry.hang_deg(leg[KNEE], leg[ANKLE])
    return LegAngles(
        thigh_deg=float(thigh),
        knee_flexion_deg=float(geometry.wrap_deg(thigh - shank)),
        shank_deg=float(shank),
        foot_pitch_deg=float(geometry.pitch_deg(leg[HEEL], leg[TOE])),
    )


def _no_runner(stance: Stance, xy: Floats) -> str:
    """Why somebody is not taken for a runner; empty if he may run."""
    if abs(stance.trunk_lean_deg) > CROUCHED_DEG:
        return "crouches or lies and does not run"
    soles = [min(leg[HEEL][1], leg[TOE][1]) for leg in (forward(xy, 1)[leg_indices(side)] for side in SIDES)]
    level = abs(soles[0] - soles[1]) < SAME_LEVEL
    straight = max(stance.near.knee_flexion_deg, stance.far.knee_flexion_deg) < STRAIGHT_DEG
    stands = level and straight and stance.between_thighs_deg < STANDING_DEG
    return "stands on both legs and does not run" if stands else ""


# -- the moment of the stride --------------------------------------------------------------------------------------


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
    """The posture of points (keypoint, 2) in leg lengths around the mid-hip; labels of the legs do not matter."""
    legs = sorted((drawn[leg_indices(side)] for side in SIDES), key=lambda leg: -float(leg[ANKLE][0]))
    angles = [_angles(leg) for leg in legs]
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
    """(phase,) probabilities in the order of PHASES: a weighted sum of the posture for each (data/photo.toml)."""
    weights = rules()["phase"]
    score = np.array([np.dot([weights[name][phase] for name in Posture._fields], shape) for phase in range(4)])
    chances = np.exp(score - score.max())
    return np.asarray(chances / chances.sum())


def _bearing(phase: Phase, near_leg: Floats, far_leg: Floats) -> Literal["near", "far"] | None:
    """The leg on the ground: the front one at landing, the rear one at toe-off, the lower one between."""
    if phase == "flight":
        return None
    near, far = (
        {"landing": leg[ANKLE][0], "toe_off": -leg[ANKLE][0], "midstance": -min(leg[HEEL][1], leg[TOE][1])}[phase]
        for leg in (near_leg, far_leg)
    )
    return "near" if near >= far else "far"


def rules() -> dict[str, dict[str, Any]]:
    """The weights of the phases and of the near leg, data/photo.toml."""
    return table("photo")
