"""A runner drawn from hand-made curves, with the faults of a pose model laid on top: what the truth of tests is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from midstance.model import CameraMotion, Floats, Person, PoseModel, Poses
from midstance.skeleton import INDEX, KEYPOINTS, MIRROR, leg_indices

WIDTH, HEIGHT = 1280, 720
LEG_PX = 220.0


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """Poses, and the truth behind them: (frame, keypoint, 2) pixels and stride phase of the near leg."""

    poses: Poses
    true_px: Floats
    phase_rad: Floats
    time_s: Floats


def angles_rad(phase: Floats, gait: Literal["run", "walk"]) -> tuple[Floats, Floats, Floats]:
    """Thigh, shank and foot of one leg; made of other numbers than the template of periodic.py."""
    wave = lambda a, p, k=1: a * np.cos(k * phase - np.radians(p))  # noqa: E731
    if gait == "walk":
        thigh = 6 + wave(22, -5) + wave(3, 60, 2)
        return tuple(np.radians(a) for a in (thigh, thigh - 26 + wave(22, 150) + wave(16, -90, 2), wave(25, 60) - 10))
    thigh = 12 + wave(27, -38) + wave(6, 120, 2)
    shank = -36 + wave(38, 20) + wave(14, -60, 2)
    return tuple(np.radians(a) for a in (thigh, shank, shank * 0.9 - 2))  # type: ignore[return-value]


def body(phase: Floats, gait: Literal["run", "walk"]) -> Floats:
    """(frame, keypoint, 2) in leg lengths around the mid-hip, x forward, y up, right side near."""
    points = np.zeros((len(phase), len(KEYPOINTS), 2))
    lean = np.radians(6)
    up = np.array([np.sin(lean), np.cos(lean)])
    for side, later in (("right", 0.0), ("left", np.pi)):
        thigh, shank, foot = angles_rad(phase + later, gait)
        knee = 0.5 * np.stack([np.sin(thigh), -np.cos(thigh)], -1)
        ankle = knee + 0.5 * np.stack([np.sin(shank), -np.cos(shank)], -1)
        along = np.stack([np.cos(foot), np.sin(foot)], -1)
        heel = ankle - 0.06 * along + 0.07 * np.stack([np.sin(foot), -np.cos(foot)], -1)
        for joint, place in zip(
            ("knee", "ankle", "heel", "toe"), (knee, ankle, heel, heel + 0.28 * along), strict=True
        ):
            points[:, INDEX[f"{side}_{joint}"]] = place
        swing = np.radians(35) * np.cos(phase + later + np.pi - 0.6)
        points[:, INDEX[f"{side}_shoulder"]] = 0.62 * up
        elbow = 0.62 * up + 0.33 * np.stack([np.sin(swing), -np.cos(swing)], -1)
        points[:, INDEX[f"{side}_elbow"]] = elbow
        points[:, INDEX[f"{side}_wrist"]] = elbow + 0.3 * np.stack([np.cos(swing), np.sin(swing)], -1)
        points[:, INDEX[f"{side}_ear"]] = 0.88 * up
    points[:, INDEX["nose"]] = 0.88 * up + [0.1, -0.02]
    return points


def draw_runner(
    *,
    stride_hz: float = 1.4,
    rate_hz: float = 60.0,
    seconds: float = 4.0,
    direction: int = 1,
    gait: Literal["run", "walk"] = "run",
    swaps: float = 0.25,
    collapses: float = 0.08,
    noise_px: float = 2.0,
    speed_leg: float = 0.0,
    time_s: Floats | None = None,
    seed: int = 0,
) -> Drawn:
    """A runner in side view as a pose model draws one: labels swapped for a while at a time, legs merged, noise.

    swaps      share of frames with left and right the wrong way round
    collapses  share of frames in which the far leg lies on the near one
    speed_leg  leg lengths a second over the ground; 0: on a belt in the middle of the picture
    """
    chance = np.random.default_rng(seed)
    time_s = np.arange(round(seconds * rate_hz)) / rate_hz if time_s is None else time_s
    phase = 2 * np.pi * stride_hz * time_s + 0.7
    points = body(phase, gait)
    vault = 1.0 if gait == "walk" else -1.0
    apart = np.abs(points[:, INDEX["right_ankle"], 0] - points[:, INDEX["left_ankle"], 0])
    bounce = 0.04 * vault * np.cos(2 * (phase - phase[apart.argmin()]))
    hip = np.stack([speed_leg * (time_s - time_s.mean()), bounce], -1)
    true = (points + hip[:, None]) * [direction, -1] * LEG_PX + [WIDTH / 2, HEIGHT / 2]
    if direction < 0:
        true = true[:, MIRROR]
    drawn, near = true.copy(), "right" if direction > 0 else "left"
    far = "left" if near == "right" else "right"
    merged = _spells(len(time_s), collapses, rate_hz, chance)
    drawn[np.ix_(merged, leg_indices(far)[1:])] = drawn[np.ix_(merged, leg_indices(near)[1:])]
    swapped = _spells(len(time_s), swaps, rate_hz, chance)
    legs = leg_indices("left") + leg_indices("right")
    drawn[np.ix_(swapped, legs)] = drawn[np.ix_(swapped, [MIRROR[i] for i in legs])]
    drawn += chance.normal(0, noise_px, drawn.shape)
    confidence = np.ones(drawn.shape[:2])
    confidence[:, [INDEX[f"{far}_elbow"], INDEX[f"{far}_wrist"]]] = 0.2
    return Drawn(
        poses=as_poses(time_s, Person(xy=drawn, confidence=confidence)), true_px=true, phase_rad=phase, time_s=time_s
    )


def as_poses(time_s: Floats, *people: Person, cut: tuple[int, ...] = ()) -> Poses:
    """Poses of a camera that stands still."""
    still = np.tile(np.eye(2, 3), (len(time_s), 1, 1))
    scenes = np.isin(np.arange(len(time_s)), cut)
    camera = CameraMotion(to_first=still, quality=np.ones(len(time_s)), cut=scenes)
    model = PoseModel(backend="drawn", model="drawn", weights_sha256="")
    return Poses(model=model, time_s=time_s, width=WIDTH, height=HEIGHT, people=people, camera=camera)


def standing(
    time_s: Floats, *, scale: float = 1.0, at_px: tuple[float, float] = (300.0, 360.0), seed: int = 5
) -> Person:
    """Someone who only stands there, facing the right of the picture."""
    points = body(np.full(len(time_s), 2.0), "run")
    for side in ("left", "right"):
        points[:, leg_indices(side)] = np.array([[0, 0], [0, -0.5], [0, -1], [-0.06, -1.07], [0.22, -1.07]])  # type: ignore[arg-type]
    xy = points * [1, -1] * LEG_PX * scale + np.array(at_px) + np.random.default_rng(seed).normal(0, 1.5, points.shape)
    return Person(xy=xy, confidence=np.ones(xy.shape[:2]))


def _spells(frames: int, share: float, rate_hz: float, chance: np.random.Generator) -> np.ndarray:
    """(frame,) True in spells of about 0.15 s that cover this share of the frames."""
    length = max(1, round(0.15 * rate_hz))
    chosen = np.zeros(frames, bool)
    while chosen.mean() < share:
        start = chance.integers(0, frames)
        chosen[start : start + length] = True
    return chosen
