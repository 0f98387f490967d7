from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import get_ident

import numpy as np
import pytest

from midstance import skeleton
from midstance.errors import InputError
from midstance.model import CameraMotion, Clip, Floats, PoseModel, Poses
from midstance.pose import estimate
from midstance.pose.backends import Box, Picture, Region, Sighting
from midstance.pose.pieces import PIECE_S, pieces_of
from midstance.reasons import Reason
from midstance.video.opening import open_clip
from tests.fixtures.clips import DEMO
from tests.fixtures.models import bring

RATE_HZ, WIDTH, HEIGHT = 30.0, 1000, 600
SIZE_PX = 200.0  # of a region; 2.5 m of a body
BODY = np.random.default_rng(3).uniform(-0.35, 0.35, (len(skeleton.KEYPOINTS), 2))  # in sizes of the region

Path2 = Callable[[int], tuple[float, float] | None]
"""Where the hips of somebody are in a frame; None when he is not there."""


class Actors:
    """A pose model that sees actors: in a region, the foremost one whose hips lie within a quarter of its size."""

    def __init__(self, *paths: Path2, sizes: tuple[float, ...] = ()) -> None:
        self.model = PoseModel(backend="actors", model="actors", weights_sha256="")
        self._paths = paths
        self._sizes = sizes or (SIZE_PX,) * len(paths)

    def sightings(self, frame: int) -> list[Sighting]:
        """Everyone there, the foremost first."""
        seen = []
        for path, size in zip(self._paths, self._sizes, strict=True):
            if (hips := path(frame)) is not None:
                region = Region(x_px=hips[0], y_px=hips[1], size_px=size)
                seen.append(Sighting(xy=np.array(hips) + size * BODY, confidence=np.ones(len(BODY)), region=region))
        return seen

    def find(self, rgb: Picture, *, tile: int = 0, hide: tuple[Box, ...] = ()) -> list[Region]:
        del tile
        hidden = [np.reshape(box, (2, 2)).mean(axis=0) for box in hide]
        middles = [(s.region, np.reshape(s.core, (2, 2)).mean(axis=0)) for s in self.sightings(int(rgb[0, 0, 0]))]
        return [region for region, middle in middles if all(np.hypot(*(middle - h)) > 40 for h in hidden)]

    def look(self, rgb: Picture, region: Region) -> Sighting | None:
        for sighting in self.sightings(int(rgb[0, 0, 0])):
            at = sighting.region
            if np.hypot(at.x_px - region.x_px, at.y_px - region.y_px) < region.size_px / 4:
                return sighting
        return None


def poses_of(
    monkeypatch: pytest.MonkeyPatch,
    actors: Actors,
    *,
    frames: int = 90,
    cut_at: int | None = None,
    threads: int = 2,
    piece_s: float = PIECE_S,
    damaged_at: int | None = None,
) -> Poses:
    """The actors followed through a made clip of pictures that carry nothing but their own number."""

    class Watcher:
        def __init__(self, rate_hz: float) -> None:
            assert rate_hz == RATE_HZ
            self.frames: list[int] = []

        def step(self, rgb: Picture, boxes: list[Box]) -> None:
            del boxes
            assert not self.frames or rgb[0, 0, 0] == (self.frames[-1] + 1) % 256  # every frame once, in order
            self.frames.append(int(rgb[0, 0, 0]))

        def finish(self) -> CameraMotion:
            here, many = np.array(self.frames), len(self.frames)
            still = np.tile(np.eye(2, 3), (many, 1, 1))
            return CameraMotion(to_first=still, quality=np.ones(many), cut=here == (-1 if cut_at is None else cut_at))

    def numbered(_clip: Clip, *, start: int, stop: int) -> Iterator[Picture]:
        for number in range(start, stop):
            if number == damaged_at:
                raise InputError(Reason("film_damaged", file="made"))
            yield np.full((4, 4, 3), number % 256, np.uint8)

    monkeypatch.setattr(estimate, "pieces_of", partial(pieces_of, piece_s=piece_s))
    monkeypatch.setattr(estimate, "CameraWatcher", Watcher)
    monkeypatch.setattr(estimate, "open_backend", lambda _model, **_threads: actors)
    monkeypatch.setattr(estimate, "undeveloped", numbered)
    clip = Clip(
        path=Path("made"),
        sha256="",
        width=WIDTH,
        height=HEIGHT,
        time_s=np.arange(frames) / RATE_HZ,
        rate_hz=RATE_HZ,
        variable_rate=False,
        rotation_deg=0,
    )
    return estimate.estimate_poses(clip, threads=threads)


def hips_x(poses: Poses, person: int) -> Floats:
    """(frame,) where the model's own body puts the hips of a person; NaN where he was not seen."""
    x: Floats = (poses.people[person].xy[:, :, 0] - SIZE_PX * BODY[:, 0]).mean(axis=1)
    return x


