"""A film that is written can be read, and is whole or not there."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames
from midstance.video.opening import open_clip
from tests.fixtures.numbered_films import card, numbers


@pytest.mark.parametrize("rate_hz", [30, 59.94005994, Fraction(24000, 1001), 240])
def test_films_written_can_be_read(tmp_path: Path, rate_hz: float | Fraction) -> None:
    path = tmp_path / "a.mp4"
    with FilmWriter(path, width=129, height=97, rate_hz=rate_hz) as film:
        for i in range(20):
            film.write(card(i, 129, 97))
    clip = open_clip(path)
    assert (clip.width, clip.height) == (128, 96)
    assert numbers(clip) == list(range(20))
    assert clip.rate_hz == pytest.approx(float(rate_hz), rel=1e-6)
    shown = next(frames(clip))
    assert np.abs(shown.astype(int) - card(0, 129, 97)[:96, :128]).mean() < 3
    content = path.read_bytes()
    assert content.find(b"moov") < content.find(b"mdat")
    assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]


def test_a_film_half_written_is_not_left_behind(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"the film of yesterday")

    def fail() -> None:
        with FilmWriter(path, width=128, height=96, rate_hz=30) as film:
            film.write(card(0))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert path.read_bytes() == b"the film of yesterday"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_writer_wants_the_size_it_was_told(tmp_path: Path) -> None:
    with (
        pytest.raises(ValueError, match=r"takes uint8 pictures of \(96, 128, 3\)"),
        FilmWriter(tmp_path / "a.mp4", width=128, height=96, rate_hz=30) as film,
    ):
        film.write(card(0, 96, 128))
    with (
        pytest.raises(ValueError, match="no picture was written"),
        FilmWriter(tmp_path / "a.mp4", width=128, height=96, rate_hz=30),
    ):
        pass
    assert list(tmp_path.iterdir()) == []
