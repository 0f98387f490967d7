"""Open the container of a film and decode it: which track is the film, is its end missing, how fast was it filmed."""

from __future__ import annotations

import math
import re
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import av

from midstance.errors import InputError
from midstance.limits import check_film, limits, plain_file
from midstance.reasons import Reason
from midstance.video.stills import PICTURE_SUFFIXES

_CONTAINERS = "mov,matroska,webm,avi,mpegts,mpeg,gif,apng,asf,flv,3gp,ogg,mxf,yuv4mpegpipe,dv"
OPENING = {"format_whitelist": _CONTAINERS, "protocol_whitelist": "file"}
"""How every film is opened: containers that have their own pictures in them; play lists may point at other files."""

NORMAL_SPEED = 0x10000
"""1 as QuickTime writes the speed of a part of the film: 16 bits before the point and 16 after it."""

_NOT_A_FILM = av.stream.Disposition.attached_pic | av.stream.Disposition.timed_thumbnails
_WEBP_ANIMATED = 0x02  # the bit of a WebP file's header that says so
_CAPTURE_RATE = re.compile(r"(^|[.\-_])capture[.\-_]?(fps|frame[.\-_]?rate)$", re.IGNORECASE)


# -- open ----------------------------------------------------------------------------------------------------------


@contextmanager
def decoding_on(threads: int) -> Iterator[None]:
    """Let the films that are opened in the block be decoded on one thread if there is but one, else as FFmpeg likes.

    Each of its threads keeps a frame. It is set for the whole process. What is decoded does not depend on it, but for
    frames of a damaged film.
    """
    global _threads  # noqa: PLW0603  (films are opened far below those who know how many threads there are)
    before, _threads = _threads, 1 if threads == 1 else 0
    try:
        yield
    finally:
        _threads = before


_threads = 0
"""As FFmpeg counts them: 0 for as many as it likes."""


@contextmanager
def opened(path: Path) -> Iterator[tuple[Any, Any]]:
    """Open the container and its film, decoding on all cores (`decoding_on`).

    Raises InputError for anything that is no film.
    """
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
        stream.thread_type, stream.codec_context.thread_count = "AUTO", _threads
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


def metadata_of(path: Path) -> dict[str, str]:
    """Return what a film says of itself beside its pictures; nothing for what is no film. Raises InputError."""
    with suppress(av.error.FFmpegError, ValueError), av.open(f"file:{plain_file(path)}", options=OPENING) as container:
        return dict(container.metadata)
    return {}


# -- decode --------------------------------------------------------------------------------------------------------


def stamps_of(container: Any, stream: Any) -> list[int]:
    """Return when each readable frame is shown, in ticks, by one look at the packets."""
    stamps: list[int] = []
    with suppress(av.error.FFmpegError):  # raised where the rest of a file is missing; what came before it is good
        whole = (p for p in container.demux(stream) if p.size and not p.is_discard and not p.is_corrupt)
        stamps.extend(packet.pts for packet in whole if packet.pts is not None)
    return stamps


def decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Decode the frames that can be and that have a time stamp, in the order in which they are shown."""
    try:
        for packet in container.demux(stream):
            try:
                yield from (frame for frame in packet.decode() if frame.pts is not None)
            except av.error.InvalidDataError:
                continue  # one damaged packet is no reason to lose the others
    except av.error.FFmpegError:
        return  # the rest of the file is missing


def decoded_from(container: Any, stream: Any, tick: int) -> Iterator[Any]:
    """Decode from the newest frame before tick that can be decoded by itself, or from an earlier one."""
    for back_s in (0, 1, 4, 16, 64):
        container.seek(tick - round(back_s / stream.time_base), stream=stream)
        shown = decoded(container, stream)
        first = next(shown, None)
        if first is not None and first.pts <= tick:
            return chain([first], shown)
    container.seek(stream.start_time or 0, stream=stream)
    return decoded(container, stream)


def pixel_aspect(stream: Any) -> float:
    """Return width over height of a stored pixel; 1 where the file does not say."""
    return float(stream.sample_aspect_ratio or 1)


# -- which track ---------------------------------------------------------------------------------------------------


def film_track(container: Any, path: Path) -> Any:
    """Return the track of the container that is a film; None if there is none.

    A phone stores stills and thumbnails as tracks of their own, some larger than the film. The film has the most
    frames; among tracks with about as many, the one that a player would choose.
    """
    tracks = [track for track in container.streams.video if track.codec_context and not track.disposition & _NOT_A_FILM]
    if len(tracks) > 1:
        frames = _frames_by_track(path)
        most = max(frames[track.index] for track in tracks)
        tracks = [track for track in tracks if 2 * frames[track.index] >= most]
        best = container.streams.best("video")
        tracks.sort(key=lambda track: (best is not None and track.index == best.index, track.width * track.height))
    return tracks[-1] if tracks else None


def _frames_by_track(path: Path) -> Counter[int]:
    """Return how many frames each video track has, by its number in the file."""
    frames: Counter[int] = Counter()
    with av.open(f"file:{path}", options=OPENING) as container, suppress(av.error.FFmpegError):
        for packet in container.demux(video=tuple(range(len(container.streams.video)))):
            frames[packet.stream.index] += bool(packet.size and not packet.is_discard)
    return frames


# -- is it whole ---------------------------------------------------------------------------------------------------


def frames_missing(container: Any, track: Any, path: Path, stamps: list[int]) -> int:
    """Return how many frames at the end the file promises but no longer has; stamps are the ticks of those it has.

    Only what the container itself promises counts: frames that were never filmed, or are cut away by an edit list, are
    not missing. Formats made for broadcasting promise nothing.
    """
    family = set(container.format.name.split(","))
    last = max(stamps, default=-1)
    if "mov" in family:
        size = path.stat().st_size
        shown = [entry for entry in track.index_entries if not entry.is_discard]
        return sum(bool(entry.pos + entry.size > size) for entry in shown)
    if "avi" in family and _riff_is_cut(path):
        frames: int = track.frames
        return max(0, frames - last - 1)
    if "matroska" in family and container.duration and len(stamps) > 1 and _matroska_is_cut(path):
        tick_s = float(track.time_base)
        step_s = tick_s * (last - min(stamps)) / (len(stamps) - 1)
        left_s = float(container.duration / av.time_base) - tick_s * last
        return max(0, round(left_s / step_s) - 1)
    return 0


def _riff_is_cut(path: Path) -> bool:
    """Return whether an AVI file ends before its parts do."""
    size = path.stat().st_size
    with path.open("rb") as file:
        at = 0
        while len(head := file.read(8)) == 8 and head[:4] == b"RIFF":
            length = struct.unpack("<I", head[4:])[0]
            if length == 0 or at + 8 + length > size:
                return True
            at += 8 + length + length % 2
            file.seek(at)
    return False


def _matroska_is_cut(path: Path) -> bool:
    """Return whether a Matroska or WebM file ends before its segment does; a live recording does not say."""
    with path.open("rb") as file:
        for wanted in (b"\x1a\x45\xdf\xa3", b"\x18\x53\x80\x67"):  # the header, then the segment
            if file.read(4) != wanted:
                return False
            length = _ebml_length(file)
            if length is None:
                return False
            end = file.tell() + length
            if end > path.stat().st_size:  # before it is sought: no file is as long as a damaged length may say
                return True
            file.seek(end)
    return False


def _ebml_length(file: BinaryIO) -> int | None:
    """Read a length as EBML writes it: leading zero bits say how many bytes it has. None: unknown."""
    first = (file.read(1) or b"\xff")[0]
    extra = 8 - first.bit_length()
    value = int.from_bytes(bytes([first & (0x7F >> extra)]) + file.read(extra), "big")
    return None if value == 2 ** (7 * (extra + 1)) - 1 else value


# -- how fast ------------------------------------------------------------------------------------------------------


def capture_hz(container: Any, track: Any) -> float | None:
    """Return at how many frames a second the film was filmed, as the phone says; None if it does not say.

    Android writes com.android.capture.fps; other programs write keys that end alike.
    """
    for name, value in {**track.metadata, **container.metadata}.items():
        if _CAPTURE_RATE.search(name):
            with suppress(ValueError, IndexError):
                rate_hz = float(str(value).split()[0])
                if math.isfinite(rate_hz) and rate_hz > 0:
                    return rate_hz
    return None


def plays_at_changing_speed(path: Path) -> bool:
    """Return whether an edit list of the film (mp4, mov) lets parts of it play slower or faster than others."""
    with path.open("rb") as file, suppress(struct.error):
        for trak in _boxes(file, 0, path.stat().st_size, b"moov", b"trak"):
            for start, _ in _boxes(file, *trak, b"edts", b"elst"):
                if any(speed != NORMAL_SPEED for speed in _speeds(file, start)):
                    return True
    return False


def _boxes(file: BinaryIO, start: int, end: int, *path: bytes) -> Iterator[tuple[int, int]]:
    """Give the start and end of the content of every box on a path such as moov, trak within a stretch of the file."""
    at = start
    while at + 8 <= end:
        file.seek(at)
        size, kind = struct.unpack(">I4s", file.read(8))
        content = at + 8
        if size == 1:
            size, content = struct.unpack(">Q", file.read(8))[0], at + 16
        stop = end if size == 0 else at + size
        if stop < content or stop > end:
            return
        if kind == path[0]:
            if path[1:]:
                yield from _boxes(file, content, stop, *path[1:])
            else:
                yield content, stop
        at = stop


def _speeds(file: BinaryIO, at: int) -> list[int]:
    """Read the speed of every part in an edit list; pauses, which show nothing, are left out."""
    file.seek(at)
    version, count = struct.unpack(">B3xI", file.read(8))
    part = ">Qqi" if version else ">Iii"
    entries = [struct.unpack(part, file.read(struct.calcsize(part))) for _ in range(min(count, 10_000))]
    return [speed for _, begin, speed in entries if begin >= 0]
