"""Judge a possible cause and say how it came out, and what would settle one that stays open."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from midstance.coaching.rules.base import CauseTest, verdict_of
from midstance.coaching.rules.facts import Facts, Reading
from midstance.coaching.rules.seen import SEEN, fill
from midstance.measures import BY_ID
from midstance.model import Cause, Experiment, Plane, Verdict, WhyOpen
from midstance.uncertainty import HALF_WIDTH

WORDS: dict[Verdict | WhyOpen, str] = {
    "supported": "Likely",
    "not_supported": "Ruled out",
    "too_close": "Too close to call",
    "other_view": "Can't be seen {from_here}",
    "not_measured": "Not measured here",
}
"""How a cause came out, in front of its name."""

TRIED = {True: "Your own test showed it.", False: "Your own test ruled it out."}
"""What is said of a cause that the clip leaves open and an experiment has settled."""

FROM_HERE: dict[Plane, str] = {"side": "from the side", "front": "from the front", "rear": "from behind"}

LONGER_CLIP = "A longer clip would help."
START_WITH_THE_SIGN = "Start with what you see."
REMARK_ON_A_WATCH = "It's no clear fault: worth a try, not a must."

MOSTLY_CHANCE = 0.5
"""Share of the squared uncertainty that comes from chance between strides, from which more strides would help."""


def judge(test: CauseTest, facts: Facts, *, tried: bool | None = None) -> Cause:
    """Test one cause, and say what the clip shows.

    tried  what the runner's own experiment said of it; None if there was none. It decides what the clip leaves open.
    """
    reading = test.test(facts)
    verdict = verdict_of(reading)
    why_open, settle = None, ""
    if verdict == "cannot_tell" and tried is not None:
        verdict = "supported" if tried else "not_supported"
        says = TRIED[tried]
    elif verdict == "cannot_tell":
        why_open = why_it_is_open(reading, facts)
        settle = _settle(why_open, test, reading, facts)
        says = _says_open(why_open, settle, reading, facts)
    else:
        says = fill(test.yes if verdict == "supported" else test.no, facts, reading, instead=f"{test.title}.")
    return Cause(
        cause=test.id,
        verdict=verdict,
        says=says,
        evidence=reading.evidence,
        support=round(chance(reading.clearance), 3) if reading.known else 0.5,
        title=test.title,
        root=test.root,
        why_open=why_open,
        settle=settle,
        experiment=_experiment(test.experiment, facts),
    )


def _experiment(planned: Experiment | None, facts: Facts) -> Experiment | None:
    """Say by how much the number must move to be seen in two such films, and to matter; None if it is not measured."""
    found = facts.measure(planned.measure) if planned else None
    if planned is None or found is None or planned.measure not in SEEN:
        return None
    by = max(facts.matters(planned.measure), math.sqrt(2) * found.uncertainty)
    return replace(planned, then=planned.then.format(by=format(by, SEEN[planned.measure].shown)), by=by)


def chance(clearance: float) -> float:
    """Return the chance that a value lies beyond its line, from its clearance (1 = half a 95 % interval)."""
    return 0.5 * (1 + math.erf(HALF_WIDTH * clearance / math.sqrt(2)))


def why_it_is_open(reading: Reading, facts: Facts) -> WhyOpen:
    """Return why a reading decides nothing: its value is near the line, another view is needed, or it was not seen."""
    if reading.known:
        return "too_close"
    return "not_measured" if all(_in_view(measure, facts.planes) for measure in reading.missing) else "other_view"


def words(cause: Cause, planes: Sequence[Plane]) -> str:
    """Return how a cause came out: "Ruled out", "Can't be seen from the side"."""
    said = WORDS[cause.why_open or cause.verdict]
    return said.format(from_here=from_here(planes))


def from_here(planes: Sequence[Plane]) -> str:
    """Return from where a run was filmed: "from the side", or of several films "from the side or from behind"."""
    return " or ".join(FROM_HERE[plane] for plane in planes)


def _in_view(measure: str, planes: Sequence[Plane]) -> bool:
    """Return whether one of these cameras can show a measure; no camera shows one that nobody has defined."""
    definition = BY_ID.get(measure)
    if definition is None:
        return False
    return definition.plane == "any" or any(plane in definition.plane.split("_or_") for plane in planes)


def _says_open(why_open: WhyOpen, settle: str, reading: Reading, facts: Facts) -> str:
    number = fill("{seen}", facts, reading, instead="") if why_open == "too_close" else ""
    opened = f"{WORDS[why_open].format(from_here=from_here(facts.planes))}."
    return " ".join(part for part in (number, opened, settle) if part)


def _settle(why_open: WhyOpen, test: CauseTest, reading: Reading, facts: Facts) -> str:
    """Say what would settle a cause that stays open; empty where only a better film of the same would."""
    if why_open != "too_close":
        return test.film
    return LONGER_CLIP if any(_mostly_chance(piece.measure, facts) for piece in reading.deciding) else ""


def _mostly_chance(measure: str, facts: Facts) -> bool:
    """Return whether the uncertainty of a measure comes mostly from its spread over the strides."""
    found = facts.measure(measure)
    if found is None or not (math.isfinite(found.sd) and found.uncertainty > 0 and found.n > 0):
        return False
    return (HALF_WIDTH * found.sd) ** 2 / found.n > MOSTLY_CHANCE * found.uncertainty**2
