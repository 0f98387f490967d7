"""Make the beat: a click for every step, to run to."""

from __future__ import annotations

import io
import math
import wave
from pathlib import Path

import numpy as np

from midstance.errors import UsageError
from midstance.formats.files import write_bytes
from midstance.model import Floats

RATE_HZ = 8000
SECONDS = 60
CLICK_HZ, CLICK_S = 1000.0, 0.03
SLOWEST_SPM, FASTEST_SPM = 60.0, 300.0


def write_beat(spm: float, path: Path, *, seconds: float = SECONDS) -> Path:
    """Write a click for every step as WAV, whole beats only, so that it may be played over and over.

    Raises UsageError for a cadence nobody runs, InputError where the file cannot be written.
    """
    return write_bytes(beat_sound(spm, seconds=seconds), path)


def beat_sound(spm: float, *, seconds: float = SECONDS) -> bytes:
    """Return a click for every step as the content of a WAV file, whole beats only. Raises UsageError."""
    if not SLOWEST_SPM <= spm <= FASTEST_SPM or not 0 < seconds <= 3600:
        raise UsageError(
            f"A beat has {SLOWEST_SPM:g} to {FASTEST_SPM:g} steps a minute and lasts up to an hour, not {spm:g} for "
            f"{seconds:g} seconds."
        )
    beats = max(2, 2 * round(spm * seconds / 120))
    samples = np.zeros(round(beats * 60 / spm * RATE_HZ))
    time_s = np.arange(round(CLICK_S * RATE_HZ)) / RATE_HZ
    for beat in range(beats):
        pitch = CLICK_HZ if beat % 2 == 0 else 0.8 * CLICK_HZ
        click = np.sin(2 * math.pi * pitch * time_s) * np.exp(-time_s / (CLICK_S / 4))
        start = round(beat * 60 / spm * RATE_HZ)
        samples[start : start + len(click)] += click[: len(samples) - start]
    return as_wav(samples)


def as_wav(samples: Floats) -> bytes:
    """Return a sound of -1 to 1, RATE_HZ samples a second, as the content of a WAV file of 8 bits."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(1)
        file.setframerate(RATE_HZ)
        file.writeframes((128 + 120 * samples).round().astype(np.uint8).tobytes())
    return sound.getvalue()
