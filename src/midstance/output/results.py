"""Write the folder of results: analysis.json, tables, the page, the film, frames/, both PDFs, card.png, beat.wav."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from midstance import __version__
from midstance.comparison.clean import clean_beside
from midstance.errors import InputError, Refused
from midstance.formats.analysis_json import plain, plain_refusal
from midstance.formats.files import disk_errors, folder_written_whole, write_json, write_text
from midstance.formats.track_csv import track_csv
from midstance.formats.zips import DAMAGE, opened
from midstance.model import Analysis, ClipPoses, OnProgress
from midstance.output.beat import write_beat
from midstance.output.card import write_card
from midstance.output.page import write_page
from midstance.output.paper import write_handout, write_print
from midstance.output.refusal import write_refusal
from midstance.output.tables import tables_of
from midstance.reasons import Reason
from midstance.render.film import Film, make_film
from midstance.render.stills import evidence_pictures
from midstance.text.report import Report, describe

if TYPE_CHECKING:
    from midstance.comparison.model import StoredTake
    from midstance.store import Store


LARGEST_REPORT = 4_000_000_000
"""Bytes that a kept report may unpack to; one of an imported archive may be made to fill the disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Where the results of one run are; films are the annotated ones, none if none was asked for."""

    folder: Path
    analysis: Path
    page: Path
    films: tuple[Path, ...]


def write_results(
    analysis: Analysis,
    report: Report,
    folder: Path,
    *,
    film: bool = True,
    progress: OnProgress | None = None,
    who: str = "",
) -> Results:
    """Write all results of one analysis; they appear together and whole, or not at all. Raises InputError.

    who  the runner's name on the handout; empty if it is not known
    """
    with folder_written_whole(folder) as half:
        write_json(plain(analysis), half / "analysis.json")
        write_text(track_csv(analysis.track, analysis.clip), half / "track.csv")
        for name, text in tables_of(analysis).items():
            write_text(text, half / name)
        films = _films(analysis, half, progress) if film else []
        with clean_beside(analysis.view) as clean:
            pictures = evidence_pictures(analysis.clip, analysis, half / "frames", clean=clean)
        first = films[0] if films else None
        write_page(report, analysis, half / "report.html", film=first, other_films=films[1:], pictures=pictures)
        _to_take_along(analysis, report, half)
        today = datetime.now(UTC).astimezone().date()
        write_handout(report, pictures, half / "handout.pdf", today=today, who=who)
        write_print(report, pictures, half / "report.pdf", today=today, who=who)
    return Results(
        folder=folder,
        analysis=folder / "analysis.json",
        page=folder / "report.html",
        films=tuple(folder / each.path.name for each in films),
    )


def _to_take_along(analysis: Analysis, report: Report, folder: Path) -> None:
    """Write the cue card, and the beat where quicker steps are a way; nothing without a focus."""
    if report.focus is None:
        return
    write_card(analysis, report.focus, folder / "card.png")
    if report.focus.training and report.focus.training.beat_spm:
        write_beat(report.focus.training.beat_spm, folder / "beat.wav")


def _films(analysis: Analysis, folder: Path, progress: OnProgress | None) -> list[Film]:
    """Draw every film of a run: annotated.mp4, and of the other sides annotated_front.mp4, annotated_rear.mp4."""
    drawn = []
    for place, film in enumerate(analysis.films):
        path = folder / ("annotated.mp4" if place == 0 else f"annotated_{film.view.plane}.mp4")
        drawn.append(make_film(film.clip, analysis, path, place=place, progress=progress))
    return drawn


def zip_results(
    judged: Analysis | Refused, name: str, folder: Path, *, progress: OnProgress | None = None, who: str = ""
) -> Path | None:
    """Write all results of a film that the runner `who` calls `name` into a zip in `folder`. Raises InputError.

    Of a film that was refused it is the page that shows why; None where no frame shows it.
    """
    named = folder / "report"
    if isinstance(judged, Refused):
        if not _show_why(judged, name, named):
            return None
    else:
        analysis = replace(judged, clip=replace(judged.clip, called=name))
        write_results(analysis, describe(analysis), named, progress=progress, who=who)
    with disk_errors(folder):
        return Path(shutil.make_archive(str(named), "zip", named))


def _show_why(refused: Refused, name: str, folder: Path) -> Path | None:
    """Write the page of a refused film; None where nobody was looked for in it, or no frame shows why."""
    if not isinstance(refused.found, ClipPoses):
        return None
    clip = replace(refused.found.clip, called=name)
    return write_refusal(plain_refusal(__version__, clip, refused), clip, refused, folder)


def unpack_report(store: Store, take: StoredTake, folder: Path) -> Path:
    """Write the results that are kept of a take into a folder; return its page. Raises InputError."""
    kept = next(file for file in take.files if file.kind == "report")
    with store.shelf.local(kept.key) as packed, folder_written_whole(folder) as half:
        try:
            with opened(packed) as archive:
                fits = sum(part.file_size for part in archive.infolist()) <= LARGEST_REPORT
                archive.extractall(half, archive.namelist() if fits else [])
        except DAMAGE as fault:
            raise InputError(Reason("report_damaged", take=take.id)) from fault
        if not fits:
            raise InputError(Reason("report_damaged", take=take.id))
    return folder / "report.html"
