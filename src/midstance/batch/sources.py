"""Find the takes that a person names: films and files of points, folders, patterns, lists, and addresses elsewhere."""

from __future__ import annotations

import glob
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from midstance.errors import InputError, UsageError
from midstance.formats.openpose import is_folder as is_openpose
from midstance.formats.recordings import is_recording
from midstance.limits import plain_file
from midstance.reasons import Reason, printable
from midstance.video.endings import FILMS_IN_A_FOLDER
from midstance.video.stills import PICTURE_SUFFIXES, pictures_of

POINTS = frozenset({".trc", ".c3d", ".h5", ".nc"})
"""Endings of files of points in a folder; JSON, CSV and the like may be anything there, and are named themselves."""

COUNTED = FILMS_IN_A_FOLDER | POINTS

RESULTS = ".midstance"
"""Ending of a folder of results, whose films are no takes."""

LONGEST_NAME = 180
"""Bytes of the name of a film in that of its take, so that files can be called after it."""

REMOTE = re.compile(r"[a-z][a-z0-9+.-]+://", re.IGNORECASE)
LOCAL = re.compile(r"(file|local)://", re.IGNORECASE)
WILD = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One take as it was named.

    address  the whole path on this machine, or the address elsewhere
    stamp    changes when the file does: its size and when it was written
    size     in bytes; 0 where it is not known
    """

    address: str
    stamp: str
    size: int = 0

    @property
    def is_remote(self) -> bool:
        """Whether it is not on this machine."""
        return is_remote(self.address)

    @property
    def name(self) -> str:
        """The last part of the address."""
        return PurePosixPath(self.address).name if self.is_remote else Path(self.address).name

    @property
    def take(self) -> str:
        """Name of the take in every table: that of the file, and letters made of its address."""
        short = printable(self.name).encode()[:LONGEST_NAME].decode(errors="ignore")
        return f"{short}-{hashlib.sha256(self.address.encode()).hexdigest()[:8]}"

    @property
    def is_points(self) -> bool:
        """Whether it is a file of points, for which no pose model is needed."""
        return is_recording(Path(self.address))


def is_remote(address: str) -> bool:
    """Return whether an address leads away from the files of this machine."""
    return REMOTE.match(address) is not None and not LOCAL.match(address)


def find_sources(named: Iterable[str]) -> tuple[Source, ...]:
    """Return every take once, in the order in which they are named. Raises UsageError, InputError."""
    found: dict[str, Source] = {}
    words = [*named]
    for word in words:
        for source in _of(word, alone=len(words) == 1):
            found.setdefault(source.address, source)
    if not found:
        raise UsageError(Reason("batch_nothing_named"))
    if not any(source.stamp for source in found.values()):
        raise InputError(Reason("no_such_file", path=next(iter(found))))
    return tuple(found.values())


def _of(word: str, *, alone: bool) -> Iterable[Source]:
    """Return the takes that one word names; one that cannot be reached is a row beside the others. Raises as above."""
    if not is_remote(word):
        return _here(LOCAL.sub("", word))
    try:
        return [*_elsewhere(word)]
    except InputError:
        if alone:
            raise
        return [Source(address=word, stamp="")]


def read_list(path: Path | None, text: str) -> list[str]:
    """Return the lines of a list of takes; a path is looked for beside the list. Lines that begin with # are remarks.

    path  of the list; None: it was typed, and paths are looked for here
    """
    lines = [line.strip() for line in text.splitlines()]
    words = [line for line in lines if line and not line.startswith("#")]
    if path is None:
        return words
    return [word if REMOTE.match(word) else str(path.parent / word) for word in words]


# -- on this machine ---------------------------------------------------------------------------------------------------


def _here(word: str) -> Iterator[Source]:
    path = Path(word)
    if WILD.search(word) and not path.exists():
        matched = sorted(glob.glob(word, recursive=True))  # noqa: PTH207  (a whole pattern, from wherever)
        matched = [each for each in matched if not any(part.endswith(RESULTS) for part in Path(each).parts)]
        if not matched:
            raise InputError(Reason("batch_pattern_empty", pattern=word))
        for each in matched:
            yield from _here(each) if not Path(each).is_dir() or _is_one(Path(each)) else _in_folder(Path(each))
    elif path.is_dir() and not _is_one(path):
        yield from _in_folder(path, asked=True)
    else:
        yield _source(path)


def _is_one(folder: Path) -> bool:
    """Return whether a folder is one take: pictures and no film, or points of OpenPose."""
    if not folder.is_dir():
        return False
    try:
        names = [path.suffix.lower() for path in folder.iterdir()]
        return is_openpose(folder) or (bool(PICTURE_SUFFIXES & {*names}) and not COUNTED & {*names})
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=folder, fault=fault.strerror)) from None


def _in_folder(folder: Path, *, asked: bool = False) -> Iterator[Source]:
    """Yield the takes of a folder and of the folders in it, by name; no results, nothing hidden, no linked folders."""
    found = 0
    try:
        inside = sorted(folder.iterdir())
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=folder, fault=fault.strerror)) from None
    for path in inside:
        if path.name.startswith(".") or path.name.endswith(RESULTS):
            continue
        if path.is_dir():
            more = [_source(path)] if is_openpose(path) else [] if path.is_symlink() else [*_in_folder(path)]
        else:
            more = [_source(path)] if path.suffix.lower() in COUNTED and path.is_file() else []
        found += len(more)
        yield from more
    if asked and not found:
        raise InputError(Reason("batch_folder_empty", folder=folder))


def _source(path: Path) -> Source:
    """Return the take of a path; one that is not there is a take too, whose row says so."""
    whole = path if "%" in path.name else plain_file(path).absolute()
    try:
        if whole.is_dir() or "%" in path.name:
            files = sorted(whole.iterdir()) if whole.is_dir() else pictures_of(path) or []
            about = [(each.name, each.stat().st_size, each.stat().st_mtime_ns) for each in files]
            stamp, size = hashlib.sha256(repr(about).encode()).hexdigest()[:16], sum(each[1] for each in about)
        else:
            size = whole.stat().st_size
            stamp = f"{size}-{whole.stat().st_mtime_ns}"
    except (OSError, InputError):
        stamp, size = "", 0
    return Source(address=str(path.absolute()), stamp=stamp, size=size)


# -- elsewhere ---------------------------------------------------------------------------------------------------------


def _elsewhere(address: str) -> Iterator[Source]:
    """Yield the takes at an address such as s3://bucket/folder or s3://bucket/*.mp4. Raises InputError, UsageError."""
    with reached(address) as (system, path):
        if WILD.search(path):
            files = sorted(system.glob(path))
        elif system.isdir(path):
            files = sorted(each for each in system.find(path) if _counts(path, each))
        else:
            files = [path]
        if not files:
            raise InputError(Reason("batch_folder_empty", folder=address))
        for each in files:
            stamp, size = (str(system.ukey(each)), system.size(each)) if system.exists(each) else ("", 0)
            yield Source(address=system.unstrip_protocol(each), stamp=stamp, size=size or 0)


