"""What works on this machine and what to do about the rest: one row per thing midstance leans on."""

from __future__ import annotations

import importlib.metadata
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from midstance import __version__, plugins
from midstance.errors import UsageError
from midstance.machine import cores
from midstance.pose import weights


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; `do` says how to mend it, empty when all is well. Not needed things never fail."""

    name: str
    well: bool
    says: str
    do: str = ""
    needed: bool = True


def examine() -> Iterator[Check]:
    """Every check, in the order a clip meets them."""
    here = f"{__version__} on Python {sys.version.split()[0]}, {cores()} cores"
    yield Check("midstance", well=True, says=here)
    yield _python()
    for package, needed, what in _PACKAGES:
        yield _package(package, what, needed=needed)
    for row in weights.status():
        yield _model(row)
    for kind in plugins.KINDS:
        yield from _added(kind)
    yield _try("film", _write_a_film, "the film of the report cannot be written; use --no-film")
    yield _room()


_PACKAGES = (
    ("av", True, "opens films"),
    ("opencv-python-headless", True, "turns and draws pictures"),
    ("ai-edge-litert", True, "runs BlazePose"),
    ("onnxruntime", False, "runs RTMPose"),
)


def _model(row: weights.Status) -> Check:
    """Return whether the file of a pose model is here and sound; a damaged one is fetched again at its next use."""
    name, fetch = f"pose model {row.name}", f"midstance models fetch {row.name}"
    if row.present and not row.sound:
        return Check(name, well=False, says=f"damaged: {row.path}", do=f"Fetch it again: {fetch}")
    says = f"{row.size_mb:.1f} MB in {row.path.parent}" if row.present else "not here yet"
    do = "" if row.present else f"It is fetched at first use, or now with: {fetch}"
    return Check(name, well=row.present, says=says, do=do, needed=False)


def _python() -> Check:
    well = sys.version_info >= (3, 11)
    return Check("Python", well=well, says="3.11 or later", do="" if well else "Install Python 3.11 or later.")


def _package(name: str, what: str, *, needed: bool) -> Check:
    try:
        return Check(name, well=True, says=f"{importlib.metadata.version(name)}, {what}", needed=needed)
    except importlib.metadata.PackageNotFoundError:
        extra = "midstance" if needed else "midstance[rtmpose]"
        return Check(name, well=False, says=f"missing; it {what}", do=f"pip install '{extra}'", needed=needed)


def _added(kind: plugins.Kind) -> Iterator[Check]:
    """Whether what other packages add can be loaded."""
    for name, entry in plugins.added(kind).items():
        what, do = f"{kind.replace('_', ' ').removesuffix('s')} {name}", ""
        try:
            plugins.loaded(kind, name)
        except UsageError as fault:
            do = fault.say("cli")
        yield Check(what, well=not do, says=f"from {plugins.package(entry)}", do=do, needed=False)


def _try(name: str, attempt: Callable[[], str], do: str) -> Check:
    try:
        return Check(name, well=True, says=attempt())
    except Exception as fault:  # noqa: BLE001  (whatever is wrong, the doctor says it and goes on)
        return Check(name, well=False, says=f"{type(fault).__name__}: {fault}", do=do)


def _write_a_film() -> str:
    import numpy as np

    from midstance.formats.files import temporary_folder
    from midstance.video.film_writer import FilmWriter
    from midstance.video.opening import open_clip

    with temporary_folder() as folder:
        path = Path(folder) / "a.mp4"
        with FilmWriter(path, width=64, height=48, rate_hz=30) as film:
            for _ in range(3):
                film.write(np.zeros((48, 64, 3), np.uint8))
        return f"H.264 films can be written and read ({open_clip(path).frames} of 3 frames came back)"


def _room() -> Check:
    free_gb = shutil.disk_usage(Path.cwd()).free / 1e9
    well = free_gb > 0.5
    return Check("disk", well=well, says=f"{free_gb:.0f} GB free here", do="" if well else "Make room: films need it.")
