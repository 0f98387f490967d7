"""Remark on what is good about a stride, and on what lies at an edge of what is ordinary: nothing to change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from midstance.coaching.findings import gather
from midstance.coaching.rules import load
from midstance.coaching.rules.facts import Facts, evidence_of
from midstance.coaching.rules.folder import Ruleset
from midstance.coaching.rules.seen import SEEN, depends_on_speed, measures_said, sentence_and_range, shown_value
from midstance.coaching.unjudged import why_unjudged
from midstance.measures import BY_ID
from midstance.model import Finding, Measure, Plan, Remark, View
from midstance.uncertainty import HALF_WIDTH, combined


@dataclass(frozen=True, slots=True)
class Praise:
    """Something good, as a coach says it beside the track, without a full stop.

    measures  the first of them that was measured must lie in the middle, and none of the others at an edge
    """

    says: str
    measures: tuple[str, ...]


PRAISES = (
    Praise("Your hands stay on their own side", ("wrist_crossing",)),
    Praise("Your shoulders stay quiet", ("shoulder_rotation_deg",)),
    Praise("Your hips stay level", ("pelvic_drop_deg",)),
    Praise("Your heels turn no more than most", ("heel_whip_deg",)),
    Praise("Your foot comes down close to you", ("foot_ahead_of_hip_at_strike_leg", "shank_angle_at_strike_deg")),
    Praise("Your hip opens well behind you", ("peak_thigh_extension_deg",)),
    Praise("You bounce just enough", ("vertical_oscillation_cm", "vertical_oscillation_leg", "take_off_angle_deg")),
    Praise("You carry your trunk well", ("trunk_lean_deg",)),
    Praise("Your hips stay up", ("hip_height_midstance_leg", "peak_knee_flexion_stance_deg")),
    Praise("Your knee swings well forward", ("peak_thigh_flexion_deg",)),
    Praise("You leave the ground in good time", ("contact_time_ms", "duty_factor")),
    Praise("Your step rate fits your speed", ("cadence_spm",)),
    Praise("Your heel comes up as high as it should", ("heel_recovery_leg",)),
    Praise("Your arms keep time with your legs", ("arm_leg_lag_pct",)),
    Praise("Left and right share the work", ("asymmetry_contact_time_pct", "asymmetry_step_time_pct")),
)
"""What may be praised, what matters most first: of a view from the front or behind, and from the side."""

Ends = Literal["low", "high", "either"]

AT_AN_EDGE: Mapping[str, Ends] = MappingProxyType(
    {
        "foot_ahead_of_hip_at_strike_leg": "high",
        "shank_angle_at_strike_deg": "high",
        "knee_flexion_at_strike_deg": "low",
        "peak_thigh_extension_deg": "either",
        "vertical_oscillation_cm": "either",
        "trunk_lean_deg": "either",
        "hip_height_midstance_leg": "low",
        "peak_thigh_flexion_deg": "either",
        "contact_time_ms": "either",
        "cadence_spm": "either",
        "heel_recovery_leg": "high",
        "arm_leg_lag_pct": "either",
        "asymmetry_contact_time_pct": "either",
        "asymmetry_step_time_pct": "either",
        "wrist_crossing": "low",
        "shoulder_rotation_deg": "high",
        "pelvic_drop_deg": "high",
        "heel_whip_deg": "either",
    }
)
"""Measures of which a runner wants to know that they lie at an edge, and at which."""

MOST_PRAISE = 3
MOST_EDGES = 2

MIDDLE = 0.5
NEAR_THE_EDGE = 0.75
"""Shares of the way from the usual value to the edge."""

BEYOND, CLEARLY_BEYOND, NEAR = "Just beyond ordinary", "Unusual, and no fault by itself", "Near the edge, but ordinary"


def remarks(
    findings: Sequence[Finding],
    measures: Iterable[Measure],
    view: View,
    *,
    plan: Plan | None = None,
    ruleset: Ruleset | None = None,
    height_m: float = math.nan,
) -> tuple[Remark, ...]:
    """Return what is good, what matters most first, and then what lies at an edge, the clearest first.

    Nothing that a finding rests on is praised. A sign merely to be watched is at an edge, unless it is planned.
    """
    if why_unjudged(view):
        return ()
    facts = gather(measures, (), view, bands=(ruleset or load()).bands, height_m=height_m)
    taken = _concerned(findings, facts)
    planned = plan.focus if plan else None
    watched = [f for f in findings if f.grade == "watch" and not f.explained_by and f.problem != planned]
    edges = [*(_of_a_watch(finding, facts) for finding in watched), *_edges(facts, taken)]
    return (*list(_praised(facts, taken))[:MOST_PRAISE], *edges[:MOST_EDGES])


def _concerned(findings: Iterable[Finding], facts: Facts) -> set[str]:
    """Return the measures that findings and their supported causes rest on, or that they name."""
    found = {piece.measure for finding in findings for piece in finding.evidence}
    found |= {name for finding in findings for name in measures_said(SEEN, facts, finding.says)}
    supported = [c for finding in findings for c in finding.causes if c.verdict == "supported"]
    return found | {piece.measure for cause in supported for piece in cause.evidence}


def _of_a_watch(finding: Finding, facts: Facts) -> Remark:
    """Return the number that a watch shows the runner, by its own name: no fault is called by the name of one."""
    outside = [name for name in measures_said(SEEN, facts, finding.says) if not _inside(name, facts)]
    if not outside:
        return Remark(kind="edge", title=f"{BEYOND}: {finding.topic}", says=finding.says)
    return _remark("edge", f"{_how_far(outside[0], math.inf, facts)}: {BY_ID[outside[0]].name}", outside[0], facts)


def _praised(facts: Facts, taken: set[str]) -> Iterator[Remark]:
    for praise in PRAISES:
        known = [name for name in praise.measures if facts.measure(name) and facts.band(name)]
        good = known and not taken & {*known} and _in_the_middle(known[0], facts)
        if good and all(_inside(name, facts) and not _at_an_edge(name, facts) for name in known):
            yield _remark("good", praise.says, known[0], facts)


def _edges(facts: Facts, taken: set[str]) -> Iterator[Remark]:
    """Find numbers at or beyond an edge, one of each group of measures, the farthest out first."""
    far = {name: _way_to_edge(name, facts) for name in AT_AN_EDGE if name not in taken and _at_an_edge(name, facts)}
    groups = set[str]()
    for name in sorted(far, key=lambda name: -far[name]):
        if BY_ID[name].group not in groups:
            groups.add(BY_ID[name].group)
            yield _remark("edge", f"{_how_far(name, far[name], facts)}: {BY_ID[name].name}", name, facts)


def _at_an_edge(name: str, facts: Facts) -> bool:
    """Return whether a measure is near or beyond an edge that a runner wants to know of."""
    return AT_AN_EDGE.get(name, "either") in (_end(name, facts), "either") and _way_to_edge(name, facts) > NEAR_THE_EDGE


def _how_far(name: str, way: float, facts: Facts) -> str:
    if way <= 1:
        return NEAR
    found, band = facts.measure(name), facts.band(name)
    if found is None or band is None or not band.people:
        return BEYOND
    distance = max(found.value - band.high, band.low - found.value)
    return CLEARLY_BEYOND if distance > combined(found.uncertainty, band.edge_error) else BEYOND


def _remark(kind: Literal["good", "edge"], title: str, name: str, facts: Facts) -> Remark:
    shown = facts.best_seen(name)
    evidence = evidence_of(shown) if shown else None
    says, usual = sentence_and_range(name, shown_value(name, facts), facts.band(name))
    return Remark(kind=kind, title=title, says=says, ordinary=usual, evidence=evidence)


def _way_to_edge(name: str, facts: Facts) -> float:
    """Return how far a measure is on its way from the usual value (0) to the edge (1); 0 towards an open end."""
    found, band, usual = facts.measure(name), facts.band(name), facts.usual(name)
    if found is None or band is None or not _known_here(name, facts):
        return 0.0
    edge = band.high if found.value > usual else band.low
    far = math.isinf(edge) or found.uncertainty > abs(edge - usual)  # then it may as well be in the middle
    return 0.0 if far else abs(found.value - usual) / abs(edge - usual)


def _end(name: str, facts: Facts) -> Ends:
    """Return on which side of the usual value a measure lies."""
    return "high" if facts.value(name) > facts.usual(name) else "low"


def _in_the_middle(name: str, facts: Facts) -> bool:
    """Return whether a measure is nearer to the usual value than to the edge, and surely not beyond it."""
    found, band = facts.measure(name), facts.band(name)
    if found is None or band is None or not _known_here(name, facts) or _way_to_edge(name, facts) > MIDDLE:
        return False
    return found.uncertainty / HALF_WIDTH <= min(found.value - band.low, band.high - found.value)


def _known_here(name: str, facts: Facts) -> bool:
    """Return whether what is ordinary is known: where it moves with speed, the speed must be."""
    return facts.speed_known or not depends_on_speed(facts.reference(name))


def _inside(name: str, facts: Facts) -> bool:
    """Return whether a measure lies inside what is ordinary on every side it was seen on."""
    band = facts.band(name)
    return band is None or all(band.low <= found.value <= band.high for found in facts.seen_best_first(name))
