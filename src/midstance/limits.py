"""Bound what a foreign file may take: memory, time, pixels, frames, minutes. MIDSTANCE_LIMITS sets them otherwise."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, fields, replace
from pathlib import Path

from midstance.errors import InputError, UsageError
from midstance.reasons import Reason

VARIABLE = "MIDSTANCE_LIMITS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one film or picture may take.

    memory_gb          of the process that decodes and measures it
    work_minutes       from its start to its end
    megapixels         of one frame of a film: 8K is 33
    photo_megapixels   of a picture: phones have up to 200
    frames, minutes    of a film
    unpacked_gb        of what a zip may hold
    """

    memory_gb: float = 8.0
    work_minutes: float = 240.0
    megapixels: float = 36.0
    photo_megapixels: float = 210.0
    frames: float = 400_000
    minutes: float = 120.0
    unpacked_gb: float = 100.0


def limits() -> Limits:
    """Return the limits, as MIDSTANCE_LIMITS says them: "memory_gb=12 minutes=30". Raises UsageError."""
    known = {field.name for field in fields(Limits)}
    given: dict[str, float] = {}
    for word in os.environ.get(VARIABLE, "").replace(",", " ").split():
        name, _, value = word.partition("=")
        try:
            number = float(value)
        except ValueError:
            number = 0.0
        if name not in known or not 0 < number < 1e12:
            raise UsageError(Reason("limit_unknown", word=word, known=", ".join(sorted(known))))
        given[name] = number
    return replace(Limits(), **given)


def check_film(name: str, *, width: int, height: int, frames: int = 0, seconds: float = 0.0) -> None:
    """Refuse a film that is too large or too long, before it is decoded. Raises InputError, which names the limit."""
    allowed = limits()
    over = {
        "megapixels": (width * height / 1e6, allowed.megapixels),
        "frames": (frames, allowed.frames),
        "minutes": (seconds / 60, allowed.minutes),
    }
    for limit, (has, most) in over.items():
        if has > most:
            raise InputError(Reason("film_over_limit", file=name, has=round(has), most=round(most), limit=limit))


def check_picture(name: str, pixels: float) -> None:
    """Refuse a picture that would fill the memory. Raises InputError, which names the limit."""
    if pixels > 1e6 * limits().photo_megapixels:
        raise InputError(Reason("picture_too_large", file=name, megapixels=pixels / 1e6))


def plain_file(path: Path) -> Path:
    """Return the path of a file that can be read: no pipe, which may never end, no device, and a name in UTF-8.

    A path that is nowhere, or a folder, is returned too: who opens it says so. Raises InputError.
    """
    try:
        str(path).encode("utf-8")
    except UnicodeEncodeError:
        raise InputError(Reason("name_not_utf8", path=path)) from None
    try:
        kind = path.stat().st_mode
    except (OSError, ValueError):
        return path
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        raise InputError(Reason("not_a_plain_file", path=path))
    return path
