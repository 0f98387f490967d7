"""Describe what was seen of a runner and how it was measured."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from midstance.gait.scale import needs_belt_speed
from midstance.gait.time_base import pace_of
from midstance.model import Analysis, Clip, View
from midstance.reasons import Door, door_words, say
from midstance.text.names import capital, count, join, pace, with_error


def what_was_seen(analysis: Analysis, door: Door) -> Iterator[str]:
    """Describe each film, the pace and the rhythm, and what to give so that more can be judged."""
    view = analysis.view
    for film in analysis.films:
        yield _one_film(film)
    rhythm = [f"{name} {said}" for measure, name in _RHYTHM.items() if (said := _said(analysis, measure))]
    pace = [_pace(analysis)] if view.plane == "side" else []
    if pace or rhythm:
        yield " ".join([f"{capital(join([*pace, *rhythm]))}.", *_what_to_give(view, door)])


def _what_to_give(view: View, door: Door) -> Iterator[str]:
    """Say what would make rough lengths sure: on a treadmill the speed of the belt, which its display shows."""
    if view.plane != "side" or view.contradiction:
        return
    words = door_words(door)
    if view.scale_source not in {"gravity", "none"}:
        if not math.isfinite(view.speed_mps):
            yield f"Give {words['speed']}, and I can judge more."
        return
    first, second = ("belt", "height") if needs_belt_speed(view) else ("height", "speed")
    rough = "rough" if view.scale_source == "gravity" else "in leg lengths"
    yield f"Lengths are {rough}: give {words[first]}, or {words[second]}, and I can judge more."


def _one_film(film: Analysis) -> str:
    view, track = film.view, film.track
    seconds = track.time_s[-1] - track.time_s[0]
    landings = f", {count(len(film.contacts), 'landing')}" if view.plane == "side" else ""
    return f"{film.clip.name}: {seconds:.1f} s of running{_where(view)}, {from_where(view)}{landings}."


_RHYTHM = {
    "cadence_spm": "cadence",
    "contact_time_ms": "contact time",
    "vertical_oscillation_cm": "bounce",
}


def _said(analysis: Analysis, measure: str) -> str:
    """Return a measure with its error, of the near side if it has two; empty if it was not assessed."""
    near = analysis.near_leg
    same = [m for m in analysis.measures if m.id == measure and m.side in {"both", near}]
    return with_error(same[0].value, same[0].uncertainty, same[0].unit) if same else ""


def from_where(view: View) -> str:
    """Return from where a runner is seen: "seen from your left side"."""
    if view.plane == "side":
        return f"seen from your {view.near_side} side"
    return "seen from the front" if view.plane == "front" else "seen from behind"


def _where(view: View) -> str:
    return {"treadmill": " on a treadmill", "over_ground": "", "in_place": " on the spot", "unknown": ""}[view.setting]


def _pace(analysis: Analysis) -> str:
    view, told = analysis.view, _said(analysis, "speed_mps")
    if not math.isfinite(view.speed_mps):
        return "speed unknown"
    told = told or with_error(view.speed_mps, view.speed_uncertainty_mps, "m/s")
    return f"speed {told} ({pace(view.speed_mps)})"


def how_it_was_measured(analysis: Analysis) -> Iterator[str]:
    """Describe the films, who found the body in them, where lengths come from, and what the errors mean."""
    clip, view, track = analysis.clip, analysis.view, analysis.track
    for film in analysis.films:
        yield _pixels(film.clip, named=len(analysis.films) > 1)
    if len(analysis.films) > 1:
        yield f"Each problem and cause is judged by the film that shows it. What several show is from {clip.name}."
    if clip.slow_motion_factor != 1:
        yield f"The film plays {say(pace_of(clip.slow_motion_factor))}. All times here are real."
    yield _who_looked(analysis)
    unsure = 100 * float(np.mean(track.seen < 0.5))
    yield f"{unsure:.0f} % of the points were hidden. They are filled in from your other strides and drawn dashed."
    yield _SCALES[view.scale_source]
    yield "The true value lies within ± 19 times in 20. A smaller change between two films is no clear change."
    yield "These numbers help you learn to run. They are no medical check."


def _pixels(clip: Clip, *, named: bool) -> str:
    rate_hz = clip.rate_hz * clip.slow_motion_factor
    size = f"{clip.width} x {clip.height} pixels" if clip.has_pictures else "Points without a film"
    size = f"{size}, {rate_hz:.4g} frames a second, {clip.frames} frames."
    return f"{clip.name}: {size}" if named else size


def _who_looked(analysis: Analysis) -> str:
    pose = analysis.pose
    if analysis.clip.points is None:
        return f"{pose.backend} ({pose.model}) found your body in every frame."
    return f"Your body comes from {analysis.clip.points.name} ({pose.backend}). {_SEEN_BY[analysis.track.seen_by]}"


_SEEN_BY = {
    "camera": "How well that program draws I don't know, so every ± is wider than for my own.",
    "cameras": "Several cameras saw it, and every ± is that of one camera.",
    "markers": "Markers are surer than a camera. Where on your body they were put is not in the ±.",
}

_SCALES = {
    "height": "Lengths come from the height you gave.",
    "belt_speed": "Lengths come from the speed of the belt you gave.",
    "known_length": "Lengths come from the length you gave.",
    "gravity": "Lengths come from how fast you fall in flight, which is rough.",
    "none": "No scale was known, so lengths are in leg lengths.",
    "file": "Lengths are in metres in the file. I look at its points from the side alone. For the rest film from the "
    "front or from behind.",
}
