"""Which track is the film, whether its end is missing and how fast it was filmed, in files of every usual kind."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from midstance.errors import InputError
from midstance.model import Clip
from midstance.reasons import say
from midstance.video.container import decoding_on, opened
from midstance.video.frames import pick_frames
from midstance.video.opening import open_clip
from tests.fixtures.clips import DEMO
from tests.fixtures.numbered_films import TICK, card, make_film, number_on, numbers

KEYED = {"x264-params": "scenecut=0"}


def notes(clip: Clip) -> list[str]:
    return [note.id for note in clip.notes]


# -- edit lists ----------------------------------------------------------------------------------------------------


def box(content: bytes, *path: bytes, start: int = 0) -> list[int]:
    """Where each box on a path such as moov, trak begins."""
    at, stop, found = start, len(content), []
    for kind in path:
        while content[at + 4 : at + 8] != kind:
            at += struct.unpack(">I", content[at : at + 4])[0]
            assert at < stop
        found.append(at)
        stop, at = at + struct.unpack(">I", content[at : at + 4])[0], at + 8
    return found


def with_edits(path: Path, edits: Sequence[tuple[float, float, float]]) -> Path:
    """The film with an edit list of (starts at, s; plays for, s; speed); its index must come last in the file."""
    content = bytearray(path.read_bytes())
    assert content.find(b"mdat") < content.find(b"moov")
    (header,) = box(content, b"moov", b"mvhd")[-1:]
    (media,) = box(content, b"moov", b"trak", b"mdia", b"mdhd")[-1:]
    film_hz, media_hz = (struct.unpack(">I", content[at + 20 : at + 24])[0] for at in (header, media))
    places = box(content, b"moov", b"trak", b"edts", b"elst")
    old = struct.unpack(">I", content[places[-1] : places[-1] + 4])[0]
    first = struct.unpack(">i", content[places[-1] + 20 : places[-1] + 24])[0]  # what the first frame is shown at
    body = b"".join(
        struct.pack(">Iii", round(long_s * film_hz), first + round(start_s * media_hz), round(speed * 0x10000))
        for start_s, long_s, speed in edits
    )
    new = struct.pack(">I4sII", 16 + len(body), b"elst", 0, len(edits)) + body
    content[places[-1] : places[-1] + old] = new
    for at in places[:-1]:
        content[at : at + 4] = struct.pack(">I", struct.unpack(">I", content[at : at + 4])[0] + len(new) - old)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("suffix", ["mp4", "mov"])
@pytest.mark.parametrize("group", [1, 5, 15, 48, 250])
def test_a_trimmed_film_is_whole(tmp_path: Path, suffix: str, group: int) -> None:
    options = {"g": str(group), "bf": "3" if group > 1 else "0", **KEYED}
    film = make_film(tmp_path / f"a.{suffix}", 120, options=options)
    clip = open_clip(with_edits(film, [(1, 2, 1)]))
    assert numbers(clip) == list(range(30, 90))
    assert (clip.notes, clip.variable_rate) == ((), False)
    assert clip.rate_hz == pytest.approx(30)
    assert clip.duration_s == pytest.approx(59 / 30, abs=1e-3)


def test_a_film_cut_in_two_places_is_whole(tmp_path: Path) -> None:
    film = make_film(tmp_path / "a.mp4", 120, options={"g": "15", **KEYED})
    clip = open_clip(with_edits(film, [(0.5, 1, 1), (2.5, 1, 1)]))
    assert numbers(clip) == [*range(15, 45), *range(75, 105)]
    assert clip.notes == ()


def test_a_trimmed_film_that_is_cut_off_is_said(tmp_path: Path) -> None:
    film = make_film(tmp_path / "a.mp4", 120, options={"g": "15", **KEYED})
    content = with_edits(film, [(1, 2, 1)]).read_bytes()
    end = box(content, b"moov")[0]
    data = box(content, b"mdat")[0]
    film.write_bytes(content[end:] + content[:end])  # the index first, which then points too far to the front
    moved = bytearray(film.read_bytes())
    (places,) = box(moved, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stco")[-1:]
    for at in range(places + 16, places + 16 + 4 * struct.unpack(">I", moved[places + 12 : places + 16])[0], 4):
        moved[at : at + 4] = struct.pack(">I", struct.unpack(">I", moved[at : at + 4])[0] + len(content) - end)
    film.write_bytes(moved)
    assert numbers(open_clip(film)) == list(range(30, 90))
    film.write_bytes(moved[: len(content) - end + data + (end - data) * 3 // 4])
    clip = open_clip(film)
    assert notes(clip) == ["film_cut_off"]
    assert numbers(clip) == list(range(30, 30 + clip.frames))


def test_a_film_that_was_edited_to_change_its_speed_is_read_as_it_was_filmed(tmp_path: Path) -> None:
    film = make_film(tmp_path / "a.mp4", [i / 240 for i in range(240)], options={"g": "24", **KEYED})
    clip = open_clip(with_edits(film, [(0, 0.25, 1), (0.25, 4, 0.125), (0.75, 0.25, 1)]))
    assert notes(clip) == ["speed_of_edits_ignored"]
    assert numbers(clip) == list(range(240))
    assert clip.rate_hz == pytest.approx(240)
    assert number_on(pick_frames(clip, [200])[200]) == 200


# -- is it whole ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codec", ["mpeg4", "mjpeg"])
@pytest.mark.parametrize("lost", [[40], [1], [20, 21, 22, 90], list(range(3, 118, 2))])
def test_an_avi_with_dropped_frames_is_whole(tmp_path: Path, codec: str, lost: list[int]) -> None:
    times_s = [i / 30 for i in range(120) if i not in lost]
    pixels = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    film = make_film(tmp_path / "a.avi", times_s, codec=codec, pixels=pixels, tick=Fraction(1, 30))
    clip = open_clip(film)
    assert clip.notes == ()
    assert numbers(clip) == list(range(120 - len(lost)))
    assert clip.time_s == pytest.approx(times_s)
    assert clip.variable_rate


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "mux", "note"),
    [
        ("a.mp4", "libx264", "yuv420p", "+faststart", "film_cut_off"),
        ("a.mov", "libx264", "yuv420p", "+faststart", "film_cut_off"),
        ("b.mp4", "libx264", "yuv420p", "+frag_keyframe+empty_moov", "film_end_missing"),
        ("a.mkv", "libx264", "yuv420p", "", "film_end_missing"),
        ("a.webm", "libvpx-vp9", "yuv420p", "", "film_end_missing"),
        ("a.avi", "mpeg4", "yuv420p", "", "film_cut_off"),
        ("b.avi", "mjpeg", "yuvj420p", "", "film_cut_off"),
    ],
)
def test_a_film_that_is_cut_off_is_said(
    tmp_path: Path, *, name: str, codec: str, pixels: str, mux: str, note: str
) -> None:
    tick = Fraction(1, 30) if name.endswith("avi") else TICK
    whole = make_film(
        tmp_path / name,
        120,
        codec=codec,
        pixels=pixels,
        tick=tick,
        options={"g": "12"},
        mux={"movflags": mux} if mux else None,
    )
    assert open_clip(whole).notes == ()
    content = whole.read_bytes()
    whole.write_bytes(content[: len(content) * 7 // 10])
    clip = open_clip(whole)
    assert notes(clip) == [note]
    assert f" {clip.frames} " in say(clip.notes[0])
    assert numbers(clip) == list(range(clip.frames))
    assert 30 < clip.frames < 90


@pytest.mark.parametrize(("name", "codec"), [("a.mkv", "libx264"), ("a.avi", "mpeg4")])
def test_a_film_that_lacks_only_its_index_is_whole(tmp_path: Path, name: str, codec: str) -> None:
    tick = Fraction(1, 30) if name.endswith("avi") else TICK
    film = make_film(tmp_path / name, 60, codec=codec, tick=tick)
    film.write_bytes(film.read_bytes()[:-20])
    clip = open_clip(film)
    assert clip.notes == ()
    assert numbers(clip) == list(range(60))


# -- which track ---------------------------------------------------------------------------------------------------


def with_two_tracks(path: Path, *, stills_first: bool) -> Path:
    """A film of 60 frames of 128 x 96, and a track of 7 stills of 320 x 240."""
    with av.open(str(path), "w") as container:
        tracks: list[tuple[Any, list[Any]]] = []
        for stills in (stills_first, not stills_first):
            size, count, rate = ((320, 240), 7, 6) if stills else ((128, 96), 60, 30)
            stream: Any = container.add_stream("libx264", rate=rate)
            stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
            frames = []
            for i in range(count):
                frame = av.VideoFrame.from_ndarray(card(i + 100 * stills, *size), format="rgb24")
                frame.pts, frame.time_base = i, Fraction(1, rate)
                frames.append(frame.reformat(format="yuv420p"))
            tracks.append((stream, frames))
        packets = [p for stream, frames in tracks for frame in [*frames, None] for p in stream.encode(frame)]
        for packet in sorted(packets, key=lambda packet: float(packet.dts * packet.time_base)):
            container.mux(packet)
    return path


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv"])
@pytest.mark.parametrize("stills_first", [True, False])
def test_of_two_tracks_the_film_is_taken_not_the_larger_one(tmp_path: Path, name: str, *, stills_first: bool) -> None:
    clip = open_clip(with_two_tracks(tmp_path / name, stills_first=stills_first))
    assert (clip.width, clip.height, clip.frames, clip.notes) == (128, 96, 60, ())
    assert numbers(clip) == list(range(60))
    assert number_on(pick_frames(clip, [50])[50]) == 50


# -- how fast ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
@pytest.mark.parametrize(
    ("rate_hz", "stamped_hz", "tick_hz"),
    [
        (240, 1000, 1000),
        (240, 600, 600),
        (240, 600, 90000),
        (240, 1000, 90000),
        (240, 1000, 16000),
        (120, 1000, 1000),
        (59.94, 600, 600),
        (59.94, 600, 90000),
        (29.97, 1000, 1000),
        (25, 1000, 90000),
    ],
)
@pytest.mark.parametrize("rounded", [np.floor, np.rint])
def test_rounded_stamps_are_no_variable_rate(
    tmp_path: Path, *, name: str, rate_hz: float, stamped_hz: int, tick_hz: int, rounded: np.ufunc
) -> None:
    """Stamps rounded by the phone, and once more when the film was copied to a file of another tick (mkv: 1 ms)."""
    stamps = rounded(np.arange(120) / rate_hz * stamped_hz) / stamped_hz
    clip = open_clip(make_film(tmp_path / name, list(stamps), tick=Fraction(1, tick_hz)))
    assert clip.rate_hz == pytest.approx(rate_hz, rel=0.002)
    assert not clip.variable_rate


def test_a_frame_lost_among_rounded_stamps_is_a_variable_rate(tmp_path: Path) -> None:
    stamps = np.delete(np.rint(np.arange(120) / 240 * 1000), 50)
    clip = open_clip(make_film(tmp_path / "a.mp4", list(stamps / 1000), tick=Fraction(1, 1000)))
    assert clip.variable_rate
    assert clip.rate_hz == pytest.approx(240, rel=0.01)


@pytest.mark.parametrize("gap_s", [3 * 3600, 3 * 365 * 86400])
def test_frames_hours_or_years_apart_are_no_film(tmp_path: Path, gap_s: float) -> None:
    times_s = [i / 30 + (gap_s if i > 20 else 0) for i in range(40)]
    film = make_film(tmp_path / "a.mkv", times_s, codec="mjpeg", pixels="yuvj420p", tick=Fraction(1, 1000))
    with pytest.raises(InputError, match=f"{gap_s / 60:.0f} minutes lie between"):
        open_clip(film)


def slow_film(path: Path, key: str, value: str, rate_hz: float = 30) -> Path:
    """A film that plays at 30 frames a second and says at how many it was filmed."""
    mux = {} if path.suffix == ".mkv" else {"movflags": "use_metadata_tags"}
    with av.open(str(path), "w", options=mux) as container:
        container.metadata[key] = value
        stream: Any = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 128, 96, "yuv420p"
        stream.time_base = stream.codec_context.time_base = TICK
        for i in range(24):
            frame = av.VideoFrame.from_ndarray(card(i), format="rgb24").reformat(format="yuv420p")
            frame.pts, frame.time_base = round(i / rate_hz / TICK), TICK
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv"])
@pytest.mark.parametrize(
    ("key", "value", "times"),
    [
        ("com.android.capture.fps", "240.000000", 8),
        ("com.android.capture.fps", "239.72", 8),
        ("com.apple.quicktime.capture-frame-rate", "120", 4),
        ("capture_fps", "75 fps", 2.5),
    ],
)
def test_slow_motion_is_taken_from_the_file_and_said(
    tmp_path: Path, *, name: str, key: str, value: str, times: float
) -> None:
    clip = open_clip(slow_film(tmp_path / name, key, value))
    assert clip.slow_motion_factor == times
    assert clip.rate_hz == pytest.approx(30, rel=1e-3)
    assert notes(clip) == ["slow_motion_from_file"]
    assert f"plays {times:g} times slower than life" in say(clip.notes[0])


@pytest.mark.parametrize("value", ["30", "29.4", "", "fast", "nan", "0", "-240"])
def test_a_film_that_plays_in_real_time_stays_so(tmp_path: Path, value: str) -> None:
    clip = open_clip(slow_film(tmp_path / "a.mp4", "com.android.capture.fps", value))
    assert (clip.slow_motion_factor, clip.notes) == (1, ())


def test_what_the_person_says_comes_before_what_the_file_says(tmp_path: Path) -> None:
    film = slow_film(tmp_path / "a.mp4", "com.android.capture.fps", "240")
    for said in (1, 4):
        clip = open_clip(film, slow_motion=said)
        assert (clip.slow_motion_factor, clip.notes) == (said, ())


def test_a_film_of_240_frames_stamped_in_real_time_is_not_slow(tmp_path: Path) -> None:
    clip = open_clip(slow_film(tmp_path / "a.mp4", "com.android.capture.fps", "240", rate_hz=240))
    assert (clip.slow_motion_factor, clip.notes) == (1, ())


# -- pictures that move --------------------------------------------------------------------------------------------


def moving_picture(path: Path) -> Path:
    picture = cv2.Animation()
    picture.frames = [card(i)[..., ::-1].copy() for i in range(12)]
    picture.durations = np.full(12, 40)
    assert cv2.imwriteanimation(str(path), picture)
    return path


def test_an_animated_webp_is_named(tmp_path: Path) -> None:
    path = moving_picture(tmp_path / "a.webp")
    for name in ("a.webp", "a.mp4"):
        with pytest.raises(InputError, match="an animated WebP cannot be read: convert it to mp4"):
            open_clip(path.rename(tmp_path / name))
        path = tmp_path / name


@pytest.mark.parametrize("name", ["a.png", "a.gif"])
def test_other_animated_pictures_are_films(tmp_path: Path, name: str) -> None:
    clip = open_clip(moving_picture(tmp_path / name))
    assert numbers(clip) == list(range(12))
    assert clip.rate_hz == pytest.approx(25)


# -- threads -------------------------------------------------------------------------------------------------------


def test_decoding_takes_one_thread_where_there_is_one_core() -> None:
    def threads() -> int:
        with opened(DEMO) as (_, stream):
            return int(stream.codec_context.thread_count)

    usual = threads()
    with decoding_on(1):
        assert threads() == 1
        with decoding_on(4):
            assert threads() == usual
        assert threads() == 1
    assert threads() == usual != 1
