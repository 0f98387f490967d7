"""Have the last seconds measured beside the looking, and show what came of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from typing import Protocol

import numpy as np

from midstance.live.focus import Focus
from midstance.live.looking import Looked
from midstance.live.outcome import Session, Wanted
from midstance.live.panel import Panel
from midstance.live.pipeline import Pipeline
from midstance.live.reading import SHOWN, Reading, read, start_reader, warm_up
from midstance.model import ClipPoses, Measure
from midstance.reasons import say
from midstance.text.live import met_words, nothing_to_change

READ_EVERY_S = 1.5
"""How often the last seconds are measured: two strides of most runners."""
LOOKS_FOR_FOCUS = 3
"""How many times all rules are asked for a plan; then nothing must change, and none is watched."""
SAME_STRIDE_S = 0.1
"""Measured again among other strides, a stride may seem to begin so much later, and is not counted twice."""
READER_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")

OnReading = Callable[[Session, Reading, Measure | None], None]


class Player(Protocol):
    """What plays a tone and a beat."""

    def tone(self) -> None:
        """Play the tone."""
        ...

    def start_beat(self, spm: float) -> None:
        """Play a click for every step."""
        ...


@contextmanager
def open_reader() -> Iterator[ProcessPoolExecutor]:
    """Open the process that measures, with one thread for its sums: the other core looks."""
    before = {name: os.environ.get(name) for name in READER_THREADS}
    os.environ.update(dict.fromkeys(READER_THREADS, "1"))
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn"), initializer=start_reader) as pool:
            pool.submit(warm_up).result()  # while its environment holds
            _restore(before)
            yield pool
    finally:
        _restore(before)


def _restore(before: dict[str, str | None]) -> None:
    for name, value in before.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


class Measurer:
    """Has the last seconds measured, and shows what came of it: on the panel, by a tone, to whoever called."""

    def __init__(
        self,
        session: Session,
        wanted: Wanted,
        panel: Panel,
        *,
        player: Player | None,
        on_reading: OnReading | None,
        pool: ProcessPoolExecutor,
    ) -> None:
        self._session, self._wanted, self._panel, self._player, self._on_reading, self._pool = (
            session,
            wanted,
            panel,
            player,
            on_reading,
            pool,
        )
        self.newest: Reading | None = None
        self._focus = wanted.focus
        self._looks_left = 0 if wanted.focus else LOOKS_FOR_FOCUS
        self._under_way: Future[Reading] | None = None
        self._next_s = 0.0
        self._heard_s = -np.inf
        self._beats = False

    def step(self, looked: Looked, pipeline: Pipeline) -> None:
        """Send the last seconds to be measured, and take what was measured meanwhile."""
        if looked.window:
            self._under_way = self._send(looked.window)
            self._next_s = looked.shot.time_s + READ_EVERY_S
        if self._under_way and (self._wanted.every or self._under_way.done()):
            self._take_in(self._under_way.result())
            self._under_way = None
        if self._under_way is None and looked.shot.time_s >= self._next_s:
            pipeline.window_wanted.set()

    def _send(self, window: ClipPoses) -> Future[Reading]:
        """Have the last seconds measured; of a runner who need not change, what is shown in any case."""
        asks = self._focus is None and self._looks_left > 0
        focus = None if asks else self._focus or Focus(measure=SHOWN[0])
        return self._pool.submit(read, window, self._wanted.options, focus)

    def _take_in(self, reading: Reading) -> None:
        self._session.readings.append(replace(reading, track=None))  # an hour of tracks would fill the memory
        if reading.why_not:
            self._panel.say(say(reading.why_not, "cli"))
            self._report(reading, None)
            return
        self.newest = reading
        if self._focus is None and self._looks_left:
            self._focus, self._looks_left = reading.focus, self._looks_left - 1
        near = reading.view.near_side if reading.view else None
        watched = self._focus.of(reading.measures, near) if self._focus else None
        if watched:
            self._listen(watched)
        self._beat(reading)
        line = self._focus.cue if self._focus else "" if self._looks_left else nothing_to_change()
        words = met_words(self._session.met, self._session.strides)
        self._panel.show(reading.measures, watched, self._focus, met=words, line=line)
        self._report(reading, watched)

    def _listen(self, watched: Measure) -> None:
        """Count the new strides that meet the cue; play a tone if the newest does."""
        assert self._focus is not None
        new = [sample for sample in watched.samples if sample.time_s > self._heard_s + SAME_STRIDE_S]
        met = [self._focus.is_met(watched, sample) for sample in new]
        self._session.met += sum(met)
        self._session.strides += len(met)
        if met:
            self._heard_s = new[-1].time_s
            if met[-1] and self._player:
                self._player.tone()

    def _beat(self, reading: Reading) -> None:
        """Start the beat once the cadence is known."""
        cadence = next((m.value for m in reading.measures if m.id == "cadence_spm"), None)
        if cadence and self._player and self._wanted.beat_more is not None and not self._beats:
            self._player.start_beat(cadence * (1 + self._wanted.beat_more))
            self._beats = True

    def _report(self, reading: Reading, watched: Measure | None) -> None:
        if self._on_reading:
            self._on_reading(self._session, reading, watched)
