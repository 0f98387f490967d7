"""Draw the frame behind each statement, and write every picture of an analysis."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.model import Analysis, Clip
from midstance.render import canvas
from midstance.render.changed_figure import change_picture
from midstance.render.moments import PHASES, Phase, phase_sheet, stride_moments
from midstance.render.overlays import measured, posed
from midstance.render.people import people_picture
from midstance.render.viewport import Viewport, follow_view
from midstance.text.diagnosis import focus_shot
from midstance.text.report import shots
from midstance.text.shots import Shot
from midstance.video.frames import pick_frames

Image = canvas.Image

PICTURE_LINES = 720
"""Height of the picture of the focus, and of those that the pictures of a statement are cut from."""

CROP = 0.5
"""Least side of the picture of a statement, as a share of the whole: enough of the body to see which limb it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Where the pictures of one analysis are.

    focus   the whole runner at the moment that shows the one thing to change, None if there is none
    shots   evidence pictures by Shot.key, cut to what they show
    phases  moments of the stride in order, near leg, far leg, clean stride, each with its picture
    sheet   the phases side by side, a row for each; None if the clip shows no whole stride from the side
    people  everyone with their numbers, where there are several
    clean_mps   speed of the clean stride beside them; None without one
    change  the runner with the change made drawn over the own frame; None where it cannot be drawn
    """

    focus: Path | None
    shots: Mapping[str, Path]
    phases: tuple[tuple[Phase, Path], ...]
    sheet: Path | None
    people: Path | None = None
    clean_mps: float | None = None
    change: Path | None = None


def evidence_pictures(clip: Clip, analysis: Analysis, folder: Path, *, clean: Analysis | None = None) -> Pictures:
    """Draw and write the picture of every statement and of every moment, those of a clean stride beside them if given.

    The folder is made if need be. Raises InputError if the clip cannot be decoded.
    """
    folder.mkdir(parents=True, exist_ok=True)
    placed, focus = _statements(clip, analysis, folder)
    drawn = stride_moments(clip, analysis, clean=clean)
    kept = tuple((phase, folder / _phase_file(phase)) for phase, _ in drawn)
    for (_, path), (_, picture) in zip(kept, drawn, strict=True):
        save(picture, path)
    sheet = folder / "sheet.png" if drawn else None
    if sheet:
        whole = phase_sheet(drawn)
        save(whole, sheet)
        save(whole, sheet.with_suffix(".pdf"))
    changed = change_picture(analysis)
    if changed is not None:
        save(changed, folder / "change.jpg")
    people = folder / "people.jpg" if analysis.people else None
    if people:
        save(people_picture(clip, analysis.people, chosen=analysis.track.person + 1), people)
    return Pictures(
        focus=focus,
        shots=placed,
        phases=kept,
        sheet=sheet,
        people=people,
        clean_mps=clean.view.speed_mps if clean and drawn else None,
        change=folder / "change.jpg" if changed is not None else None,
    )


def _statements(clip: Clip, analysis: Analysis, folder: Path) -> tuple[dict[str, Path], Path | None]:
    """Draw the picture of every statement from its film, and of the focus; return them by key, and the focus."""
    wanted, focus = shots(analysis), focus_shot(analysis)
    placed = {shot.key: folder / f"{shot.key}.jpg" for shot in wanted}
    for place, film in enumerate(analysis.films):
        of_film = clip if place == 0 else film.clip
        mine = [shot for shot in wanted if shot.film == place]
        whole = focus if focus and focus.film == place else None
        view = follow_view(of_film, film.track, height=PICTURE_LINES)
        decoded = pick_frames(
            of_film, {shot.frame for shot in (*mine, *([whole] if whole else []))}, height=view.decode
        )
        for shot in mine:
            save(evidence(decoded[shot.frame], view, film, shot), placed[shot.key])
        if whole:
            save(evidence(decoded[whole.frame], view, film, whole, whole=True), folder / "focus.jpg")
    return placed, folder / "focus.jpg" if focus else None


def evidence(decoded: Image, view: Viewport, analysis: Analysis, shot: Shot, *, whole: bool = False) -> Image:
    """Draw the runner of one frame with the measure of a statement and its number, cut to it unless `whole`."""
    body = posed(decoded, view, analysis, shot.frame)
    drawn = measured(body.copy(), view, analysis, (shot.frame, shot.measure, shot.side), number=shot.number)
    return drawn if whole else _cut(drawn, (drawn != body).any(axis=2))


def _cut(image: Image, marked: NDArray[np.bool_]) -> Image:
    """Cut a picture to the square around what was drawn; the whole picture if nothing was."""
    if not marked.any():
        return image
    height, width = marked.shape
    rows, columns = np.flatnonzero(marked.any(axis=1)), np.flatnonzero(marked.any(axis=0))
    side = max(CROP * height, 1.25 * max(np.ptp(rows), np.ptp(columns)))
    side = round(min(side, height, width))
    top = int(np.clip((rows[0] + rows[-1] - side) // 2, 0, height - side))
    left = int(np.clip((columns[0] + columns[-1] - side) // 2, 0, width - side))
    return np.ascontiguousarray(image[top : top + side, left : left + side])


def _phase_file(phase: Phase) -> str:
    row = {"near": "", "far": f"_{phase.side}", "clean": "_clean"}[phase.row]
    return f"phase_{list(PHASES).index(phase.name) + 1}_{phase.name.replace(' ', '_')}{row}.jpg"


def save(image: Image, path: Path) -> None:
    """Write an RGB picture; the suffix says how: jpg, png, or pdf on one page of A4."""
    path.write_bytes(encoded(image, path.suffix))


def encoded(image: Image, suffix: str) -> bytes:
    """Return an RGB picture as the bytes of a file with this suffix: .jpg, .png, or .pdf on one page of A4."""
    bgr = np.ascontiguousarray(image[..., ::-1])
    if suffix == ".pdf":
        return _pdf(bgr)
    options = [cv2.IMWRITE_JPEG_QUALITY, 84] if suffix == ".jpg" else []
    return bytes(cv2.imencode(suffix, bgr, options)[1].tobytes())


def _pdf(bgr: Image) -> bytes:
    """Return one landscape page of A4 with a picture across it (ISO 32000-1: an image XObject is plain JPEG)."""
    jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, 90])[1].tobytes()
    height, width = bgr.shape[:2]
    across = 842 - 2 * 28
    tall = across * height / width
    drawn = f"q {across} 0 0 {tall:.1f} 28 {(595 - tall) / 2:.1f} cm /sheet Do Q".encode()
    image = f"/Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceRGB "
    resources = b"<< /XObject << /sheet 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 595] /Contents 4 0 R /Resources %b >>" % resources,
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawn), drawn),
        b"<< %b/BitsPerComponent 8 /Filter /DCTDecode /Length %d >>\nstream\n%b\nendstream"
        % (image.encode(), len(jpeg), jpeg),
    ]
    body, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"xref\n0 %d\n0000000000 65535 f \n%b" % (len(objects) + 1, table)
    return body + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        body.index(b"xref"),
    )
