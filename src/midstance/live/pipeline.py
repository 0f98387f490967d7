"""Take pictures from a source, look at them and save them all, each in a thread of its own."""

from __future__ import annotations

from contextlib import closing
from queue import Full, Queue
from threading import Event, Thread
from typing import Self

from midstance.live.film import SessionFilm
from midstance.live.handover import Handover
from midstance.live.looking import Looked, Looker
from midstance.live.outcome import Session
from midstance.live.source import Shot, Source

WAITING = 2
"""Pictures that may wait to be looked at or shown: a stall of 0.1 s costs no picture, and no delay for longer."""
SAVED_AHEAD = 60
"""Pictures that may wait to be written to the film before one is left out of it."""


class Pipeline:
    """The threads that take pictures from the source, look at them and save them; this thread takes what was seen."""

    def __init__(
        self, source: Source, looker: Looker, session: Session, saved: SessionFilm | None, *, every: bool
    ) -> None:
        self._source, self._looker, self._session, self._saved = source, looker, session, saved
        self._every = every
        self._shots: Handover[Shot] = Handover(waiting=WAITING, every=every)
        self._seen: Handover[Looked] = Handover(waiting=WAITING, every=every)
        self._to_save: Queue[Shot | None] = Queue(SAVED_AHEAD)
        self.window_wanted = Event()
        self.window_wanted.set()
        self._ready = Event()
        works = [self._look, self._bring] + ([self._save] if saved else [])
        self._threads = [Thread(target=work, daemon=True, name=work.__name__) for work in works]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
            self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._shots.close()
        self._seen.close()
        for thread in self._threads:
            thread.join()

    def take(self) -> Looked | None:
        """Wait for the next picture that was looked at; None after the last."""
        return self._seen.take()

    def _bring(self) -> None:
        """Take pictures from the source and lay them down."""
        try:
            with closing(self._source.shots()) as shots:
                for shot in shots:
                    self._session.came += 1
                    if self._saved:
                        self._keep(shot)
                    if not self._shots.give(shot):
                        break
            self._shots.close()
        except BaseException as fault:  # noqa: BLE001  (raised again where the pictures are taken)
            self._shots.close(fault)
        finally:
            if self._saved:
                self._to_save.put(None)

    def _keep(self, shot: Shot) -> None:
        try:
            self._to_save.put(shot, block=self._every)
        except Full:
            self._session.unsaved += 1

    def _look(self) -> None:
        """Look at one picture after the other; give the last seconds to be measured when they are asked for."""
        try:
            self._looker.warm_up()
            self._ready.set()
            while (shot := self._shots.take()) is not None:
                runner = self._looker.step(shot)
                window = self._looker.window() if self.window_wanted.is_set() else None
                if window:
                    self.window_wanted.clear()
                self._session.looked += 1
                if not self._seen.give(Looked(shot, runner, window)):
                    break
                self._session.dropped = self._shots.dropped + self._seen.dropped
            self._seen.close()
        except BaseException as fault:  # noqa: BLE001
            self._seen.close(fault)
            self._shots.close()
        finally:
            self._ready.set()

    def _save(self) -> None:
        """Write every picture to the film; one that cannot be written ends the session."""
        assert self._saved is not None
        try:
            while (shot := self._to_save.get()) is not None:
                self._saved.write_at(shot.rgb, shot.time_s)
        except BaseException as fault:  # noqa: BLE001
            self._seen.close(fault)
            while self._to_save.get() is not None:
                pass  # who brings pictures must not wait for ever
