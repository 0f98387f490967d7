"""Write what was measured in a photograph: as JSON, and drawn over the picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import cv2
import numpy as np

from midstance.kinematics.angles import middle_of
from midstance.model import Floats
from midstance.photo import Figure, Stance
from midstance.pose.backends import Picture
from midstance.pose.heads import heads_in
from midstance.render import canvas
from midstance.skeleton import INDEX, SIDES, other
from midstance.text.photo import SURE_FROM, photo_lines, why_not_measured
from midstance.video.faces import blurred

LARGEST = 1600
"""Longer side of the drawn picture, pixels."""


# -- plain data ----------------------------------------------------------------------------------------------------


def photo_json(picture: str, version: str, rgb: Picture, figures: Sequence[Figure]) -> dict[str, Any]:
    """Return everything read from a photograph; angles in degrees, boxes in pixels of the upright picture."""
    return {
        "schema": "midstance-photo/1",
        "midstance": version,
        "picture": picture,
        "width": rgb.shape[1],
        "height": rgb.shape[0],
        "people": [_person_json(number, figure) for number, figure in enumerate(figures, start=1)],
    }


def _person_json(number: int, figure: Figure) -> dict[str, Any]:
    person = {"person": number, "box_px": [round(edge) for edge in figure.box], "view": figure.plane}
    if figure.stance is None:
        return {**person, "measured": False, "why_not": why_not_measured(figure)}
    points = {name: [round(float(v), 1) for v in figure.xy[i]] for name, i in INDEX.items()}
    return {**person, "measured": True, **_rounded(asdict(figure.stance)), "points_px": points}


def _rounded(values: dict[str, Any]) -> dict[str, Any]:
    rounded: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            rounded[name] = _rounded(value)
        elif isinstance(value, float):
            rounded[name] = round(value, 1 if name.endswith("_deg") else 3)
        else:
            rounded[name] = value
    return rounded


# -- picture -------------------------------------------------------------------------------------------------------


def draw_photo(rgb: Picture, figures: Sequence[Figure], *, blur_faces: bool = False) -> Picture:
    """Draw everyone's skeleton and the thighs against the vertical, with their numbers, and who is who below."""
    if blur_faces and figures:
        rgb = blurred(rgb, heads_in(np.stack([figure.xy for figure in figures])))
    zoom = min(1.0, LARGEST / max(rgb.shape[:2]))
    size = (round(rgb.shape[1] * zoom), round(rgb.shape[0] * zoom))
    picture = np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA) if zoom < 1 else rgb.copy(), np.uint8)
    for figure in figures:
        if figure.stance:
            _draw_runner(picture, (figure.xy + 0.5) * zoom - 0.5, figure)
    for number, figure in enumerate(figures, start=1):
        _tag(picture, np.array(figure.box) * zoom, str(number), colour=canvas.MARK if figure.stance else canvas.DIM)
    return np.concatenate([picture, _caption(figures, picture.shape[1])])


def _draw_runner(picture: Picture, points: Floats, figure: Figure) -> None:
    assert figure.stance is not None
    tall = float(np.ptp(points[:, 1]))
    canvas.skeleton(picture, points, figure.confidence, near=figure.stance.near_side, width=max(2, round(tall / 130)))
    hips = middle_of(points, "hip")
    for side in SIDES:
        knee = points[INDEX[f"{side}_knee"]]
        length = float(np.hypot(*(knee - hips)))
        canvas.line(picture, hips, hips + np.array([0, length]), canvas.INK, width=2, dashed=True)
        canvas.arc(picture, hips, 90, canvas.direction_deg(hips, knee), radius=0.7 * length, width=2)
    _numbers(picture, points, figure.stance, size=int(np.clip(tall / 16, 13, 26)))


def _numbers(picture: Picture, points: Floats, stance: Stance, *, size: int) -> None:
    """Write the angles beside the limbs they belong to: both thighs, the trunk, and the near knee if it is known."""
    near = stance.near_side
    front = near if stance.near_leads else other(near)
    written = {front: stance.thigh_flexion_deg, other(front): stance.thigh_extension_deg}
    out = 1.6 * size * stance.direction
    for side, angle_deg in written.items():
        middle = (middle_of(points, "hip") + points[INDEX[f"{side}_knee"]]) / 2
        way = out if side == front else -out
        canvas.label(picture, middle + np.array([way, 0]), f"{abs(angle_deg):.0f}°", size=size)
    trunk = (middle_of(points, "hip") + middle_of(points, "shoulder")) / 2
    canvas.label(picture, trunk - np.array([1.5 * out, 0]), f"{stance.trunk_lean_deg:.0f}°", size=size)
    if stance.near_sure >= SURE_FROM:
        knee = points[INDEX[f"{near}_knee"]]
        canvas.label(picture, knee + np.array([0, 1.2 * size]), f"{stance.near.knee_flexion_deg:.0f}°", size=size)


def _tag(picture: Picture, box: Floats, words: str, *, colour: canvas.Colour) -> None:
    """Write a number over the head, inside the picture."""
    size = 22
    at = np.clip([(box[0] + box[2]) / 2, box[1] - 1.4 * size], size, [picture.shape[1] - size, picture.shape[0] - size])
    canvas.dot(picture, at, canvas.EDGE, radius=0.75 * size)
    canvas.text(picture, (float(at[0]), float(at[1])), words, size=size, colour=colour, anchor="middle")


def _caption(figures: Sequence[Figure], width: int) -> Picture:
    size = 20
    words = [line for says in photo_lines(figures) for line in canvas.wrap(says, size, width - 28)]
    band = canvas.sheet(width, round(1.35 * size * len(words)) + 2 * size)
    return canvas.paragraph(band, (14, 1.4 * size), words, size=size)
