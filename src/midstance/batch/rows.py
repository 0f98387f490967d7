"""Take an analysis apart into rows: one of the take, one for each stride, one for each contact."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from midstance.measures import BY_ID
from midstance.model import Analysis, Measure, MeasureSide, Sample, Side
from midstance.skeleton import SIDES
from midstance.uncertainty import HALF_WIDTH, combined, error_of

Row = dict[str, Any]

JUST_BEFORE_S = 0.06
"""What is read so shortly before a strike, and named so, belongs to the landing that follows."""

NEAR_S = 1e-3
"""Two moments nearer than this are one."""


def column(measure: str, side: MeasureSide) -> str:
    """Return the name of a measure's column in the table of takes: its id, and the side where there are two."""
    return measure if side == "both" else f"{measure}_{side}"


def take_row(analysis: Analysis) -> Row:
    """Return the numbers of a take: of each measure its value, half width of the 95 % interval, spread and count."""
    row: Row = {}
    for m in analysis.measures:
        name = column(m.id, m.side)
        row |= {name: m.value, f"{name}_uncertainty": m.uncertainty, f"{name}_sd": m.sd, f"{name}_n": m.n}
    return {name: _finite(value) for name, value in row.items()}


def contact_rows(analysis: Analysis) -> list[Row]:
    """Return a row for every contact, in the order of their strikes."""
    return [
        {
            "contact": number,
            "side": c.side,
            "strike_s": c.strike_s,
            "toe_off_s": c.toe_off_s,
            "uncertainty_s": _finite(c.uncertainty_s),
            "strike_frame": c.strike_frame,
            "toe_off_frame": c.toe_off_frame,
        }
        for number, c in enumerate(analysis.contacts, start=1)
    ]


def stride_rows(analysis: Analysis) -> list[Row]:
    """Return a row for every stride, from a strike of one foot to its next, with what was measured in it.

    A sample of both sides together is in the row of the foot that struck last. One that was read twice in a stride is
    there with its mean. What was read before the first strike of a foot is in no stride.
    """
    strikes = _strikes(analysis)
    starts = sorted((moment, side) for side in SIDES for moment in strikes[side])
    rows = {(moment, side): _stride(moment, side, strikes[side]) for moment, side in starts}
    for number, row in enumerate(rows.values(), start=1):
        row["stride"] = number
    for measure in analysis.measures:
        error = combined(measure.uncertainty, HALF_WIDTH * _of_a_stride(measure, analysis))
        found: dict[tuple[float, Side], list[float]] = {}
        own = starts if measure.side == "both" else [start for start in starts if start[1] == measure.side]
        for sample in measure.samples:
            if start := _start_of(measure.id, sample, own):
                found.setdefault(start, []).append(sample.value)
        for start, values in found.items():
            rows[start] |= {measure.id: math.fsum(values) / len(values), f"{measure.id}_uncertainty": _finite(error)}
    return list(rows.values())


def _strikes(analysis: Analysis) -> Mapping[Side, list[float]]:
    """Return the moments of the strikes of each foot; from front or rear those at which steps were timed."""
    found: dict[Side, list[float]] = {side: [] for side in SIDES}
    if analysis.contacts:
        for contact in analysis.contacts:
            found[contact.side].append(contact.strike_s)
        return found
    timed: Iterable[Measure] = (m for m in analysis.measures if m.id in {"step_time_ms", "stride_time_ms"})
    for m in timed:
        if m.side != "both":
            found[m.side] = _apart(sorted([*found[m.side], *(sample.time_s for sample in m.samples)]))
    return found


def _apart(moments: Sequence[float]) -> list[float]:
    """Return moments in order, each once."""
    return [now for place, now in enumerate(moments) if place == 0 or now - moments[place - 1] > NEAR_S]


def _stride(moment: float, side: Side, strikes: Sequence[float]) -> Row:
    after = bisect_right(strikes, moment + NEAR_S)
    end = strikes[after] if after < len(strikes) else None
    return {"side": side, "strike_s": moment, "next_strike_s": end}


def _start_of(measure: str, sample: Sample, starts: Sequence[tuple[float, Side]]) -> tuple[float, Side] | None:
    """Return the stride to which a sample belongs, None for one from before the first.

    A swing that is searched to its end may be read at the next strike itself, and belongs to the stride before it.
    """
    moment = sample.time_s + NEAR_S
    if "before_strike" in measure:
        moment = sample.time_s + JUST_BEFORE_S
    elif BY_ID[measure].group == "In the air":
        moment = sample.time_s - NEAR_S
    place = bisect_right([start for start, _ in starts], moment)
    return starts[place - 1] if place else None


def _of_a_stride(measure: Measure, analysis: Analysis) -> float:
    """Return by how much one stride's reading errs against the next, a standard deviation; NaN if that is not known."""
    return (BY_ID[measure.id].error or error_of(measure.id, analysis.track.seen_by)).stride


def _finite(value: Any) -> Any:
    """Return a number as a table has it: None where there is none."""
    return value if not isinstance(value, float) or math.isfinite(value) else None
