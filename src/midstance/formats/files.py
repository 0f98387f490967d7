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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from midstance.errors import InputError
from midstance.reasons import Reason

PREFIX, SUFFIX = ".midstance-", ".unfinished"
"""Beginning and end of the name of a hidden folder of unfinished files."""

TEMPORARY = "midstance-"
"""Beginning of the name of a temporary folder; the number of its process follows."""

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
        place = _led_to(path)
        if _is_special(place):
            with temporary_folder() as folder:
                unfinished = folder / path.name
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


def check_output(path: Path, *, folder: bool = False) -> Path:
    """Return a path that can be written, as far as is known before: asked before the work, not after it.

    folder  a folder is to be written, made if need be; otherwise a file, a device or a pipe

    Raises InputError.
    """
    try:
        str(path).encode("utf-8")
        with disk_errors(path):
            _check_place(path, folder=folder)
    except UnicodeEncodeError:
        raise InputError(Reason("name_not_utf8", path=path)) from None
    except (ValueError, RuntimeError) as fault:  # a NUL in a name, a link in a circle
        raise InputError(Reason("cannot_be_written", path=path, fault=str(fault))) from fault
    return path


def _check_place(path: Path, *, folder: bool) -> None:
    """Raise OSError where a path cannot be written."""
    place = _led_to(path).absolute()
    try:
        kind = place.stat().st_mode  # also says that a name is too long
    except FileNotFoundError:
        folder, place = True, place.parent
        while not place.exists():
            place = place.parent
        kind = place.stat().st_mode
    if stat.S_ISDIR(kind) != folder:
        raise OSError(errno.ENOTDIR if folder else errno.EISDIR, f"{place} is {'no' if folder else 'a'} folder")
    if not os.access(place.parent if stat.S_ISREG(kind) else place, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn an error of the disk while `path` is written into one line that says what to do. Raises InputError."""
    try:
        yield
    except OSError as fault:
        if fault.errno in NO_ROOM:
            raise InputError(Reason("disk_full", path=path)) from fault
        raise InputError(Reason("cannot_be_written", path=path, fault=fault.strerror or str(fault))) from fault


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """Give an empty folder for as long as the block runs, nobody else's to read; one of a killed process is known.

    Raises InputError when there is no room or no place for one.
    """
    with disk_errors(Path("a temporary folder")):
        made = tempfile.TemporaryDirectory(prefix=f"{TEMPORARY}{os.getpid()}-")
    with made as folder:
        yield Path(folder)


def clear_temporary(*, older_than_s: float = 3600.0) -> int:
    """Delete the temporary folders of processes of this user that died; return how many there were."""
    until, gone = time.time() - older_than_s, 0
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*"):
        with suppress(OSError, ValueError):
            about = folder.lstat()
            mine = not hasattr(os, "geteuid") or about.st_uid == os.geteuid()
            process = int(folder.name.removeprefix(TEMPORARY).split("-")[0])
            if mine and stat.S_ISDIR(about.st_mode) and about.st_mtime <= until and not is_alive(process):
                shutil.rmtree(folder, ignore_errors=True)
                gone += 1
    return gone


def is_alive(process: int) -> bool | None:
    """Return whether a process of this machine runs; None where asking would end it (Windows)."""
    if os.name != "posix":
        return None
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def make_private(path: Path, *, folder: bool = False) -> None:
    """Let nobody but this user read a file or a folder; one that is not there is made. Raises OSError."""
    if folder:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    elif not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    if os.name == "posix" and path.stat().st_uid == os.geteuid() and path.stat().st_mode & 0o077:
        path.chmod(0o700 if folder else 0o600)


def keep_secret(content: bytes, path: Path) -> None:
    """Write a file that nobody but this user reads, whole or not at all. Raises InputError."""
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with written_whole(path) as unfinished:
        make_private(unfinished)
        unfinished.write_bytes(content)


def keep_first_secret(content: bytes, path: Path) -> None:
    """Write a file that nobody but this user reads, unless another process did meanwhile: its file stays.

    Raises InputError.
    """
    with disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        hidden = Path(tempfile.mkdtemp(dir=path.parent, prefix=PREFIX, suffix=SUFFIX))
        try:
            half = hidden / path.name
            make_private(half)
            half.write_bytes(content)
            _wait_for_disk(half)
            try:
                os.link(half, path)
            except OSError:  # it is there now, or this disk has no hard links
                if not path.exists():
                    half.replace(path)
        finally:
            shutil.rmtree(hidden, ignore_errors=True)


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
        places = {file: folder / file.relative_to(hidden) for file in _files(hidden)}
        for place in places.values():
            if place.is_dir():  # said before anything is moved: all of it or nothing
                raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(place))
        for file, place in places.items():
            _put(file, place)
    finally:
        shutil.rmtree(hidden, ignore_errors=True)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _wait_for_disk(path: Path) -> None:
    """Wait until the file has left the memory of this machine, so that a loss of power cannot leave it empty."""
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def _put(file: Path, place: Path) -> None:
    """Move a finished file to its place, or into the device or pipe that is there, or to where a link there leads."""
    place.parent.mkdir(exist_ok=True)
    if place.is_symlink():
        with written_whole(place) as unfinished:
            shutil.copyfile(file, unfinished)
    elif _is_special(place):
        _copy_into(file, place)
    else:
        file.replace(place)


def _led_to(path: Path) -> Path:
    """Return the file that a link leads to, or the path itself. Raises OSError for a link that others may have laid.

    Linux follows no link of somebody else's in a folder where everybody may write (protected_symlinks); to read where
    it leads, and write there, would go round that.
    """
    if not path.is_symlink():
        return path
    if os.name == "posix":
        link, folder = path.lstat(), path.parent.stat()
        shared = folder.st_mode & stat.S_ISVTX and folder.st_mode & stat.S_IWOTH
        if shared and link.st_uid not in {os.geteuid(), folder.st_uid}:
            raise OSError(errno.EACCES, "a link that somebody else laid")
    return path.resolve()


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
