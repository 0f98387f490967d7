"""Left against right, and the spring in the legs: measures made from other measures."""

from __future__ import annotations

import numpy as np

from midstance.gait.lengths import GRAVITY_MPS2
from midstance.measures.intervals import leg_of, widening
from midstance.measures.registry import Definition, Derive, Found
from midstance.measures.run import Run
from midstance.measures.strike import STRIKE
from midstance.measures.swing import SWING
from midstance.measures.time import TIME
from midstance.model import Measure
from midstance.reasons import Reason
from midstance.skeleton import other
from midstance.uncertainty import HALF_WIDTH, combined, error_of, spread_half_width

SINE_MODEL_SHARE = 0.07
"""How far stiffness of the sine model lies from that of a force plate, at most (Morin et al. 2005)."""

MID_STANCE_SD_PCT = 2.1
"""Difference in step time from one mid-stance to the next, less that from landing to landing: standard deviation over
26 people, who stay longer on the foot of the longer step. From the front only mid-stance is seen; it shows 0.5 of the
true difference."""

TWO_SIDED = (
    "contact_time_ms",
    "flight_time_ms",
    "step_time_ms",
    "peak_thigh_extension_deg",
    "shank_angle_at_strike_deg",
    "foot_strike_angle_deg",
)
"""Measures of which left and right are set against each other."""


def asymmetry_id(measure: str) -> str:
    """Return the id of the left-right difference of a measure: per cent of times, degrees of angles."""
    stem, _, unit = measure.rpartition("_")
    return f"asymmetry_{stem}_deg" if unit == "deg" else f"asymmetry_{stem}_pct"


def asymmetry_of(one_side: Definition) -> Definition:
    """Return the definition of left minus right of a measure that is given for each side."""
    angle = one_side.unit == "deg"
    return Definition(
        id=asymmetry_id(one_side.id),
        name=f"difference in {one_side.name}",
        unit="deg" if angle else "%",
        group="Left against right",
        says="Left against right; above 0 the left is larger.",
        better="zero",
        drawn=one_side.drawn,
        formula=f"{one_side.id} left minus right" + ("" if angle else ", per cent of their mean"),
        source="own definition, docs/evidence.md#asymmetry; validation: Measures, runners outside every fit",
        derive=left_minus_right(one_side.id),
        made_from=(one_side.id,),
        one_sided=False,
        plane=one_side.plane,
        needs=one_side.needs,
        missing=Reason("needs_both_legs"),
    )


def left_minus_right(measure: str) -> Derive:
    """Return what derives left minus right of a measure; + = left larger."""

    def derive(run: Run, found: Found) -> Measure | None:
        left, right = found.get((measure, "left")), found.get((measure, "right"))
        return _asymmetry(run, left, right) if left and right else None

    return derive


def _asymmetry(run: Run, left: Measure, right: Measure) -> Measure:
    """Compute left less right; its error is that known of the difference itself, or else made from both sides."""
    unit_size = unit_of_difference(left, right)
    own = own_error_of_difference(run, left, right)
    both = combined(left.uncertainty, right.uncertainty) / unit_size
    return Measure(
        id=asymmetry_id(left.id),
        side="both",
        value=(left.value - right.value) / unit_size,
        sd=combined(left.sd, right.sd) / unit_size,
        n=min(left.n, right.n),
        uncertainty=combined(spread_of_difference(left, right), own) if np.isfinite(own) else both,
        unit="deg" if left.unit == "deg" else "%",
    )


def own_error_of_difference(run: Run, left: Measure, right: Measure) -> float:
    """Compute the half width of left less right that more strides do not average away; NaN if nothing is known.

    From one side it is at least the doubt of the far leg. On rendered runners both legs are drawn alike and the
    difference is better known than either leg; on real film the far one is hidden by the body, a rail or a console.
    """
    rate_hz, near = run.track.rate_hz, run.near
    own = HALF_WIDTH * error_of(asymmetry_id(left.id)).sd_of_mean(leg_of(run, near), rate_hz)
    if run.view.plane != "side":
        return combined(own, HALF_WIDTH * MID_STANCE_SD_PCT) if np.isfinite(own) else own
    far = HALF_WIDTH * error_of(left.id).sd_of_mean("far", rate_hz) * widening(run, other(near))
    return float(np.fmax(own, far / unit_of_difference(left, right)) if np.isfinite(own) else own)


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


