"""Frames picked by number are those of the stream; damage is shown or refused."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import numpy as np
import pytest

from midstance.errors import InputError
from midstance.video.frames import frames, pick_frames
from midstance.video.opening import open_clip
from tests.fixtures.numbered_films import make_film, number_on


def test_pick_frames_equal_the_stream(tmp_path: Path) -> None:
    pyramids = {"x264-params": "b-pyramid=normal:open-gop=1:keyint=40:bframes=4"}
    times_s = np.cumsum([1 / 30] * 100 + [1 / 240] * 100)
    clip = open_clip(make_film(tmp_path / "a.mp4", list(times_s), options=pyramids))
    stream = list(frames(clip))
    for wanted in ([199], [3, 70, 71, 190], [120, 119], [0]):
        picked = pick_frames(clip, wanted)
        assert sorted(picked) == sorted(wanted)
        assert all(np.array_equal(picked[i], stream[i]) for i in wanted)
    assert [number_on(i) for i in frames(clip, start=150, stop=153)] == [150, 151, 152]
    assert pick_frames(clip, []) == {}
    with pytest.raises(IndexError, match="0 to 199"):
        pick_frames(clip, [200])


def test_frames_can_be_left_early(tmp_path: Path) -> None:
    clip = open_clip(make_film(tmp_path / "a.mp4", 40))
    reader = frames(clip)
    next(reader)
    assert isinstance(reader, Generator)
    reader.close()
    assert number_on(next(frames(clip, start=7))) == 7


def test_much_damage_is_an_error(tmp_path: Path) -> None:
    film = bytearray(make_film(tmp_path / "a.mp4", 120, mux={"movflags": "+faststart"}).read_bytes())
    start = film.find(b"mdat") + 2000
    film[start::20] = bytes(len(film[start::20]))
    (tmp_path / "b.mp4").write_bytes(film)
    with pytest.raises(InputError, match="too many frames are damaged"):
        list(frames(open_clip(tmp_path / "b.mp4")))
