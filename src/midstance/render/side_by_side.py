"""Make films that show takes side by side, each at the same moment of the stride.

All run the same way, with legs of the same length; the first take sets the pace, the others follow its gait phase.
A loop is the film of one take at an even pace of its phase, so that any two loops play side by side as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from midstance.errors import UsageError
from midstance.kinematics.angles import middle_of
from midstance.model import Analysis, Clip, Contact, Floats, Ints, Measure, OnProgress
from midstance.reasons import Reason
from midstance.render import canvas as draw
from midstance.render.film import SHOWN_HZ, SLOWEST, decoded_ahead, prefetch
from midstance.render.viewport import ROOM, Viewport, body_height_px, row_of, window
from midstance.skeleton import other
from midstance.text.captions import difference_caption
from midstance.video.film_writer import FilmWriter

Image = draw.Image
Take = tuple[Clip, Analysis]

PANEL = {1: (640, 640), 2: (560, 640), 3: (420, 560)}
"""Width and height of one take's picture, by how many stand beside each other."""

TOP, BOTTOM = 52, 96
SMALLEST = 14
"""Size of the smallest title: a name that is longer is cut off at the edge of its column."""

LOOP = (360, 480)
"""Width and height of a loop."""

LOOP_HZ, LOOP_STRIDE, LOOP_STRIDES = 24.0, 40, 3
"""Frames a second of a loop, frames of each stride (at 85 strides a minute it plays at 0.42 of life), and strides."""

LOOP_LEGS = 2.9
"""Height of a loop's picture in leg lengths: head and feet stay in, with air around them."""

