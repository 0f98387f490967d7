"""Two takes in, what spoils their comparison out, and what the difference in speed alone does to a measure."""

from __future__ import annotations

from dataclasses import dataclass

from midstance.compare.settings import limits
from midstance.model import Measure
from midstance.progress import Obstacle, Take
from midstance.reference import Reference, references
from midstance.uncertainty import combined

RHYTHM = frozenset(
    {"cadence_spm", "step_time_ms", "stride_time_ms", "contact_time_ms", "flight_time_ms", "duty_factor", "speed_mps"}
)
"""Measures that are the same from every side."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What speed alone adds to a measure from the first take to the second, and the doubt in it, in its unit."""

    part: float
    doubt: float


NO_CORRECTION = Correction(0.0, 0.0)


def relative_speed_change(before: Take, after: Take) -> float | None:
    """(after - before) / before, from metres a second or, failing that, from leg lengths a second; None if unknown."""
    for speeds in ((before.speed_mps, after.speed_mps), (_legs_a_second(before), _legs_a_second(after))):
        if speeds[0] and speeds[1]:
            return speeds[1] / speeds[0] - 1
    return None


def obstacles(before: Take, after: Take) -> tuple[Obstacle, ...]:
    """What spoils the comparison of two takes, the gravest first."""
    change = relative_speed_change(before, after)
    apart = 0.0 if change is None else abs(change)
    rates = sorted((before.rate_hz, after.rate_hz))
    tests = (
        ("speed_far", "all", apart > limits().speed_share_corrected),
        ("plane", "some", before.plane != after.plane),
        ("speed", "some", limits().speed_share < apart <= limits().speed_share_corrected),
        ("speed_unknown", "certainty", change is None),
        ("setting", "certainty", before.setting != after.setting),
        ("other_side", "certainty", before.plane == after.plane and before.near_side != after.near_side),
        ("rate", "certainty", rates[1] > limits().rate_ratio * rates[0]),
        ("pose_model", "certainty", before.pose != after.pose),
        ("version", "certainty", before.version != after.version),
    )
    return tuple(Obstacle(id=name, spoils=spoils) for name, spoils, stands in tests if stands)  # type: ignore[arg-type]


def speed_correction(before: Take, after: Take, old: Measure, found: tuple[Obstacle, ...]) -> Correction | str:
    """What speed alone does to a measure, along the lines of references.toml; or the obstacle that forbids comparing.

    Angles move by the difference of the line, everything else by its ratio. Half of the correction is added as doubt,
    and all of it when the speeds differ by no more than their own error.
    """
    stands = {obstacle.id for obstacle in found}
    if "plane" in stands and old.id not in RHYTHM:
        return "plane"
    if old.id == "speed_mps" or not stands & {"speed", "speed_far"}:
        return NO_CORRECTION
    line = _reference(old.id)
    if "speed_far" in stands or line is None or not (before.speed_mps and after.speed_mps):
        return "speed"
    slow, fast = line.usual.at(before.speed_mps), line.usual.at(after.speed_mps)
    angular = old.unit.startswith("deg") or not slow
    part = fast - slow if angular else old.value * (fast / slow - 1)
    return Correction(part, abs(part) * (limits().slope_doubt if _surely_faster(before, after) else 1.0))


def _surely_faster(before: Take, after: Take) -> bool:
    """Whether two known speeds differ by more than their own error."""
    errors = [m.uncertainty for take in (before, after) for m in take.measures if m.id == "speed_mps"]
    return abs((after.speed_mps or 0.0) - (before.speed_mps or 0.0)) > combined(*errors)


def _legs_a_second(take: Take) -> float | None:
    """Running speed in leg lengths a second, known without any scale: step length times cadence."""
    steps = [m.value for m in take.measures if m.id == "step_length_leg"]
    cadence = [m.value for m in take.measures if m.id == "cadence_spm"]
    return sum(steps) / len(steps) * sum(cadence) / len(cadence) / 60 if steps and cadence else None


def _reference(measure: str) -> Reference | None:
    """The line of a measure, or of the same thing in another unit (step_length_m follows step_length_leg)."""
    known = references()
    return known.get(measure) or known.get(measure.removesuffix("_m") + "_leg")
