"""Show what is kept of a take: unpacked or fetched once into a folder that can be deleted at any time."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from midstance.comparison.model import StoredTake
from midstance.errors import InputError
from midstance.formats.files import folder_written_whole, written_whole
from midstance.formats.zips import DAMAGE
from midstance.reasons import Reason
from midstance.store.blobs import FolderShelf
from midstance.web.refusals import not_here
from midstance.web.state import State

PAPERS = ("report.pdf", "handout.pdf")

PARTS = ("report.html", "annotated.mp4", "analysis.json", "track.csv", *PAPERS)
"""What of a report is shown; the film is in the page or beside it."""

LARGEST = 2_000_000_000
"""Bytes of one part: a report may come from an archive that somebody else made."""


def report_address(state: State, take: StoredTake) -> str:
    """Return where the report of a take is shown: the address is its own key. Raises RefusedRequest without one."""
    return f"/shown/{take.id}/{state.keys.signed_today(_said(take))}/report.html"


def signed_part(state: State, take: StoredTake, signature: str, name: str) -> Path:
    """Return the file of a part of the report whose address was given out. Raises RefusedRequest, InputError."""
    if not state.keys.fits(_said(take), signature):
        raise not_here("report")
    return report_part(state, take, name)


def report_part(state: State, take: StoredTake, name: str) -> Path:
    """Return the file of a part of the report. Raises RefusedRequest, InputError for a damaged one."""
    if name not in PARTS:
        raise not_here("report")
    folder = _folder(state, take)
    if not (folder / "report.html").exists():
        _unpack(state, take, folder)
    if not (folder / name).exists():
        raise not_here("file")
    return folder / name


def papers(state: State, take: StoredTake) -> list[str]:
    """Return which pages to print are kept with the report; older reports and those of archives have none."""
    if not take.has_report:
        return []
    report_part(state, take, "report.html")
    return [name for name in PAPERS if (_folder(state, take) / name).exists()]


def kept_file(state: State, key: str) -> Path:
    """Return a file of the shelf on this machine; one from elsewhere is fetched once, so that parts of it can be given.

    Raises InputError.
    """
    shelf = state.store.shelf
    if isinstance(shelf, FolderShelf):
        with shelf.local(key) as path:
            return path
    here = state.settings.shown / _fetched(key)
    if not here.exists():
        here.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with shelf.local(key) as fetched, written_whole(here) as half:
            shutil.copyfile(fetched, half)
    return here


def _fetched(key: str) -> str:
    return f"kept-{Path(key).name}"


def forget(state: State, take: StoredTake) -> None:
    """Delete what was unpacked, fetched or drawn of a take to be shown."""
    if take.has_report:
        shutil.rmtree(_folder(state, take), ignore_errors=True)
    beside = [job.uid for job in state.jobs.recent() if job.kind == "beside" and take.id in job.wanted.get("takes", ())]
    films = [f"proxy-{take.uid}.mp4", *(_fetched(file.key) for file in take.files)]
    for name in (*films, *(f"beside-{uid}.mp4" for uid in beside)):
        (state.settings.shown / name).unlink(missing_ok=True)


def _key(take: StoredTake) -> str:
    kept = next((file.key for file in take.files if file.kind == "report"), None)
    if kept is None:
        raise not_here("report")
    return kept


def _said(take: StoredTake) -> str:
    return f"report {take.uid} {_key(take)}"


def _folder(state: State, take: StoredTake) -> Path:
    return state.settings.shown / f"report-{take.uid}-{Path(_key(take)).stem[:16]}"


def _unpack(state: State, take: StoredTake, folder: Path) -> None:
    state.settings.shown.mkdir(parents=True, exist_ok=True, mode=0o700)
    with state.store.shelf.local(_key(take)) as packed, folder_written_whole(folder) as half:
        try:
            with zipfile.ZipFile(packed) as archive:
                for part in archive.infolist():
                    if part.filename in PARTS and part.file_size <= LARGEST:
                        with archive.open(part) as source, (half / part.filename).open("wb") as target:
                            shutil.copyfileobj(source, target)
        except DAMAGE as fault:
            raise InputError(Reason("report_damaged", take=take.id)) from fault
