"""Turn a stored picture or a decoded frame into an upright 8-bit RGB picture with square pixels.

Films and stills share what is here: turning upright, tone mapping of HDR, lists of pictures in a folder.
"""

from __future__ import annotations

import math
import re
import struct
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any, Literal, NamedTuple

import av
import cv2
import numpy as np
import PIL.Image
from av.video.reformatter import ColorTrc, VideoReformatter
from numpy.typing import NDArray

from midstance.errors import InputError
from midstance.limits import check_picture, plain_file
from midstance.model import Floats
from midstance.reasons import Reason

Image = NDArray[np.uint8]
Transfer = Literal["sdr", "hlg", "pq"]
Edges = tuple[int, int, int, int]
"""Left, upper, right and lower edge of a box, pixels."""

PICTURE_SUFFIXES = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".tif", ".tiff", ".heic", ".heif", ".avif"})

NUMBER = re.compile(r"%\d*d")
MOST_NUMBERS = 3
"""Numbers in the pattern of a name; with many, to see that a long name does not fit takes for ever."""

_TRANSFERS: dict[int, Transfer] = {ColorTrc.SMPTE2084: "pq", ColorTrc.ARIB_STD_B67: "hlg"}
_BT2020_TO_BT709 = np.array([[1.6605, -0.5876, -0.0729], [-0.1246, 1.1329, -0.0083], [-0.0182, -0.1006, 1.1188]])

_PICTURE_CONTAINERS = "mov,image2,jpeg_pipe,png_pipe,webp_pipe,bmp_pipe,tiff_pipe"


# -- stills ------------------------------------------------------------------------------------------------------


def open_picture(path: Path | str) -> Image:
    """Read a still as (height, width, 3) uint8 RGB, turned upright as its EXIF orientation says. Raises InputError.

    JPEG, PNG, WebP, BMP and TIFF by OpenCV; others by PyAV: AVIF and HEIC of one piece. Phones store HEIC as a grid of
    tiles, which PyAV cannot join but libheif can.
    """
    path = Path(path)
    if not plain_file(path).is_file():
        raise InputError(Reason("no_such_picture", path=path))
    stored = np.fromfile(path, np.uint8)
    if len(stored) == 0:
        raise InputError(Reason("picture_empty", file=path.name))
    check_picture(path.name, _pixels_said(path))
    with suppress(cv2.error):
        image = cv2.imdecode(stored, cv2.IMREAD_COLOR_RGB) if cv2.haveImageReader(str(path)) else None
        if image is not None:
            return np.asarray(image, np.uint8)
    options = {"format_whitelist": _PICTURE_CONTAINERS, "protocol_whitelist": "file"}
    with suppress(av.error.FFmpegError, ValueError), av.open(f"file:{path}", options=options) as container:
        said = container.streams.video[0].codec_context if len(container.streams.video) == 1 else None
        if said:  # None: this FFmpeg has no decoder for it
            check_picture(path.name, said.width * said.height)
            for frame in container.decode(video=0):
                return Developer(frame).picture(frame)
    try:
        from pillow_heif import open_heif  # noqa: PLC0415  (for the few pictures that come this far)
    except ImportError:  # left out by who passes midstance on without GPL parts (docs/redistributing.md)
        raise InputError(Reason("needs_heif", file=path.name)) from None
    with suppress(ValueError, EOFError, OSError, RuntimeError, IndexError, SyntaxError):  # libheif's own faults, too
        picture = open_heif(path, convert_hdr_to_8bit=True)
        check_picture(path.name, math.prod(picture.size))
        return np.ascontiguousarray(np.asarray(picture)[..., :3], np.uint8)
    raise InputError(Reason("picture_unreadable", file=path.name))


def _pixels_said(path: Path) -> float:
    """Return how many pixels a picture says it has, by its head; 0 where that cannot be read."""
    with path.open("rb") as file:
        start = file.read(24)
    if start[12:16] == b"IHDR" and len(start) == 24:  # of a PNG whatever else is wrong with it
        return float(math.prod(struct.unpack(">II", start[16:24])))
    try:
        with warnings.catch_warnings(action="ignore"), PIL.Image.open(path) as picture:
            return float(math.prod(picture.size))
    except PIL.Image.DecompressionBombError as bomb:  # more than Pillow itself would decode; it names the number
        return max(map(float, re.findall(r"\d+", str(bomb))), default=math.inf)
    except Exception:  # whatever trips a reader of heads: the readers below say what is wrong  # noqa: BLE001
        return 0.0


