"""A camera of known motion looks at a wall of noise; now and then something moves in front of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from midstance.model import CameraMotion
from midstance.video.camera_motion import CameraWatcher, Lens, Motion
from midstance.video.small_picture import Box, Image, likeness, look

WIDTH, HEIGHT = 480, 270
MIDDLE = np.array([(WIDTH - 1) / 2, (HEIGHT - 1) / 2])


def wall(seed: int, width: int = 1600, height: int = 900) -> Image:
    """Noise of several sizes, as a park or a house has."""
    random = np.random.default_rng(seed)
    total = np.zeros((height, width, 3), np.float32)
    for size in (6, 12, 24, 60):
        coarse = random.normal(size=(height // size + 2, width // size + 2, 3)).astype(np.float32)
        total += cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(128 + 28 * total, 0, 255).astype(np.uint8)


WALL, OTHER_WALL = wall(1), wall(2)


def seen(picture: Image, to_wall: NDArray[np.floating]) -> Image:
    """What a camera sees whose pixels lie on the picture as the (2, 3) or (3, 3) matrix says."""
    warp = cv2.warpAffine if len(to_wall) == 2 else cv2.warpPerspective
    return np.asarray(warp(picture, to_wall, (WIDTH, HEIGHT), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), np.uint8)


def at(x: float, y: float, *, turn_deg: float = 0, zoom: float = 1) -> NDArray[np.floating]:
    """The camera's middle at a place of the wall."""
    turn = zoom * np.exp(1j * np.radians(turn_deg))
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    return np.column_stack([linear, np.array([x, y]) - linear @ MIDDLE])


def turned(angle_deg: float, focal_px: float) -> NDArray[np.floating]:
    """A camera on a spot that looks to the side, and the wall as it looks straight ahead."""
    intrinsic = np.array([[focal_px, 0, MIDDLE[0]], [0, focal_px, MIDDLE[1]], [0, 0, 1]])
    c, s = np.cos(np.radians(angle_deg)), np.sin(np.radians(angle_deg))
    turn = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    to_wall = np.array([[1, 0, 800 - MIDDLE[0]], [0, 1, 450 - MIDDLE[1]], [0, 0, 1]])
    return np.asarray(to_wall @ intrinsic @ turn @ np.linalg.inv(intrinsic))


def watch(
    frames: Iterator[Image] | list[Image],
    boxes: Callable[[int], list[Box]] = lambda _: [],
    *,
    rate_hz: float | None = None,
) -> CameraMotion:
    watcher = CameraWatcher(rate_hz)
    for i, frame in enumerate(frames):
        watcher.step(frame, boxes(i))
    return watcher.finish()


def truth(places: list[NDArray[np.floating]]) -> NDArray[np.floating]:
    """(frame, 2, 3) pixels of each frame to pixels of the first."""
    whole = [np.vstack([p, [0, 0, 1]]) for p in places]
    return np.array([(np.linalg.inv(whole[0]) @ w)[:2] for w in whole])


def error_px(motion: CameraMotion, expected: NDArray[np.floating]) -> float:
    """The furthest that a corner of the picture or its middle is put wrong."""
    points = np.array([[0, 0, 1], [WIDTH, 0, 1], [0, HEIGHT, 1], [WIDTH, HEIGHT, 1], [*MIDDLE, 1]]).T
    return float(np.max(np.hypot(*np.moveaxis((motion.to_first - expected) @ points, 1, 0))))


GRAIN = np.random.default_rng(0).normal(size=(7, HEIGHT, WIDTH, 3)).astype(np.float32)


def noisy(frame: Image, i: int, sigma: float = 4) -> Image:
    return np.clip(frame + sigma * GRAIN[i % len(GRAIN)], 0, 255).astype(np.uint8)


# -- the camera moves --------------------------------------------------------------------------------------------


def test_shake_of_the_hand_is_followed_without_drift() -> None:
    t = np.arange(90) / 30
    places = [
        at(
            800 + 6 * np.sin(7 * s),
            450 + 4 * np.sin(9 * s),
            turn_deg=0.6 * np.sin(5 * s),
            zoom=1 + 0.01 * np.sin(3 * s),
        )
        for s in t
    ]
    motion = watch([noisy(seen(WALL, p), i) for i, p in enumerate(places)])
    assert error_px(motion, truth(places)) < 0.5
    assert not motion.cut.any()
    assert motion.quality.min() > 0.9


@pytest.mark.parametrize("step_px", [0.3, 4, 15, 40])
def test_a_pan_along_a_wall(step_px: float) -> None:
    frames = min(60, int(1000 / step_px))
    places = [at(300 + step_px * i, 450) for i in range(frames)]
    motion = watch([noisy(seen(WALL, p), i) for i, p in enumerate(places)])
    travelled = step_px * (frames - 1)
    assert error_px(motion, truth(places)) < max(0.4, 0.01 * travelled)
    assert not motion.cut.any()


