"""Place a runner among the people who were measured, and say who they were."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from midstance.coaching.bands import PROPOSAL, References, row_of
from midstance.coaching.rules.seen import depends_on_speed
from midstance.model import Band, Measure
from midstance.text.names import capital, join, number
from midstance.units import unit_text

BLURRED = 0.5
"""Share of the people that the error of a number may cover; beyond, the runner is not placed."""

IN_THE_MIDDLE = (0.35, 0.65)
"""Shares of the people who read less, between which a runner is in the middle."""

ESTIMATE = "our estimate"
HAVE = {"higher": "less", "lower": "more"}
TWO_SIDED = "asymmetry_"
UNLIKE_YOU = "Are you a woman, new to running, or slower? Nobody like you was measured, so the range is wider."

BEYOND = "1 of 20 lies beyond each end."

SPEEDS_MPS = (2.5, 3.5, 4.5)
"""Speeds at which `explain` says what is usual."""

SLOW_MPS = 2.0
"""A speed at which nobody was measured, as an example."""


def among(same: Sequence[Measure]) -> str:
    """Return where a runner is among the people measured: "higher than about 8 of 10"; empty if nothing is known.

    same  one measure of each side: people were measured as the mean of both
    """
    band = same[0].band
    if band is None:
        return ""
    if PROPOSAL in band.source:
        return ESTIMATE
    if not band.people or band.at_speed_mps is None:
        return ""
    if not band.measured_here:
        return usual_ends(band, same[0].unit)
    value = sum(measure.value for measure in same) / len(same)
    return _rank(replace(_surest(same), value=value), band)


def more_or_less(same: Sequence[Measure]) -> str:
    """Return the rank in a sentence, "Of 26 runners measured, about 9 of 10 have less"; or empty."""
    said = among(same) if same else ""
    how, _, whom = said.partition(" than ")
    if how not in HAVE:
        return ""
    return f"Of {same[0].band.n if same[0].band else 0} runners measured, {whom} have {HAVE[how]}"


def _surest(same: Sequence[Measure]) -> Measure:
    return min(same, key=lambda measure: measure.uncertainty if math.isfinite(measure.uncertainty) else math.inf)


def _rank(measure: Measure, band: Band) -> str:
    share, low, high = (band.share_below(measure.value + way * measure.uncertainty) for way in (0, -1, 1))
    if share is None or low is None or high is None or not high - low <= BLURRED:
        return ""
    if measure.id.startswith(TWO_SIDED):
        return f"more even than {_of_ten(1 - abs(2 * share - 1))}"
    if IN_THE_MIDDLE[0] <= share <= IN_THE_MIDDLE[1]:
        return "in the middle"
    return f"higher than {_of_ten(share)}" if share > 0.5 else f"lower than {_of_ten(1 - share)}"


def _of_ten(share: float) -> str:
    """Return a share in words that 26 people bear: tenths, and at the end "nearly all"."""
    tenths = round(10 * share)
    return "nearly all" if tenths >= 10 else f"about {max(tenths, 1)} of 10"


def people_note(measures: Iterable[Measure]) -> tuple[str, ...]:
    """Say who stands behind the usual ranges of some measures, and whom they do not fit; empty if nobody does."""
    counted = [measure.band for measure in measures if measure.band and measure.band.people]
    spans = {(band.people, band.measured_mps) for band in counted}
    says = [f"Usual comes from {people}, at {span[0]:g} to {span[1]:g} m/s." for people, span in spans if span]
    if not says:
        return ()
    says += [BEYOND, UNLIKE_YOU]
    speed = next((band.at_speed_mps for band in counted if band.at_speed_mps and not band.measured_here), None)
    if speed is not None:
        says.append(f"Nobody was measured at {speed:.1f} m/s: each range is wider, by the ± beside it.")
    return tuple(says)


def usual_ends(band: Band, unit: str) -> str:
    """Return how well the ends of a range are known: "each end ± 8 steps a minute"."""
    return f"each end ± {number(band.edge_error, band.edge_error)}{unit_text(unit)}"


def explain_usual(measure: str, unit: str, bands: References) -> Iterator[str]:
    """Say what is usual for a measure at some speeds, who was measured, and whom it does not fit."""
    row = row_of(measure, bands)
    if row is None:
        return
    entry = bands[row]
    changes = depends_on_speed(entry)
    speeds = SPEEDS_MPS if changes else SPEEDS_MPS[:1]
    found = [(speed, band) for speed in speeds if (band := bands.band(row, speed))]
    units = [unit_text(unit), *[""] * len(found)]
    at = [f" at {speed:g}{'' if i else ' m/s'}" if changes else "" for i, speed in enumerate(speeds)]
    yield f"Usual: {join(f'{_ends(band)}{u}{a}' for (_speed, band), u, a in zip(found, units, at, strict=False))}."
    yield f"Who was measured: {entry.population}.{' The range is our estimate.' if entry.proposal else ''}"
    if not entry.measured_mps:
        return
    yield f"{BEYOND} {capital(usual_ends(found[0][1], unit))}, as few were measured."
    yield UNLIKE_YOU
    slow = bands.band(row, SLOW_MPS)
    if slow and changes:
        yield f"At {SLOW_MPS:g} m/s it is {_ends(slow)}{unit_text(unit)}, {usual_ends(slow, unit)}."


def _ends(band: Band) -> str:
    """Return a range in the digits that a runner needs: a quarter of its width, or a tenth of its one end."""
    width = band.high - band.low
    fine = width / 4 if math.isfinite(width) else min(abs(band.low), abs(band.high)) / 10
    low, high = (number(end, fine) for end in (band.low, band.high))
    if not math.isfinite(band.low):
        return f"up to {high}"
    return f"{low} to {high}" if math.isfinite(band.high) else f"{low} or more"
