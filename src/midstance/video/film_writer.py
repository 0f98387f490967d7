"""Write pictures as a film."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Any, Self, cast

import av
import cv2
import numpy as np
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from midstance.errors import InputError, UsageError
from midstance.machine import cores
from midstance.reasons import Reason
from midstance.video.stills import Image

_PRESET = "ultrafast"  # looks the same as superfast at crf 23: docs/decisions/speed.md


_DRAWING_CORES = 2
"""Decoding and drawing keep so many cores busy; with no more, the encoder's own threads only cost: 13.2 ms a frame of
720 x 922 with them, 10.2 without."""

ENCODERS = ("libx264", "libopenh264", "h264_videotoolbox", "h264_mf", "libvpx-vp9")
"""Encoders in the order of choice; the first is under the GPL, and an FFmpeg without it has one of the others."""

ENCODER_VARIABLE = "MIDSTANCE_ENCODER"

_OTHER_OPTIONS = {"libvpx-vp9": {"deadline": "realtime", "cpu-used": "8", "row-mt": "1"}}
_BT601 = 6  # matrix_coefficients of ITU-T H.273: OpenCV knows no other, and every player reads which one it is
_NARROW = 224 / 255  # of the full range of colour that a film uses
_BITS_A_PIXEL = 0.15  # of encoders without a constant quality: 4 Mbit/s at 1280 x 720 and 30 frames a second


def encoder_here() -> str:
    """Return the encoder that films are written with. Raises UsageError for one that is not there."""
    asked = os.environ.get(ENCODER_VARIABLE)
    wanted = (asked,) if asked else ENCODERS
    found = next((name for name in wanted if name in av.codecs_available), None)
    if found is None or found not in ENCODERS:
        raise UsageError(Reason("no_encoder", wanted=", ".join(wanted), known=", ".join(ENCODERS)))
    return found


class FilmWriter:
    """Write pictures as an H.264 film that any browser or phone plays; use it in a with statement.

    The film is written beside path under another name and takes its place when it is whole: a film half written is
    never left behind. Odd sizes lose their last row or column. rate_hz is kept exactly, 30000/1001 too. A path that may
    be a device, a pipe or a link is written through `formats.files.written_whole`; here it is refused (InputError).
    """

    def __init__(self, path: Path | str, *, width: int, height: int, rate_hz: float | Fraction, crf: int = 23) -> None:
        self.path = Path(path)
        if self.path.is_symlink() or (self.path.exists() and not self.path.is_file()):
            raise InputError(Reason("cannot_be_written", path=self.path, fault="a device, a pipe or a link"))
        self._unfinished = self.path.with_name(f".{self.path.name}.unfinished")
        self._shape = (height, width, 3)
        self._size = (width - width % 2, height - height % 2)
        self._frames = 0
        self._codes = _Codes(*self._size)
        self._container = av.open(str(self._unfinished), "w", format="mp4", options={"movflags": "+faststart"})
        rate = Fraction(rate_hz).limit_denominator(1001)
        encoder = encoder_here()
        self._stream = cast("Any", self._container.add_stream(encoder, rate=rate))
        self._stream.width, self._stream.height = self._size
        self._stream.pix_fmt = "yuv420p"
        if encoder == "libx264":
            self._stream.options = {"crf": str(crf), "preset": _PRESET}
        else:
            self._stream.options = dict(_OTHER_OPTIONS.get(encoder, {}))
            self._stream.bit_rate = round(_BITS_A_PIXEL * width * height * float(rate))
        context = self._stream.codec_context
        context.thread_count = 1 if cores() <= _DRAWING_CORES else 0
        context.colorspace, context.color_range = _BT601, ColorRange.MPEG
        context.color_primaries, context.color_trc = ColorPrimaries.BT709, ColorTrc.BT709

    def __enter__(self) -> Self:
        return self

    def write(self, rgb: Image) -> None:
        """Add one picture, (height, width, 3) uint8 RGB of the size given at the start. Raises ValueError."""
        if rgb.shape != self._shape or rgb.dtype != np.uint8:
            raise ValueError(f"the film takes uint8 pictures of {self._shape}, not {rgb.dtype} of {rgb.shape}")
        self._put(rgb, self._frames, 1 / self._stream.codec_context.framerate)

    def _put(self, rgb: Image, tick: int, tick_s: Fraction) -> None:
        """Encode a picture that is shown at so many ticks."""
        width, height = self._size
        frame = self._codes.of(rgb[:height, :width])
        frame.pts, frame.time_base = tick, tick_s
        self._frames += 1
        self._container.mux(self._stream.encode(frame))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._finish()
        finally:
            self._container.close()
            self._unfinished.unlink(missing_ok=True)

    def _finish(self) -> None:
        if self._frames == 0:
            raise ValueError(f"no picture was written to {self.path}")
        self._container.mux(self._stream.encode(None))
        self._container.close()
        self._unfinished.replace(self.path)


class _Codes:
    """Turn RGB pictures into the codes of a film: brightness of every pixel, colour of every two by two, BT.601.

    OpenCV takes 0.7 ms for 720 x 920 where FFmpeg's scaler takes 1.6, and is as near: 45.4 dB, 44.8.
    """

    def __init__(self, width: int, height: int) -> None:
        self._size = width, height
        self._codes = np.empty((height * 3 // 2, width), np.uint8)
        self._half = np.empty((height // 2, width // 2, 3), np.uint8)
        self._colour = np.empty_like(self._half)

    def of(self, rgb: Image) -> av.VideoFrame:
        """Return a frame of the encoder for a picture of that size."""
        width, height = self._size
        frame = av.VideoFrame(width, height, "yuv420p")
        frame.colorspace, frame.color_range = Colorspace.ITU601, ColorRange.MPEG
        bright, blue, red = (
            np.frombuffer(cast("Any", plane), np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
            for plane in frame.planes
        )
        bright[:] = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420, dst=self._codes)[:height]
        cv2.resize(rgb, (width // 2, height // 2), dst=self._half, interpolation=cv2.INTER_AREA)
        cv2.cvtColor(self._half, cv2.COLOR_RGB2YCrCb, dst=self._colour)
        cv2.convertScaleAbs(self._colour, dst=self._half, alpha=_NARROW, beta=128 * (1 - _NARROW))
        cv2.extractChannel(self._half, 2, blue)
        cv2.extractChannel(self._half, 1, red)
        return frame
