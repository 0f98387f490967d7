"""Faces are blurred in every picture, films leave without the place, and no command opens what is no plain file."""

from __future__ import annotations

import os
import socket
import struct
import threading
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from midstance.errors import InputError, MidstanceError
from midstance.formats.files import clear_temporary, temporary_folder
from midstance.formats.recordings import read_recording
from midstance.formats.watch import read_watch
from midstance.limits import check_film, limits, plain_file
from midstance.model import CameraMotion, Person
from midstance.pose.heads import HELD_FRAMES, heads_of
from midstance.skeleton import INDEX, KEYPOINTS
from midstance.store.archive import import_athlete
from midstance.store.ingest import filmed_at
from midstance.video.anonymous import make_anonymous
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames, pick_frames, turned
from midstance.video.opening import open_clip
from midstance.video.stills import open_picture
from midstance.video.time_gaps import cut_at_gaps

STRIPES = np.dstack([np.indices((120, 160)).sum(axis=0) % 2 * 255] * 3).astype(np.uint8)
"""A picture of single pixels, black and white: where it is blurred it is grey."""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "a.mp4"
    with FilmWriter(path, width=160, height=120, rate_hz=30, crf=1) as writer:
        for _ in range(6):
            writer.write(STRIPES)
    return path


def test_every_picture_of_a_clip_has_its_faces_blurred(film: Path) -> None:
    clip = open_clip(film)
    faces = np.full((clip.frames, 2, 3), np.nan)
    faces[:, 0] = 40.0, 30.0, 15.0
    hidden = replace(clip, faces=faces)
    for picture in (*frames(hidden), *pick_frames(hidden, [3]).values()):
        assert np.ptp(picture[26:35, 36:45].astype(int)) < 60
        assert np.ptp(picture[80:110, 100:140].astype(int)) > 150
    small = next(frames(hidden, height=60))
    assert small.shape == (60, 80, 3)
    assert turned(hidden, 90).faces is None  # they lie elsewhere now, and are looked for again


def test_a_head_is_found_held_over_gaps_and_never_made_up() -> None:
    xy = np.full((60, len(KEYPOINTS), 2), np.nan)
    for name, at in {"nose": (52, 20), "left_shoulder": (50, 40), "right_shoulder": (50, 40)}.items():
        xy[:, INDEX[name]] = at
    for side in ("left", "right"):
        xy[:, INDEX[f"{side}_hip"]] = (50, 90)
    xy[10:14] = np.nan
    xy[30:, INDEX["nose"]] = np.nan
    xy[40:] = np.nan
    person = Person(xy=xy, confidence=np.ones(xy.shape[:2]))
    heads = heads_of(type("Poses", (), {"people": (person,), "time_s": np.arange(60)})())[:, 0]
    assert heads[5] == pytest.approx([52, 20, 21])
    assert heads[12] == pytest.approx([52, 20, 21])  # between two frames that show it
    assert heads[35] == pytest.approx([50, 22.5, 21])  # by the trunk
    assert np.isfinite(heads[40 + HELD_FRAMES - 2]).all()
    assert np.isnan(heads[-1]).all()


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(content), kind) + content


def test_a_film_leaves_without_its_place_and_its_device(film: Path) -> None:
    place, maker = b"+52.5200+013.4050/", b"Maker of phones"
    told = ((b"\xa9xyz", place), (b"\xa9mak", maker))
    user = b"".join(struct.pack(">I4sHH", 12 + len(text), kind, len(text), 0) + text for kind, text in told)
    names = (b"com.android.capture.fps", b"com.apple.quicktime.location.ISO6709")
    keys = b"".join(struct.pack(">I4s", 8 + len(name), b"mdta") + name for name in names)
    values = [struct.pack(">I4sII", 16 + len(text), b"data", 1, 0) + text for text in (b"240.0", place)]
    items = b"".join(struct.pack(">II", 8 + len(data), number) + data for number, data in enumerate(values, start=1))
    hdlr = box(b"hdlr", bytes(24))
    meta = box(b"meta", hdlr + box(b"keys", struct.pack(">II", 0, 2) + keys) + box(b"ilst", items))
    moov = box(b"moov", box(b"udta", user) + meta)
    before = film.read_bytes()
    film.write_bytes(before + moov)
    assert make_anonymous(film) >= 3
    after = film.read_bytes()
    assert len(after) == len(before + moov)
    assert place not in after
    assert maker not in after
    assert b"240.0" in after  # how fast it was filmed is needed, and says nothing of anybody
    assert np.array_equal(open_clip(film).time_s, np.arange(6) / 30)


