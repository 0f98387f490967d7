"""Analysis -> the folder of results a person opens: analysis.json, track.csv, report.html, annotated.mp4, frames/."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from midstance.errors import InputError
from midstance.film import make_film
from midstance.keyframes import evidence_pictures
from midstance.model import Analysis
from midstance.page import write_page
from midstance.report import Report
from midstance.serial import plain, track_csv

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Where the results of one clip lie; film is None if none was asked for."""

    folder: Path
    analysis: Path
    page: Path
    film: Path | None


def folder_for(clip: Path, out: Path | None, *, several: bool) -> Path:
    """CLIP.midstance beside the clip, or in `out`: itself for one clip, a folder in it for each of several."""
    if out is None:
        return clip.with_name(f"{clip.name}.midstance")
    return out / f"{clip.name}.midstance" if several else out


def write_results(
    analysis: Analysis, report: Report, folder: Path, *, film: bool = True, progress: Progress | None = None
) -> Results:
    """Write all results of one analysis; each file appears whole or not at all."""
    _make_folder(folder)
    write_json(plain(analysis), folder / "analysis.json")
    write_text(track_csv(analysis.track, analysis.clip), folder / "track.csv")
    shown = make_film(analysis.clip, analysis, folder / "annotated.mp4", progress=progress) if film else None
    pictures = evidence_pictures(analysis.clip, analysis, folder / "frames")
    write_page(report, analysis, folder / "report.html", film=shown, pictures=pictures)
    return Results(
        folder=folder,
        analysis=folder / "analysis.json",
        page=folder / "report.html",
        film=folder / "annotated.mp4" if film else None,
    )


def write_refusal(content: dict[str, Any], folder: Path) -> Path:
    """The analysis.json of a clip that was not judged."""
    _make_folder(folder)
    write_json(content, folder / "analysis.json")
    return folder / "analysis.json"


def write_json(content: dict[str, Any], path: Path) -> None:
    """JSON a person can read, whole or not at all."""
    write_text(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False) + "\n", path)


def write_text(text: str, path: Path) -> None:
    """UTF-8 text, whole or not at all: written beside and then moved into place."""
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
        Path(beside).chmod(0o644)
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        message = f"The results cannot be written to {folder} ({fault.strerror}). Choose another place with --out."
        raise InputError(message) from None
