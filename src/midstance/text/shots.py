"""Choose the evidence pictures: which measure, which frame shows it, and what is written under it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from midstance.coaching.rules.seen import SEEN, is_share, ordinary, share_text
from midstance.coaching.rules.verdicts import FROM_HERE
from midstance.kinematics.curves import nearest_frame
from midstance.model import Analysis, Clip, Evidence, Measure, MeasureSide
from midstance.text.names import bare, capital, measure_name
from midstance.text.table import usual
from midstance.units import unit_of

SHOTS_PER_FINDING = 4
"""Evidence pictures of one finding; more tire the reader."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """An evidence picture to be drawn: a measure and the frame of the clip that shows it.

    about   what it is evidence of, in a sentence for the film: what the runner would notice, or where it comes from
    film    which film of the run it is cut from, as in Evidence
    """

    key: str
    measure: str
    side: MeasureSide
    value: float
    time_s: float
    frame: int
    number: str
    caption: str
    usual: str
    about: str = ""
    film: int = 0


def shots_of(evidence: Iterable[Evidence], analysis: Analysis, *, about: str = "") -> tuple[Shot, ...]:
    """Return the pictures of some evidence, each frame once."""
    found: dict[str, Shot] = {}
    for piece in evidence:
        if piece.time_s is None or len(found) == SHOTS_PER_FINDING:
            continue
        shown_by = analysis.films[piece.film]
        frame = frame_at(shown_by.clip, piece.time_s)
        key = f"{piece.measure}_{piece.side}_{frame:05d}" + (f"_{shown_by.view.plane}" if piece.film else "")
        from_which = f", {FROM_HERE[shown_by.view.plane]}" if analysis.others else ""
        same = next((m for m in analysis.measures if m.id == piece.measure and m.side == piece.side), None)
        found[key] = Shot(
            key=key,
            measure=piece.measure,
            side=piece.side,
            value=piece.value,
            time_s=piece.time_s,
            frame=frame,
            number=_number(piece, same),
            caption=f"{capital(measure_name(piece.measure, piece.side))}: {_number(piece, same)}{from_which}",
            usual=_usual(same) if same else "",
            about=about,
            film=piece.film,
        )
    return tuple(found.values())


def frame_at(clip: Clip, time_s: float) -> int:
    """Return the frame of the clip nearest to a true time (slow motion divided out)."""
    return nearest_frame(clip.time_s, time_s * clip.slow_motion_factor)


def _number(piece: Evidence, same: Measure | None) -> str:
    if is_share(piece.measure):
        return share_text(piece.measure, piece.value)
    error, unit = (same.uncertainty, same.unit) if same else (math.nan, unit_of(piece.measure) or "")
    return bare(piece.value, error, unit)


def _usual(measure: Measure) -> str:
    """Return the usual range in the unit of the number: a share's in per cent, as its sentence has it."""
    band = measure.band
    if band is None or not is_share(measure.id):
        return usual(measure)
    speed = f" at {band.at_speed_mps:.1f} m/s" if band.at_speed_mps else ""
    return f"usual{speed}: {ordinary(measure.value, band, SEEN[measure.id])}"
