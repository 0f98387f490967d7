"""Draw the moments of the stride: near leg, far leg, and a clean stride beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import cv2
import numpy as np

from midstance.gait.strides import steps, strides
from midstance.kinematics.angles import angle_deg, middle_of, point
from midstance.model import Analysis, Clip, Floats, Side, Stride, Track
from midstance.render import canvas
from midstance.render.overlays import measured, posed
from midstance.render.viewport import Viewport, follow_view, row_of
from midstance.skeleton import leg_indices, other
from midstance.text.captions import stride_moment_caption, stride_row_caption
from midstance.text.shots import frame_at
from midstance.video.frames import pick_frames

Image = canvas.Image
Row = Literal["near", "far", "clean"]

PHASE_LINES = 480
"""Height of the picture of a phase; some forty kilobytes as JPEG."""

CANDIDATES = 4
"""Of so many strides nearest to the mean the sharpest frame is shown."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """One moment of the stride: its name, the frame of its clip, the measure drawn in it and its caption.

    row     the runner's near or far leg, or the near leg of the clean stride
    whose   the row in words: "right", "left", "clean stride"
    """

    name: str
    row: Row
    whose: str
    side: Side
    frame: int
    caption: str
    measure: str


Drawn = tuple[Phase, Image]


def stride_moments(clip: Clip, analysis: Analysis, *, clean: Analysis | None = None) -> list[Drawn]:
    """Draw every moment of the near leg, of the far leg, and of a clean stride turned the same way.

    Nothing from another view than the side, or without a whole stride. Raises InputError if a clip cannot be decoded.
    """
    near = analysis.track.near_side
    if analysis.track.plane != "side" or near is None:
        return []
    drawn = _row_of_moments(clip, analysis, near, "near") + _row_of_moments(clip, analysis, other(near), "far")
    if drawn and clean and clean.track.near_side:
        beside = _row_of_moments(clean.clip, clean, clean.track.near_side, "clean")
        turn = -1 if clean.track.direction != analysis.track.direction else 1
        drawn += [(phase, np.ascontiguousarray(picture[:, ::turn])) for phase, picture in beside]
    return drawn


def _row_of_moments(clip: Clip, analysis: Analysis, side: Side, row: Row) -> list[Drawn]:
    """Draw the moments of one leg, each in the sharpest of its frames."""
    moments = _moments(analysis, side)
    view = follow_view(clip, analysis.track, height=PHASE_LINES)
    decoded = pick_frames(clip, {frame for some in moments.values() for frame in some}, height=view.decode)
    sharp = {frame: sharpness(view.picture(image, frame)) for frame, image in decoded.items()}
    drawn = []
    for name, candidates in moments.items():
        phase = _phase(analysis, side, row, (name, max(candidates, key=sharp.__getitem__)))
        drawn.append((phase, _phase_picture(decoded[phase.frame], view, analysis, phase)))
    return drawn


def _phase(analysis: Analysis, side: Side, row: Row, moment: tuple[str, int]) -> Phase:
    name, frame = moment
    measure, angle = PHASES[name]
    value = float(angle_deg(analysis.track, angle, side)[row_of(analysis.track, frame)])
    return Phase(
        name=name,
        row=row,
        whose="clean stride" if row == "clean" else side,
        side=side,
        frame=frame,
        caption=stride_moment_caption(name, value),
        measure=measure,
    )


def _moments(analysis: Analysis, side: Side) -> dict[str, list[int]]:
    """Return for each moment of one leg the frames of the strides nearest to the mean posture in it."""
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


def sharpness(image: Image) -> float:
    """Compute how sharp a picture is: variance of its Laplacian (Pech-Pacheco et al. 2000)."""
    return float(cv2.Laplacian(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), cv2.CV_32F).var())


def _phase_picture(decoded: Image, view: Viewport, analysis: Analysis, phase: Phase) -> Image:
    shown = other(phase.side) if phase.name == "opposite touchdown" else phase.side
    image = posed(decoded, view, analysis, phase.frame)
    image = measured(image, view, analysis, (phase.frame, phase.measure, shown))
    spare = max(0, view.width - round(0.86 * view.height)) // 2
    return np.ascontiguousarray(image[:, spare : view.width - spare])


def phase_sheet(drawn: Sequence[Drawn]) -> Image:
    """Lay the pictures side by side, a row for each leg, with name and value under each; for one printed page."""
    height, width = drawn[0][1].shape[:2]
    gap, band = 8, 76
    names, rows = list(PHASES), list(dict.fromkeys(phase.row for phase, _ in drawn))
    whole = canvas.sheet(len(names) * (width + gap) - gap, len(rows) * (height + band))
    for phase, picture in drawn:
        left, top = names.index(phase.name) * (width + gap), rows.index(phase.row) * (height + band)
        whole[top : top + height, left : left + width] = _as_large(picture, height, width)
        canvas.text(whole, (left + 10, top + height + 24), phase.name, size=24)
        canvas.text(whole, (left + 10, top + height + 54), phase.caption, size=22, colour=canvas.MARK)
    colours = {"near": canvas.NEAR, "far": canvas.FAR, "clean": canvas.INK}
    for phase in {phase.row: phase for phase, _ in reversed(drawn)}.values():
        at = np.array([0.0, rows.index(phase.row) * (height + band) + 24.0])
        canvas.label(whole, at, stride_row_caption(phase.whose), size=24, colour=colours[phase.row])
    return whole


def _as_large(picture: Image, height: int, width: int) -> Image:
    """Cut a picture, or set it in the dark, to this size about its middle."""
    sheet = canvas.sheet(max(width, picture.shape[1]), max(height, picture.shape[0]))
    top, left = ((have - small) // 2 for have, small in zip(sheet.shape[:2], picture.shape[:2], strict=True))
    sheet[top : top + picture.shape[0], left : left + picture.shape[1]] = picture
    top, left = (sheet.shape[0] - height) // 2, (sheet.shape[1] - width) // 2
    return sheet[top : top + height, left : left + width]
