"""Follow the runner in every scene of a film: the scene that shows most comes first, the others with their outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import numpy as np

from midstance.errors import Refused, UsageError
from midstance.model import Clip, Level, Poses, Track, View
from midstance.reasons import Reason
from midstance.tracking.candidates import SHORTEST_SCENE_S, scene_bounds
from midstance.tracking.follow import follow_runner
from midstance.tracking.rectify import correct_camera
from midstance.tracking.scene_lines import tilt_of
from midstance.tracking.view import describe_view

SIDE_COUNTS = 3
"""How many steps from the front or from behind a step from the side counts for: it shows three times the measures."""
MOST_NAMED = 6
"""Other scenes that are judged and named; a film of many cuts would fill the page."""
PLACED = tuple(f"{way}{doubt}_deg" for way in ("tilt", "yaw", "look_down") for doubt in ("", "_uncertainty"))
"""How a camera stands, and how sure that is, as View has it."""


@dataclass(frozen=True, slots=True)
class Scene:
    """One scene of a film: its number from 1, its frames and seconds, and the track and view, or why there is none."""

    number: int
    frames: tuple[int, int]
    seconds: tuple[float, float]
    outcome: tuple[Track, View] | Refused

    @property
    def followed(self) -> tuple[Track, View]:
        """Return the track and the view. Raises Refused if there are none."""
        if isinstance(self.outcome, Refused):
            raise self.outcome
        return self.outcome

    @property
    def shows(self) -> float:
        """Return how much it shows: steps, those from the side counted more; -1 if it cannot be measured."""
        if isinstance(self.outcome, Refused):
            return -1.0
        track, _ = self.outcome
        return steps_of(track) * (SIDE_COUNTS if track.plane == "side" else 1)


def follow_scenes(
    clip: Clip,
    poses: Poses,
    *,
    levels: Sequence[Level] = (),
    person: int | None = None,
    number: int | None = None,
) -> tuple[Scene, ...]:
    """Follow the runner in every scene that is long enough and shows somebody; the one to measure comes first.

    levels  how far the picture is turned, by the lines of the scene
    person  index in Poses.people, or None
    number  of the scene to measure, from 1; None for the one that shows most

    Raises Refused if no scene can be measured, UsageError if that person or that scene is not in the clip.
    """
    scenes = _judged(clip, poses, person, levels) if len(scene_bounds(poses)) > 2 else []
    best = max(scenes, key=lambda scene: scene.shows, default=None)
    if best is None or (number is None and isinstance(best.outcome, Refused)):
        outcome = _follow(clip, poses, person, levels)
        best = Scene(1, (0, len(poses.time_s)), (float(poses.time_s[0]), float(poses.time_s[-1])), outcome)
        scenes = [best]
    if number is not None:
        best = _numbered(scenes, number)
    return best, *(scene for scene in scenes if scene is not best)


def _numbered(scenes: Sequence[Scene], number: int) -> Scene:
    """Return the scene of that number. Raises UsageError."""
    for scene in scenes:
        if scene.number == number:
            return scene
    raise UsageError(Reason("no_such_scene", number=number, scenes=len(scenes)))


def steps_of(track: Track) -> float:
    """Return how many steps a track shows."""
    return float(2 * track.stride_hz * (track.time_s[-1] - track.time_s[0]))


def _follow(clip: Clip, poses: Poses, person: int | None, levels: Sequence[Level]) -> tuple[Track, View]:
    """Follow the runner, with the camera corrected. A still camera has one tilt; another, that of the frames judged."""
    track = follow_runner(poses, person=person)
    view = describe_view(clip, poses, track)
    if poses.square:
        level: dict[str, Any] = dict.fromkeys(PLACED, 0.0)
        return track, replace(view, **level)
    if view.camera != "fixed":
        levels = _inside(levels, track.first_frame, track.first_frame + len(track.time_s))
    return correct_camera(track, view, tilt_of(levels))


def _inside(levels: Sequence[Level], start: int, stop: int) -> tuple[Level, ...]:
    return tuple(level for level in levels if start <= level.frame < stop)


def _judged(clip: Clip, poses: Poses, person: int | None, levels: Sequence[Level]) -> list[Scene]:
    """Follow the runner in each scene that is long enough and shows somebody."""
    found: list[Scene] = []
    for start, stop in pairwise(scene_bounds(poses)):
        if poses.time_s[stop - 1] - poses.time_s[start] < SHORTEST_SCENE_S:
            continue
        outcome: tuple[Track, View] | Refused
        try:
            outcome = _follow(clip, only(poses, start, stop), person, _inside(levels, start, stop))
        except UsageError:
            continue
        except Refused as refused:
            if refused.reason == "no_person":
                continue
            outcome = refused
        seconds = float(poses.time_s[start]), float(poses.time_s[stop - 1])
        found.append(Scene(len(found) + 1, (start, stop), seconds, outcome))
    return found


def only(poses: Poses, start: int, stop: int) -> Poses:
    """Return the poses as if nobody were in the picture outside these frames."""
    inside = np.zeros(len(poses.time_s), bool)
    inside[start:stop] = True
    people = (replace(person, xy=np.where(inside[:, None, None], person.xy, np.nan)) for person in poses.people)
    return replace(poses, people=tuple(people))
