"""Say in the notes of an analysis what its film shows in other scenes."""

from __future__ import annotations

from dataclasses import replace

from midstance.model import Analysis, SceneOutcome
from midstance.reasons import Reason, as_written


def beside_others(analysis: Analysis, seconds: tuple[float, float], scenes: int) -> Analysis:
    """Return the analysis of one scene of several, with a note on it and on every other.

    seconds  from and to which it lasts
    scenes   how many the film has
    """
    start_s, stop_s = seconds
    leads = Reason("scene_leads", scenes=scenes, number=analysis.scene, start_s=start_s, stop_s=stop_s)
    own = [note for note in analysis.view.notes if note.id != "part_of_clip"]
    others = [_named(outcome) for outcome in analysis.other_scenes]
    if any(outcome.analysis for outcome in analysis.other_scenes):
        others.append(Reason("scenes_compare", file=analysis.clip.path.name))
    return replace(analysis, view=replace(analysis.view, notes=(leads, *others, *own)))


def _named(outcome: SceneOutcome) -> Reason:
    about = {"number": outcome.number, "start_s": outcome.start_s, "stop_s": outcome.stop_s}
    if outcome.analysis is None:
        return Reason("scene_refused", why=outcome.why_not, **about)
    track, plan = outcome.analysis.track, outcome.analysis.plan
    return Reason(
        "scene_also",
        plane=track.plane,
        cadence_spm=120 * track.stride_hz,
        advice=Reason("scene_focus", title=as_written(plan.title)) if plan else Reason("scene_calm"),
        **about,
    )