CALLED_OUT = 3
"""Differences written under the film: those that exceed their error by most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFilm:
    """A film of several takes.

    shows   (film frame, take) the frame of each clip that each frame of the film shows
    """

    path: Path
    width: int
    height: int
    rate_hz: float
    shows: Ints


def side_by_side(
    takes: Sequence[Take],
    path: Path,
    *,
    names: Sequence[str] = (),
    ghost: bool = False,
    last_repeats: bool = False,
    below: Sequence[str] | None = None,
    progress: OnProgress | None = None,
) -> PairFilm:
    """Write the film of two or three takes.

    ghost         lay the later takes over the first as skeletons instead
    last_repeats  the strides of the last take, all alike, come again as often as the others need them
    below         lines under the film; None: the clearest differences between the first take and the last

    Raises UsageError for another number of takes, or for a take without a whole stride.
    """
    if not 2 <= len(takes) <= 3:
        raise UsageError(Reason("two_or_three_takes", n=len(takes)))
    shows, rate_hz = lock_phases([analysis for _, analysis in takes], last_repeats=last_repeats)
    panels = _panels(takes, 1 if ghost else len(takes))
    size = (panels[0].size[0] * (1 if ghost else len(takes)), TOP + panels[0].size[1] + BOTTOM)
    titles = list(names) or [clip.path.stem for clip, _ in takes]
    lines = clearest_differences(takes[0][1].measures, takes[-1][1].measures) if below is None else below
    blank = _bands(draw.sheet(*size), titles, lines, ghost=ghost)
    pictures = prefetch(_over(panels, shows, blank) if ghost else _beside(panels, shows, blank))
    with FilmWriter(path, width=size[0], height=size[1], rate_hz=rate_hz) as writer:
        for done, picture in enumerate(pictures, start=1):
            writer.write(picture)
            if progress:
                progress(done, len(shows))
    return PairFilm(path=path, width=size[0], height=size[1], rate_hz=rate_hz, shows=shows)


def loop_film(take: Take, path: Path) -> Image:
    """Write the loop of one take: a few strides, running to the right, with equally many frames each.

    Returns its first picture. Raises UsageError for a take without a whole stride.
    """
    analysis = take[1]
    leg = float(np.nanmedian(analysis.track.leg_px))
    panel = _Panel(take, _sized(take, LOOP_LEGS * leg, LOOP), mirrored=analysis.track.direction < 0)
    shows = loop_frames(analysis)
    first: list[Image] = []
    with FilmWriter(path, width=LOOP[0], height=LOOP[1], rate_hz=LOOP_HZ) as writer:
        for picture, frame in zip(panel.pictures(shows), shows.tolist(), strict=True):
            drawn = panel.skeleton(np.array(picture, order="C"), frame)
            first = first or [drawn]
            writer.write(drawn)
    return first[0]


# -- the same moment of the stride ---------------------------------------------------------------------------------


def lock_phases(analyses: Sequence[Analysis], *, last_repeats: bool = False) -> tuple[Ints, float]:
    """Return (film frame, take) frames of the clips at equal gait phase, and the film's rate; the first sets the pace.

    Phase counts strides: whole at a landing of the near foot, half at one of the other foot, even in between.
    Raises UsageError for a take without a whole stride.
    """
    marks = [touchdowns(analysis) for analysis in analyses]
    counts = [len(times) // 2 for times in marks]
    if min(counts) < 1:
        raise UsageError(Reason("needs_whole_stride"))
    strides = min(counts[:-1] if last_repeats else counts)
    first = analyses[0].clip
    life_hz = first.rate_hz * first.slow_motion_factor
    speed = min(SLOWEST, SHOWN_HZ / life_hz)
    time_s = np.arange(marks[0][0], marks[0][2 * strides], 1 / life_hz)
    phase = np.interp(time_s, marks[0], np.arange(len(marks[0])))
    phases = [phase for _ in analyses]
    if last_repeats:
        phases[-1] = phase % (2 * counts[-1])
    shows = [
        _nearest(a.clip, np.interp(each, np.arange(len(m)), m))
        for a, m, each in zip(analyses, marks, phases, strict=True)
    ]
    return np.stack(shows, axis=1), life_hz * speed


def loop_frames(analysis: Analysis) -> Ints:
    """Return (loop frame,) frames of the clip at even steps of the gait phase, from a landing of the near foot on.

    Raises UsageError without a whole stride.
    """
    marks = touchdowns(analysis)
    strides = min(LOOP_STRIDES, len(marks) // 2)
    if strides < 1:
        raise UsageError(Reason("needs_whole_stride"))
    first = (len(marks) // 2 - strides) // 2 * 2
    phase = first + np.arange(strides * LOOP_STRIDE) * 2 / LOOP_STRIDE
    return _nearest(analysis.clip, np.interp(phase, np.arange(len(marks)), marks))


def touchdowns(analysis: Analysis) -> Floats:
    """Return the longest run of landings without a gap, seconds: near foot, other foot, ..., ending on the near."""
    near = analysis.near_leg
    step_s = 0.5 / analysis.track.stride_hz
    runs: list[list[Contact]] = [[]]
    for contact in sorted(analysis.contacts, key=lambda contact: contact.strike_s):
        last = runs[-1][-1] if runs[-1] else None
        if last and (contact.side != other(last.side) or contact.strike_s - last.strike_s > 1.6 * step_s):
            runs.append([])
        runs[-1].append(contact)
    best = max(runs, key=len)
    if best and best[0].side != near:
        best = best[1:]
    return np.array([contact.strike_s for contact in best[: len(best) - 1 + len(best) % 2]])


def _nearest(clip: Clip, wanted_s: Floats) -> Ints:
    life_s = clip.time_s / clip.slow_motion_factor
    after = np.clip(np.searchsorted(life_s, wanted_s), 1, clip.frames - 1)
    return np.asarray(after - (wanted_s - life_s[after - 1] < life_s[after] - wanted_s))


# -- pictures ------------------------------------------------------------------------------------------------------


class _Panel:
    """One take's picture: turned to run like the first, scaled to its leg length."""

    def __init__(self, take: Take, view: Viewport, *, mirrored: bool) -> None:
        self.clip, self.analysis = take
        self.view, self.mirrored = view, mirrored
        self.size = (view.width, view.height)
        self.near = self.analysis.track.near_side

    def pictures(self, shown: Ints) -> Iterator[Image]:
        """Return the runner without a skeleton, for each frame asked for; quick where they rise."""
        picture = draw.sheet(*self.size)
        at = int(shown.max()) + 1
        decoded: Iterator[Image] = iter(())
        for frame in shown.tolist():
            source: Image | None = None
            if frame < at:
                at, decoded = frame - 1, decoded_ahead(self.clip, frame, int(shown.max()) + 1)
            while at < frame:
                source, at = next(decoded), at + 1
            if source is not None:
                picture = self.view.picture(source, frame)
                picture = picture[:, ::-1] if self.mirrored else picture
            yield picture

    def points(self, frame: int) -> Floats:
        """Return (keypoint, 2) pixels of this panel."""
        track = self.analysis.track
        points = self.view.place(track.xy_px[row_of(track, frame)], frame)
        return np.stack([self.size[0] - 1 - points[:, 0], points[:, 1]], axis=1) if self.mirrored else points

    def skeleton(self, image: Image, frame: int, shift: Floats | None = None) -> Image:
        """Draw the skeleton of a frame, moved by `shift` if given."""
        track = self.analysis.track
        points = self.points(frame) if shift is None else self.points(frame) + shift
        return draw.skeleton(image, points, track.seen[row_of(track, frame)], near=self.near, width=3)


