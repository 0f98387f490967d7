"""Films without libx264, and pictures without pillow-heif: what docs/redistributing.md says was tried."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import cv2
import numpy as np
import pytest

from midstance.errors import InputError, UsageError
from midstance.video.film_writer import ENCODERS, FilmWriter, encoder_here
from midstance.video.frames import pick_frames
from midstance.video.opening import open_clip
from midstance.video.stills import open_picture

NO_DECODER = SimpleNamespace(streams=SimpleNamespace(video=[SimpleNamespace(codec_context=None)]))
"""A picture as an FFmpeg without HEVC opens it."""
HERE = [name for name in ENCODERS if name in av.codecs_available]
HEIC = Path(__file__).parent.parent / "data" / "quadrants_turned.heic"


def test_a_film_is_written_without_libx264(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert encoder_here() == HERE[0]
    if "libvpx-vp9" not in HERE:
        pytest.skip("this FFmpeg has no VP9")
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


def test_the_first_encoder_that_is_there_is_taken_unless_one_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    for first, others in ((ENCODERS[k], ENCODERS[k:]) for k in range(len(ENCODERS))):
        monkeypatch.setattr(av, "codecs_available", {*others, "mpeg4", "h264_nvenc"})
        assert encoder_here() == first
    monkeypatch.setattr(av, "codecs_available", {*ENCODERS})
    monkeypatch.setenv("MIDSTANCE_ENCODER", "libvpx-vp9")
    assert encoder_here() == "libvpx-vp9"
    monkeypatch.setattr(av, "codecs_available", {"mpeg4", "mjpeg"})  # no browser plays what these write
    monkeypatch.delenv("MIDSTANCE_ENCODER")
    with pytest.raises(UsageError, match="No film can be written"):
        encoder_here()


@pytest.mark.slow
@pytest.mark.parametrize("encoder", HERE)
def test_a_browser_plays_what_each_encoder_writes(
    browser: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoder: str
) -> None:
    monkeypatch.setenv("MIDSTANCE_ENCODER", encoder)
    with FilmWriter(tmp_path / "a.mp4", width=64, height=48, rate_hz=30) as film:
        for shade in range(20, 220, 10):
            film.write(np.full((48, 64, 3), shade, np.uint8))
    (tmp_path / "a.html").write_text('<video src="a.mp4" muted></video>', encoding="utf-8")
    tab = browser.new_page()
    tab.goto((tmp_path / "a.html").as_uri())
    tab.wait_for_function("document.querySelector('video').readyState >= 2")
    about = "(v => [v.videoWidth, v.videoHeight, v.duration])(document.querySelector('video'))"
    width, height, duration_s = tab.evaluate(about)
    tab.close()
    assert (width, height) == (64, 48)
    assert duration_s == pytest.approx(20 / 30, abs=0.04)


def test_an_encoder_that_is_not_there_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    for named in ("libopenh264", "mpeg4", "; rm"):
        monkeypatch.setenv("MIDSTANCE_ENCODER", named)
        if named not in av.codecs_available or named not in ENCODERS:
            with pytest.raises(UsageError, match="No film can be written"):
                encoder_here()


@pytest.mark.skipif("hevc" not in av.codecs_available, reason="this FFmpeg has no HEVC")
def test_pictures_are_read_without_pillow_heif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def tiled(*_words: object, **_options: object) -> None:
        raise ValueError  # as PyAV says of a grid of tiles

    monkeypatch.setitem(sys.modules, "pillow_heif", None)
    assert open_picture(HEIC).ndim == 3  # of one piece
    monkeypatch.setattr(av, "open", tiled)
    with pytest.raises(InputError, match="need pillow-heif"):
        open_picture(HEIC)
    monkeypatch.setattr(av, "open", lambda *_words, **_options: nullcontext(NO_DECODER))
    with pytest.raises(InputError, match="need pillow-heif"):
        open_picture(HEIC)
    cv2.imwrite(str(tmp_path / "a.jpg"), np.zeros((8, 8, 3), np.uint8))
    assert open_picture(tmp_path / "a.jpg").shape == (8, 8, 3)
