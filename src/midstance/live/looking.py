"""Look at every picture as it comes, follow the runner, and keep the last seconds for the stages that measure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from midstance.errors import UsageError
from midstance.live.source import Shot
from midstance.model import Clip, ClipPoses, Floats, Level, Poses
from midstance.pose.backends import Region, Sighting
from midstance.pose.estimate import look, open_backend, tile_of
from midstance.pose.people import Crowd, Trail, people_of
from midstance.reasons import Reason
from midstance.tracking.scene_lines import HEIGHT, level_of
from midstance.video.camera_motion import CameraWatcher

WINDOW_S = 4.0
"""Seconds that are measured together: five strides of most runners (docs/decisions/live.md)."""
SHORTEST_S = 2.0
SEARCH_EVERY_S = 1.0
"""How often others are looked for while somebody is followed."""
LARGER = 1.3
"""By how much somebody else must be larger to be the runner from now on."""
WATCH_EVERY = 3
"""The camera stands: one picture of so many is looked at for whether it was moved."""
LEVEL_EVERY_S, MOST_LEVELS = 2.0, 5
"""How often, and how many times, lines of the scene are read for the tilt of the camera."""
LONGEST_S, MOST_HZ = 2 * 3600, 120
"""How long a session may be, so that its memory has a bound."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What was seen in one picture: the runner, or nobody; and now and then the last seconds, to be measured."""

    shot: Shot
    runner: Sighting | None
    window: ClipPoses | None = None


class Looker:
    """Follow the largest person from picture to picture."""

    def __init__(self, model: str, *, name: str, size: tuple[int, int], threads: int) -> None:
        self._backend = open_backend(model, threads=threads)
        self._name, self._size = name, size
        self._time_s = np.empty(LONGEST_S * MOST_HZ)
        self._crowd = Crowd(self._time_s)
        self._watcher = CameraWatcher()
        self._levels: list[Level] = []
        self._frame = 0
        self._runner: int | None = None
        self._searched_s = self._levelled_s = -np.inf

    def warm_up(self) -> None:
        """Use both networks once, in the thread that will: the first time takes long, and no picture should wait."""
        nothing = np.zeros((self._size[1], self._size[0], 3), np.uint8)
        middle = Region(x_px=self._size[0] / 2, y_px=self._size[1] / 2, size_px=float(min(self._size)))
        look(self._backend, nothing, {0: middle}, 0)

    def step(self, shot: Shot) -> Sighting | None:
        """Look at the next picture; return the runner. Raises UsageError for a session without end."""
        frame = self._frame
        if frame == len(self._time_s):
            raise UsageError(Reason("live_too_long", hours=LONGEST_S // 3600))
        self._time_s[frame] = shot.time_s
        expected = self._crowd.expected(frame)
        runner = {name: region for name, region in expected.items() if name == self._runner}
        searches = not runner or shot.time_s - self._searched_s >= SEARCH_EVERY_S
        self._searched_s = shot.time_s if searches and runner else self._searched_s
        seen = look(self._backend, shot.rgb, runner, tile_of(frame) if searches else None)
        others = dict.fromkeys(expected.keys() - runner.keys())
        here = self._crowd.step(frame, {**seen.followed, **others}, seen.found)
        self._runner = self._largest(frame)
        if frame % WATCH_EVERY == 0:
            self._watcher.step(shot.rgb, [sighting.box for sighting in here])
        self._read_level(shot)
        self._frame += 1
        trail = None if self._runner is None else self._crowd.trails[self._runner]
        return trail.sightings.last if trail else None

    def _largest(self, frame: int) -> int | None:
        """Return who of those in this picture is followed: the same one, unless somebody is clearly larger."""
        sizes = {
            number: trail.regions[-1].size_px * (LARGER if number == self._runner else 1)
            for number, trail in enumerate(self._crowd.trails)
            if trail.frames and trail.frames[-1] == frame
        }
        return max(sizes, key=lambda number: sizes[number], default=None)

    def _read_level(self, shot: Shot) -> None:
        """Read now and then how far lines of the scene are turned."""
        if len(self._levels) == MOST_LEVELS or shot.time_s - self._levelled_s < LEVEL_EVERY_S:
            return
        self._levelled_s = shot.time_s
        height = min(HEIGHT, self._size[1])
        small = cv2.resize(
            shot.rgb, (round(self._size[0] * height / self._size[1]), height), interpolation=cv2.INTER_AREA
        )
        deg, sd_deg = level_of(np.asarray(small, np.uint8))
        if np.isfinite(deg):
            self._levels.append(Level(frame=0, deg=deg, sd_deg=sd_deg))

    def window(self) -> ClipPoses | None:
        """Return the last seconds as a clip with its poses and forget what lies before; None for too few."""
        stop, last_s = self._frame, self._time_s[self._frame - 1]
        start = int(np.searchsorted(self._time_s[:stop], last_s - WINDOW_S))
        time_s = self._time_s[start:stop]
        if stop - start < 2 or time_s[-1] - time_s[0] < SHORTEST_S:
            return None
        for trail in self._crowd.trails:
            _forget(trail, start)
        return self._as_clip(start, time_s.copy())

    def _as_clip(self, start: int, time_s: Floats) -> ClipPoses:
        whole = self._watcher.finish()
        watched = np.arange(start, start + len(time_s)) // WATCH_EVERY
        first_of_watched = np.diff(watched, prepend=watched[0] - 1) > 0
        camera = replace(
            whole,
            to_first=whole.to_first[watched],
            quality=whole.quality[watched],
            cut=whole.cut[watched] & first_of_watched,
        )
        trails = [
            Trail([frame - start for frame in trail.frames], trail.sightings)
            for trail in self._crowd.trails
            if trail.frames
        ]
        rate_hz = float(1 / np.median(np.diff(time_s)))
        clip = Clip(
            path=Path(self._name),
            sha256="",
            width=self._size[0],
            height=self._size[1],
            time_s=time_s,
            rate_hz=rate_hz,
            variable_rate=bool(np.ptp(np.diff(time_s)) > 0.1 / rate_hz),
            rotation_deg=0,
        )
        poses = Poses(
            model=self._backend.model,
            time_s=time_s,
            width=self._size[0],
            height=self._size[1],
            people=people_of(trails, time_s, size=self._size, cuts=camera.cut),
            camera=camera,
        )
        return ClipPoses(clip=clip, poses=poses, levels=tuple(self._levels))


def _forget(trail: Trail, start: int) -> None:
    """Drop what was seen of a person before a frame."""
    old = int(np.searchsorted(trail.frames, start))
    trail.sightings = trail.sightings.part(old, len(trail.frames))
    del trail.frames[:old]
