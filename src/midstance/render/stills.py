"""Draw the frame behind each statement, and the phases of the stride."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from midstance.gait.strides import steps, strides
from midstance.kinematics.angles import angle_deg, middle_of, point
from midstance.model import Analysis, Clip, Floats, MeasureSide, Side, Stride, Track
from midstance.render import canvas
from midstance.render.overlays import draw_measure, posture
from midstance.render.viewport import Viewport, follow_view, row_of
from midstance.skeleton import leg_indices, other
from midstance.text.captions import stride_moment_caption
from midstance.text.diagnosis import focus_shot
from midstance.text.report import shots
from midstance.text.shots import Shot, frame_at
from midstance.video.clip import pick_frames

Image = canvas.Image

PICTURE_LINES = 720
"""Height of the picture of the focus, and of those that the pictures of a statement are cut from."""

PHASE_LINES = 480
"""Height of the picture of a phase; some forty kilobytes as JPEG."""

CROP = 0.5
"""Least side of the picture of a statement, as a share of the whole: enough of the body to see which limb it is."""

CANDIDATES = 4
"""Of so many strides nearest to the mean the sharpest frame is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One moment of the stride of one leg: its name, the measure drawn in it and its caption."""

    name: str
    side: Side
    frame: int
    caption: str
    measure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """Where the pictures of one analysis are.

    focus   the whole runner at the moment that shows the one thing to change, None if there is none
    shots   evidence pictures by Shot.key, cut to what they show
    phases  moments of the stride in order, near leg then far leg, each with its picture
    sheet   the phases side by side, a row for each leg; None if the clip shows no whole stride from the side
    """

    focus: Path | None
    shots: Mapping[str, Path]
    phases: tuple[tuple[Phase, Path], ...]
    sheet: Path | None


def evidence_pictures(clip: Clip, analysis: Analysis, folder: Path) -> Pictures:
    """Draw and write the picture of every statement and of every phase.

    The folder is made if need be. Raises InputError if the clip cannot be decoded.
    """
    small = follow_view(clip, analysis.track, height=PHASE_LINES)
    moments = {side: _moments(analysis, side) for side in _both_legs(analysis)}
    decoded = pick_frames(
        clip, {i for each in moments.values() for some in each.values() for i in some}, height=small.decode
    )
    folder.mkdir(parents=True, exist_ok=True)
    placed, focus = _statements(clip, analysis, folder)
    candidates = {frame: small.picture(image, frame) for frame, image in decoded.items()}
    phases = [phase for side, found in moments.items() for phase in _choose(found, candidates, analysis, side)]
    drawn = [_phase_picture(decoded[phase.frame], small, analysis, phase) for phase in phases]
    kept = tuple((phase, folder / _phase_file(phase, analysis)) for phase in phases)
    for picture, (_, path) in zip(drawn, kept, strict=True):
        save(picture, path)
    sheet = folder / "sheet.png" if phases else None
    if sheet:
        whole = phase_sheet(drawn, phases)
        save(whole, sheet)
        save(whole, sheet.with_suffix(".pdf"))
    return Pictures(focus=focus, shots=placed, phases=kept, sheet=sheet)


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
    body = _posed(decoded, view, analysis, shot.frame)
    drawn = _measured(body.copy(), view, analysis, (shot.frame, shot.measure, shot.side), number=shot.number)
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


def _both_legs(analysis: Analysis) -> tuple[Side, ...]:
    """Return the near and the far side of a side view; nothing in another view."""
    near = analysis.track.near_side
    return (near, other(near)) if analysis.track.plane == "side" and near else ()


def _phase_file(phase: Phase, analysis: Analysis) -> str:
    far = "" if phase.side == analysis.track.near_side else f"_{phase.side}"
    return f"phase_{list(PHASES).index(phase.name) + 1}_{phase.name.replace(' ', '_')}{far}.jpg"


def save(image: Image, path: Path) -> None:
    """Write an RGB picture; the suffix says how: jpg, png, or pdf on one page of A4."""
    bgr = np.ascontiguousarray(image[..., ::-1])
    if path.suffix == ".pdf":
        path.write_bytes(_pdf(bgr))
        return
    options = [cv2.IMWRITE_JPEG_QUALITY, 84] if path.suffix == ".jpg" else []
    path.write_bytes(cv2.imencode(path.suffix, bgr, options)[1].tobytes())


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


def _posed(decoded: Image, view: Viewport, analysis: Analysis, frame: int) -> Image:
    track = analysis.track
    image = np.ascontiguousarray(view.picture(decoded, frame)).copy()
    seen = track.seen[row_of(track, frame)]
    return canvas.skeleton(image, posture(view, track, frame).points, seen, near=track.near_side, width=3)


def _measured(
    image: Image, view: Viewport, analysis: Analysis, shown: tuple[int, str, MeasureSide], *, number: str = ""
) -> Image:
    frame, measure, side = shown
    body = posture(view, analysis.track, frame)
    return draw_measure(image, body, measure, side, near=analysis.track.near_side, number=number)


# -- phases of the stride ------------------------------------------------------------------------------------------

PHASES: Mapping[str, tuple[str, str]] = {
    "touchdown": ("shank_angle_at_strike_deg", "shank"),
    "midstance": ("trunk_lean_deg", "trunk_lean"),
    "toe-off": ("thigh_extension_at_toe_off_deg", "thigh"),
    "greatest extension": ("peak_thigh_extension_deg", "thigh"),
    "mid-flight": ("peak_thigh_separation_deg", "thigh_separation"),
    "opposite touchdown": ("thigh_separation_at_strike_deg", "thigh_separation"),
    "greatest flexion": ("peak_thigh_flexion_deg", "thigh"),
}
"""Moment -> the measure that is drawn, and the angle that is written under it."""


def _moments(analysis: Analysis, side: Side) -> dict[str, list[int]]:
    """Return for each phase of one leg the frames of the strides nearest to the mean posture in it."""
    track, contacts = analysis.track, analysis.contacts
    opposite_s = {s.contact: s.next_strike_s for s in steps(contacts, side, stride_hz=track.stride_hz)}
    leg = _Leg(
        time_s=track.time_s,
        thigh_deg=angle_deg(track, "thigh", side),
        ankle_from_hip=np.abs((point(track, "ankle", side) - point(track, "mid_hip", side))[:, 0]),
    )
    found: dict[str, list[int]] = {name: [] for name in PHASES}
    for stride in strides(contacts, side, stride_hz=track.stride_hz):
        if stride.contact in opposite_s:
            for name, time_s in _phase_times(leg, stride, opposite_s[stride.contact]):
                found[name].append(frame_at(analysis.clip, time_s))
    return {name: _nearest_to_mean(track, frames) for name, frames in found.items() if frames}


class _Leg(NamedTuple):
    """Angle of the thigh, degrees, and distance of the ankle from the hip along the ground, leg lengths; (frame,)."""

    time_s: Floats
    thigh_deg: Floats
    ankle_from_hip: Floats


def _phase_times(leg: _Leg, stride: Stride, opposite_strike_s: float) -> Iterator[tuple[str, float]]:
    strike_s, toe_off_s, next_strike_s = stride.contact.strike_s, stride.contact.toe_off_s, stride.next_strike_s
    forward_s = toe_off_s + 0.3 * (next_strike_s - toe_off_s)
    yield "touchdown", strike_s
    yield "midstance", _when_least(leg.time_s, leg.ankle_from_hip, strike_s, toe_off_s)
    yield "toe-off", toe_off_s
    yield "greatest extension", _when_least(leg.time_s, leg.thigh_deg, toe_off_s - 0.05, forward_s)
    yield "mid-flight", (toe_off_s + opposite_strike_s) / 2
    yield "opposite touchdown", opposite_strike_s
    yield "greatest flexion", _when_least(leg.time_s, -leg.thigh_deg, forward_s, next_strike_s)


def _when_least(time_s: Floats, values: Floats, start_s: float, stop_s: float) -> float:
    """Return the time at which values (frame,) are least between two times, seconds."""
    rows = slice(np.searchsorted(time_s, start_s, side="left"), np.searchsorted(time_s, stop_s, side="right"))
    between = values[rows]
    return float(time_s[rows][np.nanargmin(between)]) if np.isfinite(between).any() else (start_s + stop_s) / 2


def _nearest_to_mean(track: Track, frames: list[int]) -> list[int]:
    """Return the frames whose legs are nearest to the mean of all."""
    legs = [*leg_indices("left"), *leg_indices("right")]
    hips = middle_of(track.xy, "hip")[:, None]
    postures = (track.xy[:, legs] - hips)[[row_of(track, frame) for frame in frames]]
    away = np.nansum((postures - np.nanmean(postures, axis=0)) ** 2, axis=(1, 2))
    return [frames[i] for i in np.argsort(away)[:CANDIDATES]]


def _choose(
    moments: dict[str, list[int]], pictures: dict[int, Image], analysis: Analysis, side: Side
) -> tuple[Phase, ...]:
    """Choose for each phase of one leg the sharpest of its candidates."""
    chosen = []
    for name, candidates in moments.items():
        frame = max(candidates, key=lambda i: sharpness(pictures[i]))
        measure, angle = PHASES[name]
        value = float(angle_deg(analysis.track, angle, side)[row_of(analysis.track, frame)])
        caption = stride_moment_caption(name, value)
        chosen.append(Phase(name=name, side=side, frame=frame, caption=caption, measure=measure))
    return tuple(chosen)


def sharpness(image: Image) -> float:
    """Compute how sharp a picture is: variance of its Laplacian (Pech-Pacheco et al. 2000)."""
    return float(cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var())


def _phase_picture(decoded: Image, view: Viewport, analysis: Analysis, phase: Phase) -> Image:
    shown = other(phase.side) if phase.name == "opposite touchdown" else phase.side
    image = _posed(decoded, view, analysis, phase.frame)
    image = _measured(image, view, analysis, (phase.frame, phase.measure, shown))
    spare = max(0, view.width - round(0.86 * view.height)) // 2
    return np.ascontiguousarray(image[:, spare : view.width - spare])


def phase_sheet(pictures: Sequence[Image], phases: Sequence[Phase]) -> Image:
    """Lay the pictures side by side, a row for each leg, with name and value under each; for one printed page."""
    height, width = pictures[0].shape[:2]
    gap, band = 8, 76
    names, sides = list(PHASES), list(dict.fromkeys(phase.side for phase in phases))
    whole = canvas.sheet(len(names) * (width + gap) - gap, len(sides) * (height + band))
    for picture, phase in zip(pictures, phases, strict=True):
        row, column = sides.index(phase.side), names.index(phase.name)
        left, top = column * (width + gap), row * (height + band)
        whole[top : top + height, left : left + width] = picture
        canvas.text(whole, (left + 10, top + height + 24), phase.name, size=24)
        canvas.text(whole, (left + 10, top + height + 54), phase.caption, size=22, colour=canvas.MARK)
    for row, side in enumerate(sides):
        at = np.array([0.0, row * (height + band) + 24.0])
        canvas.label(whole, at, f"{side} leg", size=24, colour=canvas.FAR if row else canvas.NEAR)
    return whole
