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
from midstance.analyze import Ask, analyze, find_poses, open_source
from midstance.comparison.experiment import settled
from midstance.comparison.model import Athlete, StoredTake, TakeNotes
from midstance.errors import InputError, Refused, UsageError
from midstance.formats import analysis_json, poses_npz
from midstance.formats.files import disk_errors
from midstance.model import Analysis, Clip, ClipPoses, OnProgress
from midstance.options import Options
from midstance.reasons import Reason
from midstance.render.canvas import Image
from midstance.render.side_by_side import LOOP, loop_film
from midstance.render.stills import save
from midstance.store import Store
from midstance.store.corrections import put_right, steps
from midstance.store.store import Also, Made, nothing_more
from midstance.together import join
from midstance.video.clip import pick_frames

WriteReport = Callable[[Analysis, str, Path], Path]
"""(analysis, name of the film, a folder to work in) -> the folder of results as one zip."""

OnStage = Callable[[str], None]
"""Called with what is done now: "looking", "measuring", "drawing" or "keeping"."""

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


def options_for(store: Store, take: StoredTake, said: Options | None = None) -> Options:
    """Return everything that is known of a take: what is said now, what was put right, and what experiments said.

    Raises UsageError.
    """
    athlete = store.owner(take)
    options = put_right(options_of(athlete, take.known, said), steps(store, take))
    return replace(options, tried=settled(store.comparisons(athlete)) or None)


def analyze_take(
    store: Store,
    take: StoredTake,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    on_stage: OnStage = lambda _stage: None,
    ask: Ask | None = None,
    write_report: WriteReport | None = None,
    also: Also = nothing_more,
) -> dict[str, Any]:
    """Analyse a take of the store and keep the result beside its older ones; return its analysis.json, or refusal.

    All of it is kept in one go, with a picture and a loop for the athlete's page, the points found, what `write_report`
    wrote of it, and what `also` writes: cut short, it leaves nothing. What was answered of slow motion and of the
    belt's speed is kept with the take. A film whose points are kept is not looked at again.
    """
    said = options
    options = options_of(store.owner(take), take.known, said)
    with store.shelf.local(take.clip.key) as film, tempfile.TemporaryDirectory() as folder:
        clip = replace(open_source(film, options), called=take.clip.name)
        loop, thumbnail, points = (Path(folder) / name for name in ("loop.mp4", "thumbnail.jpg", "poses.npz"))
        analysis = None
        on_stage("looking")
        found = kept_poses(store, take, clip, options.model) or find_poses(clip, options, on_progress=on_progress)
        poses_npz.write(found, points)
        on_stage("measuring")
        now = store.take(take.id)  # somebody may have said more meanwhile
        known, options = now.known, options_for(store, now, said)
        try:
            analysis = analyze(found, options, ask=ask)
            content = analysis_json.plain(analysis)
        except Refused as refused:
            content = analysis_json.plain_refusal(__version__, clip, refused)
        on_stage("drawing")
        with disk_errors(loop):
            save(_loop(analysis.clip, analysis, loop) if analysis else _middle(clip), thumbnail)
        if analysis and ask and (answered := _answered(known, analysis)) != known:
            store.edit_take(take, answered)
        made: dict[Made, Path] = {"thumbnail": thumbnail, "poses": points}
        if loop.exists():
            made["film"] = loop
        if analysis and write_report:
            made["report"] = write_report(analysis, take.clip.name, Path(folder))
        on_stage("keeping")
        store.add_analysis(take, content, made, also=also)
    return content


def join_takes(
    store: Store,
    takes: Sequence[StoredTake],
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    ask: Ask | None = None,
    write_report: WriteReport | None = None,
    also: Also = nothing_more,
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
            said = options_for(store, take, options)
            film = films.enter_context(store.shelf.local(take.clip.key))
            clip = replace(open_source(film, said), called=take.clip.name)
            known = kept_poses(store, take, clip, said.model)
            seen.append(analyze(known or clip, said, on_progress=on_progress, ask=ask))
        joined = join(seen, options_for(store, takes[0], options))
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
        store.add_analysis(lead, content, made, also=also)
    return lead, content


def kept_poses(store: Store, take: StoredTake, clip: Clip, model: str) -> ClipPoses | None:
    """Return the points found earlier in the film of a take; None if there are none of this pose model."""
    kept = next((file for file in take.files if file.kind == "poses"), None)
    if kept is None:
        return None
    try:
        with store.shelf.local(kept.key) as path:
            found = poses_npz.read(path, clip.path)
    except InputError:
        return None
    same = found.poses.model.model == model and found.clip.sha256 == clip.sha256
    return replace(found, clip=clip) if same else None


def _answered(known: TakeNotes, analysis: Analysis) -> TakeNotes:
    """Return what is known of a take with what was answered: how slow the film plays, and the speed of the belt."""
    belt_mps = analysis.view.speed_mps if analysis.view.speed_source == "given" else known.speed_mps
    return replace(known, slow_motion=analysis.clip.slow_motion_factor, speed_mps=belt_mps)


def _loop(clip: Clip, analysis: Analysis, path: Path) -> Image:
    """Write the loop if the clip shows a whole stride, and return the picture for the list of takes."""
    try:
        return loop_film((clip, analysis), path)
    except UsageError:
        return _middle(clip)


def _middle(clip: Clip) -> Image:
    frame = clip.frames // 2
    return pick_frames(clip, [frame], height=LOOP[1])[frame]
