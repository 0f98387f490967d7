"""Open a film or a folder of pictures, and read its upright 8-bit RGB frames with their own times.

Frames are a stream: one is decoded, handed over and forgotten, so memory does not grow with the clip.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from midstance.errors import InputError, UsageError
from midstance.limits import check_film, limits, plain_file
from midstance.model import Clip, Ints
from midstance.reasons import Reason
from midstance.video.container import OPENING, capture_hz, film_track, frames_missing, plays_at_changing_speed
from midstance.video.faces import blurred
from midstance.video.stills import PICTURE_SUFFIXES, Developer, Image, open_picture, pictures_of

__all__ = ["frames", "open_clip", "open_picture", "pick_frames"]

_SEEK_OVER_FRAMES = 60  # decoding on is cheaper than seeking for gaps up to about one group of pictures
_WEBP_ANIMATED = 0x02  # the bit of a WebP file's header that says so
_SAME_RATE = 0.05  # two rates nearer than this, as a share, are one rate written differently
_WHOLE_FACTOR = 0.02  # a slow motion this near to a whole number, as a share, is that number
_LONGEST_GAP_S = 60.0  # between two frames of one film
_STEP_UNITS = 2  # by so many units a step between frames may vary through the rounding of its two stamps
_STEP_SHARE = 0.55  # and by no more than this share of a step: 240 frames a second in units of 1 ms are 3 to 5 apart
_COARSEST_UNIT_S = 1 / 500  # phones stamp in 1/600 s and finer
_COARSEST_TICK_S = 1 / 100  # GIF stamps in 1/100 s; where a tick is a frame, as in AVI, nothing is rounded
_REORDERED_FRAMES = 16  # the last frames of a cut-off film may lack those they are coded from (H.264, A.3.1)
EMPTY, EMPTY_LINE = (30, 34, 40), (44, 49, 57)
LINE_EVERY_PX = 125
"""Of points without a film; half a metre where the points are in metres."""
_DAMAGE_ALLOWED = 0.05  # share of frames that may be shown as the frame before them


# -- open --------------------------------------------------------------------------------------------------------


def open_clip(path: Path | str, *, slow_motion: float | None = None, rate_hz: float | None = None) -> Clip:
    """Open a film, a folder of pictures or a pattern of names: its size, its times, how it is turned.

    Parameters
    ----------
    path
        The film, the folder, or a pattern such as shot_%04d.png or shot_*.jpg.
    slow_motion
        How many times slower than life the film plays; None: as the file says, or in real time.
    rate_hz
        Pictures a second, for pictures alone: they carry no times.

    Returns
    -------
    Clip
        Its times are those stamped on the frames, whatever rate the file claims; frames that cannot be shown are left
        out.

    Raises
    ------
    InputError
        If there is no such film or it cannot be read.
    UsageError
        For a slow motion that is not above 0.

    Examples
    --------
    >>> import midstance as ms
    >>> clip = ms.open_clip("run.mov")
    >>> clip.width, clip.height, clip.frames, clip.rate_hz
    (1280, 720, 240, 60.0)
    """
    path = Path(path)
    if slow_motion is not None and not slow_motion > 0:
        raise UsageError(Reason("slow_motion_not_above_0", factor=slow_motion))
    pictures = pictures_of(plain_file(path))
    clip = _open_film(path, slow_motion) if pictures is None else _open_pictures(path, pictures, rate_hz)
    return clip if slow_motion is None else replace(clip, slow_motion_factor=slow_motion)


def _open_film(path: Path, slow_motion: float | None) -> Clip:
    with _opened(path) as (container, stream):
        first = next(_decoded(container, stream), None)
        if first is None or first.pts is None:
            raise InputError(Reason("no_frame_readable", file=path.name))
    with _opened(path) as (container, stream):
        stamps = _stamps(container, stream)
        missing = frames_missing(container, stream, path, stamps)
        promised, filmed_hz = stream.frames > 0, capture_hz(container, stream)
        pixel_aspect = _pixel_aspect(stream)
    ticks = _ticks_of(path, stamps, first.pts, missing=missing > 0)
    time_s = ticks * float(first.time_base)
    if np.max(np.diff(time_s)) > _LONGEST_GAP_S:
        raise InputError(Reason("frames_far_apart", file=path.name, minutes=float(np.max(np.diff(time_s)) / 60)))
    check_film(path.name, width=first.width, height=first.height, frames=len(ticks), seconds=float(time_s[-1]))
    rate_hz, variable_rate = _rate(ticks, float(first.time_base))
    developer = Developer(first, pixel_aspect=pixel_aspect)
    factor = 1.0 if slow_motion is not None else _times_slower(filmed_hz, rate_hz)
    cut_off = Reason("film_cut_off", readable=len(ticks), frames=len(stamps) + missing)
    notes = {
        cut_off if promised else Reason("film_end_missing", readable=len(ticks)): missing > 0,
        Reason("speed_of_edits_ignored"): plays_at_changing_speed(path),
        Reason("slow_motion_from_file", filmed_hz=filmed_hz, times=factor): factor != 1,
    }
    return Clip(
        path=path,
        sha256=hash_of([path]),
        width=developer.size[0],
        height=developer.size[1],
        time_s=time_s,
        rate_hz=rate_hz,
        variable_rate=variable_rate,
        rotation_deg=developer.turn.clockwise_deg,
        transfer=developer.transfer,
        slow_motion_factor=factor,
        notes=tuple(note for note, holds in notes.items() if holds),
    )


def _ticks_of(path: Path, stamps: list[int], first: int, *, missing: bool) -> Ints:
    """Return when each frame that can be shown is shown, in ticks from the first. Raises InputError below two."""
    ticks = np.unique([stamp for stamp in stamps if stamp >= first]) - first
    if missing:
        ticks = ticks[:-_REORDERED_FRAMES]
    if len(ticks) < 2:
        many = len(stamps) > 1
        raise InputError(
            Reason(
                "film_never_finished" if missing else "frames_without_times" if many else "single_picture",
                file=path.name,
            )
        )
    return ticks


def _times_slower(filmed_hz: float | None, plays_hz: float) -> float:
    """Return how many times slower than life a film plays, from the rates at which it was filmed and plays.

    Rates are a little off in many files: what is close to real time is real time, and what is close to a whole number
    is that number.
    """
    factor = (filmed_hz or plays_hz) / plays_hz
    if abs(factor - 1) < _SAME_RATE:
        return 1.0
    whole = max(1, round(factor))
    return float(whole) if abs(factor / whole - 1) < _WHOLE_FACTOR else round(factor, 3)


def _open_pictures(path: Path, pictures: list[Path], rate_hz: float | None) -> Clip:
    if len(pictures) < 2:
        raise InputError(Reason("too_few_pictures", path=path, count=len(pictures)))
    if rate_hz is None or not rate_hz > 0:
        raise InputError(Reason("pictures_without_times", path=path))
    height, width = open_picture(pictures[0]).shape[:2]
    return Clip(
        path=path,
        sha256=hash_of(pictures),
        width=width,
        height=height,
        time_s=np.arange(len(pictures)) / rate_hz,
        rate_hz=float(rate_hz),
        variable_rate=False,
        rotation_deg=0,
    )


@contextmanager
def _opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Open the container and its film, decoding on all cores. Raises InputError for anything that is no film."""
    if path.stat().st_size == 0:
        raise InputError(Reason("film_empty", file=path.name))
    changing = plays_at_changing_speed(path)
    try:
        container = av.open(f"file:{path}", options=OPENING | ({"ignore_editlist": "1"} if changing else {}))
    except (av.error.FFmpegError, ValueError) as error:
        raise InputError(_unreadable(path)) from error
    with container:
        stream = film_track(container, path)
        if stream is None:
            raise InputError(Reason("no_moving_picture", file=path.name))
        if container.format.name == "avi" and stream.codec_context.has_b_frames:
            raise InputError(Reason("avi_without_times", file=path.name))
        check_film(path.name, width=stream.codec_context.width, height=stream.codec_context.height)
        stream.codec_context.options = {"max_pixels": str(round(1e6 * limits().megapixels))}
        stream.thread_type = "AUTO"
        yield container, stream


