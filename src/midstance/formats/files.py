"""A path in, a hidden place beside it to write to out: files appear whole or not at all, and what fails is one line."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from midstance.errors import InputError

PREFIX, SUFFIX = ".midstance-", ".unfinished"
"""How a hidden folder of half files is called."""

ABANDONED_S = 60.0
"""A hidden folder in which nothing was written for so long was left by a process that died."""

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """An empty hidden folder to be filled; its files move into `folder` if the block ends well, else they are gone."""
    folder.mkdir(parents=True, exist_ok=True)
    clear_abandoned(folder)
    half = Path(tempfile.mkdtemp(dir=folder, prefix=PREFIX, suffix=SUFFIX))
    try:
        yield half
        for file in _files(half):
            _to_disk(file)
        for file in _files(half):
            place = folder / file.relative_to(half)
            place.parent.mkdir(exist_ok=True)
            file.replace(place)
    finally:
        shutil.rmtree(half, ignore_errors=True)


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to be filled; it takes the place of `path` if the block ends well, else it is gone."""
    with whole_folder(path.parent) as half:
        yield half / path.name


def write_text(text: str, path: Path) -> Path:
    """UTF-8 text with plain line ends, whole or not at all. Raises InputError."""
    with told(path), whole(path) as half:
        half.write_text(text, encoding="utf-8", newline="\n")
    return path


@contextmanager
def told(what: Path) -> Iterator[None]:
    """What goes wrong with a disk while `what` is written, as a line that says what to do. Raises InputError."""
    try:
        yield
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise InputError(f"The disk is full, so {what} was not written. Make room and do it again.") from fault
        reason = fault.strerror or str(fault)
        raise InputError(f"{what} cannot be written ({reason}). Choose another place.") from fault


def clear_abandoned(folder: Path, *, older_than_s: float = ABANDONED_S) -> int:
    """Delete the half files of processes that died; how many there were."""
    until, gone = time.time() - older_than_s, 0
    for half in folder.glob(f"{PREFIX}*{SUFFIX}"):
        try:
            written = max(file.stat().st_mtime for file in (half, *_files(half)))
        except FileNotFoundError:
            continue  # its writer has just put it in place
        if written <= until:
            shutil.rmtree(half, ignore_errors=True)
            gone += 1
    return gone


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _to_disk(path: Path) -> None:
    """Wait until the file has left the memory of this machine, so that a loss of power cannot leave it empty."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())
