"""Keep films under keys made of their content, in a folder or at any address fsspec knows; originals stay untouched."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import time
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Protocol

from midstance.errors import InputError, MidstanceError, UsageError
from midstance.formats.files import clear_abandoned, folder_written_whole, temporary_folder
from midstance.reasons import Reason

CHUNK = 1 << 20
TIDY_EVERY_S = 86400.0
KEY = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}(\.[a-z0-9]{1,8})?")


class Shelf(Protocol):
    """Where films lie. A key is two hex digits, a slash, the SHA-256 and the file's ending."""

    def keep(self, path: Path) -> str:
        """Copy a file onto the shelf, whole or not at all, and return its key."""

    def keep_from(self, source: IO[bytes], key: str) -> None:
        """Copy what can be read onto the shelf, whole or not at all. Raises KeyError if it is not what the key says."""

    def free_bytes(self) -> int:
        """Return how much room the disk has on which files are unpacked."""

    def is_due(self) -> bool:
        """Return whether it is time to tidy, at most once a day; a shelf elsewhere is tidied only when asked."""

    def has(self, key: str) -> bool:
        """Return whether a file is there."""

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Give the file a path on this machine for as long as the block runs. Raises InputError if it is gone."""

    def discard(self, key: str) -> None:
        """Delete a file; one that is already gone is no fault."""

    def tidy(self, wanted: Collection[str], *, older_than_s: float) -> int:
        """Delete what nothing refers to and half copies of processes that died; return how many files went."""


def open_shelf(address: str) -> Shelf:
    """Open the shelf in a folder or at an address such as s3://bucket/films. Raises UsageError."""
    address = address.removeprefix("file://")
    return RemoteShelf(address) if "://" in address else FolderShelf(Path(address))


def key_of(digest: str, name: str) -> str:
    """Return the key of a file with this SHA-256 that the user called `name`."""
    ending = Path(name).suffix.lower()
    return f"{digest[:2]}/{digest}{ending if re.fullmatch(r'[.][a-z0-9]{1,8}', ending) else ''}"


def is_key(key: object) -> bool:
    """Return whether a word of the database can be a key: any other would lead away from the shelf."""
    return isinstance(key, str) and KEY.fullmatch(key) is not None


def _copy(source: IO[bytes], target: IO[bytes]) -> str:
    """Copy and return the SHA-256."""
    digest = hashlib.sha256()
    while chunk := source.read(CHUNK):
        digest.update(chunk)
        target.write(chunk)
    return digest.hexdigest()


class FolderShelf:
    """A shelf in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, path: Path) -> str:
        """Copy beside, then move into place."""
        with path.open("rb") as source, folder_written_whole(self._folder) as half:
            copy = half / "film"
            with copy.open("wb") as target:
                key = key_of(_copy(source, target), path.name)
            (half / key).parent.mkdir()
            copy.rename(half / key)
        return key

    def keep_from(self, source: IO[bytes], key: str) -> None:
        """Copy beside, compare with the key, then move into place."""
        with folder_written_whole(self._folder) as half:
            copy = half / "film"
            with copy.open("wb") as target:
                if key_of(_copy(source, target), key) != key:
                    raise KeyError(key)
            (half / key).parent.mkdir()
            copy.rename(half / key)

    def free_bytes(self) -> int:
        """Return the room on the disk of the shelf."""
        folder = self._folder.absolute()
        while not folder.exists():
            folder = folder.parent
        return shutil.disk_usage(folder).free

    def is_due(self) -> bool:
        """Look when a mark was last touched, and touch it."""
        mark = self._folder.with_name(f"{self._folder.name}.tidied")
        try:
            due = not mark.exists() or time.time() - mark.stat().st_mtime > TIDY_EVERY_S
            if due and self._folder.exists():
                mark.touch(mode=0o600)
        except OSError:
            return False
        return due

    def has(self, key: str) -> bool:
        """Return whether the file is there."""
        return is_key(key) and (self._folder / key).is_file()

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Give the file itself; it must not be altered."""
        if not self.has(key):
            raise InputError(Reason("film_gone", place=self._folder / key))
        yield self._folder / key

    def discard(self, key: str) -> None:
        """Delete the file; its folder stays, another process may be about to put a film there."""
        if is_key(key):
            (self._folder / key).unlink(missing_ok=True)

    def tidy(self, wanted: Collection[str], *, older_than_s: float) -> int:
        """Delete files that nothing refers to; younger ones stay, another process may be about to refer to them."""
        until = time.time() - older_than_s
        kept = {p.relative_to(self._folder).as_posix(): p for p in self._folder.glob("??/*")}
        ours = {key: p for key, p in kept.items() if KEY.fullmatch(key) and key not in wanted}
        lost = [key for key, p in ours.items() if p.stat().st_mtime <= until]
        for key in lost:
            self.discard(key)
        return len(lost) + clear_abandoned(self._folder, older_than_s=older_than_s)


