"""Make the annotated film: slow motion around the hips, legs in two colours, contacts below.

The clip is decoded, drawn and encoded in three threads that hand frames on, so that memory does not grow with the clip.
Words are in bands above and below the picture, never over the runner.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Event, Thread

import numpy as np

from midstance.model import Analysis, Clip, Contact, Ints, Measure, OnProgress, Sample, Side
from midstance.render import canvas as draw
from midstance.render.overlays import draw_measure, posture
from midstance.render.viewport import Viewport, follow_view, row_of
from midstance.skeleton import other
from midstance.text.captions import calm_caption, cue_caption, film_speed, moment_caption, shot_caption
from midstance.text.diagnosis import film_shots
from midstance.text.names import bare
from midstance.text.shots import Shot
from midstance.video.film_writer import FilmWriter
from midstance.video.frames import frames
from midstance.video.stills import opencv_on_one_thread

Image = draw.Image
SHOWN_HZ = 30.0
"""Frames a second of the film: every frame of a 60 Hz clip then plays at half speed, of a 240 Hz clip at an eighth."""

SLOWEST = 0.5
"""A clip of 30 frames a second plays at half speed too, so at 15 frames a second."""

AHEAD, AHEAD_BYTES = 6, 40_000_000
"""Pictures made ahead of their use, at most, and the memory for those of the clip: two of 4K."""

FREEZE_S = 0.5
READ_S = 1.6
"""How long the evidence of the focus stands still, and how long its line can be read, seconds of the film."""

MOMENT_S = 0.05
"""How long the angle of a landing or a toe-off is drawn on the limb, seconds of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Film:
    """An annotated film.

    shows   (film frame,) the frame of the clip that each frame of the film shows
    speed   how fast it plays, as a share of real speed
    view    the window of the clip that is shown
    top     lines above that window, for words
    """

    path: Path
    width: int
    height: int
    rate_hz: float
    speed: float
    shows: Ints
    view: Viewport
    top: int

    def seconds_of(self, frame: int) -> float:
        """Return when the film shows a frame of the clip first, in seconds of the film."""
        return round((int(np.argmax(self.shows >= frame)) + 0.5) / self.rate_hz, 3)


def make_film(
    clip: Clip, analysis: Analysis, path: Path, *, place: int = 0, height: int = 720, progress: OnProgress | None = None
) -> Film:
    """Draw and write the annotated film.

    place   which of analysis.films the clip is
    height  most lines of the picture between its bands

    Raises InputError if the clip cannot be decoded or the film not written.
    """
    stops = {shot.frame: shot for shot in reversed(film_shots(analysis, place))}
    filmed = analysis.films[place]
    scene = _Scene(clip, filmed, follow_view(clip, filmed.track, height=height), stops, last_line=_last_line(analysis))
    shows, speed, rate_hz = film_frames(filmed, freezes=scene.freezes)
    size = scene.size
    with opencv_on_one_thread(), FilmWriter(path, width=size[0], height=size[1], rate_hz=rate_hz) as writer:
        pictures = prefetch(_drawn(scene, shows, speed, rate_hz))
        for done, picture in enumerate(pictures, start=1):
            writer.write(picture)
            if progress:
                progress(done, len(shows))
    return Film(
        path=path,
        width=size[0],
        height=size[1],
        rate_hz=rate_hz,
        speed=speed,
        shows=shows,
        view=scene.view,
        top=scene.top,
    )


def _last_line(analysis: Analysis) -> str:
    """Return what the film says after its last stop."""
    return cue_caption(analysis.plan.cue) if analysis.plan else calm_caption()