def pictures_of(path: Path) -> list[Path] | None:
    """Return the pictures of a folder or a pattern in the order of their numbers; None if path is a file.

    Raises InputError if it is none of these.
    """
    if path.is_file():
        return None
    name = path.name
    if path.is_dir():
        found = [p for p in path.iterdir() if p.suffix.lower() in PICTURE_SUFFIXES]
    elif "%" in name and path.parent.is_dir() and len(NUMBER.findall(name)) <= MOST_NUMBERS:
        numbered = re.compile(NUMBER.sub(lambda _: r"\d+", re.escape(name)))
        found = [p for p in path.parent.iterdir() if numbered.fullmatch(p.name)]
    elif re.search(r"[*?\[]", name) and path.parent.is_dir():
        found = list(path.parent.glob(name))
    else:
        raise InputError(Reason("no_such_file", path=path))
    return sorted(found, key=lambda p: [int(t) if t.isdecimal() else t for t in re.split(r"(\d+)", p.name)])


# -- upright -----------------------------------------------------------------------------------------------------


class Turn(NamedTuple):
    """The turn that makes a stored picture upright: swap rows and columns, then mirror."""

    transpose: bool = False
    flip_x: bool = False
    flip_y: bool = False
    clockwise_deg: int = 0

    def upright(self, image: Image) -> Image:
        """Return the picture, turned."""
        turned = cv2.transpose(image) if self.transpose else image
        if self.flip_x or self.flip_y:
            turned = cv2.flip(turned, -1 if self.flip_x and self.flip_y else int(self.flip_x))
        return np.ascontiguousarray(turned, np.uint8)

    def stored(self, box: Edges, size: tuple[int, int]) -> Edges:
        """Return where a box (x0, y0, x1, y1) of an upright picture of some width and height is stored."""
        return self._swapped(self._mirrored(box, size))

    def shown(self, box: Edges, size: tuple[int, int]) -> Edges:
        """Return where a box of the stored picture is in the upright one, which has some width and height."""
        return self._mirrored(self._swapped(box), size)

    def _swapped(self, box: Edges) -> Edges:
        x0, y0, x1, y1 = box
        return (y0, x0, y1, x1) if self.transpose else box

    def _mirrored(self, box: Edges, size: tuple[int, int]) -> Edges:
        (x0, y0, x1, y1), (width, height) = box, size
        if self.flip_x:
            x0, x1 = width - x1, width - x0
        if self.flip_y:
            y0, y1 = height - y1, height - y0
        return x0, y0, x1, y1


def turn_of(frame: Any) -> Turn:
    """Return the turn that a frame's display matrix asks for: x' = a x + c y, y' = b x + d y (FFmpeg, display.h)."""
    a, b, c, d = _display_matrix(frame)
    turned = -a if a * d < b * c else a  # a mirrored picture is turned first, then left and right are exchanged
    clockwise_deg = 90 * round(math.degrees(math.atan2(b, turned)) / 90) % 360
    if abs(a) >= abs(b):
        return Turn(transpose=False, flip_x=a < 0, flip_y=d < 0, clockwise_deg=clockwise_deg)
    return Turn(transpose=True, flip_x=c < 0, flip_y=b < 0, clockwise_deg=clockwise_deg)


def _display_matrix(frame: Any) -> tuple[float, float, float, float]:
    """Return a, b, c, d of a frame, asked of a small copy: PyAV's list of side data would keep the frame for good."""
    small: Any = VideoReformatter().reformat(frame, width=16, height=16, format="gray")
    try:
        stored = small.side_data.get("DISPLAYMATRIX")
    except ValueError:  # PyAV stumbles over kinds of side data it has no name for, such as EXIF; the angle it does know
        angle = math.radians(-frame.rotation)
        return math.cos(angle), math.sin(angle), -math.sin(angle), math.cos(angle)
    if stored is None:
        return 1, 0, 0, 1
    a, b, _, c, d = np.frombuffer(bytes(stored), np.int32)[:5].tolist()
    return a, b, c, d


