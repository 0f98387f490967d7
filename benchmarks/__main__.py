"""Measure frames a second of every stage at 720p and 1080p, and what a second of a longer clip costs: make bench."""

from __future__ import annotations

import os
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from tests.fixtures.clips import DEMO

from benchmarks.by_length import print_table
from midstance.analyze import analyze
from midstance.output.page import write_page
from midstance.pose.estimate import estimate_poses
from midstance.render.film import make_film
from midstance.text.report import describe
from midstance.tracking.follow import follow_runner
from midstance.tracking.view import describe_view
from midstance.video.clip import frames, open_clip
from midstance.video.film_writer import FilmWriter


def main() -> None:
    """Print both tables and the machine they were measured on."""
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"{'stage':34} {'720p':>12} {'1080p':>12}   frames a second")
    with tempfile.TemporaryDirectory() as folder:
        columns = [stages(Path(folder), height) for height in (720, 1080)]
    for name in columns[0]:
        print(f"{name:34} " + " ".join(f"{column[name]:12.1f}" for column in columns))
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    print_table()


def stages(folder: Path, height: int) -> dict[str, float]:
    """Return frames a second of every stage for the demo enlarged to this height, pixels."""
    path = folder / f"{height}.mp4"
    enlarge_demo(path, height)
    clip = open_clip(path)
    speed: dict[str, float] = {}

    def timed(name: str, work: Callable[[], Any]) -> Any:
        start = time.perf_counter()
        result = work()
        speed[name] = clip.frames / (time.perf_counter() - start)
        return result

    timed("decode", lambda: sum(1 for _ in frames(clip)))
    estimate_poses(clip)  # loads the model and warms the caches
    poses = timed("decode, camera and poses", lambda: estimate_poses(clip))
    track = timed("legs and track", lambda: follow_runner(poses))
    timed("view", lambda: describe_view(clip, poses, track))
    analysis = timed("whole, no film", lambda: analyze(clip))
    timed("film", lambda: make_film(clip, analysis, folder / "film.mp4"))
    report = timed("report", lambda: describe(analysis))
    timed("page", lambda: write_page(report, analysis, folder / "page.html", film=None, pictures=None))
    speed["whole, with film"] = 1 / (1 / speed["whole, no film"] + 1 / speed["film"])
    return speed


def enlarge_demo(path: Path, height: int) -> None:
    """Write the demo clip in another size."""
    clip = open_clip(DEMO)
    width = round(clip.width * height / clip.height / 2) * 2
    with FilmWriter(path, width=width, height=height, rate_hz=clip.rate_hz) as film:
        for picture in frames(clip):
            film.write(cv2.resize(picture, (width, height)).astype(np.uint8))


if __name__ == "__main__":
    main()