@pytest.mark.parametrize("lens", [0.72, 1.0, 2.5])
def test_a_camera_that_turns(lens: float) -> None:
    """The middle of the picture goes focal length times angle; a wide lens shows more motion at its edges."""
    focal_px = lens * WIDTH
    angles_deg = np.linspace(-20, 20, 61)
    motion = watch([noisy(seen(WALL, turned(a, focal_px)), i) for i, a in enumerate(angles_deg)])
    steps = np.diff(motion.to_first @ np.array([*MIDDLE, 1]), axis=0)
    assert steps[:, 0].sum() == pytest.approx(focal_px * np.radians(40), rel=0.02)
    assert np.abs(steps[:, 1]).max() < 0.5


def test_the_motion_is_that_behind_the_runner() -> None:
    """With a wide lens the background moves faster at the edge; what counts is where the runner is."""
    focal_px = 0.72 * WIDTH
    place = np.array([MIDDLE[0] + 140, MIDDLE[1]])
    box = (place[0] - 20, place[1] - 50, place[0] + 20, place[1] + 50)
    frames = [seen(WALL, turned(a, focal_px)) for a in np.arange(0, 20, 0.5)]
    motion = watch(frames, lambda _: [box])
    behind_px = np.diff(motion.to_first @ np.array([*place, 1]), axis=0)[:, 0]
    there = focal_px * np.radians(0.5) * (1 + (140 / focal_px) ** 2)
    assert np.median(behind_px[10:]) == pytest.approx(there, rel=0.02)


def test_zoom_and_roll() -> None:
    places = [at(800, 450, turn_deg=0.5 * i, zoom=1.01**i) for i in range(30)]
    motion = watch([seen(WALL, p) for p in places])
    assert error_px(motion, truth(places)) < 1.5


def test_pixels_of_large_and_upright_pictures() -> None:
    for size in ((1080, 1920), (1920, 1080), (354, 202)):
        shift = 0.01 * size[0]
        base = cv2.resize(WALL, (round(size[0] * 1.2), round(size[1] * 1.2)))
        frames = [np.asarray(base[:, round(i * shift) : round(i * shift) + size[0]][: size[1]]) for i in range(4)]
        motion = watch(frames)
        steps = [round(i * shift) for i in range(4)]
        assert motion.to_first[:, 0, 2] == pytest.approx(steps, abs=0.004 * size[0])
        assert motion.to_first[:, 1, 2] == pytest.approx(np.zeros(4), abs=0.002 * size[0])


# -- the camera stands -------------------------------------------------------------------------------------------


IDENTITY = np.array([[1.0, 0, 0], [0, 1, 0]])


def stands(motion: CameraMotion) -> bool:
    return bool(np.all(motion.to_first == IDENTITY)) and not motion.cut.any()


def test_a_tripod_stands_exactly() -> None:
    still = seen(WALL, at(800, 450))
    assert stands(watch([noisy(still, i, 8) for i in range(40)]))


def test_light_that_flickers_or_flashes() -> None:
    still = seen(WALL, at(800, 450)).astype(float)
    flicker = [np.clip(still * (0.8 + 0.2 * np.cos(2.2 * i)), 0, 255).astype(np.uint8) for i in range(30)]
    assert stands(watch(flicker))
    flicker[12] = np.full_like(flicker[12], 255)
    motion = watch(flicker)
    assert stands(motion)
    assert motion.quality[12] == 0


def passing(size: tuple[int, int], step_px: float, frames: int = 40) -> tuple[list[Image], Callable[[int], list[Box]]]:
    """Something textured of a size that passes from left to right, low in the picture, and its box."""
    still = seen(WALL, at(800, 450))
    body = OTHER_WALL[: size[1], : size[0]]
    pictures, boxes = [], []
    for i in range(frames):
        picture = still.copy()
        x0 = int(-size[0] / 2 + step_px * i)
        left, right = max(0, x0), min(WIDTH, x0 + size[0])
        if left < right:
            picture[HEIGHT - size[1] :, left:right] = body[:, left - x0 : right - x0]
        pictures.append(noisy(picture, i))
        boxes.append([(x0, HEIGHT - size[1], x0 + size[0], HEIGHT)])
    return pictures, lambda i: boxes[i]


def test_a_runner_who_fills_the_picture() -> None:
    pictures, boxes = passing((260, 260), 7)
    assert stands(watch(pictures, boxes))


def test_traffic_that_nobody_named() -> None:
    pictures, _ = passing((300, 150), 9)
    assert stands(watch(pictures))


def test_a_belt_that_runs_all_the_time() -> None:
    still = seen(WALL, at(800, 450))
    belt = OTHER_WALL[:80]

    def frame(i: int) -> Image:
        picture = still.copy()
        picture[190:, 40:440] = np.roll(belt, -11 * i, axis=1)[:, 40:440]
        return noisy(picture, i)

    assert stands(watch([frame(i) for i in range(40)]))