def film_frames(analysis: Analysis, *, freezes: dict[int, Shot]) -> tuple[Ints, float, float]:
    """Choose which frame of the clip each frame of the film shows.

    freezes  frame of the clip -> the evidence for which the film stops there

    Returns (film frame,) frames of the clip, the speed as a share of real speed, and the frame rate of the film. The
    steps are even in real time, also where the clip's own are not; a freeze repeats its frame, and the last frame stays
    until the last freeze and the cue after it can be read.
    """
    clip, track = analysis.clip, analysis.track
    life_hz = clip.rate_hz * clip.slow_motion_factor
    speed = min(SLOWEST, SHOWN_HZ / life_hz)
    rate_hz = life_hz * speed
    life_s = clip.time_s / clip.slow_motion_factor
    first, last = track.first_frame, track.first_frame + len(track.time_s) - 1
    wanted_s = np.arange(life_s[first], life_s[last] + 0.5 / life_hz, 1 / life_hz)
    after = np.clip(np.searchsorted(life_s, wanted_s), 1, clip.frames - 1)
    nearest = after - (wanted_s - life_s[after - 1] < life_s[after] - wanted_s)
    repeats = {frame: round(FREEZE_S * rate_hz) for frame in freezes}
    shows = [shown for frame in nearest for shown in [frame] * (1 + repeats.pop(int(frame), 0))]
    if freezes and max(freezes) in shows:
        room = len(shows) - shows.index(max(freezes))
        shows += [shows[-1]] * max(0, round(2 * READ_S * rate_hz) - room)
    return np.array(shows), speed, rate_hz


# -- threads -------------------------------------------------------------------------------------------------------


def _drawn(scene: _Scene, shows: Ints, speed: float, rate_hz: float) -> Iterator[Image]:
    """Draw every picture of the film; a frame shown twice is drawn once."""
    decoded = decoded_ahead(scene.clip, int(shows[0]), int(shows[-1]) + 1)
    at, picture = int(shows[0]) - 1, None
    captions = _captions(scene, shows, round(READ_S * rate_hz))
    scene.note = film_speed(speed)
    for frame, line in zip(shows, captions, strict=True):
        if picture is None or frame != at:
            while at < frame:
                source, at = next(decoded), at + 1
            picture = scene.picture(source, int(frame), line)
        yield picture


def _captions(scene: _Scene, shows: Ints, read: int) -> list[str]:
    """Return the line over each picture of the film: each stop for `read` pictures, and after the last the cue."""
    captions = [""] * len(shows)
    starts = {frame: int(np.argmax(shows == frame)) for frame in sorted(scene.freezes) if frame in shows}
    for frame, start in starts.items():
        captions[start : start + read] = [shot_caption(scene.freezes[frame])] * len(captions[start : start + read])
    if starts:
        last = slice(max(starts.values()) + read, max(starts.values()) + 2 * read)
        captions[last] = [scene.last_line] * len(captions[last])
    return captions