def spring_mass(run: Run, found: Found) -> dict[str, Measure]:
    """Compute vertical and leg stiffness of the sine model (Morin et al. 2005), kN/m, by id.

    Fmax = m g (pi/2)(tf/tc + 1); dy = Fmax tc^2 / (m pi^2) - g tc^2 / 8; dL = L - sqrt(L^2 - (v tc / 2)^2) + dy.
    Leg length and speed carry the error of the scale together.
    """
    contact, flight = _both_sides(found, "contact_time_ms"), _both_sides(found, "flight_time_ms")
    if contact is None or flight is None or run.mass_kg is None:
        return {}
    leg_m, speed_mps = run.metres / run.true_length, run.view.speed_mps
    larger_by = 1 + run.view.scale_uncertainty
    (contact_s, longer_s), flight_s = np.array(contact[:2]) / 1000, flight[0] / 1000
    value = _stiffness(contact_s, flight_s, (run.mass_kg, leg_m, speed_mps))
    longer = _stiffness(contact_s + longer_s, flight_s - longer_s, (run.mass_kg, leg_m, speed_mps))
    larger = _stiffness(contact_s, flight_s, (run.mass_kg, leg_m * larger_by, speed_mps * larger_by))
    return {
        name: Measure(
            id=name,
            side="both",
            value=value[k],
            sd=np.nan,
            n=contact[2],
            uncertainty=combined(value[k] - longer[k], value[k] - larger[k], SINE_MODEL_SHARE * value[k]),
            unit="kN/m",
        )
        for k, name in enumerate(("vertical_stiffness_kn_m", "leg_stiffness_kn_m"))
    }


def _both_sides(found: Found, name: str) -> tuple[float, float, int] | None:
    """Return mean, uncertainty and n over the sides that were measured."""
    sides = [found[name, side] for side in ("left", "right") if (name, side) in found]
    if not sides:
        return None
    return float(np.mean([m.value for m in sides])), max(m.uncertainty for m in sides), sum(m.n for m in sides)


def _stiffness(contact_s: float, flight_s: float, runner: tuple[float, float, float]) -> tuple[float, float]:
    mass_kg, leg_m, speed_mps = runner
    force = mass_kg * GRAVITY_MPS2 * np.pi / 2 * (flight_s / contact_s + 1)
    drop = force * contact_s**2 / (mass_kg * np.pi**2) - GRAVITY_MPS2 * contact_s**2 / 8
    reach = min(speed_mps * contact_s / 2, 0.95 * leg_m)
    squeeze = leg_m - np.sqrt(leg_m**2 - reach**2) + drop
    return force / drop / 1000, force / squeeze / 1000


def _stiffness_definition(name: str, said: str, says: str) -> Definition:
    return Definition(
        id=name,
        name=said,
        unit="kN/m",
        group="Springs",
        says=says,
        formula="sine model from tc, tf, v, leg and body mass",
        source="Morin et al. 2005, doi 10.1123/jab.21.2.167; docs/evidence.md#stiffness",
        derive=lambda run, found: spring_mass(run, found).get(name),
        made_from=("contact_time_ms", "flight_time_ms"),
        one_sided=False,
        needs=("mass", "speed", "scale", "true_time"),
        missing=Reason("needs_contact_and_flight"),
    )


_READ = {definition.id: definition for definition in (*TIME, *STRIKE, *SWING)}
ASYMMETRIES = tuple(asymmetry_of(_READ[name]) for name in TWO_SIDED)

STIFFNESS = (
    _stiffness_definition(
        "vertical_stiffness_kn_m", "stiffness of the bounce", "How hard a spring carries the body up and down."
    ),
    _stiffness_definition(
        "leg_stiffness_kn_m", "leg stiffness", "How hard a spring the leg is, from contact and flight times."
    ),
)
