"""Write pictures as a film while they come: each with its own time, and quickly."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

from midstance.video.film_writer import FilmWriter
from midstance.video.stills import Image

TICK_S = Fraction(1, 90_000)


class SessionFilm(FilmWriter):
    """A film of a session; use it in a with statement."""

    def __init__(self, path: Path | str, *, size: tuple[int, int], rate_hz: float) -> None:
        super().__init__(path, width=size[0], height=size[1], rate_hz=rate_hz)
        self._stream.codec_context.time_base = TICK_S
        self._tick = -1

    def write_at(self, rgb: Image, time_s: float) -> None:
        """Add the picture that was filmed at this time."""
        self._tick = max(self._tick + 1, round(time_s / TICK_S))
        self._put(rgb, self._tick, TICK_S)