def _counts(folder: str, file: str) -> bool:
    """Return whether a file below a folder elsewhere is a take."""
    inside: Sequence[str] = PurePosixPath(file.removeprefix(folder)).parts
    hidden = any(part.startswith(".") or part.endswith(RESULTS) for part in inside)
    return not hidden and PurePosixPath(file).suffix.lower() in COUNTED


@contextmanager
def reached(address: str) -> Iterator[tuple[Any, str]]:
    """Give the system of files of an address, and the path in it. Raises UsageError without it, InputError if it fails.

    A remote system has errors of its own kinds; whichever it is becomes one line.
    """
    try:
        import fsspec  # noqa: PLC0415  (only for those who keep films elsewhere)

        system, path = fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as fault:
        raise UsageError(Reason("batch_no_system", address=address, fault=str(fault))) from None
    except Exception as fault:  # noqa: BLE001  (some reach out at once)
        raise _out_of_reach(address, fault) from None
    try:
        yield system, path
    except (InputError, UsageError):
        raise
    except Exception as fault:  # noqa: BLE001  (of whichever library reaches it)
        raise _out_of_reach(address, fault) from None


def _out_of_reach(address: str, fault: Exception) -> InputError:
    says = str(fault).splitlines()[0][:160] if str(fault) else type(fault).__name__
    return InputError(Reason("batch_out_of_reach", address=address, fault=says))
