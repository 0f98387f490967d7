"""Find what spoils the comparison of two takes, and correct a measure for another speed or camera position."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from midstance.coaching.bands import Reference, references
from midstance.comparison.cadence_doubt import rhythm_uncertainty
from midstance.comparison.model import Obstacle, Take
from midstance.comparison.thresholds import limits
from midstance.model import Measure
from midstance.uncertainty import combined

Spoils = Literal["all", "some", "certainty"]

RHYTHM = frozenset(
    {"cadence_spm", "step_time_ms", "stride_time_ms", "contact_time_ms", "flight_time_ms", "duty_factor", "speed_mps"}
)
"""Measures that are the same from every side."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What speed alone adds to a measure from the first take to the second, and its uncertainty, both in its unit."""

    change: float
    uncertainty: float


NO_CORRECTION = Correction(0.0, 0.0)


def relative_speed_change(before: Take, after: Take) -> float | None:
    """Return (after - before) / before; None if either speed is unknown."""
    change = _speed_change(before, after)
    return change[0] if change else None


def _speed_change(before: Take, after: Take) -> tuple[float, float] | None:
    """Return the relative change of speed and half the width of its 95 % interval, from metres or leg lengths.

    The surer of the two is taken: leg lengths a second need no scale, so they are surer where no height was given.
    """
    ways = [
        (new[0] / old[0] - 1, combined(old[1], new[1]))
        for speed in (_metres_a_second, _legs_a_second)
        if (old := speed(before)) and (new := speed(after))
    ]
    return min(ways, key=lambda way: way[1]) if ways else None


def obstacles(before: Take, after: Take) -> tuple[Obstacle, ...]:
    """Return what spoils the comparison of two takes, the most serious first."""
    change = relative_speed_change(before, after)
    apart = 0.0 if change is None else abs(change)
    correctable, sure = limits().speed_share < apart <= limits().speed_share_corrected, _surely_faster(before, after)
    rates, camera = _ratio(before.rate_hz, after.rate_hz), cameras_apart_deg(before, after)
    size = _ratio(before.standpoint.leg_px, after.standpoint.leg_px)
    far = camera > limits().camera_far_deg
    settings = {before.setting, after.setting}
    tests: tuple[tuple[str, Spoils, float, bool], ...] = (
        ("same_film", "all", 0.0, bool(before.film_sha256) and before.film_sha256 == after.film_sha256),
        ("speed_far", "all", apart, apart > limits().speed_share_corrected),
        ("plane", "some", 0.0, before.plane != after.plane),
        ("camera_far", "some", camera, far),
        ("speed", "some", apart, correctable and sure),
        ("speed_unsure", "some", apart, correctable and not sure),
        ("speed_unknown", "certainty", 0.0, change is None),
        ("setting", "certainty", 0.0, "unknown" not in settings and len(settings) > 1),
        ("other_side", "certainty", 0.0, before.plane == after.plane and before.near_side != after.near_side),
        ("camera", "certainty", camera, camera > 0 and not far),
        ("size", "certainty", size, size > limits().size_ratio),
        ("rate", "certainty", rates, rates > limits().rate_ratio),
        ("pose_model", "certainty", 0.0, before.pose != after.pose),
        ("version", "certainty", 0.0, before.version != after.version),
    )
    return tuple(Obstacle(id=name, spoils=spoils, amount=amount) for name, spoils, amount, applies in tests if applies)


def cameras_apart_deg(before: Take, after: Take) -> float:
    """Return by how many degrees the two cameras differ beyond their errors, in yaw or in looking down.

    The larger of the two; 0 within the errors.
    """
    one, other = before.standpoint, after.standpoint
    pairs = (
        (one.yaw_deg, other.yaw_deg, one.yaw_uncertainty_deg, other.yaw_uncertainty_deg),
        (one.look_down_deg, other.look_down_deg, one.look_down_uncertainty_deg, other.look_down_uncertainty_deg),
    )
    return max(abs(a - b) if abs(a - b) > combined(*errors) else 0.0 for a, b, *errors in pairs)


