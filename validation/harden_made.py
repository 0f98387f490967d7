"""What a reader of `make harden` is, and how its good file is made: for the tables of readers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from midstance.pose.recorded import open_recording, recorded_poses


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """One reader: what it reads, how a good file is made in a folder, and how one is read; it raises what it raises.

    caged  midstance runs it in a cage too, so that a mutant that ends the process is one line for that file
    """

    says: str
    make: Callable[[Path], bytes]
    read: Callable[[bytes, Path], object]
    caged: bool = False


def named(name: str, read: Callable[[Path], object]) -> Callable[[bytes, Path], object]:
    """Return a reader of bytes: they are written under a name, and read from there."""

    def from_bytes(content: bytes, folder: Path) -> object:
        path = folder / name
        path.write_bytes(content)
        return read(path)

    return from_bytes


def short(found: Any) -> Any:
    return replace(found, points=found.points[:, :24], confidence=found.confidence[:, :24], time_s=found.time_s[:24])


def points(write: Callable[[Any, Path], object], end: str, make_up: Callable[[], Any]) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        path = folder / f"good{end}"
        write(short(make_up()), path)
        return path.read_bytes()

    return make


def read_points(path: Path) -> object:
    return recorded_poses(open_recording(path))
