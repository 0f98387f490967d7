"""Films without libx264, and pictures without pillow-heif: what docs/redistributing.md says was tried."""

from __future__ import annotations

import sys
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

from midstance.errors import InputError, UsageError
from midstance.video.clip import open_clip, open_picture, pick_frames
from midstance.video.film_writer import ENCODERS, FilmWriter, encoder_here

HEIC = Path(__file__).parent.parent / "data" / "quadrants_turned.heic"


def test_a_film_is_written_without_libx264(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert encoder_here() == "libx264"
    monkeypatch.setattr(av, "codecs_available", {"libvpx-vp9"})
    assert encoder_here() == "libvpx-vp9"
    shades = np.linspace(20, 220, 8)
    with FilmWriter(tmp_path / "a.mp4", width=64, height=48, rate_hz=30) as film:
        for shade in shades:
            film.write(np.full((48, 64, 3), round(shade), np.uint8))
    clip = open_clip(tmp_path / "a.mp4")
    assert clip.frames == len(shades)
    seen = [float(picture.mean()) for picture in pick_frames(clip, range(8)).values()]
    assert np.abs(seen - shades).max() < 12


def test_an_encoder_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for named in ("libopenh264", "mpeg4", "; rm"):
        monkeypatch.setenv("MIDSTANCE_ENCODER", named)
        if named not in av.codecs_available or named not in ENCODERS:
            with pytest.raises(UsageError, match="No film can be written"):
                encoder_here()


def test_pictures_are_read_without_pillow_heif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tiled(*_words: object, **_options: object) -> None:
        raise ValueError  # as PyAV says of a grid of tiles

    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert open_picture(HEIC).ndim == 3  # of one piece
    monkeypatch.setattr(av, "open", tiled)
    with pytest.raises(InputError, match="need pillow-heif"):
        open_picture(HEIC)
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((8, 8, 3), np.uint8))
    assert open_picture(tmp_path / "a.jpg").shape == (8, 8, 3)