def correction(before: Take, after: Take, old: Measure, found: tuple[Obstacle, ...]) -> Correction | str:
    """Compute what speed, camera position and cadence alone do to a measure.

    Returns the id of the obstacle instead if the measure cannot be compared.
    """
    part = _by_speed_and_standpoint(before, after, old, found)
    if isinstance(part, str):
        return part
    return replace(part, uncertainty=combined(part.uncertainty, rhythm_uncertainty(before, after, old)))


def _by_speed_and_standpoint(before: Take, after: Take, old: Measure, found: tuple[Obstacle, ...]) -> Correction | str:
    if old.id in RHYTHM:
        return _by_speed(before, after, old, found)
    forbids = next((obstacle.id for obstacle in found if obstacle.id in ("plane", "camera_far")), None)
    part = forbids or _by_speed(before, after, old, found)
    if isinstance(part, str):
        return part
    doubt = limits().camera_doubt_deg if _is_angle(old) else limits().camera_doubt_share * abs(old.value)
    return replace(part, uncertainty=combined(part.uncertainty, doubt * cameras_apart_deg(before, after)))


def _by_speed(before: Take, after: Take, old: Measure, found: tuple[Obstacle, ...]) -> Correction | str:
    """Correct along the lines of data/references.toml: angles by the difference of the line, the rest by its ratio.

    Half of the correction is added as uncertainty, and all of it when the speeds differ by no more than their own
    error; a measure without a line is then compared as it is.
    """
    present = {obstacle.id for obstacle in found}
    if old.id == "speed_mps" or not present & {"speed", "speed_unsure", "speed_far"}:
        return NO_CORRECTION
    line = _reference(old.id)
    change = relative_speed_change(before, after)
    if "speed_far" in present or not (before.speed_mps and change):
        return "speed"
    if line is None:
        return "speed" if _surely_faster(before, after) else NO_CORRECTION
    slow, fast = line.usual.at(before.speed_mps), line.usual.at(before.speed_mps * (1 + change))
    part = fast - slow if _is_angle(old) or not slow else old.value * (fast / slow - 1)
    return Correction(part, abs(part) * (limits().slope_doubt if _surely_faster(before, after) else 1.0))


def _is_angle(measure: Measure) -> bool:
    return measure.unit.startswith("deg")


def _ratio(one: float, other: float) -> float:
    """Return the larger over the smaller; NaN if either is unknown."""
    return max(one, other) / min(one, other) if math.isfinite(one + other) else math.nan


def _surely_faster(before: Take, after: Take) -> bool:
    """Return whether two known speeds differ by more than their own error."""
    change = _speed_change(before, after)
    return change is not None and abs(change[0]) > change[1]


def _metres_a_second(take: Take) -> tuple[float, float] | None:
    """Return the running speed and its relative error, which is 0 for a speed that was given."""
    errors = [m.uncertainty for m in take.measures if m.id == "speed_mps"]
    return (take.speed_mps, combined(*errors) / take.speed_mps) if take.speed_mps else None


def _legs_a_second(take: Take) -> tuple[float, float] | None:
    """Return the running speed in leg lengths a second (step length times cadence) and its relative error."""
    steps = [m for m in take.measures if m.id == "step_length_leg" and m.value > 0]
    cadence = next((m for m in take.measures if m.id == "cadence_spm" and m.value > 0), None)
    if not steps or cadence is None:
        return None
    length = sum(m.value for m in steps) / len(steps)
    error = combined(*(m.uncertainty for m in steps)) / len(steps) / length
    return length * cadence.value / 60, combined(error, cadence.uncertainty / cadence.value)


def _reference(measure: str) -> Reference | None:
    """Return the reference line of a measure, or of the same one in leg lengths (step_length_leg for step_length_m)."""
    known = references()
    return known.get(measure) or known.get(measure.removesuffix("_m") + "_leg")