def test_nothing_to_hold_on_to() -> None:
    blank = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    motion = watch([noisy(blank, i, 3) for i in range(15)])
    assert stands(motion)
    covered = watch([seen(WALL, at(800, 450))] * 5, lambda _: [(0, 0, WIDTH, HEIGHT)])
    assert stands(covered)
    assert covered.quality[1:].max() == 0


# -- scenes ------------------------------------------------------------------------------------------------------


def test_a_hard_cut_begins_a_scene() -> None:
    first = [noisy(seen(WALL, at(800 + 3 * i, 450)), i) for i in range(20)]
    second = [noisy(seen(OTHER_WALL, at(800 - 5 * i, 450)), i) for i in range(20)]
    motion = watch(first + second)
    assert np.flatnonzero(motion.cut).tolist() == [20]
    assert motion.to_first[20] == pytest.approx(IDENTITY)
    assert motion.to_first[19, 0, 2] == pytest.approx(57, abs=0.6)
    assert motion.to_first[39, 0, 2] == pytest.approx(-95, abs=1)


def test_scenes_are_judged_one_by_one() -> None:
    tripod = [noisy(seen(WALL, at(800, 450)), i) for i in range(15)]
    pan = [noisy(seen(OTHER_WALL, at(500 + 12 * i, 450)), i) for i in range(15)]
    motion = watch(tripod + pan + tripod)
    assert np.flatnonzero(motion.cut).tolist() == [15, 30]
    assert np.all(motion.to_first[:15] == IDENTITY)
    assert np.all(motion.to_first[30:] == IDENTITY)
    assert motion.to_first[29, 0, 2] == pytest.approx(168, abs=1.7)


def test_a_whip_pan_is_no_cut() -> None:
    places = [at(300 + 90 * i, 450) for i in range(10)]
    motion = watch([seen(WALL, p) for p in places])
    assert not motion.cut.any()
    assert motion.to_first[-1, 0, 2] == pytest.approx(810, rel=0.02)


# -- parts -------------------------------------------------------------------------------------------------------


def test_the_way_back_is_the_inverse() -> None:
    motion, k = Motion(20 - 3j, 0.01 + 0.02j), 1 / 400**2
    for place in (0j, 150 + 40j, -200 - 90j):
        turn, shift = motion.back(place, k)
        z = turn * place + shift
        assert complex(motion.moved(np.array([z]), k)[0]) == pytest.approx(place, abs=1e-3)
        assert turn == pytest.approx(1 / (1 + motion.bend), abs=1e-3)


def test_the_lens_is_learned() -> None:
    watcher = CameraWatcher()
    for a in np.arange(0, 20, 1.0):
        watcher.step(seen(WALL, turned(a, 0.72 * WIDTH)))
    assert Lens().k == pytest.approx(1 / (1.2 * WIDTH) ** 2)
    assert watcher._lens.k == pytest.approx(1 / (0.72 * WIDTH) ** 2, rel=0.15)


def test_likeness() -> None:
    (one, _), (moved, _), (other, _) = (
        look(seen(*view), []) for view in ((WALL, at(800, 450)), (WALL, at(840, 462)), (OTHER_WALL, at(800, 450)))
    )
    assert likeness(one, one, 0j) == 1
    assert likeness(one, moved, -40 - 12j) > 0.9
    assert likeness(one, other, 0j) < 0.3
    assert likeness(one, moved, 400j) == 0


def test_a_camera_that_stands_is_looked_at_now_and_then(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    def counted(picture: Image, boxes: list[Box], *, roughly: bool = False) -> object:
        looks.append(boxes)
        return look(picture, boxes, roughly=roughly)

    monkeypatch.setattr("midstance.video.camera_motion.look", counted)
    motion = watch([seen(WALL, at(800, 450))] * 41, rate_hz=60)
    np.testing.assert_array_equal(motion.to_first, np.tile(np.eye(2, 3), (41, 1, 1)))
    assert motion.quality.min() > 0.9
    assert len(looks) == 11  # the first, then one in four


@pytest.mark.parametrize("begins", [1, 6, 7, 8, 9])
def test_what_a_camera_does_between_two_looks_is_not_missed(begins: int) -> None:
    """It stands, pans, and cuts to another scene: the same to the bit as with every frame looked at."""
    pan = [seen(WALL, at(800 + 3 * max(0, frame - begins), 450)) for frame in range(24)]
    film = [*pan, *[seen(OTHER_WALL, at(800, 450))] * (6 + begins), *pan]
    often, seldom = watch(film), watch(film, rate_hz=60)
    np.testing.assert_array_equal(seldom.cut, often.cut)
    assert often.cut.sum() == 2
    apart = np.abs(seldom.to_first - often.to_first).max(axis=(1, 2))
    assert apart.max() < 0.1
    assert (apart == 0).mean() > 0.5
