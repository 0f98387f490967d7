"""Draw everyone in a clip with their numbers, and the frames of a clip that was refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from midstance.model import Clip, ClipPoses, Floats, PersonSeen
from midstance.render import canvas
from midstance.skeleton import INDEX, SIDES
from midstance.tracking.candidates import visible
from midstance.video.frames import pick_frames

Image = canvas.Image

LINES = 540
"""Most lines of a drawn frame."""

FRAMES = 4
"""Frames that show why a clip was refused."""

EDGE_SHARE = 0.02
"""A body nearer to the edge of the picture than this share of its height is cut there."""


def people_picture(clip: Clip, people: Sequence[PersonSeen], *, chosen: int | None = None) -> Image:
    """Draw everyone in a box with their number, the one who was measured in bright; one frame or several in a row."""
    lines = min(LINES, clip.height)
    decoded = pick_frames(clip, {each.frame for each in people}, height=lines)
    for frame, image in decoded.items():
        decoded[frame] = np.ascontiguousarray(image).copy()
    for each in people:
        image = decoded[each.frame]
        bright = canvas.MARK if each.number == chosen or chosen is None else canvas.INK
        _boxed(image, np.array(each.box_px) * image.shape[0] / clip.height, str(each.number), bright)
    height = min(image.shape[0] for image in decoded.values())
    return np.concatenate([decoded[frame][:height] for frame in sorted(decoded)], axis=1)


def _boxed(image: Image, box: Floats, number: str, colour: canvas.Colour) -> None:
    left, top, right, bottom = np.clip(box, 2, [*image.shape[1::-1], *image.shape[1::-1]] - np.array(3))
    corners = np.array([[left, top], [right, top], [right, bottom], [left, bottom], [left, top]])
    canvas.polyline(image, corners, colour, width=2)
    size = max(18, image.shape[0] // 14)
    canvas.label(image, np.array([(left + right) / 2, top - size]), number, size=size, colour=colour)


# -- why a clip was refused ----------------------------------------------------------------------------------------


def refusal_pictures(found: ClipPoses, reason: str, *, person: int | None = None) -> list[tuple[float, Image]]:
    """Return (seconds, picture) of the frames that show why a clip was refused: who was found, and what is missing.

    reason  the id of the reason: it decides which frames are taken and what is marked in them
    person  index in Poses.people of the one asked for; None: the one drawn for longest
    """
    clip, poses = found.clip, found.poses
    main = _largest(found) if person is None else person
    shown = _frames_for(found, main, reason)
    lines = min(LINES, clip.height)
    decoded = pick_frames(clip, set(shown), height=lines)
    drawn = []
    for frame in sorted(set(shown)):
        image = np.ascontiguousarray(decoded[frame]).copy()
        zoom = image.shape[0] / clip.height
        if main is not None:
            drawn_as = poses.people[main]
            points = (drawn_as.xy[frame] + 0.5) * zoom - 0.5
            canvas.skeleton(image, points, drawn_as.confidence[frame], near=None, width=3)
            _mark(image, points, reason)
        drawn.append((float(clip.time_s[frame]), image))
    return drawn


def _largest(found: ClipPoses) -> int | None:
    """Return the person who is drawn for longest, weighed by size; None without anybody."""
    sizes = [float(np.nansum(np.ptp(np.nan_to_num(each.xy[..., 1]), axis=1))) for each in found.poses.people]
    return int(np.argmax(sizes)) if sizes else None


def _frames_for(found: ClipPoses, main: int | None, reason: str) -> list[int]:
    if main is None:
        return _spread(range(found.clip.frames))
    person = found.poses.people[main]
    there = np.flatnonzero(np.isfinite(person.xy).any(axis=(1, 2)))
    if reason == "part_out_of_view":
        whole = np.isfinite(visible(found.poses, main)[:, INDEX["left_hip"], 0])
        cut = there[~whole[there]]
        return _spread(cut) if len(cut) else _spread(there)
    if reason == "feet_hidden":
        feet = person.confidence[:, [INDEX[f"{side}_{part}"] for side in SIDES for part in ("ankle", "heel", "toe")]]
        return _spread(sorted(there[np.argsort(feet[there].mean(axis=1))][: max(FRAMES, len(there) // 3)]))
    return _spread(there)


def _spread(frames: Iterable[int]) -> list[int]:
    """Return a few frames evenly from among these."""
    every = list(frames)
    places = np.linspace(0, len(every) - 1, FRAMES + 2)[1:-1] if len(every) > FRAMES else np.arange(len(every))
    return [int(every[round(float(place))]) for place in places]


def _mark(image: Image, points: Floats, reason: str) -> None:
    """Mark what is missing: the edges that cut the body, the feet or the legs that are hidden."""
    height, width = image.shape[:2]
    if reason == "part_out_of_view":
        near = EDGE_SHARE * float(np.nan_to_num(np.nanmax(points[:, 1]) - np.nanmin(points[:, 1])))
        for cut, ends in (
            (np.nanmin(points[:, 0]) < near, ((2, 2), (2, height - 3))),
            (np.nanmax(points[:, 0]) > width - near, ((width - 3, 2), (width - 3, height - 3))),
            (np.nanmin(points[:, 1]) < near, ((2, 2), (width - 3, 2))),
            (np.nanmax(points[:, 1]) > height - near, ((2, height - 3), (width - 3, height - 3))),
        ):
            if cut:
                canvas.line(image, np.array(ends[0], float), np.array(ends[1], float), canvas.MARK, width=6)
    joints = {"feet_hidden": "ankle", "one_leg_hidden": "knee"}
    if reason in joints:
        for side in SIDES:
            canvas.arc(image, points[INDEX[f"{side}_{joints[reason]}"]], 0, 179, radius=height / 14)
            canvas.arc(image, points[INDEX[f"{side}_{joints[reason]}"]], 180, 359, radius=height / 14)
