"""Of a film of many frames a second some are looked at; what lies between is where it was."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from midstance.model import CameraMotion, Clip, Floats, Person, PoseModel, Poses
from midstance.pose.between import every_nth, filled_between, looked_at

PIXEL, STRAIGHT = 0.3, 3.0
"""How far a curve and a straight line may miss, pixels."""


def clip_of(time_s: Floats, rate_hz: float, *, slower: float = 1.0) -> Clip:
    return Clip(
        path=Path("made"),
        sha256="",
        width=1000,
        height=600,
        time_s=time_s,
        rate_hz=rate_hz,
        variable_rate=False,
        rotation_deg=0,
        slow_motion_factor=slower,
    )


@pytest.mark.parametrize(
    ("rate_hz", "slower", "every"),
    [(30, 1, 1), (60, 1, 1), (100, 1, 1), (119.88, 1, 2), (120, 1, 2), (239.76, 1, 4), (30, 8, 4)],
)
def test_sixty_looks_a_second_of_life(rate_hz: float, slower: float, every: int) -> None:
    assert every_nth(clip_of(np.arange(100) / rate_hz, rate_hz, slower=slower)) == every


def ankle(time_s: Floats) -> Floats:
    """(frame, 19, 2) an ankle that goes 60 pixels there and back, 1.4 times a second, and its higher waves."""
    wave = 60 * np.sin(2 * np.pi * 1.4 * time_s) + 15 * np.sin(2 * np.pi * 4.2 * time_s)
    return np.asarray(np.tile(wave[:, None, None], (1, 19, 2)))


def poses_of(clip: Clip, *, seen: Floats | None = None, cut_at: int | None = None) -> Poses:
    """A person whose ankle swings, before a camera that pans by a pixel a hundredth of a second."""
    looks = looked_at(clip)
    time_s = looks.time_s / clip.slow_motion_factor
    xy = ankle(time_s)
    if seen is not None:
        xy[~np.isin(np.arange(len(time_s)), seen)] = np.nan
    to_first = np.tile(np.eye(2, 3), (len(time_s), 1, 1))
    to_first[:, 0, 2] = 100 * time_s
    cut = np.arange(len(time_s)) == (-1 if cut_at is None else cut_at)
    peaks = np.full((len(time_s), 5, 4, 3), np.nan, np.float32)
    peaks[:, :, 0, :2], peaks[:, :, 1, :2] = xy[:, :5] + 3, xy[:, 5:10] + 200  # two legs, a hand's breadth apart
    peaks[:, :, :2, 2] = 0.9
    peaks[np.isnan(xy[:, 0, 0])] = np.nan
    peaks[::2, :, :2] = peaks[::2, :, 1::-1]  # the stronger one is now this leg, now that
    confidence = np.nan_to_num(xy[..., 0] * 0 + 0.8)
    return Poses(
        model=PoseModel(backend="made", model="made", weights_sha256=""),
        time_s=time_s,
        width=1000,
        height=600,
        people=(Person(xy=xy, confidence=confidence, peaks=peaks, depth=xy[..., 0]),),
        camera=CameraMotion(to_first=to_first, quality=np.ones(len(time_s)), cut=cut),
    )


def uneven(rate_hz: float) -> Floats:
    """Times of a camera whose frames do not come evenly."""
    times: Floats = np.cumsum(np.random.default_rng(4).uniform(0.7, 1.3, 301)) / rate_hz
    return times


def test_what_lies_between_two_looks_is_where_it_was() -> None:
    clip = clip_of(uneven(240.0), 240.0)
    filled = filled_between(poses_of(clip), clip)
    runner = filled.people[0]
    assert len(filled.time_s) == len(runner.xy) == clip.frames == 301
    assert np.abs(runner.xy - ankle(clip.time_s)).max() < PIXEL
    assert filled.camera.to_first[:, 0, 2] == pytest.approx(100 * clip.time_s)
    assert runner.peaks is not None
    peaks = np.sort(runner.peaks[:, :, :2, 0], axis=2)
    assert np.abs(peaks[:, :, 0] - ankle(clip.time_s)[:, :5, 0] - 3).max() < STRAIGHT
    assert np.abs(peaks[:, :, 1] - ankle(clip.time_s)[:, :5, 0] - 200).max() < STRAIGHT
    assert np.isnan(runner.peaks[:, :, 2:]).all()


def test_slow_motion_is_filled_in_life_time() -> None:
    clip = clip_of(np.arange(200) / 30.0, 30.0, slower=8)
    filled = filled_between(poses_of(clip), clip)
    assert filled.time_s[-1] == pytest.approx(199 / 240)
    assert np.abs(filled.people[0].xy - ankle(filled.time_s)).max() < PIXEL


def test_nothing_is_filled_where_nobody_was_seen() -> None:
    clip = clip_of(np.arange(161) / 120.0, 120.0)
    filled = filled_between(poses_of(clip, seen=np.r_[0:20, 30, 40:81]), clip)
    there = np.isfinite(filled.people[0].xy[:, 0, 0])
    assert np.flatnonzero(there).tolist() == [*range(39), 60, *range(80, 161)]
    assert (filled.people[0].confidence[~there] == 0).all()
    assert filled.people[0].peaks is not None
    assert np.isnan(filled.people[0].peaks[~there]).all()


def test_a_new_scene_begins_where_it_was_seen_first() -> None:
    clip = clip_of(np.arange(160) / 120.0, 120.0)
    filled = filled_between(poses_of(clip, cut_at=40), clip)
    assert np.flatnonzero(filled.camera.cut).tolist() == [80]
    assert filled.camera.to_first[79, 0, 2] == filled.camera.to_first[78, 0, 2]


def test_the_last_frame_is_looked_at() -> None:
    """Else a clip of 240 frames a second would end three frames too early, and say so."""
    clip = clip_of(np.arange(163) / 240.0, 240.0)
    filled = filled_between(poses_of(clip), clip)
    assert np.isfinite(filled.people[0].xy).all()
    assert looked_at(clip).time_s[-1] == clip.time_s[-1]
