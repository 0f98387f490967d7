"""A long clip looked at in pieces, one after another or several at once, is the clip looked at in one."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from benchmarks.accuracy import ALLOWED, moved, values_of

from midstance.analyze import analyze, find_poses
from midstance.errors import InputError
from midstance.model import CameraMotion, Floats
from midstance.pose import estimate, people
from midstance.pose.backends import Picture, Region, Sighting
from midstance.pose.pieces import PIECE_S, WARM_UP_S, Look, Piece, joined, pieces_of
from tests.fixtures.clips import DEMO
from tests.pose.test_estimate import Actors, hips_x, poses_of, walker


def test_pieces_cover_every_frame_once_and_short_clips_are_one() -> None:
    time_s = np.cumsum(np.random.default_rng(1).uniform(0.01, 0.03, 40_000))
    pieces = pieces_of(time_s)
    assert len(pieces) == int((time_s[-1] - time_s[0]) / PIECE_S)
    assert [frame for piece in pieces for frame in range(piece.start, piece.stop)] == list(range(40_000))
    assert all(piece.end == piece.stop + 1 for piece in pieces[:-1])
    warm_s = [time_s[piece.start] - time_s[piece.first] for piece in pieces[1:]]
    assert warm_s == pytest.approx([WARM_UP_S] * len(warm_s), abs=0.03)
    assert pieces_of(time_s[:2000]) == (Piece(first=0, start=0, stop=2000, end=2000),)


@pytest.mark.parametrize("threads", [2, 8])
def test_people_go_on_through_the_ends_of_pieces(threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    actors = Actors(walker(100, 9), walker(900, -9))
    whole = poses_of(monkeypatch, actors, frames=96)
    pieces = poses_of(monkeypatch, actors, frames=96, piece_s=0.8, threads=threads)
    assert len(pieces.people) == len(whole.people) == 2
    for one, other in zip(whole.people, pieces.people, strict=True):
        np.testing.assert_array_equal(one.xy, other.xy)


def test_who_comes_and_goes_in_one_piece_alone_is_there_once(monkeypatch: pytest.MonkeyPatch) -> None:
    guest = lambda frame: (500.0, 300.0) if 40 <= frame < 76 else None  # noqa: E731
    poses = poses_of(monkeypatch, Actors(walker(100, 2), guest), frames=110, piece_s=1.2)
    runner, seen = (np.flatnonzero(np.isfinite(hips_x(poses, k))) for k in range(len(poses.people)))
    assert len(runner) == 110
    assert seen.min() >= 40
    assert seen.max() == 75


def test_a_scene_that_begins_at_a_piece_begins_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for cut_at in (30, 31, 45):  # 30 is where the second piece begins
        poses = poses_of(monkeypatch, Actors(walker(100, 9)), frames=91, piece_s=1.0, cut_at=cut_at)
        assert np.flatnonzero(poses.camera.cut).tolist() == [cut_at]


def motion(shift_px: Floats, cut: tuple[int, ...] = ()) -> CameraMotion:
    to_first = np.tile(np.eye(2, 3), (len(shift_px), 1, 1))
    to_first[:, 0, 2] = shift_px
    return CameraMotion(
        to_first=to_first, quality=np.ones(len(shift_px)), cut=np.isin(np.arange(len(shift_px)), np.array(cut))
    )


def test_the_camera_of_a_piece_goes_on_from_the_one_before() -> None:
    """It pans by one pixel a frame through three pieces; in the last one a new scene begins."""
    pieces = [Piece(first=a, start=a, stop=a + 10, end=a + 11 - (a == 20)) for a in (0, 10, 20)]
    motions = [motion(np.arange(11.0)), motion(np.arange(11.0)), motion(np.r_[0:4.0, 0:6.0], cut=(4,))]
    _, whole = joined([Look(piece=p, trails=[], motion=m) for p, m in zip(pieces, motions, strict=True)])
    assert whole.to_first[:, 0, 2].tolist() == [*range(24), *range(6)]
    assert np.flatnonzero(whole.cut).tolist() == [24]
    assert len(whole.quality) == 30


@pytest.mark.slow
def test_a_runner_in_pieces_is_measured_as_in_one(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = analyze(find_poses(DEMO), height_m=1.7)
    monkeypatch.setattr(estimate, "pieces_of", partial(pieces_of, piece_s=1.9))
    pieces = analyze(find_poses(DEMO, threads=4), height_m=1.7)
    before, after = values_of(whole), values_of(pieces)
    assert before.keys() == after.keys()
    assert max(moved(before, after).values()) < ALLOWED


def test_pieces_stop_when_one_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The film is damaged in its second piece; the others, looked at at once, do not go on for minutes."""
    looked: list[int] = []

    class Counting(Actors):
        def look(self, rgb: Picture, region: Region) -> Sighting | None:
            looked.append(int(rgb[0, 0, 0]))
            return super().look(rgb, region)

    with pytest.raises(InputError):
        poses_of(monkeypatch, Counting(walker(100, 0)), frames=12_000, piece_s=100.0, threads=8, damaged_at=4_300)
    assert len(looked) < 6_000


def test_of_a_long_film_the_largest_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who passes by in half an hour would take as much memory as the runner, each."""
    actors = Actors(walker(200, 0), walker(500, 0), walker(800, 0), sizes=(150.0, 200.0, 180.0))
    assert len(poses_of(monkeypatch, actors).people) == 3
    monkeypatch.setattr(people, "PEOPLE_BY_FRAMES", 90)
    kept = poses_of(monkeypatch, actors)
    middles = [float(np.nanmean(person.xy[..., 0])) for person in kept.people]
    assert [round(middle / 300) for middle in middles] == [2, 3]
