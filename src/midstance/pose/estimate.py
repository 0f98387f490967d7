"""Find everyone in a clip: decoding, pose model and camera watching overlap on all cores, frame by frame."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import NamedTuple

from midstance import plugins
from midstance.model import CameraMotion, Clip, OnProgress, PoseModel, Poses
from midstance.pose import weights
from midstance.pose.backends import Backend, Picture, Region, Sighting
from midstance.pose.people import Crowd, people_of, same_place
from midstance.video import clip as video
from midstance.video.camera_motion import CameraWatcher
from midstance.video.stills import opencv_on_one_thread
from midstance.video.time_gaps import cut_at_gaps

AHEAD = 2
"""Frames looked at together; the regions of a frame come from the sightings this many frames before it."""
SEARCH_EVERY_S = 0.3


class Seen(NamedTuple):
    """What the model saw in one frame: people already followed, by their name, and people found."""

    followed: dict[int, Sighting | None]
    found: list[Sighting]


OnPicture = Callable[[int, Picture], None]
"""Called with the number of a frame and its picture, in the order of the frames."""


def estimate_poses(
    clip: Clip,
    *,
    model: str = "full",
    threads: int | None = None,
    progress: OnProgress | None = None,
    on_picture: OnPicture | None = None,
) -> Poses:
    """Find everyone in the clip, the largest and longest seen first, and how the camera moved.

    model       a name of pose.weights.FILES, or one that another package adds
    threads     how many to use; the result does not depend on it
    progress    called with the frames done and their total
    on_picture  called with every picture: what else is to be seen in a film is seen as it is decoded for this

    Raises WeightsError if the model cannot be had, InputError if the film cannot be read.
    """
    threads = threads or os.cpu_count() or 1
    backend = open_backend(model, threads=max(1, threads // AHEAD))
    with ExitStack() as stack:
        stack.enter_context(opencv_on_one_thread())
        look_at_all = _Pass(clip, backend, min(threads, AHEAD), stack)
        for frame, rgb in enumerate(read_ahead(video.frames(clip), stack)):
            look_at_all.offer(rgb)
            if on_picture:
                on_picture(frame, rgb)
            if progress:
                progress(frame + 1, clip.frames)
        motion = cut_at_gaps(look_at_all.finish(), clip.time_s)
    size = clip.width, clip.height
    return Poses(
        model=backend.model,
        time_s=clip.time_s / clip.slow_motion_factor,
        width=clip.width,
        height=clip.height,
        people=people_of(look_at_all.crowd.trails, clip.time_s, size=size, cuts=motion.cut),
        camera=motion,
    )


class _Pass:
    """One way through a clip: up to AHEAD frames before the model, the one before them before the camera watcher."""

    def __init__(self, clip: Clip, backend: Backend, threads: int, stack: ExitStack) -> None:
        self.crowd = Crowd(clip.time_s)
        self._backend = backend
        self._watcher = CameraWatcher(clip.rate_hz)
        self._search_every = max(1, round(SEARCH_EVERY_S * clip.rate_hz))
        self._looking = stack.enter_context(ThreadPoolExecutor(threads, "look"))
        self._watching = stack.enter_context(ThreadPoolExecutor(1, "watch"))
        self._looked: deque[tuple[int, Picture, Future[Seen]]] = deque()
        self._watched: deque[Future[None]] = deque()
        self._frame = 0

    def offer(self, rgb: Picture) -> None:
        """Take in the next frame, when the model has done with the one AHEAD of it."""
        if len(self._looked) == AHEAD:
            self._take_oldest()
        regions = self.crowd.expected(self._frame)
        tile = None
        if not regions:
            tile = tile_of(self._frame // AHEAD)
        elif self._frame % self._search_every == 0:
            tile = tile_of(self._frame // self._search_every)
        self._looked.append((self._frame, rgb, self._looking.submit(look, self._backend, rgb, regions, tile)))
        self._frame += 1

    def finish(self) -> CameraMotion:
        """Wait for everything under way."""
        while self._looked:
            self._take_oldest()
        for watched in self._watched:
            watched.result()
        return self._watcher.finish()

    def _take_oldest(self) -> None:
        frame, rgb, looked = self._looked.popleft()
        here = self.crowd.step(frame, *looked.result())
        self._watched.append(self._watching.submit(self._watcher.step, rgb, [sighting.box for sighting in here]))
        if len(self._watched) > AHEAD:
            self._watched.popleft().result()


def look(backend: Backend, rgb: Picture, regions: dict[int, Region], tile: int | None) -> Seen:
    """Look at one frame; with a tile, people not yet followed are searched for in that part of it."""
    followed = {name: backend.look(rgb, region) for name, region in regions.items()}
    if tile is None:
        return Seen(followed, [])
    known = [sighting for sighting in followed.values() if sighting]
    found = backend.find(rgb, tile=tile, hide=[sighting.core for sighting in known])
    new = [region for region in found if not any(same_place(region, other.region) for other in known)]
    return Seen(followed, [sighting for region in new if (sighting := backend.look(rgb, region))])


def tile_of(search: int) -> int:
    """Return which part of the picture a search looks at: the whole every other time, the three tiles between."""
    return 0 if search % 2 == 0 else 1 + search // 2 % 3


def read_ahead(frames: Iterator[Picture], stack: ExitStack) -> Iterator[Picture]:
    """Give the same frames, decoding the next one while this one is used."""
    reading = stack.enter_context(ThreadPoolExecutor(1, "read"))
    coming = reading.submit(next, frames, None)
    while (rgb := coming.result()) is not None:
        coming = reading.submit(next, frames, None)
        yield rgb


def open_backend(model: str, *, threads: int) -> Backend:
    """Open the adapter of a model, with its files fetched if need be. Raises WeightsError, UsageError."""
    if model not in weights.FILES and model in plugins.added("pose_models"):
        found: Backend = plugins.loaded("pose_models", model)(threads=threads)
        return found
    network, detector = weights.find(model), weights.find("detector")
    backend = "rtmpose" if model.startswith("rtmpose") else "blazepose"
    record = PoseModel(backend=backend, model=model, weights_sha256=weights.sha256_of(model))
    if backend == "rtmpose":
        from midstance.pose.backends.rtmpose import RTMPose  # noqa: PLC0415 (only the model that is asked for)

        return RTMPose(record, detector, network, threads=threads)
    from midstance.pose.backends.blazepose import BlazePose  # noqa: PLC0415

    return BlazePose(record, detector, network, threads=threads)
