"""A film of every usual kind opens with its own times, upright, square and in daylight colours, or is refused."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from midstance.errors import InputError, UsageError
from midstance.reasons import say
from midstance.video.frames import frames, pick_frames
from midstance.video.opening import open_clip
from tests.fixtures.numbered_films import (
    BLUE,
    GREEN,
    GREY,
    RED,
    TICK,
    card,
    copy_packets,
    corners,
    make_film,
    number_on,
    numbers,
)

# -- containers and times ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "codec", "pixels", "tick"),
    [
        ("a.mp4", "libx264", "yuv420p", TICK),
        ("a.mov", "libx265", "yuv420p10le", TICK),
        ("a.mkv", "libx264", "yuv420p", TICK),
        ("a.webm", "libvpx-vp9", "yuv420p", TICK),
        ("a.ts", "libx264", "yuv420p", TICK),
        ("a.avi", "mjpeg", "yuvj420p", Fraction(1, 30)),
        ("a.gif", "gif", "rgb8", Fraction(1, 30)),
    ],
)
def test_containers(tmp_path: Path, *, name: str, codec: str, pixels: str, tick: Fraction) -> None:
    quiet = {"x265-params": "log-level=none"} if codec == "libx265" else {}
    clip = open_clip(make_film(tmp_path / name, codec=codec, pixels=pixels, tick=tick, options=quiet))
    assert numbers(clip) == list(range(12))
    assert clip.rate_hz == pytest.approx(30, rel=0.01)
    assert not clip.variable_rate
    assert (clip.rotation_deg, clip.transfer, clip.notes) == (0, "sdr", ())
    assert corners(next(frames(clip))) == [RED, GREEN, BLUE, GREY]


def test_variable_rate_keeps_every_stamp(tmp_path: Path) -> None:
    times_s = np.cumsum([0] + [1 / 30] * 9 + [1 / 120] * 20 + [1 / 30] * 9)
    clip = open_clip(make_film(tmp_path / "a.mp4", list(times_s)))
    assert clip.time_s == pytest.approx(times_s, abs=1e-5)
    assert clip.variable_rate
    assert clip.rate_hz == pytest.approx(120)
    assert numbers(clip) == list(range(39))


def test_a_lost_frame_is_not_filled(tmp_path: Path) -> None:
    times_s = [i / 60 for i in range(30) if i != 11]
    clip = open_clip(make_film(tmp_path / "a.mp4", times_s))
    assert clip.frames == 29
    assert clip.variable_rate
    assert clip.rate_hz == pytest.approx(60)


def test_edit_list_hides_the_start(tmp_path: Path) -> None:
    whole = make_film(tmp_path / "a.mp4", 40, options={"bf": "3"})
    trimmed = copy_packets(whole, tmp_path / "b.mp4", shift=-45000, mux={"avoid_negative_ts": "disabled"})
    clip = open_clip(trimmed)
    assert numbers(clip) == list(range(15, 40))
    assert clip.time_s[0] == 0
    assert clip.notes == ()


def test_frames_that_cannot_be_shown_at_the_start_have_no_time(tmp_path: Path) -> None:
    open_groups = {"x264-params": "open-gop=1:keyint=20:min-keyint=20:bframes=3:scenecut=0"}
    whole = make_film(tmp_path / "a.mp4", 60, options=open_groups)
    clip = open_clip(copy_packets(whole, tmp_path / "b.mp4", skip=20))
    shown = numbers(clip)
    assert shown == list(range(shown[0], 60))
    assert 20 <= shown[0] <= 23


def test_hash_and_slow_motion(tmp_path: Path) -> None:
    path = make_film(tmp_path / "a.mp4")
    clip = open_clip(path, slow_motion=8)
    assert clip.slow_motion_factor == 8
    assert clip.rate_hz == pytest.approx(30)
    assert clip.sha256 == open_clip(path).sha256 != open_clip(make_film(tmp_path / "b.mp4", 13)).sha256
    with pytest.raises(UsageError, match="above 0"):
        open_clip(path, slow_motion=0)


# -- upright, square, in daylight colours --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counterclockwise", "mirrored", "rotation_deg", "expected"),
    [
        (0, False, 0, [RED, GREEN, BLUE, GREY]),
        (90, False, 270, [GREEN, GREY, RED, BLUE]),
        (180, False, 180, [GREY, BLUE, GREEN, RED]),
        (270, False, 90, [BLUE, RED, GREY, GREEN]),
        (0, True, 0, [GREEN, RED, GREY, BLUE]),
        (180, True, 180, [BLUE, GREY, RED, GREEN]),
        (90, True, 270, [GREY, GREEN, BLUE, RED]),
    ],
)
def test_upright(
    tmp_path: Path, *, counterclockwise: int, mirrored: bool, rotation_deg: int, expected: list[tuple[int, ...]]
) -> None:
    path = make_film(tmp_path / "a.mov", setup=lambda s: s.set_display_rotation(counterclockwise, hflip=mirrored))
    clip = open_clip(path)
    assert clip.rotation_deg == rotation_deg
    assert (clip.width, clip.height) == ((96, 128) if counterclockwise in {90, 270} else (128, 96))
    image = pick_frames(clip, [3])[3]
    assert image.shape == (clip.height, clip.width, 3)
    assert image.flags.c_contiguous
    assert corners(image) == expected
    assert next(frames(clip, height=48)).shape == (48, round(48 * clip.width / clip.height), 3)


def test_odd_sizes(tmp_path: Path) -> None:
    clip = open_clip(make_film(tmp_path / "a.mp4", size=(127, 95), pixels="yuv444p"))
    assert (clip.width, clip.height) == (127, 95)
    assert numbers(clip) == list(range(12))


def test_pixels_become_square(tmp_path: Path) -> None:
    def stretch(stream: Any) -> None:
        stream.codec_context.sample_aspect_ratio = Fraction(3, 2)

    clip = open_clip(make_film(tmp_path / "a.mp4", setup=stretch))
    assert (clip.width, clip.height) == (192, 96)
    assert numbers(clip) == list(range(12))


@pytest.mark.parametrize(("transfer", "tag"), [("hlg", 18), ("pq", 16)])
def test_hdr_is_tone_mapped(tmp_path: Path, transfer: str, tag: int) -> None:
    """Grey steps: black stays black, diffuse white (203 cd/m2) ends at nine tenths, the order is kept."""

    def hdr(stream: Any) -> None:
        context = stream.codec_context
        context.color_trc, context.color_primaries, context.colorspace, context.color_range = tag, 9, 9, 1

    white = 0.75 if transfer == "hlg" else 0.58
    levels = np.rint(255 * np.array([0, 0.2, 0.4, white, 1])).astype(np.uint8)
    steps = np.repeat(np.repeat(levels[None, :, None], 96, 0), 3, 2).repeat(32, 1)
    path = make_film(
        tmp_path / "a.mov",
        codec="libx265",
        pixels="yuv420p10le",
        size=(160, 96),
        setup=hdr,
        image=steps,
        options={"x265-params": "log-level=none", "crf": "4"},
    )
    clip = open_clip(path)
    assert clip.transfer == transfer
    seen = next(frames(clip))[48, 16::32]
    assert np.ptp(seen.astype(int), axis=1).max() <= 3  # grey stays grey
    grey = seen.mean(axis=1)
    assert grey[0] <= 2
    assert grey[3] == pytest.approx(235, abs=6)
    assert grey[4] >= 252
    assert np.all(np.diff(grey) > 10)


# -- pictures ----------------------------------------------------------------------------------------------------


def test_folder_and_patterns(tmp_path: Path) -> None:
    for i in range(12):
        cv2.imwrite(str(tmp_path / f"shot{i}.png"), card(i)[..., ::-1])
    (tmp_path / "notes.txt").write_text("not a picture")
    clips = [open_clip(tmp_path / name, rate_hz=50) for name in ("", "shot%d.png", "shot*.png")]
    for clip in clips:
        assert numbers(clip) == list(range(12))
        assert clip.time_s == pytest.approx(np.arange(12) / 50)
        assert number_on(pick_frames(clip, [11])[11]) == 11
        assert next(frames(clip, height=48)).shape == (48, 64, 3)
    assert len({clip.sha256 for clip in clips}) == 1
    with pytest.raises(InputError, match="how many were taken a second"):
        open_clip(tmp_path)
    cv2.imwrite(str(tmp_path / "shot12.png"), card(12, 64, 48))
    with pytest.raises(InputError, match=r"shot12\.png: not of the same size"):
        list(frames(open_clip(tmp_path, rate_hz=50)))


# -- what cannot be read -----------------------------------------------------------------------------------------


def test_a_film_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = make_film(tmp_path / "a.mp4", 120, options={"g": "12"}, mux={"movflags": "+faststart"})
    (tmp_path / "cut.mp4").write_bytes(whole.read_bytes()[: whole.stat().st_size * 7 // 10])
    clip = open_clip(tmp_path / "cut.mp4")
    assert 20 < clip.frames < 110
    assert numbers(clip) == list(range(clip.frames))
    assert say(clip.notes[0]).startswith(f"The film is cut off: {clip.frames} of")


def without_index(tmp_path: Path) -> Path:
    whole = make_film(tmp_path / "whole.mp4", 60)
    (tmp_path / "a.mp4").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return tmp_path / "a.mp4"


def sound_only(tmp_path: Path) -> Path:
    with av.open(str(tmp_path / "a.m4a"), "w") as container:
        stream = container.add_stream("aac", rate=8000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 8000), np.float32), format="fltp", layout="mono")
        frame.rate = 8000
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return tmp_path / "a.m4a"


def play_list(tmp_path: Path) -> Path:
    film = make_film(tmp_path / "secret.ts")
    path = tmp_path / "a.mp4"
    path.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{film}\n#EXT-X-ENDLIST\n")
    return path


def written(name: str, content: bytes) -> Callable[[Path], Path]:
    def make(tmp_path: Path) -> Path:
        (tmp_path / name).write_bytes(content)
        return tmp_path / name

    return make


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (without_index, "never finished or was cut off"),
        (sound_only, "no moving picture"),
        (play_list, "no film that can be read"),
        (written("a.txt", b"a letter\n" * 200), "no film that can be read"),
        (written("a.mp4", b""), "the file is empty"),
        (written("a.jpg", b"\xff\xd8\xff"), "looks at stills"),
        (lambda p: make_film(p / "one.mp4", 1), "looks at stills"),
        (lambda p: make_film(p / "b.avi", tick=Fraction(1, 30)), "convert it to mp4"),
        (lambda p: p / "nothing.mp4", "there is no such file"),
        (lambda p: p, "found 0 pictures"),
        (lambda p: p / "shot%03d.png", "found 0 pictures"),
    ],
)
def test_one_line_that_says_what_to_do(tmp_path: Path, make: Callable[[Path], Path], says: str) -> None:
    with pytest.raises(InputError, match=says) as raised:
        open_clip(make(tmp_path))
    assert "\n" not in str(raised.value)