def _unreadable(path: Path) -> Reason:
    """Return why a file cannot be opened as a film."""
    with path.open("rb") as file:
        start = file.read(21)
    if start[:4] == b"RIFF" and start[8:16] == b"WEBPVP8X" and start[20] & _WEBP_ANIMATED:
        return Reason("animated_webp", file=path.name)
    if path.suffix.lower() in PICTURE_SUFFIXES:
        return Reason("single_picture", file=path.name)
    if start[4:8] in {b"ftyp", b"moov", b"mdat", b"wide"}:
        return Reason("film_never_finished", file=path.name)
    return Reason("not_a_film", file=path.name)


def _stamps(container: Any, stream: Any) -> list[int]:
    """Return when each readable frame is shown, in ticks, by one look at the packets."""
    stamps: list[int] = []
    with suppress(av.error.FFmpegError):  # raised where the rest of a file is missing; what came before it is good
        whole = (p for p in container.demux(stream) if p.size and not p.is_discard and not p.is_corrupt)
        stamps.extend(packet.pts for packet in whole if packet.pts is not None)
    return stamps


def _rate(ticks: Ints, tick_s: float) -> tuple[float, bool]:
    """Return frames a second, and whether the step between frames varies by more than the rounding of its stamps.

    A stamp may be off by one unit to either side, so a step by two. The unit may be coarser than the tick of the file,
    for stamps outlive the file they were made for. Of a varying rate the most usual is returned: one over the mean of
    the steps that are near their median, for the median alone is a whole number of units.
    """
    steps = np.diff(ticks)
    unit = int(np.gcd.reduce(steps))
    unit = unit if unit * tick_s <= _COARSEST_UNIT_S else 1
    median = float(np.median(steps))
    rounding = min(_STEP_UNITS * unit, _STEP_SHARE * median) if unit * tick_s <= _COARSEST_TICK_S else 0.0
    if np.ptp(steps) == 0:
        return float((len(ticks) - 1) / (ticks[-1] * tick_s)), False
    if np.ptp(steps) <= rounding:
        return float(1 / (np.polyfit(np.arange(len(ticks)), ticks, 1)[0] * tick_s)), False
    step = float(np.mean(steps[np.abs(steps - median) < 0.5 * median]))
    return 1 / (step * tick_s), bool(np.max(np.abs(steps - step)) > max(rounding, 0.1 * step))


