"""Place the loops of an athlete's takes in or beside the page: any two play side by side, at one phase."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from midstance.comparison.model import StoredFile, StoredTake
from midstance.output.page import EMBEDDED_FILM, in_base64
from midstance.store.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """The loop of one take: its bytes in base64, or the address of its file; the other one is empty."""

    number: int
    name: str
    inside: str = ""
    address: str = ""


def loops(store: Store, takes: Sequence[StoredTake], folder: Path) -> tuple[Loop, ...]:
    """Return the loop of every take that has one: embedded in the page while they are small, else files in `folder`."""
    found = [(take, file) for take in takes if (file := take.file("film")) and store.shelf.has(file.key)]
    small = sum(file.size for _, file in found) <= EMBEDDED_FILM
    if not small:
        folder.mkdir(parents=True)
    return tuple(_placed(store, take, file, None if small else folder) for take, file in found)


def _placed(store: Store, take: StoredTake, file: StoredFile, folder: Path | None) -> Loop:
    name = take_name(take)
    with store.shelf.local(file.key) as film:
        if folder is None:
            return Loop(number=take.id, name=name, inside=in_base64(film))
        copy = folder / f"take-{take.id}.mp4"
        shutil.copyfile(film, copy)
        return Loop(number=take.id, name=name, address=f"{folder.name}/{copy.name}")


def take_name(take: StoredTake) -> str:
    """Return what a take is called on the page."""
    day = take.known.taken_at
    return f"Take {take.id}, {day.day} {day:%b}" if day else f"Take {take.id}"
