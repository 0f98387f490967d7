"""Compare two takes: each measure is better, worse, changed, not clearly changed, or not comparable."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace

from midstance.comparison.comparability import Correction, correction, obstacles, relative_speed_change
from midstance.comparison.experiment import judge_experiment, tested
from midstance.comparison.focus import aim_of, focus_change
from midstance.comparison.model import ChangeVerdict, Comparison, Difference, Obstacle, Take
from midstance.comparison.step_length import is_clear, step_change
from midstance.comparison.thresholds import expected_sign, fading_sign, limits
from midstance.measures import BY_ID
from midstance.model import Measure, Target
from midstance.uncertainty import HALF_WIDTH, combined, minimal_detectable_change


def compare(before: Take, after: Take) -> Comparison:
    """Compare two takes of one runner, each measure against the error of both.

    The plan of the earlier take, if it has one, names what was worked on and what may change along with it.

    Returns a Comparison; its differences are in the order of the earlier take's measures, for measures that both have.
    """
    found = obstacles(before, after)
    later = {(m.id, m.side): m for m in after.measures}
    pairs = [(old, later[old.id, old.side]) for old in before.measures if (old.id, old.side) in later]
    differences = mark_surely_changed([_difference(before, after, pair, found) for pair in pairs])
    return Comparison(
        before=before.label,
        after=after.label,
        speed_change=relative_speed_change(before, after),
        obstacles=found,
        differences=differences,
        focus=focus_change(before, after, differences),
        step=step_change(before, after, differences),
        faded=_faded(before, after, differences),
        experiment=judge_experiment(before, differences, cause) if (cause := tested(after)) else None,
    )


def _faded(before: Take, after: Take, differences: Iterable[Difference]) -> tuple[Difference, ...]:
    same_run = before.taken_on is not None and before.taken_on == after.taken_on and before.trying == after.trying
    tired = (d for d in differences if d.surely and d.change * fading_sign(d.measure) > 0)
    return tuple(tired) if same_run else ()


def mark_surely_changed(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """Mark the changes that are clear although many measures were compared at once (Benjamini and Hochberg 1995).

    Of forty measures that did not change, two differ by more than their 95 % interval by chance
    (docs/evidence.md#before-and-after).
    """
    judged = sorted((_chance(d), i) for i, d in enumerate(differences) if d.minimal_change)
    share = limits().false_discoveries
    sure: set[int] = set()
    for rank, (chance, _) in enumerate(judged, start=1):
        if chance <= share * rank / len(judged):
            sure = {i for _, i in judged[:rank]}
    return tuple(replace(d, surely=i in sure and is_clear(d)) for i, d in enumerate(differences))


def _chance(difference: Difference) -> float:
    """Compute how often two equal runs would differ by this much, 0..1."""
    least = difference.minimal_change or math.inf
    return math.erfc(HALF_WIDTH * abs(difference.change) / least / math.sqrt(2))


def _difference(before: Take, after: Take, pair: tuple[Measure, Measure], found: Iterable[Obstacle]) -> Difference:
    old, new = pair
    moved = correction(before, after, old, tuple(found))
    known = math.isfinite(old.uncertainty) and math.isfinite(new.uncertainty)
    why_not = moved if isinstance(moved, str) else "" if known else "error_unknown"
    part = moved if isinstance(moved, Correction) else Correction(0.0, 0.0)
    least = combined(minimal_detectable_change(old, new), part.uncertainty) if known else None
    result = Difference(
        measure=old.id,
        side=old.side,
        unit=old.unit,
        before=old.value,
        after=new.value,
        change=new.value - old.value - part.change,
        speed_part=part.change,
        minimal_change=least,
        verdict="cannot_tell",
        why_not=why_not,
    )
    if why_not:
        return result
    aim = aim_of(before)
    verdict = _verdict(old, new, result, aim.target if aim else None)
    sign = expected_sign(aim.problem, old.id) if aim else 0
    expected = verdict in ("worse", "changed") and sign * result.change > 0
    return replace(result, verdict="changed" if expected else verdict, expected=expected)


def _verdict(old: Measure, new: Measure, difference: Difference, target: Target | None) -> ChangeVerdict:
    if abs(difference.change) <= (difference.minimal_change or 0.0):
        return "no_clear_change"
    if target and target.measure == old.id and target.side in (old.side, "both"):
        return "better" if difference.change * (target.goal - target.start) > 0 else "worse"
    was, now = _outside(old, old.value), _outside(new, new.value)
    if was == now:
        return "changed"
    return "better" if now < was else "worse"


def _outside(measure: Measure, value: float) -> float:
    """Return how far a value lies outside its band, in its unit; what is best at 0 is measured from there."""
    if measure.band is None:
        return abs(value) if measure.id in BY_ID and BY_ID[measure.id].better == "zero" else 0.0
    return max(measure.band.low - value, 0.0, value - measure.band.high)
