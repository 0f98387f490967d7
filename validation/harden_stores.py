"""Stores to kill, fill and restore, and what must be true of one afterwards: for `make harden`."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
from tests.fixtures.clips import DEMO
from tests.fixtures.least_analysis import analysis

from midstance.formats.files import PREFIX, SUFFIX, clear_temporary
from midstance.store import Store, export_athlete, open_store
from midstance.store.backup import back_up
from midstance.store.store import named_films

FIRST_RELEASE = Path(__file__).parent.parent / "tests" / "data" / "store_first_release.sql"

KNOWN = frozenset({"midstance.db", "midstance.db-wal", "midstance.db-shm", "films", "films.tidied", "web.key"})
"""What may lie in a data folder."""


def small_film(path: Path, *, shown: int = 65) -> Path:
    """Write two seconds of the runner that comes with midstance, small."""
    with av.open(str(DEMO)) as source, av.open(str(path), "w") as target:
        stream = target.add_stream("libx264", rate=Fraction(30))
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number, frame in enumerate(islice(source.decode(video=0), 0, 2 * shown, 2)):
            picture = frame.reformat(640, 360, "yuv420p")
            picture.pts, picture.time_base = number, Fraction(1, 30)
            target.mux(stream.encode(picture))
        target.mux(stream.encode(None))
    return path


@contextmanager
def opened(work: Path) -> Iterator[Store]:
    data = work / "data"
    data.mkdir(parents=True, exist_ok=True)
    store = open_store(f"sqlite:///{data / 'midstance.db'}", str(data / "films"))
    try:
        yield store
    finally:
        store.close()


def make_bases(folder: Path) -> None:
    """Make the stores that the trials begin with: filled, empty, and one of the first release; and what is put back."""
    small_film(folder / "run.mp4")
    filled = folder / "filled"
    with opened(filled) as store:
        cody, zoe = store.add_athlete("Cody"), store.add_athlete("Zoe")
        for number, athlete in enumerate((cody, cody, zoe)):
            film = folder / f"{number}.mp4"
            film.write_bytes(b"film %d " % number * 20_000)
            loop = folder / f"loop{number}.mp4"
            loop.write_bytes(b"loop %d " % number * 5_000)
            store.add_analysis(store.add_take(athlete, film), analysis(), {"film": loop})
        (filled / "data" / "web.key").write_bytes(b"a secret of the server")
        export_athlete(store, cody, folder / "cody.zip")
        back_up(store, folder / "backup.zip", filled / "data" / "web.key")
    for name in ("out", "tmp"):
        (filled / name).mkdir()
    (filled / "out" / "kept.zip").write_bytes(b"what was here before")
    with opened(folder / "empty"):
        pass
    (folder / "first" / "data").mkdir(parents=True)
    with closing(sqlite3.connect(folder / "first" / "data" / "midstance.db")) as connection:
        connection.executescript(FIRST_RELEASE.read_text(encoding="utf-8"))


def told(work: Path) -> tuple[object, ...]:
    """Return what a store tells of itself: each athlete with the films of the takes, and how often each was judged."""
    with opened(work) as store:
        return tuple(
            (athlete.name, tuple((take.clip.name, take.analyses, len(take.files)) for take in takes))
            for athlete in store.athletes()
            for takes in [store.takes(athlete)]
        )


def faults(work: Path) -> list[str]:
    """Return what is wrong with a store in which a command died: lost, half there, or left where no tidy finds it."""
    found, data = list[str](), work / "data"
    with closing(sqlite3.connect(data / "midstance.db")) as connection:
        found += [str(row) for row in connection.execute("PRAGMA integrity_check") if row != ("ok",)]
        found += [f"leads nowhere: {row}" for row in connection.execute("PRAGMA foreign_key_check")]
    with opened(work) as store, _seen_from(work):
        store.tidy(older_than_s=0)
        clear_temporary(older_than_s=-1)
        with store.reading() as connection:
            named = named_films(connection)
    there = {
        path.relative_to(data / "films").as_posix(): path for path in (data / "films").rglob("*") if path.is_file()
    }
    found += [f"lost: {key}" for key in named - there.keys()]
    found += [f"left: {key}" for key in there.keys() - named]
    for key, path in there.items():
        if hashlib.sha256(path.read_bytes()).hexdigest() != Path(key).stem:
            found.append(f"not whole: {key}")
    found += [f"left: data/{path.name}" for path in data.iterdir() if path.name not in KNOWN]
    if (work / "tmp").exists():
        found += [f"left: tmp/{path.name}" for path in (work / "tmp").iterdir() if not _is_pythons(path)]
    return found


def _is_pythons(path: Path) -> bool:
    """Return whether a temporary file is the one with which Python tries whether it may write there."""
    return path.is_file() and path.read_bytes() in {b"", b"blat"}


@contextmanager
def _seen_from(work: Path) -> Iterator[None]:
    """Let the places of data and of temporary files be those of a trial."""
    before, data = tempfile.tempdir, os.environ.get("MIDSTANCE_DATA")
    tempfile.tempdir = str(work / "tmp")
    os.environ["MIDSTANCE_DATA"] = str(work / "data")
    try:
        yield
    finally:
        tempfile.tempdir = before
        del os.environ["MIDSTANCE_DATA"]
        os.environ |= {"MIDSTANCE_DATA": data} if data else {}


def visible(folder: Path) -> dict[str, bytes]:
    """Return the files of a folder, but for the hidden ones, which the next writer there deletes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(PREFIX) and part.endswith(SUFFIX) for part in path.parts)
    }


def fresh(base: Path, work: Path) -> None:
    """Put a copy of a base where a trial works."""
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(base, work)


def make_old(folder: Path) -> None:
    """Let everything hidden in a folder look as if nobody had written there for long."""
    for hidden in folder.glob(f"{PREFIX}*{SUFFIX}"):
        for path in (*hidden.rglob("*"), hidden):
            os.utime(path, (0, 0))
