"""Footfalls heard in real film beside the strikes seen: would sound tell a strike better?

    python -m validation.sound

Nothing of this is used by midstance: docs/decisions/sound.md says why.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from scipy.signal import stft

from midstance.analyze import analyze
from midstance.errors import Refused
from midstance.model import ClipPoses, Floats
from midstance.video.opening import open_clip
from validation.cases import SHARED, poses_of

RATE_HZ, WINDOW, HOP = 48_000, 512, 48
BANDS_HZ = ((50, 400), (400, 2000), (2000, 8000))
NEAR_S = 0.07
"""A footfall is sought so far around each strike; moments at random would lie 40 ms apart (standard deviation)."""


def table() -> Iterator[str]:
    """One row for each clip and band: how far the loudest onset lies from the strike, and how much that varies."""
    yield "| clip | sound | strikes | band, Hz | heard after the strike, ms | standard deviation | over the noise |"
    yield "|---|---|---|---|---|---|---|"
    for path in sorted((SHARED / "clips" / "real").glob("*.mp4")):
        sound = heard(path)
        if sound is None or not np.abs(sound).max() > 0:
            yield f"| {path.stem} | {'none' if sound is None else 'silent'} | | | | | |"
            continue
        level = 10 * np.log10(np.mean(sound**2))
        strikes = _strikes_s(path)
        if not len(strikes):
            yield f"| {path.stem} | {level:.0f} dB | no runner from the side | | | | |"
        for band in BANDS_HZ if len(strikes) else ():
            lag_ms, loud = lags(*onsets(sound, *band), strikes)
            told = ", ".join(f"{lag:.0f}" for lag in lag_ms)
            spread = f"{np.std(lag_ms, ddof=1):.1f}"
            yield (
                f"| {path.stem} | {level:.0f} dB | {len(strikes)} | {band[0]} to {band[1]} | {told} | {spread} | "
                f"{np.median(loud):.0f} |"
            )


def heard(path: Path) -> Floats | None:
    """Return the sound of a film, (sample,) -1 to 1, from the first frame on; None if it has none."""
    with av.open(str(path)) as container:
        if not container.streams.audio:
            return None
        resampler = av.AudioResampler("flt", "mono", RATE_HZ)
        parts = [part for frame in container.decode(audio=0) for part in resampler.resample(frame)]
    return np.concatenate([part.to_ndarray()[0] for part in parts])


def onsets(sound: Floats, low_hz: float, high_hz: float) -> tuple[Floats, Floats]:
    """Return times and how far the rise of the loudness stands over its ordinary scatter; a millisecond apart."""
    hz, time_s, spectrum = stft(sound, RATE_HZ, nperseg=WINDOW, noverlap=WINDOW - HOP, boundary=None, padded=False)
    loudness = np.log1p(1000 * np.abs(spectrum[(hz >= low_hz) & (hz < high_hz)]))
    rise = np.maximum(0, np.diff(loudness, axis=1)).mean(axis=0)
    middle = np.median(rise)
    return time_s[1:], (rise - middle) / (1.48 * np.median(np.abs(rise - middle)))


def lags(time_s: Floats, rise: Floats, strikes_s: Floats) -> tuple[Floats, Floats]:
    """Return how long after each strike the loudest onset near it comes, ms, and how loud it is."""
    near = [np.flatnonzero(np.abs(time_s - strike_s) < NEAR_S) for strike_s in strikes_s]
    loudest = np.array([rows[np.argmax(rise[rows])] for rows in near])
    return 1000 * (time_s[loudest] - strikes_s), rise[loudest]


def _strikes_s(path: Path) -> Floats:
    clip = open_clip(path)
    try:
        analysis = analyze(ClipPoses(clip=clip, poses=poses_of(clip, "full")))
    except Refused:
        return np.array([])
    return np.array([contact.strike_s for contact in analysis.contacts])


def main() -> None:
    """Print the table."""
    print("\n".join(table()))


if __name__ == "__main__":
    main()
