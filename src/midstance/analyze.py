"""Measure and judge a clip: the whole program in the order of its stages. Read this file first."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from midstance import __version__
from midstance.coaching.findings import ask_rules, unanswered, with_bands
from midstance.coaching.plan import focus_first, make_plan
from midstance.coaching.remarks import remarks
from midstance.coaching.rules import load
from midstance.coaching.scenes import beside_others
from midstance.errors import MidstanceError, Refused
from midstance.formats.recordings import is_recording
from midstance.gait.corrections import corrected_contacts, swapped_sides
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale, needs_belt_speed
from midstance.gait.time_base import TimeBase, time_base
from midstance.machine import returning_columns, set_memory_limits
from midstance.measures import measure
from midstance.model import (
    Analysis,
    Clip,
    ClipPoses,
    Contact,
    Contacts,
    Corrections,
    Measures,
    OnProgress,
    PoseModel,
    Poses,
    Question,
    SceneOutcome,
    Track,
    View,
)
from midstance.options import Known, Options, options_with
from midstance.pose.estimate import estimate_poses
from midstance.pose.heads import heads_of
from midstance.pose.recorded import open_recording, recorded_poses
from midstance.quantities import Said, speed_mps, times_slower
from midstance.reasons import Reason
from midstance.tracking.people import people_named
from midstance.tracking.scene_lines import LevelPictures, levels_of
from midstance.tracking.scenes import MOST_NAMED, Scene, follow_scenes, only
from midstance.video.frames import turned
from midstance.video.opening import open_clip

if TYPE_CHECKING:
    from typing import Unpack

__all__ = ["Ask", "Follow", "Options", "Source", "analyze", "coached", "find_poses", "judge", "open_source"]

Source = str | Path | Clip | ClipPoses
"""The path of a film, of a folder of pictures or of a file of points, an open clip, or a clip with its poses."""


Ask = Callable[[Question], Said | None]
"""Answers a question; None leaves it open."""

Follow = Callable[..., tuple[Scene, ...]]
"""Follows the runner in every scene of a clip, as follow_scenes does."""


def analyze(
    source: Source,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    ask: Ask | None = None,
    **known: Unpack[Known],
) -> Analysis:
    """Measure and judge the running in a clip. A film that lies on its side is turned, and looked at once more.

    Parameters
    ----------
    source
        The path of a film (mp4, mov, mkv, webm, avi, gif), of a folder of pictures or a pattern such as
        "shot_%04d.png"; of points that another program found (trc, c3d, json, csv, h5, nc, parquet, a folder of
        OpenPose files); a clip already open; or a clip with its poses (`find_poses`), which is not looked at again.
    options
        What the person says of the clip; instead, the same words may be given one by one (`height_m=1.78`).
    on_progress
        Called with the frames done and the frames in all.
    ask
        Called with a Question when the film seems to play in slow motion and nothing was said of it (`about` is
        "slow_motion"), or shows a treadmill and nothing that gives metres ("speed", of the belt). Returns what the
        option of that name takes, or None. Without it, the analysis only warns.
    **known
        The words of `Options`.

    Returns
    -------
    Analysis
        Contacts, measures, findings and the plan; `not_assessed` says what could not be judged, and why.

    Raises
    ------
    UsageError
        If an option cannot be meant.
    InputError
        If the file cannot be read.
    WeightsError
        If the pose model is not on this machine and cannot be fetched.
    Refused
        If the clip can be read but not judged: nobody in it, nobody who runs, too few steps.

    Examples
    --------
    >>> import midstance as ms
    >>> a = ms.analyze("run.mov", height_m=1.66)
    >>> round(a.measures["cadence_spm"].value)
    171
    >>> right = a.measures["contact_time_ms"].right
    >>> round(right.value, -1), right.unit
    (260.0, 'ms')
    >>> a.plan.focus if a.plan else "nothing to change"
    'reaching'
    """
    options = options_with(options, known)
    found = find_poses(source, options, on_progress=on_progress)
    return judge_upright(found, options, on_progress=on_progress, ask=ask)[0]


def judge_upright(
    found: ClipPoses, options: Options, *, on_progress: OnProgress | None = None, ask: Ask | None = None
) -> tuple[Analysis, ClipPoses]:
    """Judge a clip; one that lies on its side is turned, and looked at once more. Return also what was found upright.

    Raises Refused.
    """
    try:
        return judge(found, options, ask=ask), found
    except Refused as refused:
        if refused.why.id != "not_upright" or not found.clip.has_pictures or found.clip.turned_deg:
            raise
        clip = turned(found.clip, refused.why["turn_deg"])
    upright = find_poses(clip, options, on_progress=on_progress)
    return judge(upright, options, ask=ask), upright


def find_poses(
    source: Source,
    options: Options | None = None,
    *,
    on_progress: OnProgress | None = None,
    **known: Unpack[Known],
) -> ClipPoses:
    """Find everyone in every frame of a clip: the slow part of `analyze`.

    Parameters
    ----------
    source, options, on_progress, **known
        As for `analyze`.

    Returns
    -------
    ClipPoses
        To be given to `analyze`, as often as needed.

    Raises
    ------
    UsageError, InputError, WeightsError
        As for `analyze`.

    Examples
    --------
    >>> import midstance as ms
    >>> found = ms.find_poses("run.mov")
    >>> [ms.analyze(found, height_m=tall).view.scale_source for tall in (1.60, 1.70)]
    ['height', 'height']
    """
    options = options_with(options, known)
    found = _found(source, options, on_progress)
    if not options.blur_faces or found.clip.faces is not None or not found.clip.has_pictures:
        return found
    return replace(found, clip=replace(found.clip, faces=heads_of(found.poses)))


def _found(source: Source, options: Options, on_progress: OnProgress | None) -> ClipPoses:
    """Return the poses that are there already, or look for them."""
    if isinstance(source, ClipPoses):
        return source
    clip = source if isinstance(source, Clip) else open_source(source, options)
    set_memory_limits()
    pictures = LevelPictures(clip)
    if clip.points:
        poses = recorded_poses(clip, on_progress, on_frame=pictures)
    else:
        poses = estimate_poses(
            clip, model=options.model, threads=options.threads, progress=on_progress, on_frame=pictures
        )
    return ClipPoses(clip=clip, poses=poses, levels=levels_of(clip, poses, pictures.kept))


def open_source(path: str | Path, options: Options) -> Clip:
    """Open a film, a folder of pictures or a file of points with the clock that the person gave, or else the file."""
    if is_recording(Path(path)):
        film = open_clip(options.film, slow_motion=options.slow_motion) if options.film else None
        return open_recording(Path(path), rate_hz=options.pictures_hz, film=film, slow_motion=options.slow_motion)
    return open_clip(path, slow_motion=options.slow_motion, rate_hz=options.pictures_hz)


def judge(found: ClipPoses, options: Options, *, ask: Ask | None = None, follow: Follow = follow_scenes) -> Analysis:
    """Measure and judge the runner in a clip whose poses are found; of several scenes each, and the best one leads.

    follow  finds the runner in every scene; whoever judges one clip again and again may remember who was found
    """
    with returning_columns(found.clip.frames):
        return _judged(found, options, ask, follow)


def _judged(found: ClipPoses, options: Options, ask: Ask | None, follow: Follow) -> Analysis:
    """Follow the runner in every scene, and judge one after the other; again if a question was answered."""
    clip, poses = _with_clock(found, options.slow_motion)
    if options.corrections and options.corrections.cut_s:
        poses = only(poses, *_frames_between(clip, *options.corrections.cut_s))
    try:
        best, *others = follow(clip, poses, levels=found.levels, person=options.person, number=options.scene)
        followed = best.followed
    except MidstanceError as fault:
        fault.found, fault.person = replace(found, clip=clip, poses=poses), options.person
        raise
    analysis, slow = _judge_track(clip, poses.model, followed, options)
    analysis = replace(analysis, people=people_named(analysis.view.notes, poses))
    if ask and (answered := _answered(ask, options, analysis, slow)):
        return _judged(found, answered, ask, follow)
    if not others:
        return analysis
    outcomes = tuple(_outcome(clip, poses.model, scene, options) for scene in others[:MOST_NAMED])
    return beside_others(replace(analysis, scene=best.number, other_scenes=outcomes), best.seconds, len(others) + 1)


def _answered(ask: Ask, options: Options, analysis: Analysis, slow: TimeBase) -> Options | None:
    """Ask what only the person knows; return the options with the answer, or None without one."""
    if slow.why and options.slow_motion is None and analysis.clip.slow_motion_factor == 1:
        answer = ask(Question(about="slow_motion", why=slow.why, suggestion=slow.slower))
        if answer is not None:
            return replace(options, slow_motion=times_slower(answer))
    if options.speed_mps is None and needs_belt_speed(analysis.view):
        why = Reason("belt_speed_unknown")
        answer = ask(Question(about="speed", why=why, suggestion=analysis.view.speed_mps))
        return None if answer is None else replace(options, speed_mps=speed_mps(answer))
    return None


def _judge_track(
    clip: Clip, model: PoseModel, followed: tuple[Track, View], options: Options
) -> tuple[Analysis, TimeBase]:
    """Measure and judge one runner who was followed; return what the clock of the film seems to be, too."""
    track, view = followed
    made = options.corrections or Corrections()
    if made.swap_sides:
        track, view = swapped_sides(track, view)
    found, slower = find_contacts(track, view), clip.slow_motion_factor
    contacts = corrected_contacts(found, made.contacts, track, slower=slower)
    view = scaled(view, track, contacts, options)
    slow = time_base(track, view, contacts)
    measured = measure(track, contacts, view, mass_kg=options.mass_kg)
    analysis = Analysis(
        version=__version__,
        clip=clip,
        pose=model,
        view=view,
        track=track,
        contacts=Contacts(contacts),
        measures=Measures(measured.measures),
        not_assessed=measured.not_assessed,
        findings=(),
        plan=None,
        warnings=(*clip.notes, *([slow.why] if slow.why else []), *_by_hand(made)),
    )
    return coached(analysis, options), slow


def scaled(view: View, track: Track, contacts: tuple[Contact, ...], options: Options) -> View:
    """Give a view its scale, from the height, the speed or the length that was said."""
    return measure_scale(
        view,
        track,
        contacts,
        height_m=options.height_m,
        speed_mps=options.speed_mps,
        known_length=options.known_length,
    )


def coached(measured: Analysis, options: Options) -> Analysis:
    """Coach a runner who was measured: the usual ranges, problems with their causes, the plan, and remarks."""
    view, missing = measured.view, measured.not_assessed
    ruleset, height_m = load(options.rules), options.height_m or math.nan
    measures = with_bands(measured.measures, view, ruleset=ruleset, height_m=height_m)
    tried = options.tried or {}
    findings = ask_rules(measures, missing, view, ruleset=ruleset, height_m=height_m, tried=tried)
    plan = make_plan(findings, measures, view=view, ruleset=ruleset, height_m=height_m, asked=options.what_could_i_try)
    not_assessed = missing + unanswered(measures, missing, view, ruleset=ruleset)
    return replace(
        measured,
        measures=Measures(measures, not_assessed),
        not_assessed=not_assessed,
        findings=focus_first(findings, plan),
        plan=plan,
        remarks=remarks(findings, measures, view, plan=plan, ruleset=ruleset, height_m=height_m),
    )


def _frames_between(clip: Clip, start_s: float, stop_s: float) -> tuple[int, int]:
    """Return the first frame of a part of the film, and the one after its last."""
    times = clip.time_s - clip.time_s[0]
    return int(np.searchsorted(times, start_s)), int(np.searchsorted(times, stop_s, side="right"))


def _by_hand(made: Corrections) -> tuple[Reason, ...]:
    """Say what a person put right."""
    cut = [Reason("corrected_cut", start_s=made.cut_s[0], stop_s=made.cut_s[1])] if made.cut_s else []
    sides = [Reason("corrected_sides")] if made.swap_sides else []
    contacts = [Reason("corrected_contacts", n=len(made.contacts))] if made.contacts else []
    return (*cut, *sides, *contacts)


def _outcome(clip: Clip, model: PoseModel, scene: Scene, options: Options) -> SceneOutcome:
    """Judge one more scene of a film."""
    start_s, stop_s = scene.seconds
    return SceneOutcome(
        number=scene.number,
        start_s=start_s,
        stop_s=stop_s,
        analysis=None if isinstance(scene.outcome, Refused) else _judge_track(clip, model, scene.outcome, options)[0],
        why_not=scene.outcome.why if isinstance(scene.outcome, Refused) else None,
    )


def _with_clock(found: ClipPoses, slow_motion: float | None) -> tuple[Clip, Poses]:
    """Return the clip and its poses in the time of life."""
    clip = found.clip if slow_motion is None else replace(found.clip, slow_motion_factor=slow_motion)
    return clip, replace(found.poses, time_s=clip.time_s / clip.slow_motion_factor)
