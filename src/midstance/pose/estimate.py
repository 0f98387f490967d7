"""Find everyone in a clip: decoding, pose model and camera watching overlap on all cores, frame by frame.

A long clip is looked at in pieces, on many cores several at once. On one core one thread does everything in turn.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_EXCEPTION, Executor, Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from threading import Event, Lock
from typing import NamedTuple, ParamSpec, TypeVar

from midstance import plugins
from midstance.machine import LONG_FRAMES, cores
from midstance.model import CameraMotion, Clip, OnProgress, PoseModel, Poses
from midstance.pose import weights
from midstance.pose.backends import Backend, Region, Sighting
from midstance.pose.between import every_nth, filled_between, looked_at, looks_at
from midstance.pose.people import Crowd, people_of, same_place
from midstance.pose.pieces import Look, Piece, joined, pieces_of
from midstance.video.camera_motion import CameraWatcher
from midstance.video.container import decoding_on
from midstance.video.frames import undeveloped
from midstance.video.stills import opencv_on_one_thread
from midstance.video.time_gaps import cut_at_gaps
from midstance.video.undeveloped import Frame, OnFrame, Undeveloped, developed

AHEAD = 2
"""Frames looked at together; the regions of a frame come from the sightings this many frames before it."""
SEARCH_EVERY_S = 0.3


class Seen(NamedTuple):
    """What the model saw in one frame: people already followed, by their name, and people found."""

    followed: dict[int, Sighting | None]
    found: list[Sighting]


Pool = Callable[[int, str], Executor]
"""Makes so many threads of this name."""


def estimate_poses(
    clip: Clip,
    *,
    model: str = "full",
    threads: int | None = None,
    progress: OnProgress | None = None,
    on_frame: OnFrame | None = None,
) -> Poses:
    """Find everyone in the clip, the largest and longest seen first, and how the camera moved.

    model       a name of pose.weights.FILES, or one that another package adds
    threads     how many to use; the result does not depend on it
    progress    called with the frames done and their total
    on_frame    called with every frame, in their order but for pieces that are looked at together: what else is to be
                seen in a film is seen as it is decoded for this

    Of more than 60 frames a second of life some are looked at, and the others filled in (`pose.between`).

    Raises WeightsError if the model cannot be had, InputError if the film cannot be read.
    """
    if every_nth(clip) == 1:
        return _look_through(clip, model, threads=threads, progress=progress, on_frame=on_frame)
    looks = looks_at(clip)

    def told(done: int, _total: int) -> None:
        if progress:
            progress(int(looks[done - 1]) + 1, clip.frames)

    def shown(look: int, frame: Frame) -> None:
        if on_frame:
            on_frame(int(looks[look]), frame)

    poses = _look_through(looked_at(clip), model, threads=threads, progress=told, on_frame=shown)
    return filled_between(poses, clip)


def _look_through(
    clip: Clip, model: str, *, threads: int | None, progress: OnProgress | None, on_frame: OnFrame | None
) -> Poses:
    """Look at every frame of a clip."""
    threads, pieces = threads or cores(), pieces_of(clip.time_s)
    at_once = max(1, min(len(pieces), threads // AHEAD))
    backend = open_backend(model, threads=max(1, threads // (AHEAD * at_once)))
    pool: Pool = ThreadPoolExecutor if threads > 1 else InTurn
    with opencv_on_one_thread(), decoding_on(threads), pool(min(threads, AHEAD * at_once), "look") as hands:
        looking = _Looking(clip=clip, backend=backend, pool=pool, hands=hands, progress=progress, on_frame=on_frame)
        trails, motion = joined(
            looking.at_all(pieces, at_once) if at_once > 1 else [looking.at(piece) for piece in pieces]
        )
    if clip.frames >= LONG_FRAMES:
        _blazepose.cache_clear()  # its memory is needed for what was seen
    motion = cut_at_gaps(motion, clip.time_s)
    size = clip.width, clip.height
    return Poses(
        model=backend.model,
        time_s=clip.time_s / clip.slow_motion_factor,
        width=clip.width,
        height=clip.height,
        people=people_of(trails, clip.time_s, size=size, cuts=motion.cut),
        camera=motion,
    )


Given = ParamSpec("Given")
Made = TypeVar("Made")


class InTurn(Executor):
    """Do work at once, in the thread that gives it: on one core, threads would only wait for each other."""

    def __init__(self, _threads: int, _name: str) -> None:
        """Take what a pool of threads takes."""

    def submit(self, work: Callable[Given, Made], /, *given: Given.args, **named: Given.kwargs) -> Future[Made]:
        """Do it, and return what came of it."""
        done: Future[Made] = Future()
        try:
            done.set_result(work(*given, **named))
        except Exception as fault:  # noqa: BLE001  (raised where the result is asked for, as by a pool)
            done.set_exception(fault)
        return done


@dataclass(kw_only=True)
class _Looking:
    """A look at the pieces of one clip, one after another or several at once.

    pool   makes the thread that watches the camera
    hands  look at frames
    """

    clip: Clip
    backend: Backend
    pool: Pool
    hands: Executor
    progress: OnProgress | None
    on_frame: OnFrame | None
    done: int = 0
    telling: Lock = field(default_factory=Lock)
    stop: Event = field(default_factory=Event)

    def at_all(self, pieces: Sequence[Piece], at_once: int) -> list[Look]:
        """Look at several pieces at once; if one fails, or the person stops it, the others stop too."""
        with ThreadPoolExecutor(at_once, "piece") as pool:
            looks = [pool.submit(self.at, piece) for piece in pieces]
            try:
                wait(looks, return_when=FIRST_EXCEPTION)
            finally:
                self.stop.set()
                pool.shutdown(wait=False, cancel_futures=True)
        failed = [fault for look in looks if not look.cancelled() and (fault := look.exception())]
        if failed:
            raise failed[0]
        return [look.result() for look in looks]

    def at(self, piece: Piece) -> Look:
        """Look at one piece, frame by frame."""
        with ExitStack() as stack:
            watching = stack.enter_context(self.pool(1, "watch"))
            look_at_it = _Pass(self.clip, piece, backend=self.backend, hands=self.hands, watching=watching)
            frames = undeveloped(self.clip, start=piece.first, stop=piece.end)
            frames = read_apart(frames, stack, ahead=self.pool is not InTurn)
            for number, frame in enumerate(frames, start=piece.first):
                if self.stop.is_set():
                    break
                look_at_it.offer(frame)
                if piece.start <= number < piece.stop:
                    self._tell(number, frame)
            motion = look_at_it.finish()
        return Look(piece=piece, trails=look_at_it.crowd.trails, motion=motion)

    def _tell(self, number: int, frame: Frame) -> None:
        """Show a frame to who else wants to see it, and say how many are done."""
        with self.telling:
            self.done += 1
            if self.on_frame:
                self.on_frame(number, frame)
            if self.progress:
                self.progress(self.done, self.clip.frames)


class _Pass:
    """One way through a piece: up to AHEAD frames before the model, the one before them before the camera watcher."""

    def __init__(self, clip: Clip, piece: Piece, *, backend: Backend, hands: Executor, watching: Executor) -> None:
        self.crowd = Crowd(clip.time_s)
        self._backend, self._hands, self._watching = backend, hands, watching
        self._watcher = CameraWatcher(clip.rate_hz)
        self._search_every = max(1, round(SEARCH_EVERY_S * clip.rate_hz))
        self._looked: deque[tuple[int, Frame, Future[Seen]]] = deque()
        self._watched: deque[Future[None]] = deque()
        self._next, self._start = piece.first, piece.start

    def offer(self, frame: Frame) -> None:
        """Take in the next frame, when the model has done with the one AHEAD of it."""
        if len(self._looked) == AHEAD:
            self._take_oldest()
        regions = self.crowd.expected(self._next)
        tile = None
        if not regions:
            tile = tile_of(self._next // AHEAD)
        elif self._next % self._search_every == 0:
            tile = tile_of(self._next // self._search_every)
        self._looked.append((self._next, frame, self._hands.submit(look, self._backend, frame, regions, tile)))
        self._next += 1

    def finish(self) -> CameraMotion:
        """Wait for everything under way."""
        while self._looked:
            self._take_oldest()
        for watched in self._watched:
            watched.result()
        return self._watcher.finish()

    def _take_oldest(self) -> None:
        number, frame, looked = self._looked.popleft()
        here = self.crowd.step(number, *looked.result())
        if number < self._start:
            return
        self._watched.append(self._watching.submit(self._watcher.step, frame, [sighting.box for sighting in here]))
        if len(self._watched) > AHEAD:
            self._watched.popleft().result()


def look(backend: Backend, frame: Frame, regions: dict[int, Region], tile: int | None) -> Seen:
    """Look at one frame; with a tile, people not yet followed are searched for in that part of it."""
    followed = {name: look_at(backend, frame, region) for name, region in regions.items()}
    if tile is None:
        return Seen(followed, [])
    known = [sighting for sighting in followed.values() if sighting]
    found = backend.find(developed(frame), tile=tile, hide=[sighting.core for sighting in known])
    new = [region for region in found if not any(same_place(region, other.region) for other in known)]
    return Seen(followed, [sighting for region in new if (sighting := look_at(backend, frame, region))])


def look_at(backend: Backend, frame: Frame, region: Region) -> Sighting | None:
    """Read the person in a square of a frame; no more of the picture is made than the model looks at."""
    if isinstance(frame, Undeveloped) and getattr(backend, "square_only", False):
        return backend.look(frame.picture_around(region.box), region)
    return backend.look(developed(frame), region)


def tile_of(search: int) -> int:
    """Return which part of the picture a search looks at: the whole every other time, the three tiles between."""
    return 0 if search % 2 == 0 else 1 + search // 2 % 3


def read_apart(frames: Iterator[Frame], stack: ExitStack, *, ahead: bool) -> Iterator[Frame]:
    """Give the same frames, decoded in a thread of their own, the next one while this one is used if ahead.

    glibc keeps what a thread allocates in a place of its own: where the pictures, which come and go, lay among what is
    kept of each frame, a process grew by 200 MB.
    """
    reading = stack.enter_context(ThreadPoolExecutor(1, "read"))
    coming = reading.submit(next, frames, None)
    while (frame := coming.result()) is not None:
        if ahead:
            coming = reading.submit(next, frames, None)
        yield frame
        if not ahead:
            coming = reading.submit(next, frames, None)


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
    return _blazepose(record, detector, network, threads=threads)


@lru_cache(1)
def _blazepose(record: PoseModel, detector: Path, network: Path, *, threads: int) -> Backend:
    """Open BlazePose, or return what was opened last: a quarter of a second for every film of a batch."""
    from midstance.pose.backends.blazepose import BlazePose  # noqa: PLC0415 (only the model that is asked for)

    return BlazePose(record, detector, network, threads=threads)
