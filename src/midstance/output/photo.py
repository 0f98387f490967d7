"""What was read from a photograph in, words, plain data and a drawn picture out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import cv2
import numpy as np

from midstance.model import Floats
from midstance.photo import Figure, Stance
from midstance.pose.backends import Picture
from midstance.render import canvas
from midstance.skeleton import INDEX, SIDES
from midstance.text.names import count

LARGEST = 1600
"""Longer side of the drawn picture, pixels."""

PHASE_WORDS = {"landing": "landing", "midstance": "midstance", "toe_off": "toe-off", "flight": "flight"}
SURE_FROM = 0.85
"""Below this the words do not say which leg is the near one."""


def lines(figures: Sequence[Figure]) -> list[str]:
    """What is said of each person; people are counted from the left."""
    if not figures:
        return ["Nobody was found in this picture."]
    return [f"{number}  {_says(figure)}" for number, figure in enumerate(figures, start=1)]


def _says(figure: Figure) -> str:
    stance = figure.stance
    if stance is None:
        return f"not measured: {figure.why_not}"
    return "; ".join([_moment(stance), _thighs(stance), *_near_leg(stance), _lean(stance)])


def _moment(stance: Stance) -> str:
    likely = f"{PHASE_WORDS[stance.phase]} ({100 * stance.phase_confidence:.0f} % sure)"
    return f"runs to the {'right' if stance.direction > 0 else 'left'}, {likely}"


def _thighs(stance: Stance) -> str:
    front, rear = stance.thigh_flexion_deg, stance.thigh_extension_deg
    return (
        f"thighs {stance.between_thighs_deg:.0f}° apart, the front one {_beside(front, 'ahead of', 'behind')} "
        f"the vertical, the rear one {_beside(rear, 'behind', 'ahead of')} it"
    )


def _beside(angle_deg: float, plus: str, minus: str) -> str:
    return f"{abs(angle_deg):.0f}° {plus if angle_deg >= 0 else minus}"


def _near_leg(stance: Stance) -> list[str]:
    if stance.near_sure < SURE_FROM:
        return ["which leg is the near one cannot be told"]
    leg, which = stance.near, "front" if stance.near_leads else "rear"
    bent, shank = f"knee bent {leg.knee_flexion_deg:.0f}°", _beside(leg.shank_deg, "ahead of", "behind")
    toes = _beside(leg.foot_pitch_deg, "up", "down")
    return [f"near leg ({stance.near_side}, the {which} one): {bent}, ankle {shank} the knee, toes {toes}"]


def _lean(stance: Stance) -> str:
    return f"trunk {_beside(stance.trunk_lean_deg, 'forward', 'back')}"


# -- plain data ----------------------------------------------------------------------------------------------------


def plain(picture: str, version: str, rgb: Picture, figures: Sequence[Figure]) -> dict[str, Any]:
    """Everything as JSON would have it; angles in degrees, boxes in pixels of the upright picture."""
    return {
        "schema": "midstance-photo/1",
        "midstance": version,
        "picture": picture,
        "width": rgb.shape[1],
        "height": rgb.shape[0],
        "people": [_plain_figure(number, figure) for number, figure in enumerate(figures, start=1)],
    }


def _plain_figure(number: int, figure: Figure) -> dict[str, Any]:
    told = {"person": number, "box_px": [round(edge) for edge in figure.box], "view": figure.plane}
    if figure.stance is None:
        return {**told, "measured": False, "why_not": figure.why_not}
    points = {name: [round(float(v), 1) for v in figure.xy[i]] for name, i in INDEX.items()}
    return {**told, "measured": True, **_rounded(asdict(figure.stance)), "points_px": points}


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


def drawn(rgb: Picture, figures: Sequence[Figure]) -> Picture:
    """The picture with everyone's skeleton, the thighs against the vertical, and what is said below it."""
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
    hips = points[[INDEX[f"{side}_hip"] for side in SIDES]].mean(axis=0)
    for side in SIDES:
        knee = points[INDEX[f"{side}_knee"]]
        length = float(np.hypot(*(knee - hips)))
        canvas.line(picture, hips, hips + np.array([0, length]), canvas.INK, width=2, dashed=True)
        canvas.arc(picture, hips, 90, canvas.direction_deg(hips, knee), radius=0.7 * length, width=2)


def _tag(picture: Picture, box: Floats, words: str, *, colour: canvas.Colour) -> None:
    """A number over the head, kept within the picture."""
    size = 22
    at = np.clip([(box[0] + box[2]) / 2, box[1] - 1.4 * size], size, [picture.shape[1] - size, picture.shape[0] - size])
    canvas.dot(picture, at, canvas.EDGE, radius=0.75 * size)
    canvas.text(picture, (float(at[0]), float(at[1])), words, size=size, colour=colour, anchor="middle")


def _caption(figures: Sequence[Figure], width: int) -> Picture:
    size = 20
    told = [line for says in lines(figures) for line in canvas.wrap(says, size, width - 28)]
    band = canvas.sheet(width, round(1.35 * size * len(told)) + 2 * size)
    return canvas.paragraph(band, (14, 1.4 * size), told, size=size)


def summary(figures: Sequence[Figure]) -> str:
    """How many were found and measured."""
    measured = sum(figure.stance is not None for figure in figures)
    return f"{count(len(figures), 'runner')} found, {measured} measured"
