"""Measure the last seconds with the stages that judge a film; run in a process of its own, beside the looking."""

from __future__ import annotations

import math
import signal
from dataclasses import dataclass

import numpy as np

from midstance.analyze import judge, scaled
from midstance.coaching.findings import with_bands
from midstance.coaching.rules import load
from midstance.errors import MidstanceError
from midstance.gait.events import find_contacts, rules
from midstance.live.focus import Focus, focus_of_plan
from midstance.measures import measure
from midstance.model import ClipPoses, Contact, Floats, Measure, Track, View
from midstance.options import Options
from midstance.reasons import Reason
from midstance.tracking.scenes import follow_scenes

FEWEST_HZ = 15.0
"""Pictures a second below which the legs are not followed: three in the time a foot is on the ground."""
LONGEST_GAP_S = 0.2
"""A third of a stride without a picture: what is filled in there is a guess, and turns the camera by ten degrees."""
SHOWN = ("cadence_spm", "contact_time_ms")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the last seconds show.

    seconds      the first and the last, of the session
    track, view  the runner in them; times are those of the session
    contacts     of both feet
    measures     cadence, contact time and the focus, as far as they could be measured
    focus        what is watched; None if nothing must change
    why_not      why nothing could be measured
    """

    seconds: tuple[float, float]
    track: Track | None = None
    view: View | None = None
    contacts: tuple[Contact, ...] = ()
    measures: tuple[Measure, ...] = ()
    focus: Focus | None = None
    why_not: Reason | None = None


def read(found: ClipPoses, options: Options, focus: Focus | None) -> Reading:
    """Measure the last seconds. Without a focus all rules are asked, and the focus of their plan is watched."""
    if why_not := _missing(found.clip.time_s):
        return Reading(seconds=_seconds(found), focus=focus, why_not=why_not)
    try:
        if focus is None:
            return _judged(found, options)
        return _measured(found, options, focus)
    except MidstanceError as fault:
        return Reading(seconds=_seconds(found), focus=focus, why_not=fault.why)


def _missing(time_s: Floats) -> Reason | None:
    """Return why too few pictures were looked at to measure these seconds; None for enough."""
    hz, gap_s = (len(time_s) - 1) / float(time_s[-1] - time_s[0]), float(np.diff(time_s).max())
    if hz < FEWEST_HZ:
        return Reason("live_too_slow", hz=hz)
    return Reason("live_gap", seconds=gap_s) if gap_s > LONGEST_GAP_S else None


def _judged(found: ClipPoses, options: Options) -> Reading:
    analysis = judge(found, options)
    focus = focus_of_plan(analysis.plan)
    wanted = {*SHOWN, focus.measure if focus else ""}
    return Reading(
        seconds=_seconds(found),
        track=analysis.track,
        view=analysis.view,
        contacts=tuple(analysis.contacts),
        measures=tuple(m for m in analysis.measures if m.id in wanted),
        focus=focus,
    )


def _measured(found: ClipPoses, options: Options, focus: Focus) -> Reading:
    best, *_ = follow_scenes(found.clip, found.poses, levels=found.levels)
    track, view = best.followed
    contacts = find_contacts(track, view)
    view = scaled(view, track, contacts, options)
    measured = measure(track, contacts, view, mass_kg=options.mass_kg, only={*SHOWN, focus.measure})
    ruleset, height_m = load(options.rules), options.height_m or math.nan
    return Reading(
        seconds=_seconds(found),
        track=track,
        view=view,
        contacts=contacts,
        measures=with_bands(measured.measures, view, ruleset=ruleset, height_m=height_m),
        focus=focus,
    )


def _seconds(found: ClipPoses) -> tuple[float, float]:
    """Return which seconds of the session these are."""
    return float(found.clip.time_s[0]), float(found.clip.time_s[-1])


def warm_up() -> None:
    """Read the tables that every measurement needs: the first strides should not wait for it."""
    load(None)
    rules()


def start_reader() -> None:
    """Prepare the process that measures: Ctrl-C is not for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
