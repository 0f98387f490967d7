"""Write files whole or not at all, and say in one line what to do when a disk fails."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from midstance.errors import InputError
from midstance.reasons import Reason

PREFIX, SUFFIX = ".midstance-", ".unfinished"
"""Beginning and end of the name of a hidden folder of unfinished files."""

ABANDONED_S = 60.0
"""A hidden folder in which nothing was written for so long was left by a process that died."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""Error numbers of a disk that is full."""


@contextmanager
def folder_written_whole(folder: Path) -> Iterator[Path]:
    """Give an empty hidden folder to fill; its files move into `folder` together if the block succeeds.

    If the block fails, what was in `folder` stays as it was. Raises InputError when the disk fails.
    """
    with disk_errors(folder), _hidden_folder(folder) as unfinished:
        yield unfinished


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Give a hidden file to fill; it takes the place of `path` if the block succeeds.

    A link stays a link: the file it leads to is written. A device or a pipe is written to and never replaced. Raises
    InputError when the disk fails.
    """
    with disk_errors(path):
        place = path.resolve() if path.is_symlink() else path
        if _is_special(place):
            with tempfile.TemporaryDirectory() as folder:
                unfinished = Path(folder) / path.name
                yield unfinished
                _copy_into(unfinished, place)
        else:
            with _hidden_folder(place.parent) as hidden:
                yield hidden / place.name


def write_text(text: str, path: Path) -> Path:
    """Write UTF-8 text with plain line ends, whole or not at all. Raises InputError."""
    return write_bytes(text.encode("utf-8"), path)


def write_json(content: Mapping[str, Any], path: Path) -> None:
    """Write JSON that a person can read, whole or not at all. Raises InputError."""
    write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", path)


def write_bytes(content: bytes, path: Path) -> Path:
    """Write a file whole or not at all. Raises InputError."""
    with written_whole(path) as unfinished:
        unfinished.write_bytes(content)
    return path


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn an error of the disk while `path` is written into one line that says what to do. Raises InputError."""
    try:
        yield
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise InputError(Reason("disk_full", path=path)) from fault
        raise InputError(Reason("cannot_be_written", path=path, fault=fault.strerror or str(fault))) from fault


def clear_abandoned(folder: Path, *, older_than_s: float = ABANDONED_S) -> int:
    """Delete the unfinished files of processes that died, and return how many hidden folders there were."""
    until, gone = time.time() - older_than_s, 0
    for unfinished in folder.glob(f"{PREFIX}*{SUFFIX}"):
        try:
            written = max(file.stat().st_mtime for file in (unfinished, *_files(unfinished)))
        except FileNotFoundError:
            continue  # its writer has just put it in place
        if written <= until:
            shutil.rmtree(unfinished, ignore_errors=True)
            gone += 1
    return gone


@contextmanager
def _hidden_folder(folder: Path) -> Iterator[Path]:
    """Give an empty hidden folder to fill, and move its files into `folder` if the block succeeds. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    clear_abandoned(folder)
    hidden = Path(tempfile.mkdtemp(dir=folder, prefix=PREFIX, suffix=SUFFIX))
    try:
        yield hidden
        for file in _files(hidden):
            _wait_for_disk(file)
        for file in _files(hidden):
            _put(file, folder / file.relative_to(hidden))
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _wait_for_disk(path: Path) -> None:
    """Wait until the file has left the memory of this machine, so that a loss of power cannot leave it empty."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _put(file: Path, place: Path) -> None:
    """Move a finished file to its place, or into the device or pipe that is there."""
    place.parent.mkdir(exist_ok=True)
    if _is_special(place):
        _copy_into(file, place)
    else:
        file.replace(place)


def _is_special(path: Path) -> bool:
    """Return whether a path is there but is neither a file, a folder nor a link: a device, a pipe or a socket."""
    return path.exists() and not (path.is_file() or path.is_dir())


def _copy_into(file: Path, place: Path) -> None:
    """Write a file's content to a device or a pipe; a pipe that nobody reads is an OSError, not a wait without end."""
    waiting = os.O_NONBLOCK if stat.S_ISFIFO(place.stat().st_mode) else 0
    number = os.open(place, os.O_WRONLY | waiting)
    with file.open("rb") as source, os.fdopen(number, "wb") as target:
        os.set_blocking(number, True)
        shutil.copyfileobj(source, target)