@contextmanager
def opencv_on_one_thread() -> Iterator[None]:
    """Let OpenCV work on one thread while frames are spread over threads already: its own threads wait at full load.

    It sets OpenCV for the whole process; what OpenCV computes does not depend on it.
    """
    before = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        yield
    finally:
        cv2.setNumThreads(before)


class Developer:
    """Turn the decoded frames of one film into pictures: square pixels, upright, SDR."""

    def __init__(self, first: Any, *, pixel_aspect: float = 1.0) -> None:
        self.turn = turn_of(first)
        self.transfer = transfer_of(first)
        self._stored = (round(first.width * pixel_aspect), first.height)
        self.size = self._stored[::-1] if self.turn.transpose else self._stored

    def is_stored_as_shown(self, frame: Any) -> bool:
        """Return whether a frame has the pixels of the picture, but for a turn."""
        return bool(self._stored == (frame.width, frame.height))

    def picture(self, frame: Any, *, part: bool = False) -> Image:
        """Return a decoded frame as (height, width, 3) uint8 RGB; several threads may do so at once.

        part  it is cut out of a frame that is stored as shown
        """
        width, height = (frame.width, frame.height) if part else self._stored
        to_8_bit, to_rgb = _reformatters()
        threads = 1 if part else 0  # parts are developed on all cores, and would wait for threads of their own
        if frame.format.name == "yuv420p10le":  # by way of 8 bit: 11 instead of 15 ms for a frame of 1080p
            frame = to_8_bit.reformat(frame, format="yuv420p", threads=threads)
        rgb = to_rgb.reformat(frame, width=width, height=height, format="rgb24", threads=threads).to_ndarray()
        return to_sdr(self.turn.upright(np.asarray(rgb, np.uint8)), self.transfer)


def _reformatters() -> tuple[VideoReformatter, VideoReformatter]:
    """Return the scalers of this thread, to 8 bit and to RGB: one may be used by one thread at a time."""
    if not hasattr(_own, "reformatters"):
        _own.reformatters = VideoReformatter(), VideoReformatter()
    return _own.reformatters  # type: ignore[no-any-return]


_own = threading.local()


# -- light -------------------------------------------------------------------------------------------------------


def transfer_of(frame: Any) -> Transfer:
    """Return how the frame codes light: as SDR, or as one of the two HDR curves of BT.2100."""
    return _TRANSFERS.get(frame.color_trc, "sdr")


def to_sdr(rgb: Image, transfer: Transfer) -> Image:
    """Turn HDR codes into SDR ones: light channel by channel, then colour from BT.2020 to BT.709 (BT.2087).

    The matrix belongs to light but is applied to the codes: greys stay exact, strong colours are a little off.
    """
    if transfer == "sdr":
        return rgb
    return np.asarray(cv2.transform(cv2.LUT(rgb, _sdr_codes(transfer)), _BT2020_TO_BT709), np.uint8)


@cache
def _sdr_codes(transfer: Transfer) -> Image:
    """Return (256,) what each 8-bit HDR code becomes on an SDR screen.

    Light as BT.2100 has it (HLG on a 1000 cd/m2 screen), 203 cd/m2 = diffuse white (BT.2408), straight up to 60 % of
    that, then rolled off, then gamma 2.4 (BT.1886).
    """
    code = np.arange(256) / 255
    light = (_pq_nits(code) if transfer == "pq" else _hlg_nits(code)) / 203
    over = np.maximum(light - 0.6, 0) / 0.4
    rolled = np.minimum(light, 0.6) + 0.4 * over / (1 + over)
    return np.asarray(np.rint(255 * (rolled / rolled[-1]) ** (1 / 2.4)), np.uint8)


def _hlg_nits(code: Floats) -> Floats:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    scene = np.where(code <= 0.5, code**2 / 3, (np.exp((code - c) / a) + b) / 12)
    return np.asarray(1000 * scene**1.2)


def _pq_nits(code: Floats) -> Floats:
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    root = code ** (1 / m2)
    return np.asarray(np.minimum(10000 * (np.maximum(root - c1, 0) / (c2 - c3 * root)) ** (1 / m1), 1000))
