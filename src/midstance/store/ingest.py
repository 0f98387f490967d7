"""Take a film into the store: kept first, then analysed, so that nothing is lost if the analysis is cut short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from midstance import __version__
from midstance.analyze import Ask, analyze, find_poses, judge_upright, open_source
from midstance.comparison.experiment import settled
from midstance.comparison.model import Athlete, StoredTake, TakeNotes
from midstance.errors import InputError, Refused, UsageError
from midstance.formats import analysis_json, poses_npz
from midstance.formats.files import disk_errors, temporary_folder
from midstance.formats.recordings import is_recording
from midstance.model import Analysis, Clip, ClipPoses, OnProgress
from midstance.options import Options
from midstance.reasons import Reason
from midstance.render.canvas import Image
from midstance.render.side_by_side import LOOP, loop_film
from midstance.render.stills import save
from midstance.store import Store
from midstance.store.corrections import keep_blurred, put_right, steps
from midstance.store.store import Also, Made, nothing_more
from midstance.together import join
from midstance.video.container import metadata_of
from midstance.video.frames import pick_frames, turned

Judged = Analysis | Refused
"""What came of a film: its analysis, or why there is none."""

WriteReport = Callable[[Judged, str, Path], Path | None]
"""(what came of it, name of the film, a folder to work in) -> the folder of results as one zip; None without a page."""

OnStage = Callable[[str], None]
"""Called with what is done now: "looking", "measuring", "drawing" or "keeping"."""

FIRST_CAMERA = 1990
"""A film from before was made by a camera whose clock was never set: it counts from 1904 or 1970."""


def filmed_at(film: Path) -> datetime | None:
    """Return when the camera says that the film was made; None if it does not say. Raises UsageError, InputError."""
    if film.is_dir():
        raise UsageError(Reason("folder_is_no_take", path=film))
    if is_recording(film):
        raise UsageError(Reason("points_are_no_take", path=film))
    try:
        stamp = metadata_of(film).get("creation_time")
        at = datetime.fromisoformat(stamp) if stamp else None
    except (ValueError, OSError):
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
    belt's speed is kept with the take, and so is that faces are blurred. A film whose points are kept is not looked at
    again.
    """
    known = options_of(store.owner(take), take.known, options)
    if known.blur_faces:
        keep_blurred(store, take)
    with film_of(store, take) as film, temporary_folder() as folder:
        clip = replace(open_source(film, known), called=take.clip.name)
        on_stage("looking")
        found = kept_poses(store, take, clip, known.model) or find_poses(clip, known, on_progress=on_progress)
        on_stage("measuring")
        now = store.take(take.id)  # somebody may have said more meanwhile
        said = options_for(store, now, options)
        judged, found = _judge(found, said, ask, on_progress)
        if said.blur_faces:
            clip = find_poses(found, said).clip
        on_stage("drawing")
        made = _made(clip, judged, Path(folder))
        made["poses"] = Path(folder) / "poses.npz"
        poses_npz.write(found, made["poses"])
        if write_report and (report := write_report(judged, take.clip.name, Path(folder))):
            made["report"] = report
        on_stage("keeping")
        if isinstance(judged, Analysis) and ask and (answered := _answered(now.known, judged)) != now.known:
            store.edit_take(take, answered)
        content = _content(clip, judged)
        store.add_analysis(take, content, made, also=also)
    return content


def _judge(
    found: ClipPoses, options: Options, ask: Ask | None, on_progress: OnProgress | None
) -> tuple[Judged, ClipPoses]:
    """Judge a film in which everyone is found, and return what it was judged by; to be refused is an outcome here."""
    try:
        return judge_upright(found, options, ask=ask, on_progress=on_progress)
    except Refused as refused:
        return refused, found


def _content(clip: Clip, judged: Judged) -> dict[str, Any]:
    """Return what came of a film as analysis.json has it."""
    if isinstance(judged, Refused):
        return analysis_json.plain_refusal(__version__, clip, judged)
    return analysis_json.plain(judged)


def _made(clip: Clip, judged: Judged, folder: Path) -> dict[Made, Path]:
    """Write the picture of a take for the athlete's page, and its loop if it shows a whole stride."""
    made: dict[Made, Path] = {"thumbnail": folder / "thumbnail.jpg"}
    loop = folder / "loop.mp4"
    with disk_errors(folder):
        save(_middle(clip) if isinstance(judged, Refused) else _loop(judged.clip, judged, loop), made["thumbnail"])
    if loop.exists():
        made["film"] = loop
    return made


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
    for take in takes if options and options.blur_faces else ():
        keep_blurred(store, take)
    with ExitStack() as films, temporary_folder() as folder:
        seen = []
        for take in takes:
            said = options_for(store, take, options)
            film = films.enter_context(film_of(store, take))
            clip = replace(open_source(film, said), called=take.clip.name)
            known = kept_poses(store, take, clip, said.model)
            seen.append(analyze(known or clip, said, on_progress=on_progress, ask=ask))
        joined = join(seen, options_for(store, takes[0], options))
        lead = next(take for take, one in zip(takes, seen, strict=True) if one.clip is joined.clip)
        made = _made(joined.clip, joined, Path(folder))
        if write_report and (report := write_report(joined, joined.clip.name, Path(folder))):
            made["report"] = report
        content = analysis_json.plain(joined)
        store.add_analysis(lead, content, made, also=also)
    return lead, content


@contextmanager
def film_of(store: Store, take: StoredTake) -> Iterator[Path]:
    """Give the film of a take as it was given. Raises InputError if it was deleted, or cannot be had."""
    if take.film_deleted:
        raise InputError(Reason("film_deleted", take=take.id))
    with store.shelf.local(take.clip.key) as film:
        yield film


def kept_poses(store: Store, take: StoredTake, clip: Clip, model: str) -> ClipPoses | None:
    """Return the points found earlier in the film of a take; None if there are none of this pose model."""
    kept = take.file("poses")
    if kept is None:
        return None
    try:
        with store.shelf.local(kept.key) as path:
            found = poses_npz.read(path, clip.path)
    except InputError:
        return None
    same = found.poses.model.model == model and found.clip.sha256 == clip.sha256
    return replace(found, clip=turned(clip, lay_deg) if (lay_deg := found.clip.turned_deg) else clip) if same else None


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
