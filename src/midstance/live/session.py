"""Watch a runner from the first picture to the last: the line of `midstance live`. Read this file first.

Three threads and a process share the work, and none waits for another: one takes pictures from the source, one looks
at them, this one draws and shows them; the last seconds are measured in a process of their own. Where more pictures
come than may wait, the oldest is dropped, counted, and yet part of the film that is saved.
"""

from __future__ import annotations

import os
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from midstance.errors import InputError
from midstance.formats.files import written_whole
from midstance.live.film import SessionFilm
from midstance.live.legs import true_legs
from midstance.live.looking import Looked, Looker
from midstance.live.measuring import Measurer, OnReading, Player, open_reader
from midstance.live.outcome import Session, Wanted
from midstance.live.panel import Panel, draw_runner
from midstance.live.pipeline import Pipeline
from midstance.live.reading import Reading
from midstance.live.source import Source
from midstance.live.stopping import Stop
from midstance.machine import cores
from midstance.video.stills import Image


class Screen(Protocol):
    """What shows pictures; returns False when the runner wants to stop."""

    def show(self, picture: Image) -> bool:
        """Show a picture."""
        ...


def watch(
    source: Source,
    wanted: Wanted,
    *,
    screen: Screen | None = None,
    player: Player | None = None,
    on_reading: OnReading | None = None,
    stop: Stop | None = None,
) -> Session:
    """Watch a runner until the source ends, the screen is closed or somebody wants to stop.

    on_reading  called when the last seconds were measured, with what came of it and the number that is watched

    A source that is lost in the middle ends the session; what was filmed until then is kept (Session.lost).
    Raises InputError if the source cannot be read at all, WeightsError if the pose model cannot be had.
    """
    session = Session()
    threads = wanted.options.threads or cores()
    looker = Looker(wanted.options.model, name=source.name, size=source.size, threads=max(1, threads))
    panel = Panel(*source.size)
    with ExitStack() as stack:
        measurer = Measurer(
            session,
            wanted,
            panel,
            player=player,
            on_reading=on_reading,
            pool=stack.enter_context(open_reader()),
        )
        drawn = _film(stack, wanted.drawn_to, panel.size, source.rate_hz)
        saved = _film(stack, wanted.saved_to, source.size, source.rate_hz)
        pipeline = stack.enter_context(Pipeline(source, looker, session, saved, every=wanted.every))
        start_s, cpu_s = time.perf_counter(), _cpu_s()
        while (looked := _next(pipeline, session)) is not None:
            measurer.step(looked, pipeline)
            picture = panel.under(_drawn(looked, measurer.newest))
            if drawn:
                drawn.write_at(picture, looked.shot.time_s)
            going_on = screen.show(picture) if screen else True
            session.delays_s.append(time.perf_counter() - looked.shot.due_s)
            enough = wanted.seconds is not None and looked.shot.time_s >= wanted.seconds
            if enough or not going_on or (stop and stop.is_wanted):
                break
    session.seconds, session.cpu_s = time.perf_counter() - start_s, _cpu_s() - cpu_s
    return session


def _next(pipeline: Pipeline, session: Session) -> Looked | None:
    """Wait for the next picture that was looked at; None after the last, and where the source was lost.

    Raises InputError where it is lost before anything was shown.
    """
    try:
        return pipeline.take()
    except InputError as lost:
        if not session.delays_s:
            raise
        session.lost = lost
        return None


def _cpu_s() -> float:
    """Return the processor time of this process and of those it has waited for."""
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _film(stack: ExitStack, path: Path | None, size: tuple[int, int], rate_hz: float) -> SessionFilm | None:
    """Open a film to write to; None for none."""
    if path is None:
        return None
    half = stack.enter_context(written_whole(path))
    return stack.enter_context(SessionFilm(half, size=size, rate_hz=rate_hz))


def _drawn(looked: Looked, newest: Reading | None) -> Image:
    """Return the picture with the runner on it."""
    if looked.runner is None:
        return looked.shot.rgb
    track = newest.track if newest else None
    points = true_legs(looked.runner.xy, looked.shot.time_s, track)
    return draw_runner(looked.shot.rgb, points, looked.runner.confidence, track.near_side if track else None)
