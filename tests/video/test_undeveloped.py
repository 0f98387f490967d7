"""The small grey picture that is made of the planes of a frame is the one that is made of its whole picture."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from midstance.model import Floats
from midstance.video.frames import frames, undeveloped
from midstance.video.opening import open_clip
from midstance.video.stills import Image
from midstance.video.undeveloped import Undeveloped, developed, grey_of, size_of
from tests.fixtures.numbered_films import make_film

SIZE = 320, 192
SMALL = 120, 72
ROUNDING = 2.0
"""Grey levels: each of four colours, three shares of them and two mixtures are rounded."""


def colourful() -> Image:
    """Coarse noise of every colour, none of them at the rim of what a film can show."""
    coarse = np.random.default_rng(0).uniform(60, 190, (12, 20, 3)).astype(np.float32)
    return cv2.resize(coarse, SIZE, interpolation=cv2.INTER_LINEAR).astype(np.uint8)


def apart(path: Path) -> tuple[Floats, tuple[int, int]]:
    """Grey levels of the picture made of the planes less those of the picture made of the whole, and the size."""
    clip = open_clip(path)
    width, height = SMALL if clip.width > clip.height else SMALL[::-1]
    frame = next(iter(undeveloped(clip)))
    assert isinstance(frame, Undeveloped)
    assert size_of(frame) == (clip.width, clip.height)
    np.testing.assert_array_equal(developed(frame), next(frames(clip)))
    whole, rough = (grey_of(frame, width, height, roughly=roughly).astype(float) for roughly in (False, True))
    assert whole.shape == rough.shape == (height, width)
    return rough - whole, (clip.width, clip.height)


@pytest.mark.parametrize("matrix", [1, 5, 6, 7, 9])
@pytest.mark.parametrize("range_", [1, 2])
def test_of_every_matrix_and_range(tmp_path: Path, matrix: int, range_: int) -> None:
    def coded(stream: Any) -> None:
        stream.codec_context.colorspace, stream.codec_context.color_range = matrix, range_

    path = make_film(tmp_path / "a.mp4", size=SIZE, image=colourful(), setup=coded, options={"crf": "10"})
    difference, _ = apart(path)
    assert np.abs(difference - difference.mean()).max() < 4
    assert difference.std() < 1
    assert abs(difference.mean()) < ROUNDING


@pytest.mark.parametrize("counterclockwise", [90, 180, 270])
def test_of_a_phone_that_was_turned(tmp_path: Path, counterclockwise: int) -> None:
    path = make_film(
        tmp_path / "a.mov", size=SIZE, image=colourful(), setup=lambda s: s.set_display_rotation(counterclockwise)
    )
    difference, size = apart(path)
    assert size == (SIZE if counterclockwise == 180 else SIZE[::-1])
    assert difference.std() < 1


@pytest.mark.parametrize("pixels", ["yuv422p", "yuv444p", "yuv420p10le"])
def test_of_other_samplings_and_of_ten_bits(tmp_path: Path, pixels: str) -> None:
    path = make_film(tmp_path / "a.mp4", size=SIZE, image=colourful(), pixels=pixels)
    difference, _ = apart(path)
    assert difference.std() < 1
    assert abs(difference.mean()) < ROUNDING


def test_pictures_and_turned_films_are_pictures_already(tmp_path: Path) -> None:
    for number in range(3):
        cv2.imwrite(str(tmp_path / f"{number}.png"), colourful())
    clip = open_clip(tmp_path, rate_hz=30)
    assert all(isinstance(frame, np.ndarray) for frame in undeveloped(clip))
    assert sum(1 for _ in undeveloped(clip)) == 3
