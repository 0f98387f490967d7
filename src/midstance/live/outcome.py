"""What is asked of a session, and what comes of it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.live.focus import Focus
from midstance.live.reading import Reading
from midstance.options import Options
from midstance.text.live import Pace

LATELY = 60
"""Pictures whose delay is shown while a session runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of a session.

    options       what is known of the runner, and the pose model
    focus         what is watched; None: what the plan of the first strides asks for
    drawn_to      film of what is shown, None for none
    saved_to      film of what the camera saw, with every picture, None for none
    seconds       after how many seconds to stop, None at the end of the source or when somebody stops it
    beat_more     play a beat, by this share faster than the first cadence; None for no beat
    every         look at every picture, however long it takes; for measuring, not for watching
    """

    options: Options
    focus: Focus | None = None
    drawn_to: Path | None = None
    saved_to: Path | None = None
    seconds: float | None = None
    beat_more: float | None = None
    every: bool = False


@dataclass(slots=True)
class Session:
    """What came of a session.

    came, looked    pictures that the source gave, and that were looked at
    dropped         pictures that were not looked at or not shown, for newer ones were there
    unsaved         pictures left out of the saved film
    delays_s        of every picture shown, how old it was then
    readings        everything that was measured, in order, without the tracks
    met, strides    strides of the watched number, and how many of them met the cue
    seconds         how long it took
    cpu_s           processor time of all threads and processes
    lost            why the source ended before its time, None if it did not
    """

    came: int = 0
    looked: int = 0
    dropped: int = 0
    unsaved: int = 0
    delays_s: list[float] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    met: int = 0
    strides: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    lost: InputError | None = None

    @property
    def pace(self) -> Pace:
        """How fast it goes; while it runs, the delay is that of the last pictures."""
        delays_s = self.delays_s if self.seconds else self.delays_s[-LATELY:]
        middle, most = np.quantile(delays_s, [0.5, 0.95]).tolist() if delays_s else (math.nan, math.nan)
        return Pace(
            came=self.came,
            shown=len(self.delays_s),
            looked=self.looked,
            dropped=self.dropped,
            seconds=self.seconds,
            cpu_s=self.cpu_s,
            delay_s=middle,
            most_delay_s=most,
        )
