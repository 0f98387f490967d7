"""Make the cue card: one picture, one sentence, the aim, as large as an upright phone."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from midstance.coaching.chain import sentences
from midstance.formats.files import disk_errors
from midstance.model import Analysis
from midstance.render import canvas
from midstance.render.changed_figure import change_picture
from midstance.render.stills import evidence, save
from midstance.render.viewport import follow_view
from midstance.text.diagnosis import Focus, focus_shot
from midstance.video.frames import pick_frames

WIDTH, HEIGHT = 1080, 1920
MARGIN = 64


def write_card(analysis: Analysis, focus: Focus, path: Path) -> Path | None:
    """Write the cue card of a plan as PNG; None where no moment of the film shows it. Raises InputError."""
    shown = change_picture(analysis, height=WIDTH)
    if shown is None:
        shown = _evidence(analysis)
    if shown is None:
        return None
    card = canvas.sheet(WIDTH, HEIGHT)
    card[:WIDTH] = _square(shown)
    y = float(WIDTH + 2 * MARGIN)
    for words, size, colour in _said(focus):
        lines = canvas.wrap(words, size, WIDTH - 2 * MARGIN)
        canvas.paragraph(card, (MARGIN, y), lines, size=size, colour=colour)
        y += 1.35 * size * len(lines) + 30
    with disk_errors(path.parent):
        save(card, path)
    return path


def _said(focus: Focus) -> list[tuple[str, int, canvas.Colour]]:
    """Return what the card says, large to small: the cue, the aim, where a change is drawn, when to film again."""
    aim = focus.target.partition(" Changes under")[0]
    said = [(f"“{focus.cue}”", 76, canvas.INK), (aim, 46, canvas.MARK)]
    said.append((sentences(focus.practice)[0], 38, canvas.DIM))
    return [each for each in said if each[0]]


def _evidence(analysis: Analysis) -> canvas.Image | None:
    """Return the frame that shows the focus with its number."""
    shot = focus_shot(analysis)
    if shot is None:
        return None
    film = analysis.films[shot.film]
    view = follow_view(film.clip, film.track, height=WIDTH)
    decoded = pick_frames(film.clip, [shot.frame], height=view.decode)[shot.frame]
    return evidence(decoded, view, film, shot, whole=True)


def _square(image: canvas.Image) -> canvas.Image:
    """Return a picture of the runner from head to feet as a square as large as the card is wide."""
    height, width = image.shape[:2]
    side = max(height, width)
    square = canvas.sheet(side, side)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = image
    return np.asarray(cv2.resize(square, (WIDTH, WIDTH), interpolation=cv2.INTER_CUBIC), np.uint8)
