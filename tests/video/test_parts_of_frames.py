"""A part of a frame is what the whole picture has there, to the last bit, however the frame is stored and turned."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from midstance.model import Clip
from midstance.pose.backends import Region
from midstance.pose.estimate import look
from midstance.video.frames import frames, turned, undeveloped
from midstance.video.opening import open_clip
from midstance.video.undeveloped import Undeveloped, developed, size_of
from tests.fixtures.numbered_films import make_film

WIDTH, HEIGHT = 322, 182
BOXES = (
    (100.3, 40.2, 150.9, 90.5),
    (-50.0, -20.0, 33.0, 70.0),
    (130.0, 150.0, 400.0, 400.0),
    (-90.0, 10.0, -60.0, 30.0),
    (-9.0, -9.0, 999.0, 999.0),
)
"""Inside the picture, over its edges, beside it, all of it."""


def noise() -> np.ndarray:
    """Return coloured noise, two pixels a grain."""
    grains = np.random.default_rng(3).integers(0, 256, (HEIGHT // 2, WIDTH // 2, 3), np.uint8)
    return np.ascontiguousarray(grains.repeat(2, 0).repeat(2, 1))


def film(path: Path, *, pixels: str = "yuv420p", setup: Callable[[Any], object] = lambda _: None) -> Clip:
    codec = "libx265" if pixels == "yuv420p10le" else "libx264"
    options = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    return open_clip(
        make_film(
            path, 3, codec=codec, pixels=pixels, size=(WIDTH, HEIGHT), image=noise(), setup=setup, options=options
        )
    )


def with_transfer(tag: int) -> Callable[[Any], None]:
    def setup(stream: Any) -> None:
        context = stream.codec_context
        context.color_trc, context.color_primaries, context.colorspace, context.color_range = tag, 9, 9, 1

    return setup


def with_aspect(stream: Any) -> None:
    stream.codec_context.sample_aspect_ratio = Fraction(4, 3)


KINDS: dict[str, dict[str, Any]] = {
    "as it is": {},
    **{
        f"turned by {degrees}{', mirrored' if mirrored else ''}": {
            "setup": lambda stream, degrees=degrees, mirrored=mirrored: stream.set_display_rotation(
                degrees, hflip=mirrored
            )
        }
        for degrees, mirrored in ((90, False), (180, False), (270, False), (90, True), (0, True))
    },
    "10 bit": {"pixels": "yuv420p10le"},
    "HLG": {"pixels": "yuv420p10le", "setup": with_transfer(18)},
    "full colour": {"pixels": "yuv444p"},
    "wide pixels": {"setup": with_aspect},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_part_is_what_the_picture_has_there(tmp_path: Path, kind: str) -> None:
    clip = film(tmp_path / "a.mov", **KINDS[kind])
    whole = list(frames(clip))
    for box in BOXES:
        for frame, picture in zip(undeveloped(clip), whole, strict=True):
            assert isinstance(frame, Undeveloped)
            part, (x, y) = frame.part(box)
            height, width = part.shape[:2]
            np.testing.assert_array_equal(part, picture[y : y + height, x : x + width])
            left, top, right, bottom = np.clip(box, 0, [clip.width, clip.height] * 2)
            assert x <= left
            assert y <= top
            assert x + width >= right
            assert y + height >= bottom
            assert width * height > 0


def test_only_the_part_is_developed_and_the_whole_picture_once(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mov")
    frame = next(undeveloped(clip))
    assert isinstance(frame, Undeveloped)
    part, _ = frame.part(BOXES[0])
    assert part.shape == (64, 64, 3)  # 50 pixels, in steps of sixteen
    assert "picture" not in vars(frame)
    assert developed(frame) is developed(frame)
    assert size_of(frame) == size_of(developed(frame)) == (WIDTH, HEIGHT)


def test_around_a_box_the_picture_is_right_wherever_it_was_looked_at_before(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mov")
    for box in BOXES:
        for frame, picture in zip(undeveloped(clip), frames(clip), strict=True):
            assert isinstance(frame, Undeveloped)
            x0, y0, x1, y1 = (int(edge) for edge in np.clip(box, 0, [WIDTH, HEIGHT] * 2))
            around = frame.picture_around(box)
            assert around.shape == picture.shape
            np.testing.assert_array_equal(around[y0:y1, x0:x1], picture[y0:y1, x0:x1])


def test_a_clip_that_was_turned_comes_as_pictures(tmp_path: Path) -> None:
    clip = turned(film(tmp_path / "a.mov"), 90)
    frame = next(undeveloped(clip, start=1))
    assert isinstance(frame, np.ndarray)
    np.testing.assert_array_equal(frame, next(frames(clip, start=1)))


def test_several_threads_may_look_at_frames_of_one_film(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mov")
    expected = next(frames(clip))[32:96, 96:160]
    held = [frame for frame in undeveloped(clip) if isinstance(frame, Undeveloped)] * 40
    with ThreadPoolExecutor(4) as pool:
        for part, corner in pool.map(lambda frame: frame.part(BOXES[0]), held):
            assert corner == (96, 32)
            assert part.shape == expected.shape
            np.testing.assert_allclose(part.astype(int), expected.astype(int), atol=12)  # frames differ by their coding


def test_nothing_is_read_of_no_frames(tmp_path: Path) -> None:
    assert list(undeveloped(film(tmp_path / "a.mov"), start=2, stop=2)) == []


@dataclass
class Eyes:
    """A pose model that keeps the pictures it is given."""

    saw: list[np.ndarray] = field(default_factory=list)

    def find(self, rgb: np.ndarray, **_how: object) -> list[Region]:
        raise AssertionError(rgb.shape)

    def look(self, rgb: np.ndarray, region: Region) -> None:
        del region
        self.saw.append(rgb.copy())


@dataclass
class SquareEyes(Eyes):
    square_only: bool = True


def test_a_model_sees_the_whole_picture_unless_it_says_that_it_looks_at_the_square_only(tmp_path: Path) -> None:
    clip = film(tmp_path / "a.mov")
    square = Region(x_px=120.0, y_px=70.0, size_px=40.0, angle_rad=0.3)
    whole, part = Eyes(), SquareEyes()
    for eyes in (whole, part):
        for frame in undeveloped(clip):
            look(cast("Any", eyes), frame, {0: square}, None)
            assert ("picture" in vars(frame)) == (eyes is whole)
    for saw_all, saw_part, picture in zip(whole.saw, part.saw, frames(clip), strict=True):
        np.testing.assert_array_equal(saw_all, picture)
        x0, y0, x1, y1 = (round(edge) for edge in square.box)
        np.testing.assert_array_equal(saw_part[y0:y1, x0:x1], picture[y0:y1, x0:x1])
