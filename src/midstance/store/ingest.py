"""Take a film into the store: kept first, then analysed, so that nothing is lost if the analysis is cut short."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import av

from midstance import __version__
from midstance.analyze import Ask, analyze, open_source
from midstance.comparison.model import Athlete, StoredTake, TakeNotes
from midstance.errors import Refused, UsageError
from midstance.formats import analysis_json
from midstance.formats.files import disk_errors
from midstance.model import Analysis, Clip, OnProgress
from midstance.options import Options
from midstance.reasons import Reason
from midstance.render.canvas import Image
from midstance.render.side_by_side import LOOP, loop_film
from midstance.render.stills import save
from midstance.store import Store
from midstance.store.store import Made
from midstance.together import join
from midstance.video.clip import pick_frames

WriteReport = Callable[[Analysis, str, Path], Path]
"""(analysis, name of the film, a folder to work in) -> the folder of results as one zip."""

FIRST_CAMERA = 1990
"""A film from before was made by a camera whose clock was never set: it counts from 1904 or 1970."""


def filmed_at(film: Path) -> datetime | None:
    """Return when the camera says that the film was made; None if it does not say. Raises UsageError for a folder."""
    if film.is_dir():
        raise UsageError(Reason("folder_is_no_take", path=film))
    try:
        with av.open(str(film)) as container:
            stamp = container.metadata.get("creation_time")
        at = datetime.fromisoformat(stamp) if stamp else None
    except (av.FFmpegError, ValueError, OSError):
        return None
    return at if at and at.year >= FIRST_CAMERA else None


def options_of(athlete: Athlete, known: TakeNotes, said: Options | None = None) -> Options:
    """Return what is said of a take now, and for the rest what the store knows of it. Raises UsageError."""
    said = said or Options()
    return replace(
        said,
        height_m=said.height_m or athlete.height_m,
        mass_kg=said.mass_kg or athlete.mass_kg,
        speed_mps=said.speed_mps or known.speed_mps,
        slow_motion=said.slow_motion or (None if known.slow_motion == 1 else known.slow_motion),
    )


def analyze_take(
    store: Store,
    take: StoredTake,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    ask: Ask | None = None,
    write_report: WriteReport | None = None,
) -> dict[str, Any]:
    """Analyse a take of the store and keep the result beside its older ones; return its analysis.json, or refusal.

    All of it is kept in one go, with a picture and a loop for the athlete's page and what `write_report` wrote of it:
    cut short, it leaves nothing. What was answered of slow motion is kept with the take.
    """
    known = take.known
    options = options_of(store.owner(take), known, options)
    with store.shelf.local(take.clip.key) as film, tempfile.TemporaryDirectory() as folder:
        clip = replace(open_source(film, options), called=take.clip.name)
        loop, thumbnail = Path(folder) / "loop.mp4", Path(folder) / "thumbnail.jpg"
        analysis = None
        try:
            analysis = analyze(clip, options, on_progress=on_progress, ask=ask)
            content = analysis_json.plain(analysis)
        except Refused as refused:
            content = analysis_json.plain_refusal(__version__, clip, refused)
        with disk_errors(loop):
            save(_loop(clip, analysis, loop) if analysis else _middle(clip), thumbnail)
        if analysis and analysis.clip.slow_motion_factor != known.slow_motion:
            store.edit_take(take, replace(known, slow_motion=analysis.clip.slow_motion_factor))
        made: dict[Made, Path] = {"thumbnail": thumbnail}
        if loop.exists():
            made["film"] = loop
        if analysis and write_report:
            made["report"] = write_report(analysis, take.clip.name, Path(folder))
        store.add_analysis(take, content, made)
    return content


def join_takes(
    store: Store,
    takes: Sequence[StoredTake],
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    ask: Ask | None = None,
    write_report: WriteReport | None = None,
) -> tuple[StoredTake, dict[str, Any]]:
    """Analyse takes of one run together; return the take that leads, which keeps the result, and its analysis.json.

    Raises UsageError if the takes are not of one athlete, or two are from the same side, and Refused if one of them
    cannot be judged; then nothing is kept.
    """
    owners = {take.athlete_id for take in takes}
    if len(owners) > 1:
        raise UsageError(Reason("takes_of_several"))
    with ExitStack() as films, tempfile.TemporaryDirectory() as folder:
        seen = []
        for take in takes:
            said = options_of(store.owner(take), take.known, options)
            film = films.enter_context(store.shelf.local(take.clip.key))
            clip = replace(open_source(film, said), called=take.clip.name)
            seen.append(analyze(clip, said, on_progress=on_progress, ask=ask))
        joined = join(seen, options_of(store.owner(takes[0]), takes[0].known, options))
        lead = next(take for take, one in zip(takes, seen, strict=True) if one.clip is joined.clip)
        loop, thumbnail = Path(folder) / "loop.mp4", Path(folder) / "thumbnail.jpg"
        with disk_errors(loop):
            save(_loop(joined.clip, joined, loop), thumbnail)
        made: dict[Made, Path] = {"thumbnail": thumbnail}
        if loop.exists():
            made["film"] = loop
        if write_report:
            made["report"] = write_report(joined, joined.clip.name, Path(folder))
        content = analysis_json.plain(joined)
        store.add_analysis(lead, content, made)
    return lead, content


def _loop(clip: Clip, analysis: Analysis, path: Path) -> Image:
    """Write the loop if the clip shows a whole stride, and return the picture for the list of takes."""
    try:
        return loop_film((clip, analysis), path)
    except UsageError:
        return _middle(clip)


def _middle(clip: Clip) -> Image:
    frame = clip.frames // 2
    return pick_frames(clip, [frame], height=LOOP[1])[frame]