@pytest.mark.parametrize("ending", ["mkv", "webm", "avi"])
def test_a_film_of_a_converter_leaves_without_them_too(tmp_path: Path, ending: str) -> None:
    """Films of phones that another program put into another container; what is needed and what is seen stays."""
    path = tmp_path / f"a.{ending}"
    said = {"location": "+52.5200+013.4050/", "com.android.manufacturer": "Maker of phones", "title": "A run"}
    names = {"avi": {"artist": said["com.android.manufacturer"], "comment": said["location"], "title": "A run"}}
    with av.open(str(path), "w") as container:
        stream = container.add_stream({"avi": "mjpeg", "webm": "libvpx-vp9"}.get(ending, "libx264"), rate=30)
        stream.width, stream.height, stream.pix_fmt = 160, 120, "yuvj420p" if ending == "avi" else "yuv420p"
        container.metadata.update(names.get(ending, {**said, "com.android.capture.fps": "240.0"}))
        for _ in range(6):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(STRIPES, format="rgb24")))
        container.mux(stream.encode(None))
    before = open_clip(path)
    pictures = [picture.copy() for picture in frames(before)]
    raw = path.read_bytes()
    assert b"+52.5200" in raw
    assert make_anonymous(path) >= (1 if ending == "avi" else 4)
    after = path.read_bytes()
    assert len(after) == len(raw)
    for name in (b"+52.5200", b"Maker of phones", b"Lavf"):
        assert name not in after, name
    with av.open(str(path)) as container:
        kept = {name.lower(): value for name, value in container.metadata.items()}
    assert kept.get("com.android.capture.fps") == (None if ending == "avi" else "240.0")
    assert "location" not in kept
    clip = open_clip(path)
    assert np.array_equal(clip.time_s, before.time_s)
    assert all(np.array_equal(one, other) for one, other in zip(frames(clip), pictures, strict=True))
    assert make_anonymous(path) <= 2  # the names of programs, which are empty now


LYING = (
    b"", b"\0\0\0\1moov", b"\xff" * 40, struct.pack(">I4sQ", 1, b"moov", 2**63), b"\0\0\0\x09meta\0",
    b"RIFF", b"RIFF\xff\xff\xff\xffAVI LIST\xff\xff\xff\xffINFO", b"RIFF\x04\0\0\0AVI " * 9,
    b"RIFF\0\0\0\0AVI LIST\0\0\0\0hdrl" * 9,
    b"\x1a\x45\xdf\xa3", b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff\x12\x54\xc3\x67\x01" + b"\xff" * 9,
    b"\x1a\x45\xdf\xa3\x80\x18\x53\x80\x67\xff" + b"\x12\x54\xc3\x67\xff" * 40,
    b"\x1a\x45\xdf\xa3\x80\x1f\x43\xb6\x75\xff" * 9,
)  # fmt: skip
"""Beginnings of films whose parts are longer than they are, or lie in each other without end."""


def test_a_film_whose_boxes_lie_does_no_harm(tmp_path: Path) -> None:
    for content in LYING:
        path = tmp_path / "a.mp4"
        path.write_bytes(content)
        make_anonymous(path)
        assert len(path.read_bytes()) == len(content)


# -- what is no plain file -----------------------------------------------------------------------------------------


def test_no_reader_waits_for_a_pipe(tmp_path: Path) -> None:
    for name in ("a.mp4", "a.jpg", "a.trc", "a.csv", "a.json", "a.c3d", "a.fit", "a.zip"):
        os.mkfifo(tmp_path / name)
    readers = (
        lambda: open_clip(tmp_path / "a.mp4"),
        lambda: filmed_at(tmp_path / "a.mp4"),
        lambda: open_picture(tmp_path / "a.jpg"),
        lambda: read_recording(tmp_path / "a.trc"),
        lambda: read_recording(tmp_path / "a.csv"),
        lambda: read_recording(tmp_path / "a.json"),
        lambda: read_recording(tmp_path / "a.c3d"),
        lambda: read_watch(tmp_path / "a.fit"),
        lambda: read_watch(tmp_path / "a.csv"),
        lambda: import_athlete(None, tmp_path / "a.zip"),
    )
    for read in readers:
        with pytest.raises(InputError, match="pipe or a device"):
            read()


