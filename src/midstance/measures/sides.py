"""Left against right, and the spring in the legs: measures made from other measures."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from midstance.gait.lengths import GRAVITY_MPS2
from midstance.model import Measure, MeasureSide
from midstance.uncertainty import HALF_WIDTH, Leg, combined, error_of, spread_half_width

SINE_MODEL_SHARE = 0.07
"""How far stiffness of the sine model lies from that of a force plate, at most (Morin 2005, EVIDENCE 4 P7)."""

Told = Mapping[tuple[str, MeasureSide], Measure]
"""Measures by id and side."""

PER_CENT = ("contact_time_ms", "flight_time_ms", "step_time_ms")
DEGREES = ("peak_thigh_extension_deg", "shank_angle_at_strike_deg", "foot_strike_angle_deg")


def asymmetry_id(measure: str) -> str:
    """The id of the left-right difference of a measure: per cent of times, degrees of angles."""
    stem, _, unit = measure.rpartition("_")
    return f"asymmetry_{stem}_deg" if unit == "deg" else f"asymmetry_{stem}_pct"


def asymmetries(told: Told, leg: Leg, rate_hz: float) -> list[Measure]:
    """Left minus right of every measure of PER_CENT and DEGREES that was told for both sides; + = left larger."""
    found = []
    for name in (*PER_CENT, *DEGREES):
        left, right = told.get((name, "left")), told.get((name, "right"))
        if left and right:
            found.append(_asymmetry(left, right, leg, rate_hz))
    return found


def _asymmetry(left: Measure, right: Measure, leg: Leg, rate_hz: float) -> Measure:
    """The legs share much of their error, so it is known of the difference itself; if not, it is made from both."""
    name, unit_size = asymmetry_id(left.id), unit_of_difference(left, right)
    own = HALF_WIDTH * error_of(name).of(leg, rate_hz)
    both = combined(left.uncertainty, right.uncertainty) / unit_size
    return Measure(
        id=name,
        side="both",
        value=(left.value - right.value) / unit_size,
        sd=combined(left.sd, right.sd) / unit_size,
        n=min(left.n, right.n),
        uncertainty=combined(spread_of_difference(left, right), own) if np.isfinite(own) else both,
        unit="deg" if left.unit == "deg" else "%",
    )


def unit_of_difference(left: Measure, right: Measure) -> float:
    """One degree, or one per cent of the mean of both sides."""
    return 1.0 if left.unit == "deg" else (left.value + right.value) / 200


def spread_of_difference(left: Measure, right: Measure) -> float:
    """Half width that the spread of the strides leaves to left minus right, degrees or per cent."""
    spreads = [
        spread_half_width(np.array([sample.value for sample in m.samples]), error_of(m.id).stride)
        for m in (left, right)
    ]
    return combined(*spreads) / unit_of_difference(left, right)


def spring_mass(told: Told, *, mass_kg: float, leg_m: float, speed_mps: float, scale_share: float) -> list[Measure]:
    """Vertical and leg stiffness of the sine model (Morin 2005, EVIDENCE 4 P7); kN/m.

    Fmax = m g (pi/2)(tf/tc + 1); dy = Fmax tc^2 / (m pi^2) - g tc^2 / 8; dL = L - sqrt(L^2 - (v tc / 2)^2) + dy.

    scale_share  half width of the 95 % interval of metres, as a share; leg and speed carry it together
    """
    contact, flight = _both_sides(told, "contact_time_ms"), _both_sides(told, "flight_time_ms")
    if contact is None or flight is None:
        return []
    (contact_s, longer_s), flight_s = np.array(contact[:2]) / 1000, flight[0] / 1000
    value = _stiffness(contact_s, flight_s, (mass_kg, leg_m, speed_mps))
    longer = _stiffness(contact_s + longer_s, flight_s - longer_s, (mass_kg, leg_m, speed_mps))
    larger = _stiffness(contact_s, flight_s, (mass_kg, leg_m * (1 + scale_share), speed_mps * (1 + scale_share)))
    return [
        Measure(
            id=name,
            side="both",
            value=value[k],
            sd=np.nan,
            n=contact[2],
            uncertainty=combined(value[k] - longer[k], value[k] - larger[k], SINE_MODEL_SHARE * value[k]),
            unit="kN/m",
        )
        for k, name in enumerate(("vertical_stiffness_kn_m", "leg_stiffness_kn_m"))
    ]


def _both_sides(told: Told, name: str) -> tuple[float, float, int] | None:
    """Mean, uncertainty and n over the sides that were told."""
    found = [told[name, side] for side in ("left", "right") if (name, side) in told]
    if not found:
        return None
    return float(np.mean([m.value for m in found])), max(m.uncertainty for m in found), sum(m.n for m in found)


def _stiffness(contact_s: float, flight_s: float, runner: tuple[float, float, float]) -> tuple[float, float]:
    mass_kg, leg_m, speed_mps = runner
    force = mass_kg * GRAVITY_MPS2 * np.pi / 2 * (flight_s / contact_s + 1)
    drop = force * contact_s**2 / (mass_kg * np.pi**2) - GRAVITY_MPS2 * contact_s**2 / 8
    reach = min(speed_mps * contact_s / 2, 0.95 * leg_m)
    squeeze = leg_m - np.sqrt(leg_m**2 - reach**2) + drop
    return force / drop / 1000, force / squeeze / 1000