def walker(x0: float, step: float, y: float = 300.0) -> Path2:
    return lambda frame: (x0 + step * frame, y)


def test_one_runner_is_followed_in_every_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    poses = poses_of(monkeypatch, Actors(walker(100, 9)))
    assert len(poses.people) == 1
    np.testing.assert_allclose(hips_x(poses, 0), 100 + 9 * np.arange(90))
    np.testing.assert_array_equal(poses.people[0].confidence, 1)
    assert poses.people[0].peaks is None


def test_people_who_cross_keep_their_identities(monkeypatch: pytest.MonkeyPatch) -> None:
    poses = poses_of(monkeypatch, Actors(walker(100, 9), walker(900, -9)))
    assert len(poses.people) == 2
    for person in range(2):
        x = hips_x(poses, person)
        truth = 100 + 9 * np.arange(90) if x[np.isfinite(x)][0] < 500 else 900 - 9 * np.arange(90)
        there = np.isfinite(x)
        assert there.mean() > 0.7
        assert there[:30].mean() > 0.6
        assert there[70:].all()  # each is found again on his own side
        assert (np.abs(x - truth)[there] < 1).mean() > 0.9  # behind the other, the model sees the other


def test_a_runner_who_passes_somebody_standing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    poses = poses_of(monkeypatch, Actors(walker(500, 0), walker(100, 9)))
    by_range = sorted(np.nanmax(hips_x(poses, k)) - np.nanmin(hips_x(poses, k)) for k in range(len(poses.people)))
    assert len(poses.people) == 2
    assert by_range[0] < 60  # the one who stands never runs away with the runner
    assert by_range[1] == pytest.approx(9 * 89)


def test_a_runner_hidden_for_half_a_second_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    poses = poses_of(monkeypatch, Actors(lambda n: None if 40 <= n < 55 else (100 + 9 * n, 300)))
    assert len(poses.people) == 1
    seen = np.isfinite(hips_x(poses, 0))
    assert not seen[40:55].any()
    assert seen[:40].all()
    assert seen[55:].all()


def test_two_who_pass_one_after_the_other_are_two(monkeypatch: pytest.MonkeyPatch) -> None:
    actors = Actors(lambda n: (20 * n, 300) if n < 45 else (20 * (n - 45), 300))
    assert len(poses_of(monkeypatch, actors).people) == 2


def test_nobody_lives_on_through_a_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    poses = poses_of(monkeypatch, Actors(walker(500, 0)), cut_at=50)
    assert [int(np.isfinite(person.xy[:, 0, 0]).sum()) for person in poses.people] == [50, 40]


def test_the_largest_and_longest_seen_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    actors = Actors(walker(200, 0), walker(700, 0), sizes=(100.0, 250.0))
    poses = poses_of(monkeypatch, actors)
    assert [np.nanmedian(np.ptp(person.xy[:, :, 0], axis=1)) > 120 for person in poses.people] == [True, False]
    brief = poses_of(monkeypatch, Actors(walker(200, 0), lambda n: (700, 300) if n < 30 else None))
    assert [int(np.isfinite(person.xy[:, 0, 0]).sum()) > 60 for person in brief.people] == [True, False]


def test_nobody_is_made_of_a_glimpse(monkeypatch: pytest.MonkeyPatch) -> None:
    assert poses_of(monkeypatch, Actors(lambda n: (500, 300) if 20 <= n < 30 else None)).people == ()
    assert poses_of(monkeypatch, Actors()).people == ()


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_clip_of_the_demo_gives_the_same_with_any_threads(threads: int) -> None:
    clip = open_clip(DEMO)
    clip = replace(clip, time_s=clip.time_s[:50])
    told: list[tuple[int, int]] = []
    bring("detector", "full")
    poses = estimate.estimate_poses(clip, threads=threads, progress=lambda done, total: told.append((done, total)))
    assert told == [(k + 1, 50) for k in range(50)]
    (runner,) = poses.people
    assert runner.peaks is not None
    assert np.isfinite(runner.xy).all()
    FIRST.setdefault("xy", runner.xy)
    np.testing.assert_array_equal(runner.xy, FIRST["xy"])


@pytest.mark.parametrize("threads", [1, 2])
def test_on_one_core_one_thread_does_everything(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work = set()

    class Seen(Actors):
        def look(self, rgb: Picture, region: Region) -> Sighting | None:
            at_work.add(get_ident())
            return super().look(rgb, region)

    (runner,) = poses_of(monkeypatch, Seen(lambda n: (300 + 4 * n, 300)), threads=threads).people
    assert np.isfinite(runner.xy).all()
    assert (get_ident() in at_work, len(at_work)) == (threads == 1, threads)
    with pytest.raises(InputError):
        poses_of(monkeypatch, Seen(), threads=threads, damaged_at=40)


FIRST: dict[str, Floats] = {}
"""What the first number of threads gave."""