def test_no_address_is_opened_that_was_given_as_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an address nor a play list makes a request."""
    monkeypatch.chdir(tmp_path)
    asked = list[object]()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]

        def listen() -> None:
            try:
                asked.append(server.accept())
            except TimeoutError:
                return

        for name in ("list.m3u8", "list.mp4", "list.ffconcat"):
            text = f"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1:{port}/a.ts\n"
            text = f"ffconcat version 1.0\nfile http://127.0.0.1:{port}/a.ts\n" if "ff" in name else text
            (tmp_path / name).write_text(text)
        for source in (f"http://127.0.0.1:{port}/a.mp4", "list.m3u8", "list.mp4", "list.ffconcat"):
            thread = threading.Thread(target=listen)
            thread.start()
            with pytest.raises(MidstanceError):
                open_clip(source)
            assert filmed_at(Path(source)) is None
            thread.join()
    assert asked == []


def test_a_play_list_opens_no_other_file(film: Path) -> None:
    """A list that names a film beside it is no film, though what reads it could."""
    lists = {
        "list.ffconcat": f"ffconcat version 1.0\nfile {film.name}\n",
        "list.mp4": f"ffconcat version 1.0\nfile {film.name}\n",
        "list.m3u8": f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:0.2,\n{film.name}\n#EXT-X-ENDLIST\n",
    }
    for name, text in lists.items():
        film.with_name(name).write_text(text)
        with pytest.raises(InputError):
            open_clip(film.with_name(name))
        assert filmed_at(film.with_name(name)) is None


def test_a_file_whose_name_is_an_address_is_that_file(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder can be called http:, and the library of films would take its path for an address."""
    monkeypatch.chdir(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        place = Path("http:", f"127.0.0.1:{server.getsockname()[1]}")
        place.mkdir(parents=True)
        film.rename(place / "a.mp4")
        assert open_clip(place / "a.mp4").frames == 6
        assert filmed_at(place / "a.mp4") is None
        with pytest.raises(TimeoutError):
            server.accept()


def test_a_name_that_is_no_text_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="letters that cannot be read"):
        plain_file(tmp_path / "a\udcff.mp4")
    with pytest.raises(InputError, match="letters that cannot be read"):
        open_picture(tmp_path / "a\udcff.jpg")


# -- limits --------------------------------------------------------------------------------------------------------


def test_limits_are_told_when_met_and_can_be_set(film: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for said, names in (("frames=5", "frames"), ("minutes=0.002", "minutes"), ("megapixels=0.01", "megapixels")):
        monkeypatch.setenv("MIDSTANCE_LIMITS", said)
        with pytest.raises(InputError, match=f"MIDSTANCE_LIMITS={names}"):
            open_clip(film)
    monkeypatch.setenv("MIDSTANCE_LIMITS", "memory_gb=3, frames=7")
    assert limits().memory_gb == 3
    assert open_clip(film).frames == 6
    for wrong in ("frames", "frames=x", "frames=-1", "colour=3", "frames=nan"):
        monkeypatch.setenv("MIDSTANCE_LIMITS", wrong)
        with pytest.raises(MidstanceError, match="is no limit"):
            check_film("a", width=1, height=1)


def test_a_small_file_of_many_pixels_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    gif = tmp_path / "a.gif"
    frame = b"," + struct.pack("<HHHH", 0, 0, 30000, 30000) + b"\0\x02\x02\x44\x01\0"
    head = b"GIF89a" + struct.pack("<HH", 30000, 30000) + b"\x80\0\0" + bytes(3) + b"\xff" * 3
    gif.write_bytes(head + frame * 2 + b";")
    png = tmp_path / "a.png"
    png.write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 32000, 32000) + b"\x08\2\0\0\0" + bytes(8))
    with pytest.raises(InputError):
        open_clip(gif)
    with pytest.raises(InputError):
        open_picture(png)


def test_a_new_scene_begins_where_frames_are_seconds_apart() -> None:
    time_s = np.array([0.0, 0.03, 0.06, 9.0, 9.03, 9.9])
    still = CameraMotion(to_first=np.zeros((6, 2, 3)), quality=np.ones(6), cut=np.zeros(6, bool))
    assert cut_at_gaps(still, time_s).cut.tolist() == [False, False, False, True, False, False]
    assert cut_at_gaps(still, np.arange(6) / 30) is still


def test_temporary_folders_of_killed_processes_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with temporary_folder() as mine:
        dead, others = tmp_path / "midstance-999999999-abc", tmp_path / "midstance-notes"
        for folder in (dead, others):
            folder.mkdir()
            os.utime(folder, (0, 0))
        os.utime(mine, (0, 0))
        assert clear_temporary() == 1
        assert mine.exists()
        assert others.exists()
    assert list(tmp_path.iterdir()) == [others]