@contextmanager
def _reached() -> Iterator[None]:
    """Turn errors of a remote system, which has kinds of its own, into one line. Raises InputError."""
    try:
        yield
    except (OSError, MidstanceError):
        raise
    except Exception as fault:
        raise InputError(Reason("films_out_of_reach", fault=str(fault))) from fault


class RemoteShelf:
    """A shelf at an fsspec address, such as s3://bucket/films."""

    def __init__(self, address: str) -> None:
        try:
            import fsspec  # noqa: PLC0415  (only for those who keep films elsewhere)

            self._system: Any
            self._system, self._root = fsspec.core.url_to_fs(address)
        except (ImportError, ValueError) as fault:
            raise UsageError(Reason("no_place_for_films", address=address, fault=str(fault))) from None

    @_reached()
    def keep(self, path: Path) -> str:
        """Hash the file, then upload it once: these stores show it only when it is complete."""
        with path.open("rb") as source:
            key = key_of(hashlib.file_digest(source, "sha256").hexdigest(), path.name)
        if not self.has(key):
            half = self._at(f"{uuid.uuid4().hex}.part")
            try:
                self._system.put_file(str(path), half)
                self._system.mv(half, self._at(key))
            finally:
                if self._system.exists(half):
                    self._system.rm_file(half)
        return key

    def keep_from(self, source: IO[bytes], key: str) -> None:
        """Copy to this machine, compare with the key, then upload."""
        with temporary_folder() as folder:
            copy = folder / Path(key).name
            with copy.open("wb") as target:
                if key_of(_copy(source, target), key) != key:
                    raise KeyError(key)
            self.keep(copy)

    def free_bytes(self) -> int:
        """Return the room where files are copied to on the way."""
        return shutil.disk_usage(tempfile.gettempdir()).free

    def is_due(self) -> bool:
        """Never: to list everything there takes long and may cost money."""
        return False

    @_reached()
    def has(self, key: str) -> bool:
        """Return whether the file is there."""
        return is_key(key) and bool(self._system.exists(self._at(key)))

    @contextmanager
    def local(self, key: str) -> Iterator[Path]:
        """Give a copy that is deleted afterwards."""
        if not is_key(key):
            raise InputError(Reason("film_gone", place=key))
        with temporary_folder() as folder:
            copy = folder / Path(key).name
            try:
                with _reached():
                    self._system.get_file(self._at(key), str(copy))
            except FileNotFoundError:
                raise InputError(Reason("film_gone", place=self._at(key))) from None
            yield copy

    @_reached()
    def discard(self, key: str) -> None:
        """Delete the file."""
        if self.has(key):
            self._system.rm_file(self._at(key))

    @_reached()
    def tidy(self, wanted: Collection[str], *, older_than_s: float) -> int:
        """Delete files that nothing refers to; younger ones stay, another process may be about to refer to them."""
        until = datetime.fromtimestamp(time.time() - older_than_s, UTC)
        lost = []
        for name in self._system.find(self._root):
            key = name.removeprefix(self._root).lstrip("/")
            ours = KEY.fullmatch(key) or key.endswith(".part")
            if ours and key not in wanted and self._system.modified(name) <= until:
                lost.append(name)
        for name in lost:
            self._system.rm_file(name)
        return len(lost)

    def _at(self, key: str) -> str:
        return f"{self._root}/{key}"