def decoded_ahead(clip: Clip, start: int, stop: int) -> Iterator[Image]:
    """Decode some frames of a clip in another thread, a few ahead of their use: fewer of a large clip."""
    depth = min(AHEAD, max(2, AHEAD_BYTES // (3 * clip.width * clip.height)))
    return prefetch(frames(clip, start=start, stop=stop), depth)


def prefetch(pictures: Iterator[Image], depth: int = AHEAD) -> Iterator[Image]:
    """Make pictures in another thread, a few ahead of their use."""
    queue: Queue[Image | BaseException | None] = Queue(depth)
    stop = Event()

    def work() -> None:
        try:
            for picture in pictures:
                queue.put(picture)
                if stop.is_set():
                    return
            queue.put(None)
        except BaseException as fault:  # noqa: BLE001  (raised again where the pictures are taken)
            queue.put(fault)

    thread = Thread(target=work, daemon=True)
    thread.start()
    try:
        while (item := queue.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        while thread.is_alive():
            while not queue.empty():
                queue.get()
            thread.join(0.01)


# -- the picture ---------------------------------------------------------------------------------------------------


class _Scene:
    """Everything one picture of the film is drawn from."""

    def __init__(
        self, clip: Clip, analysis: Analysis, view: Viewport, freezes: dict[int, Shot], *, last_line: str
    ) -> None:
        self.clip, self.analysis, self.view = clip, analysis, view
        self.freezes, self.last_line = freezes, last_line
        self.unit = max(0.7, min(view.width, view.height) / 720)
        self.top, bottom = (2 * round(self.unit * rows / 2) for rows in (106, 96))
        self.size = (view.width, self.top + view.height + (bottom if analysis.contacts else 0))
        self.near: Side = analysis.near_leg
        self.events = _events(analysis, self.near)
        self.bars = None  # from the front and from behind no contact is seen
        if analysis.contacts:
            self.bars = _Bars(analysis, self.near, width=view.width, height=bottom, unit=self.unit)
        self.note = ""
        self._band = ("", False), self._lasting("", draw.INK)

    def picture(self, decoded: Image, frame: int, line: str) -> Image:
        """Draw one picture: words above, the runner, contacts below."""
        canvas = np.empty((self.size[1], self.size[0], 3), np.uint8)
        middle = canvas[self.top : self.top + self.view.height]
        self.view.picture(decoded, frame, into=middle)
        self._runner(middle, frame, alone=bool(line))
        time_s = float(self.clip.time_s[frame] / self.clip.slow_motion_factor)
        self._words(canvas[: self.top], time_s, line)
        if self.bars:
            canvas[self.top + self.view.height :] = self.bars.at(time_s)
        return canvas

    def _runner(self, image: Image, frame: int, *, alone: bool) -> None:
        """Draw the runner; while the evidence of the focus is read, no other angle is drawn (`alone`)."""
        track = self.analysis.track
        row = row_of(track, frame)
        body = posture(self.view, track, frame)
        width = max(2, round(4.5 * self.unit))
        for contact in self.analysis.contacts:
            if contact.strike_frame <= frame < contact.toe_off_frame:
                colour = draw.NEAR if contact.side == self.near else draw.FAR
                draw.ground(image, body.at("heel", contact.side), body.at("toe", contact.side), colour)
        draw.skeleton(image, body.points, track.seen[row], near=self.near, width=width)
        if frame in self.freezes:
            shot = self.freezes[frame]
            draw_measure(image, body, shot.measure, shot.side, near=self.near, number=shot.number)
            return
        for event in () if alone else self.events:
            if event.frame <= frame and self._since(event.frame, frame) < MOMENT_S:
                for measure in event.measures:
                    draw_measure(image, body, measure, event.side, near=self.near)

    def _since(self, start: int, frame: int) -> float:
        return float(self.clip.time_s[frame] - self.clip.time_s[start]) / self.clip.slow_motion_factor

    def _words(self, band: Image, time_s: float, line: str) -> None:
        """Write the words above the picture: what stays from the picture before is not drawn again."""
        past = bisect_right(self.events, time_s, key=lambda event: event.time_s)
        says = line or (self.events[past - 1].says if past else "")
        if self._band[0] != (says, bool(line)):
            self._band = (says, bool(line)), self._lasting(says, draw.MARK if line else draw.INK)
        band[:] = self._band[1]
        u = self.unit
        note = f"{self.note}   {time_s:5.2f} s"
        draw.text(band, (self.size[0] - 14 * u, 17 * u), note, size=round(17 * u), colour=draw.DIM, anchor="right")

    def _lasting(self, says: str, colour: draw.Colour) -> Image:
        """Draw the band above the picture but for the time: which leg has which colour, and a line or two."""
        u, width = self.unit, self.size[0]
        band = draw.sheet(width, self.top)
        small, large = round(17 * u), round(23 * u)
        draw.text(band, (14 * u, 17 * u), f"{self.near} leg", size=small, colour=draw.NEAR)
        left = 28 * u + draw.text_width(f"{self.near} leg", small)
        draw.text(band, (left, 17 * u), f"{other(self.near)} leg", size=small, colour=draw.FAR)
        lines = draw.wrap(says, large, width - 28 * u)[:2]
        if len(draw.wrap(says, large, width - 28 * u)) > 2:
            large = small
            lines = draw.wrap(says, small, width - 28 * u)[:2]
        first = 66 * u if len(lines) == 1 else 52 * u
        draw.paragraph(band, (14 * u, first), lines, size=large, colour=colour)
        return band


@dataclass(frozen=True, slots=True, kw_only=True)
class _Event:
    """A landing or toe-off of the near foot: what is drawn at it, and written until the next."""

    frame: int
    time_s: float
    side: Side
    measures: tuple[str, ...]
    says: str


_AT_STRIKE = {"shank_angle_at_strike_deg": "shin", "knee_flexion_at_strike_deg": "knee bend"}
_AT_TOE_OFF = {"thigh_extension_at_toe_off_deg": "hip extension"}


def _events(analysis: Analysis, side: Side) -> tuple[_Event, ...]:
    if analysis.track.plane != "side":
        return ()
    found = []
    for contact in (c for c in analysis.contacts if c.side == side):
        for title, time_s, frame, named in (
            ("Landing", contact.strike_s, contact.strike_frame, _AT_STRIKE),
            ("Toe-off", contact.toe_off_s, contact.toe_off_frame, _AT_TOE_OFF),
        ):
            values = _values(analysis.measures, named, side, time_s)
            if values:
                says = moment_caption(title, values)
                found.append(_Event(frame=frame, time_s=time_s, side=side, measures=tuple(named), says=says))
    return tuple(sorted(found, key=lambda event: event.time_s))


def _values(measures: tuple[Measure, ...], named: dict[str, str], side: Side, time_s: float) -> list[str]:
    """Name this stride's values; a stride without a sample has none."""
    found = []
    for measure in measures:
        if measure.id in named and measure.side == side and measure.samples:
            near: Sample = min(measure.samples, key=lambda sample: abs(sample.time_s - time_s))
            if abs(near.time_s - time_s) < 0.1:
                found.append(f"{named[measure.id]} {bare(near.value, 5.0, measure.unit)}")
    return found


class _Bars:
    """When each foot is on the ground, as bars that move under a cursor."""

    WINDOW_S = 4.0

    def __init__(self, analysis: Analysis, near: Side, *, width: int, height: int, unit: float) -> None:
        times = analysis.track.time_s
        self.start_s, self.end_s = float(times[0]), float(times[-1])
        self.label = round(74 * unit)
        self.view = width - self.label - round(14 * unit)
        self.per_s = self.view / min(self.WINDOW_S, self.end_s - self.start_s)
        self.rows = {near: round(28 * unit), other(near): round(64 * unit)}
        self.thick = round(12 * unit)
        self.unit = unit
        self.blank = draw.sheet(width, height)
        for side, row in self.rows.items():
            draw.text(self.blank, (14 * unit, row), side, size=round(17 * unit), colour=draw.DIM)
        self.strip = draw.sheet(self._x(self.end_s) + 1, height)
        for side, row in self.rows.items():
            self.strip[row - 1 : row + 1] = (52, 57, 64)
            for contact in (c for c in analysis.contacts if c.side == side):
                self._bar(contact, row, draw.NEAR if side == near else draw.FAR)

    def at(self, time_s: float) -> Image:
        """Draw the band at one moment: the cursor stays in the middle except at both ends of the run."""
        band = self.blank.copy()
        x = self._x(time_s)
        left = int(np.clip(x - self.view // 2, 0, max(0, self.strip.shape[1] - self.view)))
        part = self.strip[:, left : left + self.view]
        band[:, self.label : self.label + part.shape[1]] = part
        cursor = self.label + min(x - left, self.view - 2)
        band[round(8 * self.unit) : -round(8 * self.unit), cursor : cursor + 2] = draw.INK
        return band

    def _bar(self, contact: Contact, row: int, colour: draw.Colour) -> None:
        start, end = max(0, self._x(contact.strike_s)), max(0, self._x(contact.toe_off_s))
        self.strip[row - self.thick : row + self.thick, start:end] = colour

    def _x(self, time_s: float) -> int:
        return round((time_s - self.start_s) * self.per_s)
