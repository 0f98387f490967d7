"""Widen the error of contact and flight times where the cadence changed between two takes."""

from __future__ import annotations

import math

from midstance.comparison.model import Take
from midstance.comparison.thresholds import limits
from midstance.model import Measure


def rhythm_uncertainty(before: Take, after: Take, old: Measure) -> float:
    """Compute what a change of cadence adds to the error of a measure that hangs on the contacts.

    Returns half the width of the 95 % interval, in the unit of the measure; 0 at the same cadence, and for a measure
    that needs no contacts. The same strides filmed twice are misread alike. Strides at another cadence are not: contact
    times of the rendered films of validation/strides.py, three cadences at one speed, err by 14 ms (root mean square)
    more or less from one cadence to the next, at a change of cadence of 5 % as at one of 16 %.
    """
    was, now = _mean(before, "cadence_spm"), _mean(after, "cadence_spm")
    flight_ms = _mean(before, "flight_time_ms")
    if not (was > 0 and now > 0):
        return 0.0
    doubt_ms = limits().rhythm_doubt_ms * min(1.0, abs(math.log(now / was)) / limits().rhythm_share)
    in_flight = abs(old.value) / flight_ms if flight_ms else math.nan
    in_its_unit = {
        "contact_time_ms": 1.0,
        "flight_time_ms": 1.0,
        "duty_factor": was / 120_000,
        "flight_distance_m": in_flight,
        "take_off_angle_deg": in_flight,
    }
    doubt = doubt_ms * in_its_unit.get(old.id, 0.0)
    return doubt if math.isfinite(doubt) else 0.0


def _mean(take: Take, measure: str) -> float:
    """Return the mean of both sides; NaN if the take does not have the measure."""
    values = [m.value for m in take.measures if m.id == measure]
    return sum(values) / len(values) if values else math.nan
