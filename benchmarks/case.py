"""Measure every stage for one clip, in a process of its own so that the peak of memory is its own too.

python -m benchmarks.case CLIP [--no-film] prints JSON.
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from midstance.analyze import find_poses, judge
from midstance.formats.files import temporary_folder
from midstance.machine import cores
from midstance.measures import measure
from midstance.model import Clip
from midstance.options import Options
from midstance.output.results import write_results
from midstance.pose.backends import Backend, Picture, Region
from midstance.pose.estimate import estimate_poses, open_backend
from midstance.render.film import make_film
from midstance.text.report import describe
from midstance.tracking.scenes import follow_scenes
from midstance.video.camera_motion import CameraWatcher
from midstance.video.frames import frames
from midstance.video.opening import open_clip

HEIGHT_M = 1.66
WARM_FRAMES = 12
ALONE = 240
"""Looks of the pose model alone."""

Stages = dict[str, tuple[float, float]]
"""Wall seconds and processor seconds by stage."""


def main() -> None:
    """Print the stages of the clip that is named."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.case", description=__doc__)
    parser.add_argument("clip", type=Path)
    parser.add_argument("--no-film", action="store_true")
    asked = parser.parse_args()
    json.dump(measured(asked.clip, film=not asked.no_film), sys.stdout)


def measured(path: Path, *, film: bool) -> dict[str, Any]:
    """Return frames, seconds and peaks of memory of every stage."""
    stages: Stages = {}
    peaks: dict[str, float] = {}
    options = Options(height_m=HEIGHT_M)

    def timed(name: str, work: Callable[[], Any]) -> Any:
        wall, cpu = time.perf_counter(), time.process_time()
        result = work()
        stages[name] = (time.perf_counter() - wall, time.process_time() - cpu)
        peaks[name] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return result

    clip = timed("open and hash", partial(open_clip, path))
    warm_up(clip)
    with parts_of_the_pass() as parts:
        found = timed("decode, camera, detector, pose", partial(find_poses, clip, options))
    stages |= {name: (cpu, cpu) for name, cpu in parts.items()}
    analysis = timed("track, measures, rules", partial(judge, found, options))
    report = timed("report", partial(describe, analysis))
    if film:
        with temporary_folder() as folder:
            timed("film", partial(make_film, clip, analysis, folder / "film.mp4"))
            timed("page and papers", partial(write_results, analysis, report, folder / "out", film=False))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    timed("decode", lambda: sum(1 for _ in frames(clip)))
    timed("track", partial(follow_scenes, found.clip, found.poses, levels=found.levels))
    timed("measures", partial(measure, analysis.track, tuple(analysis.contacts), analysis.view))
    alone = pose_model_alone(clip)
    return {"frames": clip.frames, "stages": stages, "peaks_mb": peaks, "peak_mb": peak, "alone": alone}


def warm_up(clip: Clip) -> None:
    """Load the pose model, the tables and the libraries, which every later clip of a process finds there."""
    estimate_poses(replace(clip, time_s=clip.time_s[:WARM_FRAMES]))


@contextmanager
def parts_of_the_pass() -> Iterator[dict[str, float]]:
    """Count the processor seconds of the camera, the detector and the pose model while they run side by side.

    Each runs on one thread at a time, and it is the time of that thread which is counted.
    """
    seconds = {"camera": 0.0, "detector": 0.0, "pose": 0.0}

    def counted(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def does(*given: Any, **named: Any) -> Any:
            start = time.thread_time()
            try:
                return work(*given, **named)
            finally:
                seconds[part] += time.thread_time() - start

        return does

    opened = open_backend

    def watched(model: str, *, threads: int) -> Backend:
        backend: Any = opened(model, threads=threads)
        backend.find, backend.look = counted("detector", backend.find), counted("pose", backend.look)
        return backend  # type: ignore[no-any-return]

    with (
        patch.object(CameraWatcher, "step", counted("camera", CameraWatcher.step)),
        patch("midstance.pose.estimate.open_backend", watched),
    ):
        yield seconds


def pose_model_alone(clip: Clip) -> dict[str, float]:
    """Return frames a second of the pose model alone on a picture that is there: the limit of everything.

    It looks with as many interpreters of one thread as there are cores, and with one interpreter of that many threads.
    """
    many = cores()
    rgb = next(frames(clip, start=clip.frames // 2))
    single, wide = (open_backend("full", threads=threads) for threads in (1, many))
    region = single.find(rgb)[0]
    several = _looks_a_second(single, rgb, region, interpreters=many)
    one = _looks_a_second(wide, rgb, region, interpreters=1)
    start = time.process_time()
    for _ in range(ALONE // 4):
        single.look(rgb, region)
    core_ms = 1000 * (time.process_time() - start) / (ALONE // 4)
    return {"several_of_one_thread": several, "one_of_several_threads": one, "core_ms": core_ms}


def _looks_a_second(backend: Backend, rgb: Picture, region: Region, *, interpreters: int) -> float:
    with ThreadPoolExecutor(interpreters) as pool:
        list(pool.map(lambda _: backend.look(rgb, region), range(4 * interpreters)))
        start = time.perf_counter()
        list(pool.map(lambda _: backend.look(rgb, region), range(ALONE)))
        return ALONE / (time.perf_counter() - start)


if __name__ == "__main__":
    main()
