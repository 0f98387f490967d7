"""Show pictures on the screen and play sounds, by pygame (SDL)."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from midstance.errors import UsageError
from midstance.formats.extras import needed
from midstance.output.beat import RATE_HZ, as_wav, beat_sound
from midstance.reasons import Reason
from midstance.video.stills import Image

TONE_HZ, TONE_S = 880.0, 0.15
STOP_KEYS = ("K_ESCAPE", "K_q")
BEAT_S = 60.0


def _pygame() -> Any:
    """Load pygame without its greeting. Raises UsageError."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    return needed("pygame", extra="live")


NO_SCREENS = ("dummy", "offscreen", "evdev")
"""What SDL takes where there is no screen; whoever wants one of them names it in SDL_VIDEODRIVER."""


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep what the libraries of sound and screen print past Python away from the terminal."""
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


class Window:
    """A window that shows one picture after another until it is closed."""

    def __init__(self, title: str, size: tuple[int, int]) -> None:
        self._pygame = _pygame()
        self._size = size
        try:
            with _quietly(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # without a graphics card it is scaled by the processor
                self._pygame.display.init()
                self._screen = self._pygame.display.set_mode(size, self._pygame.RESIZABLE | self._pygame.SCALED)
        except self._pygame.error:
            raise UsageError(Reason("live_no_screen")) from None
        if self._pygame.display.get_driver() in NO_SCREENS and "SDL_VIDEODRIVER" not in os.environ:
            self.close()
            raise UsageError(Reason("live_no_screen"))
        self._pygame.display.set_caption(title)

    def show(self, picture: Image) -> bool:
        """Show a picture; return False when the window was closed, or Escape or q pressed."""
        shown = self._pygame.image.frombuffer(np.ascontiguousarray(picture), self._size, "RGB")
        self._screen.blit(shown, (0, 0))
        self._pygame.display.flip()
        keys = {getattr(self._pygame, name) for name in STOP_KEYS}
        return not any(
            event.type == self._pygame.QUIT or (event.type == self._pygame.KEYDOWN and event.key in keys)
            for event in self._pygame.event.get()
        )

    def close(self) -> None:
        """Close the window."""
        self._pygame.display.quit()


class Sound:
    """A tone when the cue is met, and a beat to run to. Raises UsageError where nothing can be played."""

    def __init__(self) -> None:
        self._pygame = _pygame()
        try:
            with _quietly():
                self._pygame.mixer.init()
        except self._pygame.error:
            raise UsageError(Reason("live_no_sound")) from None
        self._tone = self._pygame.mixer.Sound(file=io.BytesIO(_tone()))
        self.tones = 0

    def tone(self) -> None:
        """Play the tone."""
        self.tones += 1
        self._tone.play()

    def start_beat(self, spm: float) -> None:
        """Play a click for every step until the end."""
        self._pygame.mixer.Sound(file=io.BytesIO(beat_sound(spm, seconds=BEAT_S))).play(loops=-1)

    def close(self) -> None:
        """Fall silent."""
        self._pygame.mixer.quit()


def _tone() -> bytes:
    """Make a short tone that swells and fades."""
    time_s = np.arange(round(TONE_S * RATE_HZ)) / RATE_HZ
    wave = np.sin(2 * np.pi * TONE_HZ * time_s) * np.sin(np.pi * time_s / TONE_S) ** 2
    return as_wav(wave)