def _panels(takes: Sequence[Take], beside: int) -> list[_Panel]:
    legs = [float(np.nanmedian(analysis.track.leg_px)) for _, analysis in takes]
    tall = max(ROOM * body_height_px(a.track) / leg for (_, a), leg in zip(takes, legs, strict=True))
    facing = takes[0][1].track.direction
    return [
        _Panel(take, _sized(take, tall * leg, PANEL[beside]), mirrored=take[1].track.direction == -facing != 0)
        for take, leg in zip(takes, legs, strict=True)
    ]


def _sized(take: Take, tall_px: float, size: tuple[int, int]) -> Viewport:
    """Return a window this many pixels of the clip high, drawn at exactly this size."""
    width, height = size
    view = window(take[0], take[1].track, (tall_px * width / height, tall_px), height=height)
    return replace(view, width=width)


def _beside(panels: Sequence[_Panel], shows: Ints, blank: Image) -> Iterator[Image]:
    width, height = panels[0].size
    reels = [panel.pictures(shows[:, i]) for i, panel in enumerate(panels)]
    for row, pictures in zip(shows.tolist(), zip(*reels, strict=True), strict=True):
        canvas = blank.copy()
        for i, (panel, picture) in enumerate(zip(panels, pictures, strict=True)):
            drawn = panel.skeleton(np.array(picture, order="C"), row[i])
            canvas[TOP : TOP + height, i * width : (i + 1) * width] = drawn
        yield canvas


def _over(panels: Sequence[_Panel], shows: Ints, blank: Image) -> Iterator[Image]:
    """Draw the first take with its own skeleton, the others placed on its hips as lines of one colour each."""
    first, height = panels[0], panels[0].size[1]
    for row, picture in zip(shows.tolist(), first.pictures(shows[:, 0]), strict=True):
        canvas = blank.copy()
        drawn = first.skeleton(np.array(picture, order="C"), row[0])
        hips = middle_of(first.points(row[0]), "hip")
        for panel, frame, colour in zip(panels[1:], row[1:], draw.GHOSTS, strict=False):
            points = panel.points(frame)
            draw.ghost(drawn, points + hips - middle_of(points, "hip"), near=panel.near, colour=colour)
        canvas[TOP : TOP + height] = drawn
        yield canvas


# -- words ---------------------------------------------------------------------------------------------------------


def _bands(blank: Image, titles: Sequence[str], lines: Sequence[str], *, ghost: bool) -> Image:
    width, size = blank.shape[1] // len(titles), 22
    while size > SMALLEST and any(draw.text_width(title, size) > width - 20 for title in titles):
        size -= 1
    for i, title in enumerate(titles):
        colour = draw.GHOSTS[i - 1] if ghost and i else draw.INK
        draw.text(blank, (i * width + 14, TOP / 2), title, size=size, colour=colour)
    fitting = [part for line in lines for part in draw.wrap(line, 19, blank.shape[1] - 28)]
    for i, line in enumerate(fitting):
        draw.text(blank, (14, blank.shape[0] - BOTTOM + 20 + 26 * i), line, size=19, colour=draw.MARK)
    return blank


def clearest_differences(before: Sequence[Measure], after: Sequence[Measure]) -> list[str]:
    """Name the measures whose difference exceeds its error by most; differences within the error are left out."""
    later = {(m.id, m.side): m for m in after}
    found = []
    for measure in before:
        match = later.get((measure.id, measure.side))
        if match is None or measure.id.startswith("asymmetry"):
            continue
        error = float(np.hypot(measure.uncertainty, match.uncertainty))
        if error > 0 and abs(match.value - measure.value) > error:
            found.append((abs(match.value - measure.value) / error, measure, match, error))
    found.sort(key=lambda each: -each[0])
    return [difference_caption(a, b, error) for _, a, b, error in found[:CALLED_OUT]]