def hash_of(files: list[Path]) -> str:
    """Return the SHA-256 of what is in these files, one after another."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as opened:
            while block := opened.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


# -- read --------------------------------------------------------------------------------------------------------


def frames(clip: Clip, *, start: int = 0, stop: int | None = None, height: int | None = None) -> Iterator[Image]:
    """Read the frames start <= i < stop, one for each time of the clip: (height, width, 3) uint8 RGB, upright.

    A damaged frame is shown as the one before it, as a player would.
    Raises InputError if that happens to more than 5 %.

    height  lines to scale the pictures to; None: as filmed
    """
    stop = clip.frames if stop is None else min(stop, clip.frames)
    for _, image in _read(clip, range(start, stop), height):
        yield image


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
    whole = _read_film(clip, indices) if pictures is None else _read_pictures(clip, pictures, indices)
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
    sheet = np.full((height, width, 3), EMPTY, np.uint8)
    sheet[:, ::LINE_EVERY_PX] = EMPTY_LINE
    sheet[::LINE_EVERY_PX] = EMPTY_LINE
    return sheet


def scaled(image: Image, height: int) -> Image:
    """Return a picture scaled to so many lines: by the mean of the pixels when it becomes smaller, else smoothly."""
    width = max(1, round(image.shape[1] * height / image.shape[0]))
    how = cv2.INTER_AREA if height <= image.shape[0] else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(image, (width, height), interpolation=how), np.uint8)


def _read_film(clip: Clip, indices: Sequence[int]) -> Iterator[tuple[int, Image]]:
    with _opened(clip.path) as (container, stream):
        shown = _decoded(container, stream)
        first = next(shown, None)
        if first is None:
            raise InputError(Reason("film_changed", file=clip.path.name))
        ticks = first.pts + np.rint(clip.time_s / float(first.time_base)).astype(int)
        shown = chain([first], shown)
        if indices[0] > _SEEK_OVER_FRAMES:
            shown = _decoded_from(container, stream, int(ticks[indices[0]]))
        developer = Developer(first, pixel_aspect=_pixel_aspect(stream))
        allowed = max(5, round(_DAMAGE_ALLOWED * clip.frames))
        newest, coming = first, next(shown, None)
        for index in indices:
            while coming is not None and coming.pts <= ticks[index]:
                newest, coming = coming, next(shown, None)
            allowed -= newest.pts != ticks[index]
            if allowed < 0:
                raise InputError(Reason("film_damaged", file=clip.path.name))
            yield index, developer.picture(newest)


def _pixel_aspect(stream: Any) -> float:
    """Return width over height of a stored pixel; 1 where the file does not say."""
    return float(stream.sample_aspect_ratio or 1)


def _decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Decode the frames that can be and that have a time stamp, in the order in which they are shown."""
    try:
        for packet in container.demux(stream):
            try:
                yield from (frame for frame in packet.decode() if frame.pts is not None)
            except av.error.InvalidDataError:
                continue  # one damaged packet is no reason to lose the others
    except av.error.FFmpegError:
        return  # the rest of the file is missing


def _decoded_from(container: Any, stream: Any, tick: int) -> Iterator[Any]:
    """Decode from the newest frame before tick that can be decoded by itself, or from an earlier one."""
    for back_s in (0, 1, 4, 16, 64):
        container.seek(tick - round(back_s / stream.time_base), stream=stream)
        shown = _decoded(container, stream)
        first = next(shown, None)
        if first is not None and first.pts <= tick:
            return chain([first], shown)
    container.seek(stream.start_time or 0, stream=stream)
    return _decoded(container, stream)
