"""Every film is made here: each frame carries its number in blocks, each corner a colour."""

from __future__ import annotations

import struct
from collections.abc import Callable, Generator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pillow_heif
import pytest

from midstance.errors import InputError, UsageError
from midstance.model import Clip
from midstance.reasons import say
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames, pick_frames
from midstance.video.opening import open_clip
from midstance.video.stills import Image, _hlg_nits, _pq_nits, open_picture

RED, GREEN, BLUE, GREY = (220, 40, 40), (40, 220, 40), (40, 40, 220), (60, 60, 60)
TICK = Fraction(1, 90000)
DATA = Path(__file__).parents[1] / "data"


def card(number: int, width: int = 128, height: int = 96) -> Image:
    """Corners red and green above, blue and grey below; the number as eight blocks, bright = 1."""
    image = np.full((height, width, 3), 60, np.uint8)
    h, w, block = height // 6, width // 6, width // 10
    image[:h, :w], image[:h, -w:], image[-h:, :w] = RED, GREEN, BLUE
    for bit in range(8):
        if number >> bit & 1:
            image[height // 2 : height // 2 + h, (bit + 1) * block : (bit + 2) * block] = 230
    return image


def number_on(image: Image) -> int:
    height, width = image.shape[:2]
    row, block = height // 2 + height // 12, width // 10
    return sum(int(image[row, (bit + 1) * block + block // 2].mean() > 140) << bit for bit in range(8))


def corners(image: Image) -> list[tuple[int, ...]]:
    """Names of the corner colours: above left, above right, below left, below right."""
    known = np.array([RED, GREEN, BLUE, GREY])
    seen = [image[4, 4], image[4, -5], image[-5, 4], image[-5, -5]]
    return [tuple(known[np.argmin(np.abs(known - c.astype(int)).sum(axis=1))].tolist()) for c in seen]


def make_film(
    path: Path,
    times_s: Sequence[float] | int = 12,
    *,
    codec: str = "libx264",
    pixels: str = "yuv420p",
    size: tuple[int, int] = (128, 96),
    options: dict[str, str] | None = None,
    mux: dict[str, str] | None = None,
    tick: Fraction = TICK,
    setup: Callable[[Any], object] = lambda _: None,
    image: Image | None = None,
) -> Path:
    times_s = [i / 30 for i in range(times_s)] if isinstance(times_s, int) else times_s
    with av.open(str(path), "w", options=mux or {}) as container:
        stream: Any = container.add_stream(codec, rate=30)
        stream.width, stream.height, stream.pix_fmt = *size, pixels
        stream.time_base = stream.codec_context.time_base = tick
        stream.options = options or {}
        setup(stream)
        for i, t in enumerate(times_s):
            frame = av.VideoFrame.from_ndarray(card(i, *size) if image is None else image, format="rgb24")
            frame = frame.reformat(format=pixels)
            frame.pts, frame.time_base = round(t / tick), tick
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def copy_packets(source: Path, goal: Path, *, shift: int = 0, skip: int = 0, mux: dict[str, str] | None = None) -> Path:
    with av.open(str(source)) as old, av.open(str(goal), "w", options=mux or {}) as new:
        stream: Any = old.streams.video[0]
        out = new.add_stream_from_template(stream)
        for i, packet in enumerate(old.demux(stream)):
            if packet.dts is not None and i >= skip:
                packet.pts, packet.dts, packet.stream = packet.pts + shift, packet.dts + shift, out
                new.mux(packet)
    return goal


def numbers(clip: Clip) -> list[int]:
    images = list(frames(clip))
    assert len(images) == clip.frames
    assert all(i.shape == (clip.height, clip.width, 3) and i.dtype == np.uint8 for i in images)
    return [number_on(i) for i in images]


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


def test_hdr_light_of_bt2100() -> None:
    assert _hlg_nits(np.array([0, 0.75, 1])) == pytest.approx([0, 203, 1000], rel=0.01)
    assert _pq_nits(np.array([0, 0.5081, 0.5807])) == pytest.approx([0, 100, 203], rel=0.01)


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


def with_exif_orientation(jpeg: bytes, orientation: int) -> bytes:
    tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0" + bytes([orientation]) + bytes(7)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + jpeg[2:]


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [
        (1, [RED, GREEN, BLUE, GREY]),
        (3, [GREY, BLUE, GREEN, RED]),
        (6, [BLUE, RED, GREY, GREEN]),
        (8, [GREEN, GREY, RED, BLUE]),
    ],
)
def test_jpeg_stands_upright(tmp_path: Path, orientation: int, expected: list[tuple[int, ...]]) -> None:
    jpeg = cv2.imencode(".jpg", card(0)[..., ::-1])[1].tobytes()
    (tmp_path / "a.jpg").write_bytes(with_exif_orientation(jpeg, orientation))
    assert corners(open_picture(tmp_path / "a.jpg")) == expected


def test_a_picture_that_would_fill_the_memory_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    cv2.imwrite(str(tmp_path / "a.png"), card(5))
    content = bytearray((tmp_path / "a.png").read_bytes())
    content[16:24] = struct.pack(">II", 32000, 32000)
    (tmp_path / "a.png").write_bytes(content)
    with pytest.raises(InputError, match="1024 million pixels are too many"):
        open_picture(tmp_path / "a.png")


@pytest.mark.parametrize("suffix", [".png", ".webp", ".bmp", ".tif"])
def test_other_pictures(tmp_path: Path, suffix: str) -> None:
    cv2.imwrite(str(tmp_path / f"a{suffix}"), card(5)[..., ::-1])
    image = open_picture(tmp_path / f"a{suffix}")
    assert number_on(image) == 5
    assert corners(image) == [RED, GREEN, BLUE, GREY]


def test_a_heic_that_the_film_library_cannot_join_is_read_by_libheif(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cannot(*_: object, **__: object) -> None:
        raise ValueError("a grid of tiles")

    halves = np.zeros((64, 96, 3), np.uint8)
    halves[:, :48], halves[:, 48:] = (200, 40, 40), (40, 40, 200)
    pillow_heif.from_bytes("RGB", (96, 64), halves.tobytes()).save(tmp_path / "a.heic", quality=95)
    monkeypatch.setattr(av, "open", cannot)
    image = open_picture(tmp_path / "a.heic")
    assert image.shape == (64, 96, 3)
    np.testing.assert_allclose(image[32, [20, 76]], [(200, 40, 40), (40, 40, 200)], atol=12)


def test_heic_of_one_piece_stands_upright() -> None:
    """Quadrants red, green, blue, grey, stored with a turn of 90 degrees clockwise and an EXIF block."""
    image = open_picture(DATA / "quadrants_turned.heic")
    assert image.shape == (128, 96, 3)
    assert corners(image) == [BLUE, RED, GREY, GREEN]


# -- what cannot be read -----------------------------------------------------------------------------------------


def test_a_film_cut_off_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    whole = make_film(tmp_path / "a.mp4", 120, options={"g": "12"}, mux={"movflags": "+faststart"})
    (tmp_path / "cut.mp4").write_bytes(whole.read_bytes()[: whole.stat().st_size * 7 // 10])
    clip = open_clip(tmp_path / "cut.mp4")
    assert 20 < clip.frames < 110
    assert numbers(clip) == list(range(clip.frames))
    assert say(clip.notes[0]).startswith(f"The film is cut off: {clip.frames} of")


def test_much_damage_is_an_error(tmp_path: Path) -> None:
    film = bytearray(make_film(tmp_path / "a.mp4", 120, mux={"movflags": "+faststart"}).read_bytes())
    start = film.find(b"mdat") + 2000
    film[start::20] = bytes(len(film[start::20]))
    (tmp_path / "b.mp4").write_bytes(film)
    with pytest.raises(InputError, match="too many frames are damaged"):
        list(frames(open_clip(tmp_path / "b.mp4")))


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


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("a.jpg", b"\xff\xd8\xff", "cannot be read"), ("a.png", b"", "empty"), ("a.heic", b"ftypheic", "cannot be read")],
)
def test_broken_pictures(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=says):
        open_picture(tmp_path / name)
    with pytest.raises(InputError, match="no such picture"):
        open_picture(tmp_path / "other.png")


# -- write -------------------------------------------------------------------------------------------------------


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
