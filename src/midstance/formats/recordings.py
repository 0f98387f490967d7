"""Read people's points from whatever file they are in: which format it is, its times, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from midstance import plugins
from midstance.errors import InputError, MidstanceError, UsageError
from midstance.formats import apart, csv_points, deeplabcut, kinovea, movement, openpose, pose_json, sleap, trc
from midstance.formats.text_file import text_of
from midstance.model import Recording
from midstance.reasons import Reason, printable

Reader = Callable[[Path], Recording]
FARTHEST = 1e6
"""A coordinate beyond this, in pixels or in metres, was never seen."""
LEAST_FRAMES = 2
SLOWEST_HZ, FASTEST_HZ = 0.1, 100_000.0
"""Frames a second, from a time lapse to the fastest camera for motion."""


def is_recording(path: Path) -> bool:
    """Return whether a path is a file of points or a folder of OpenPose files, by its name."""
    return path.suffix.lower() in READERS or _is_added(path) or openpose.is_folder(path)


def known_ends() -> str:
    """Return the ends of all names that are read, in a list."""
    return ", ".join(sorted({*READERS, *(f".{name}" for name in plugins.added("formats"))}))


def read_recording(path: Path, rate_hz: float | None = None) -> Recording:
    """Return the points of a file, with times and without values that are no numbers.

    rate_hz  frames a second, for files that do not say; for those that do it goes before the file

    Raises InputError with what is wrong; UsageError where a library is missing.
    """
    check_rate(rate_hz)
    try:
        stamp = path.stat().st_mtime_ns
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from None
    return _read(path, rate_hz, stamp)


def check_rate(rate_hz: float | None) -> None:
    """Raise UsageError for a number of frames a second that no camera has."""
    if rate_hz is not None and not SLOWEST_HZ <= rate_hz <= FASTEST_HZ:
        raise UsageError(Reason("points_rate", rate=rate_hz))


@lru_cache(maxsize=2)
def _read(path: Path, rate_hz: float | None, _stamp: int) -> Recording:
    found = _whole(_reader(path), path)
    if found.points.shape[1] < LEAST_FRAMES:
        raise InputError(Reason("points_no_frames", path=path))
    gone = ~np.all(np.abs(found.points) < FARTHEST, axis=-1)
    points = np.where(gone[..., None], np.nan, found.points)
    if gone.all():
        raise InputError(Reason("points_all_missing", path=path))
    return replace(
        _timed(found, rate_hz), points=points, confidence=np.where(gone, 0.0, np.nan_to_num(found.confidence))
    )


def _reader(path: Path) -> Reader:
    if path.is_dir():
        return openpose.read
    if found := READERS.get(path.suffix.lower()):
        return found
    added: Reader | None = getattr(added_format(path), "read", None)
    if added is None:
        raise InputError(Reason("points_format_unknown", path=path, known=known_ends()))
    return added


def added_format(path: Path) -> Any:
    """Return what another package adds for names that end so: read, write or both; None if there is nothing."""
    return plugins.loaded("formats", path.suffix.lower().removeprefix(".")) if _is_added(path) else None


def _is_added(path: Path) -> bool:
    return path.suffix.lower().removeprefix(".") in plugins.added("formats")


def _whole(reader: Reader, path: Path) -> Recording:
    """Return what a reader makes of a file, with names that can be printed. Raises InputError also where it trips."""
    try:
        with np.errstate(all="ignore"):  # infinite and huge numbers are taken out afterwards
            found = reader(path)
    except MidstanceError:
        raise
    except Exception as fault:  # a damaged file can trip a reader, and the libraries below it, anywhere
        raise InputError(Reason("points_damaged", path=path)) from fault
    return replace(found, names=tuple(printable(name) for name in found.names))


def _timed(found: Recording, rate_hz: float | None) -> Recording:
    """Return a recording with the times that were said, or else those of its file. Raises InputError."""
    if rate_hz:
        return replace(found, time_s=np.arange(found.points.shape[1]) / rate_hz)
    if not np.isfinite(found.time_s).all():
        raise InputError(Reason("points_without_times", path=found.path))
    if (np.diff(found.time_s) <= 0).any():
        raise InputError(Reason("points_times_fall", path=found.path))
    return found


def _read_csv(path: Path) -> Recording:
    text = text_of(path)
    first = text.split("\n", 1)[0]
    if deeplabcut.is_table(first):
        return deeplabcut.read(path)
    if sleap.is_table(first):
        return sleap.read(path)
    return kinovea.read(path) if kinovea.is_table(text[:4000]) else csv_points.read(path)


def _read_nc(path: Path) -> Recording:
    return apart.read(path) if movement.is_hdf5(path) else movement.read(path)


READERS: dict[str, Reader] = {
    ".trc": trc.read,
    ".c3d": apart.read,
    ".json": pose_json.read,
    ".csv": _read_csv,
    ".txt": kinovea.read,
    ".h5": apart.read,
    ".nc": _read_nc,
    ".parquet": apart.read,
}
"""How a file is read, by the end of its name."""
