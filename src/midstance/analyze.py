"""The order of everything: a clip goes in, everything said about it comes out. Read this file first."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from midstance import __version__
from midstance.coaching.findings import ask_rules, unanswered, with_bands
from midstance.coaching.plan import make_plan
from midstance.coaching.rules import load
from midstance.gait.events import find_contacts
from midstance.gait.scale import measure_scale
from midstance.gait.time_base import time_base
from midstance.measures import measure
from midstance.model import Analysis, Clip, OnProgress, Poses
from midstance.pose.estimate import estimate_poses
from midstance.tracking.follow import follow_runner
from midstance.tracking.rectify import correct_camera
from midstance.tracking.view import describe_view
from midstance.video.clip import open_clip


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the person knows about the clip; None means: find out.

    known_length  metres and pixels of something at the runner's distance
    """

    height_m: float | None = None
    mass_kg: float | None = None
    speed_mps: float | None = None
    known_length: tuple[float, float] | None = None
    slow_motion: float = 1.0
    pictures_hz: float | None = None
    person: int | None = None
    model: str = "full"
    threads: int | None = None
    rules: Path | None = None


DEFAULTS = Options()


def analyse(path: Path, options: Options = DEFAULTS, *, progress: OnProgress | None = None) -> Analysis:
    """Measure and judge one clip. Raises InputError, WeightsError, or Refused with the reason."""
    return judge(open_with(path, options), options, progress=progress)


def open_with(path: Path, options: Options) -> Clip:
    """The clip with the time base that the person gave; a folder of pictures has none of its own."""
    slow_motion = None if options.slow_motion == 1 else options.slow_motion
    return open_clip(path, slow_motion=slow_motion, rate_hz=options.pictures_hz)


def judge(clip: Clip, options: Options = DEFAULTS, *, progress: OnProgress | None = None) -> Analysis:
    """The same for a clip already open."""
    return judge_poses(clip, look(clip, options, progress=progress), options)


def look(clip: Clip, options: Options = DEFAULTS, *, progress: OnProgress | None = None) -> Poses:
    """Everyone in the clip: the slow part."""
    return estimate_poses(clip, model=options.model, threads=options.threads, progress=progress)


def judge_poses(clip: Clip, poses: Poses, options: Options = DEFAULTS) -> Analysis:
    """The same for a clip already looked at, perhaps when its slow motion was not yet known."""
    ruleset, height_m = load(options.rules), options.height_m or math.nan
    poses = replace(poses, time_s=clip.time_s / clip.slow_motion_factor)
    track = follow_runner(poses, person=options.person)
    track, view = correct_camera(track, describe_view(clip, poses, track))
    contacts = find_contacts(track, view)
    view = measure_scale(
        view,
        track,
        contacts,
        height_m=options.height_m,
        speed_mps=options.speed_mps,
        known_length=options.known_length,
    )
    slow = time_base(track, view, contacts)
    measured = measure(track, contacts, view, mass_kg=options.mass_kg)
    measures = with_bands(measured.measures, view, ruleset=ruleset, height_m=height_m)
    findings = ask_rules(measures, measured.not_assessed, view, ruleset=ruleset, height_m=height_m)
    silent = unanswered(measures, measured.not_assessed, view, ruleset=ruleset)
    return Analysis(
        version=__version__,
        clip=clip,
        pose=poses.model,
        view=view,
        track=track,
        contacts=contacts,
        measures=measures,
        not_assessed=measured.not_assessed + silent,
        findings=findings,
        plan=make_plan(findings, measures, view=view, ruleset=ruleset),
        warnings=(*clip.notes, *([slow.why] if slow.why else [])),
    )
