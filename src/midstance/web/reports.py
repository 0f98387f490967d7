"""Show what is kept of a take: parts of its report, and files that are fetched or unpacked once into a folder that can
be deleted at any time.
"""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from starlette.responses import FileResponse, Response

from midstance.comparison.model import StoredTake
from midstance.errors import InputError
from midstance.formats.files import written_whole
from midstance.formats.zips import DAMAGE, opened, read_part
from midstance.reasons import Reason
from midstance.store.blobs import FolderShelf
from midstance.web.guard import SHOWN_POLICY
from midstance.web.refusals import not_here
from midstance.web.state import State

PAPERS = ("report.pdf", "handout.pdf")

PARTS = ("report.html", "analysis.json", "track.csv", *PAPERS)
"""What of a report is shown, beside its films."""

FILMS = ("annotated.mp4", "annotated_side.mp4", "annotated_front.mp4", "annotated_rear.mp4")
"""Films that lie beside the page where they are too large to be in it (output/results.py)."""

LARGEST_PART, LARGEST_FILM = 50_000_000, 2_000_000_000
"""Bytes: a report may come from an archive that somebody else made."""

PIECE = 1 << 20
"""Bytes that are unpacked or sent at once."""

MEDIA = {
    ".html": "text/html",
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/mp4",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".avi": "video/x-msvideo",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".csv": "text/csv",
    ".pdf": "application/pdf",
}

APART = {"Content-Security-Policy": SHOWN_POLICY, "Cross-Origin-Resource-Policy": "cross-origin"}
"""Headers of what is shown in a frame, apart from our own pages (web/guard.py)."""


class SentFile(FileResponse):
    """A file that is sent in large pieces: each takes a thread of its own for a moment."""

    chunk_size = PIECE


def media_type(name: str) -> str:
    """Return the media type of a name; what is not known is bytes, which no browser opens as a page."""
    return MEDIA.get(PurePosixPath(name).suffix.lower(), "application/octet-stream")


# -- the parts of a report ---------------------------------------------------------------------------------------------


def report_address(state: State, take: StoredTake) -> str:
    """Return where the report of a take is shown: the address is its own key. Raises RefusedRequest without one."""
    return f"/shown/{take.id}/{state.keys.signed_today(_said(take))}/report.html"


def signed_part(state: State, take: StoredTake, signature: str, name: str) -> Response:
    """Send a part of the report whose address was given out. Raises as report_part does."""
    if not state.keys.fits(_said(take), signature):
        raise not_here("report")
    return report_part(state, take, name, headers=APART)


def report_part(state: State, take: StoredTake, name: str, **more: Any) -> Response:
    """Send a part of the report. Raises RefusedRequest, InputError for a damaged one.

    more  of the response: headers, and for a film the name under which it is saved
    """
    if name in FILMS:
        return SentFile(_unpacked(state, take, name), media_type=media_type(name), **more)
    if name not in PARTS:
        raise not_here("report")
    with _packed(state, take) as archive:
        if name not in archive.namelist():
            raise not_here("file")
        return Response(read_part(archive, name, most=LARGEST_PART), media_type=media_type(name), **more)


def paper(state: State, take: StoredTake, name: str, *, saved_as: str) -> Response:
    """Send a page to print, as a file to keep. Raises as report_part does."""
    return report_part(state, take, name, headers={"Content-Disposition": f'attachment; filename="{saved_as}"'})


def papers(state: State, take: StoredTake) -> list[str]:
    """Return which pages to print are kept with the report; older reports and those of archives have none."""
    if not take.has_report:
        return []
    with _packed(state, take) as archive:
        there = set(archive.namelist())
    return [name for name in PAPERS if name in there]


@contextmanager
def _packed(state: State, take: StoredTake) -> Iterator[zipfile.ZipFile]:
    """Open the report of a take as it is kept. Raises RefusedRequest without one, InputError for a damaged one."""
    try:
        with opened(kept_file(state, _key(take))) as archive:
            yield archive
    except DAMAGE as fault:
        raise InputError(Reason("report_damaged", take=take.id)) from fault


def _unpacked(state: State, take: StoredTake, name: str) -> Path:
    """Return a film of the report as a file, parts of which can be sent."""
    path = shown_folder(state, take) / name
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _packed(state, take) as archive:
            if name not in archive.namelist() or archive.getinfo(name).file_size > LARGEST_FILM:
                raise not_here("file")
            with written_whole(path) as half, archive.open(name) as source, half.open("wb") as target:
                shutil.copyfileobj(source, target, PIECE)
    return path


def _key(take: StoredTake) -> str:
    kept = take.file("report")
    if kept is None:
        raise not_here("report")
    return kept.key


def _said(take: StoredTake) -> str:
    return f"report {take.uid} {_key(take)}"


def shown_folder(state: State, take: StoredTake) -> Path:
    """Return where what is unpacked of a take's report lies."""
    return state.settings.shown / f"report-{take.uid}-{Path(_key(take)).stem[:16]}"


# -- files of the shelf ------------------------------------------------------------------------------------------------


def kept_file(state: State, key: str) -> Path:
    """Return a file of the shelf on this machine; one from elsewhere is fetched once, so that parts of it can be given.

    Raises InputError.
    """
    shelf = state.store.shelf
    if isinstance(shelf, FolderShelf):
        with shelf.local(key) as path:
            return path
    here = state.settings.shown / fetched_name(key)
    if not here.exists():
        here.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with shelf.local(key) as fetched, written_whole(here) as half:
            shutil.copyfile(fetched, half)
    return here


def fetched_name(key: str) -> str:
    """Return what a file that was fetched is called here."""
    return f"kept-{Path(key).name}"
