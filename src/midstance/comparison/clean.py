"""Give a clean stride to lay beside a runner's own: a typical runner without a fault, rendered at three speeds.

The runner is the median of 26 measured people (data/typical.toml); films and points come from one exact motion, so no
pose is estimated. CC0.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np

from midstance import data
from midstance.analyze import judge
from midstance.model import Analysis, CameraMotion, ClipPoses, Person, PoseModel, Poses, View
from midstance.options import Options
from midstance.video.opening import open_clip

SPEEDS_MPS = (2.6, 3.3, 4.2)
"""Speeds of the films in data/clean."""

BESIDE_MPS = 0.8
"""A runner whose speed differs by more is shown no clean stride: the ordinary changes with speed."""

PER_PX = 16
"""The points are kept as whole sixteenths of a pixel."""


def clean_speed_mps(speed_mps: float) -> float:
    """Return the speed of the clean stride that is nearest; the middle one for a speed that is not known."""
    if not math.isfinite(speed_mps):
        return SPEEDS_MPS[1]
    return min(SPEEDS_MPS, key=lambda each: abs(each - speed_mps))


@contextmanager
def clean_beside(view: View) -> Iterator[Analysis | None]:
    """Give the clean stride for a runner; None from another side, or at a speed that no clean stride is near."""
    nearest = clean_speed_mps(view.speed_mps)
    if view.plane != "side" or not abs(nearest - view.speed_mps) <= BESIDE_MPS:
        yield None
        return
    with clean_stride(view.speed_mps) as clean:
        yield clean


@contextmanager
def clean_stride(speed_mps: float) -> Iterator[Analysis]:
    """Give the analysis of the clean runner at the nearest speed; its film can be read as long as the block runs."""
    speed_mps = clean_speed_mps(speed_mps)
    with data.on_disk(f"clean/{speed_mps}.mp4") as film, data.on_disk(f"clean/{speed_mps}.npz") as points:
        yield _judged(film, points, speed_mps)


@cache
def _judged(film: Path, points: Path, speed_mps: float) -> Analysis:
    clip = open_clip(film)
    with np.load(points) as kept:
        xy = kept["xy_px"].astype(float) / PER_PX
    poses = Poses(
        model=PoseModel(backend="exact", model="rendered", weights_sha256=""),
        time_s=clip.time_s,
        width=clip.width,
        height=clip.height,
        people=(Person(xy=xy, confidence=np.ones(xy.shape[:2])),),
        camera=CameraMotion(
            to_first=np.tile(np.eye(2, 3), (len(xy), 1, 1)),
            quality=np.ones(len(xy)),
            cut=np.zeros(len(xy), bool),
        ),
    )
    return judge(ClipPoses(clip=clip, poses=poses), Options(speed_mps=speed_mps))
