"""Single pictures of every usual kind stand upright, are refused when broken, and HDR has its true light."""

from __future__ import annotations

import struct
from pathlib import Path

import av
import cv2
import numpy as np
import pillow_heif
import pytest

from midstance.errors import InputError
from midstance.video.stills import _hlg_nits, _pq_nits, open_picture
from tests.fixtures.numbered_films import BLUE, GREEN, GREY, RED, card, corners, number_on

DATA = Path(__file__).parents[1] / "data"


def test_hdr_light_of_bt2100() -> None:
    assert _hlg_nits(np.array([0, 0.75, 1])) == pytest.approx([0, 203, 1000], rel=0.01)
    assert _pq_nits(np.array([0, 0.5081, 0.5807])) == pytest.approx([0, 100, 203], rel=0.01)


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
