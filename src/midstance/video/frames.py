"""Read the frames of an open clip: upright 8-bit RGB, one after another or picked by their numbers.

Frames are a stream: one is decoded, handed over and forgotten, so memory does not grow with the clip.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path

import cv2
import numpy as np

from midstance.errors import InputError
from midstance.model import Clip
from midstance.reasons import Reason
from midstance.video.container import decoded, decoded_from, opened, pixel_aspect
from midstance.video.faces import blurred
from midstance.video.stills import Developer, Image, open_picture, pictures_of
from midstance.video.undeveloped import Frame, Undeveloped

_SEEK_OVER_FRAMES = 60  # decoding on is cheaper than seeking for gaps up to about one group of pictures
_EMPTY, _EMPTY_LINE = (30, 34, 40), (44, 49, 57)
_LINE_EVERY_PX = 125
"""Of points without a film; half a metre where the points are in metres."""
_DAMAGE_ALLOWED = 0.05  # share of frames that may be shown as the frame before them


def frames(clip: Clip, *, start: int = 0, stop: int | None = None, height: int | None = None) -> Iterator[Image]:
    """Read the frames start <= i < stop, one for each time of the clip: (height, width, 3) uint8 RGB, upright.

    A damaged frame is shown as the one before it, as a player would.
    Raises InputError if that happens to more than 5 %.

    height  lines to scale the pictures to; None: as filmed
    """
    stop = clip.frames if stop is None else min(stop, clip.frames)
    for _, image in _read(clip, range(start, stop), height):
        yield image


def undeveloped(clip: Clip, *, start: int = 0, stop: int | None = None) -> Iterator[Frame]:
    """Read the same frames, but make no picture of those of a film until somebody wants one. Raises InputError.

    Where faces are blurred, where the clip was turned, and where there is no film, they are pictures already.
    """
    if clip.faces is None and not clip.turned_deg and clip.has_pictures and pictures_of(clip.path) is None:
        stop = clip.frames if stop is None else min(stop, clip.frames)
        yield from (frame for _, frame in _read_film(clip, range(start, stop)))
    else:
        yield from frames(clip, start=start, stop=stop)


def turned(clip: Clip, clockwise_deg: int) -> Clip:
    """Return a clip whose pictures are turned by 90, 180 or 270 degrees: it lay on its side or upside down."""
    size = (clip.width, clip.height) if clockwise_deg == 180 else (clip.height, clip.width)
    return replace(
        clip,
        width=size[0],
        height=size[1],
        rotation_deg=(clip.rotation_deg + clockwise_deg) % 360,
        turned_deg=(clip.turned_deg + clockwise_deg) % 360,
        faces=None,
        notes=(*clip.notes, Reason("film_turned", turn_deg=clockwise_deg)),
    )


def pick_frames(clip: Clip, indices: Iterable[int], *, height: int | None = None) -> dict[int, Image]:
    """Read the frames of these numbers, jumping over long stretches between them. Raises IndexError, InputError."""
    wanted = sorted(set(indices))
    if wanted and not 0 <= wanted[0] <= wanted[-1] < clip.frames:
        raise IndexError(f"the clip has frames 0 to {clip.frames - 1}, not {wanted[0]} to {wanted[-1]}")
    runs = [wanted[:1]]
    for before, after in pairwise(wanted):
        if after - before > _SEEK_OVER_FRAMES:
            runs.append([])
        runs[-1].append(after)
    return {index: image for run in runs for index, image in _read(clip, run, height)}


def _read(clip: Clip, indices: Sequence[int], height: int | None) -> Iterator[tuple[int, Image]]:
    """Read the frames of these rising numbers, each with its number, faces blurred where the clip says so."""
    if clip.faces is None:
        yield from _read_open(clip, indices, height)
        return
    for index, image in _read_open(replace(clip, faces=None), indices, height):
        yield index, blurred(image, clip.faces[index] * (image.shape[0] / clip.height))


def _read_open(clip: Clip, indices: Sequence[int], height: int | None) -> Iterator[tuple[int, Image]]:
    """Read the frames of these rising numbers, each with its number."""
    if not indices:
        return
    if clip.turned_deg:
        yield from _read_turned(clip, indices, height)
        return
    if not clip.has_pictures:
        blank = _empty(clip.width, clip.height)
        blank = blank if height is None else scaled(blank, height)
        yield from ((index, blank.copy()) for index in indices)
        return
    pictures = pictures_of(clip.path)
    whole: Iterator[tuple[int, Image]]
    if pictures is None:
        whole = ((index, frame.picture) for index, frame in _read_film(clip, indices))
    else:
        whole = _read_pictures(clip, pictures, indices)
    for index, image in whole:
        yield index, image if height is None else scaled(image, height)


def _read_pictures(clip: Clip, pictures: Sequence[Path], indices: Sequence[int]) -> Iterator[tuple[int, Image]]:
    for index in indices:
        image = open_picture(pictures[index])
        if image.shape[:2] != (clip.height, clip.width):
            raise InputError(Reason("picture_of_another_size", file=pictures[index].name))
        yield index, image


def _read_turned(clip: Clip, indices: Sequence[int], height: int | None) -> Iterator[tuple[int, Image]]:
    """Read frames of a clip that was turned by more than its file says."""
    on_its_side = clip.turned_deg != 180
    size = (clip.height, clip.width) if on_its_side else (clip.width, clip.height)
    lying = replace(clip, width=size[0], height=size[1], turned_deg=0)
    lines = max(1, round(height * clip.width / clip.height)) if height and on_its_side else height
    for index, image in _read(lying, indices, lines):
        upright = np.asarray(cv2.rotate(image, _TURNS[clip.turned_deg]), np.uint8)
        yield index, upright if height is None else scaled(upright, height)


_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def _empty(width: int, height: int) -> Image:
    """Return a dark sheet with faint lines, on which points without a film are drawn."""
    sheet = np.full((height, width, 3), _EMPTY, np.uint8)
    sheet[:, ::_LINE_EVERY_PX] = _EMPTY_LINE
    sheet[::_LINE_EVERY_PX] = _EMPTY_LINE
    return sheet


def scaled(image: Image, height: int) -> Image:
    """Return a picture scaled to so many lines: by the mean of the pixels when it becomes smaller, else smoothly."""
    width = max(1, round(image.shape[1] * height / image.shape[0]))
    how = cv2.INTER_AREA if height <= image.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (width, height), interpolation=how), np.uint8)


def _read_film(clip: Clip, indices: Sequence[int]) -> Iterator[tuple[int, Undeveloped]]:
    if not indices:
        return
    with opened(clip.path) as (container, stream):
        shown = decoded(container, stream)
        first = next(shown, None)
        if first is None:
            raise InputError(Reason("film_changed", file=clip.path.name))
        ticks = first.pts + np.rint(clip.time_s / float(first.time_base)).astype(int)
        shown = chain([first], shown)
        if indices[0] > _SEEK_OVER_FRAMES:
            shown = decoded_from(container, stream, int(ticks[indices[0]]))
        developer = Developer(first, pixel_aspect=pixel_aspect(stream))
        allowed = max(5, round(_DAMAGE_ALLOWED * clip.frames))
        newest, coming = first, next(shown, None)
        for index in indices:
            while coming is not None and coming.pts <= ticks[index]:
                newest, coming = coming, next(shown, None)
            allowed -= newest.pts != ticks[index]
            if allowed < 0:
                raise InputError(Reason("film_damaged", file=clip.path.name))
            yield index, Undeveloped(newest, developer)
