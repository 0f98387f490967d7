"""Say what is seen while a runner is watched: on the picture, in the terminal, and at the end."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from midstance.model import Measure
from midstance.text.names import bare, capital, count, measure_name, with_error
from midstance.units import unit_text


def cadence_words(measures: Iterable[Measure]) -> str:
    """Return the cadence: "170 steps a minute"; empty where it was not measured."""
    found = next((m for m in measures if m.id == "cadence_spm"), None)
    return bare(found.value, 2.0, found.unit) if found else ""


def contact_words(measures: Iterable[Measure]) -> str:
    """Return the contact times: "contact left 260, right 262 ms"; empty where none was measured."""
    found = {m.side: m for m in measures if m.id == "contact_time_ms"}
    sides = [f"{side} {bare(found[side].value, 5.0, '')}" for side in ("left", "right") if side in found]
    return f"contact {', '.join(sides)} ms" if sides else ""


def focus_words(measure: Measure) -> str:
    """Return the number that is watched: "Foot ahead of the hip at landing, right: 0.36 ± 0.03 leg lengths"."""
    number = with_error(measure.value, measure.uncertainty, measure.unit)
    return f"{capital(measure_name(measure.id, measure.side))}: {number}"


def goal_words(measure: Measure, *, way: int, goal: float) -> str:
    """Return what is aimed at: "goal 0.31 or less", or what is ordinary; empty where neither is known."""
    if way:
        return f"goal {bare(goal, measure.uncertainty, measure.unit)} or {'more' if way > 0 else 'less'}"
    band = measure.band
    if band is None:
        return ""
    low, high = (bare(edge, measure.uncertainty, "") for edge in (band.low, band.high))
    unit = unit_text(measure.unit)
    if math.isfinite(band.low) and math.isfinite(band.high):
        return f"usual {low} to {high}{unit}"
    return f"usual {high}{unit} or less" if math.isfinite(band.high) else f"usual {low}{unit} or more"


def met_words(met: int, strides: int) -> str:
    """Return in how many strides the cue was met; empty before the first."""
    return f"met in {met} of {count(strides, 'stride')}" if strides else ""


def nothing_to_change() -> str:
    """Return what is written in place of a focus when nothing must change."""
    return "Nothing you must change."


def looking_words() -> str:
    """Return what is written before anything was measured."""
    return "Run on. I'm watching your first strides."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How fast a session goes.

    came, looked, shown, dropped  pictures that the source gave, looked at, shown, and left out for newer ones
    seconds       how long it took
    cpu_s         processor time of all threads and processes; 0 while it runs
    delay_s       how old a picture is when it is shown, the median
    most_delay_s  and how old at most in 95 %
    """

    came: int
    looked: int
    shown: int
    dropped: int
    seconds: float
    cpu_s: float
    delay_s: float
    most_delay_s: float


def reading_line(
    end_s: float, measures: Sequence[Measure], watched: Measure | None, pace: Pace, *, met: int, strides: int
) -> str:
    """Return the line of the terminal about the last strides."""
    focus = focus_words(watched) if watched else ""
    behind = f"{1000 * pace.delay_s:.0f} ms behind, {pace.dropped} dropped"
    parts = (cadence_words(measures), contact_words(measures), focus, met_words(met, strides), behind)
    return f"{end_s:6.1f} s  {'; '.join(part for part in parts if part)}"


def session_lines(pace: Pace, *, unsaved: int) -> Iterator[str]:
    """Say at the end how fast it went, how old pictures were when they were shown, and how many were left out."""
    yield (
        f"{pace.shown} of {count(pace.came, 'picture')} shown in {pace.seconds:.1f} s, {pace.dropped} dropped; "
        f"{1000 * pace.cpu_s / max(pace.looked, 1):.0f} ms of processor time a picture."
    )
    yield (
        f"From camera to picture: median {1000 * pace.delay_s:.0f} ms, "
        f"{1000 * pace.most_delay_s:.0f} ms or less for 95 %."
    )
    if unsaved:
        yield f"The disk was too slow for {count(unsaved, 'picture')}: the film of the session lacks them."
