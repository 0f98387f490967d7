"""Open a film or a folder of pictures: its size, the times of its frames, its rate, how it is turned."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

import numpy as np

from midstance.errors import InputError, UsageError
from midstance.limits import check_film, plain_file
from midstance.model import Clip, Ints
from midstance.reasons import Reason
from midstance.video.container import (
    capture_hz,
    decoded,
    frames_missing,
    opened,
    pixel_aspect,
    plays_at_changing_speed,
    stamps_of,
)
from midstance.video.stills import Developer, open_picture, pictures_of

_SAME_RATE = 0.05  # two rates nearer than this, as a share, are one rate written differently
_WHOLE_FACTOR = 0.02  # a slow motion this near to a whole number, as a share, is that number
_LONGEST_GAP_S = 60.0  # between two frames of one film
_STEP_UNITS = 2  # by so many units a step between frames may vary through the rounding of its two stamps
_STEP_SHARE = 0.55  # and by no more than this share of a step: 240 frames a second in units of 1 ms are 3 to 5 apart
_COARSEST_UNIT_S = 1 / 500  # phones stamp in 1/600 s and finer
_COARSEST_TICK_S = 1 / 100  # GIF stamps in 1/100 s; where a tick is a frame, as in AVI, nothing is rounded
_REORDERED_FRAMES = 16  # the last frames of a cut-off film may lack those they are coded from (H.264, A.3.1)


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
    with opened(path) as (container, stream):
        first = next(decoded(container, stream), None)
        if first is None or first.pts is None:
            raise InputError(Reason("no_frame_readable", file=path.name))
    with opened(path) as (container, stream):
        stamps = stamps_of(container, stream)
        missing = frames_missing(container, stream, path, stamps)
        promised, filmed_hz = stream.frames > 0, capture_hz(container, stream)
        aspect = pixel_aspect(stream)
    ticks = _ticks_of(path, stamps, first.pts, missing=missing > 0)
    time_s = ticks * float(first.time_base)
    if np.max(np.diff(time_s)) > _LONGEST_GAP_S:
        raise InputError(Reason("frames_far_apart", file=path.name, minutes=float(np.max(np.diff(time_s)) / 60)))
    check_film(path.name, width=first.width, height=first.height, frames=len(ticks), seconds=float(time_s[-1]))
    rate_hz, variable_rate = _rate(ticks, float(first.time_base))
    developer = Developer(first, pixel_aspect=aspect)
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
        with file.open("rb") as content:
            while block := content.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
