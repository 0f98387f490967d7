"""A clip in, everyone in it out: decoding, pose model and camera watching overlap on all cores, frame by frame."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from typing import NamedTuple

from midstance import video, weights
from midstance.backends import Backend, Picture, Region, Sighting
from midstance.backends.people import Crowd, people_of, same_place
from midstance.camera import CameraWatcher
from midstance.model import Clip, PoseModel, Poses

AHEAD = 2
"""Frames looked at together; the regions of a frame come from the sightings this many frames before it."""
SEARCH_EVERY_S = 0.3


class Seen(NamedTuple):
    """What the model saw in one frame: people already followed, by their name, and people found."""

    followed: dict[int, Sighting | None]
    found: list[Sighting]


def estimate_poses(
    clip: Clip, *, model: str = "full", threads: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Poses:
    """Everyone in the clip, the largest and longest seen first, and how the camera moved.

    The result does not depend on the number of threads. progress is told the frames done and their total.
    """
    threads = threads or os.cpu_count() or 1
    backend = open_backend(model, threads=max(1, threads // AHEAD))
    crowd, watcher = Crowd(clip.time_s), CameraWatcher()
    search_every = max(1, round(SEARCH_EVERY_S * clip.rate_hz))
    waiting: deque[tuple[int, Picture, Future[Seen]]] = deque()
    with ExitStack() as stack:
        looking = stack.enter_context(ThreadPoolExecutor(min(threads, AHEAD), "look"))
        watching = stack.enter_context(ThreadPoolExecutor(1, "watch"))
        watched: deque[Future[None]] = deque()

        def take_oldest() -> None:
            frame, rgb, future = waiting.popleft()
            here = crowd.step(frame, *future.result())
            watched.append(watching.submit(watcher.step, rgb, [sighting.box for sighting in here]))
            if len(watched) > AHEAD:
                watched.popleft().result()
            if progress:
                progress(frame + 1, clip.frames)

        for frame, rgb in enumerate(read_ahead(video.frames(clip), stack)):
            if len(waiting) == AHEAD:
                take_oldest()
            regions = crowd.expected(frame)
            searching = not regions or frame % search_every == 0
            tile = tile_of(frame // search_every if regions else frame // AHEAD)
            waiting.append((frame, rgb, looking.submit(look, backend, rgb, regions, tile if searching else None)))
        while waiting:
            take_oldest()
        while watched:
            watched.popleft().result()
    motion = watcher.finish()
    return Poses(
        model=backend.model,
        time_s=clip.time_s,
        width=clip.width,
        height=clip.height,
        people=people_of(crowd.trails, clip.time_s, motion.cut),
        camera=motion,
    )


def look(backend: Backend, rgb: Picture, regions: dict[int, Region], tile: int | None) -> Seen:
    """One frame through the model; with a tile, people not yet followed are searched for in it."""
    followed = {name: backend.look(rgb, region) for name, region in regions.items()}
    if tile is None:
        return Seen(followed, [])
    known = [sighting for sighting in followed.values() if sighting]
    found = backend.find(rgb, tile=tile, hide=[sighting.box for sighting in known])
    new = [region for region in found if not any(same_place(region, other.region) for other in known)]
    return Seen(followed, [sighting for region in new if (sighting := backend.look(rgb, region))])


def tile_of(search: int) -> int:
    """Which part of the picture a search looks at: the whole every other time, the three tiles between."""
    return 0 if search % 2 == 0 else 1 + search // 2 % 3


def read_ahead(frames: Iterator[Picture], stack: ExitStack) -> Iterator[Picture]:
    """The same frames, the next one being decoded while this one is used."""
    reading = stack.enter_context(ThreadPoolExecutor(1, "read"))
    coming = reading.submit(next, frames, None)
    while (rgb := coming.result()) is not None:
        coming = reading.submit(next, frames, None)
        yield rgb


def open_backend(model: str, *, threads: int) -> Backend:
    """The adapter of a model, with its files fetched if need be."""
    network, detector = weights.find(model), weights.find("detector")
    backend = "rtmpose" if model.startswith("rtmpose") else "blazepose"
    record = PoseModel(backend=backend, model=model, weights_sha256=weights.sha256_of(model))
    if backend == "rtmpose":
        from midstance.backends.rtmpose import RTMPose  # noqa: PLC0415 (only the model that is asked for)

        return RTMPose(record, detector, network, threads=threads)
    from midstance.backends.blazepose import BlazePose  # noqa: PLC0415

    return BlazePose(record, detector, network, threads=threads)
