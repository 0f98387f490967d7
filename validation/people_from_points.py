"""Coach real people all the way from points: markers filmed without a pose model, contacts found, rules asked.

    python -m validation "Healthy people from their points"

The 26 runners of validation/people.py, whose bands of any runner are fitted on the others. There the measures are those
of the force plate's contacts; here they are read at the contacts that midstance finds, from points at 60 frames a
second with 1 cm of noise, so a late strike speaks too. What the pose model draws wrong is not in it. A person who
stands straight reads 0 here as there (STANDING of validation/people.py).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache

import numpy as np

from midstance.coaching.bands import References
from midstance.coaching.findings import ask_rules
from midstance.coaching.plan import make_plan
from midstance.coaching.rules import load
from midstance.errors import Refused
from midstance.gait.events import find_contacts
from midstance.measures import as_seen
from midstance.measures.run import Run
from midstance.model import Finding, Measure, Plan
from midstance.tracking.follow import follow_runner
from validation.cases import SHARED
from validation.force_plate import Trial, as_view, leg_length, read_trial
from validation.people import SPEEDS_MPS, STANDING, listed
from validation.strike import cut, filmed

TRIALS = SHARED / "norms" / "trials"
START_S, LENGTH_S, RATE_HZ = 0.5, 4.0, 60.0
HEIGHT_DOUBT, SPEED_DOUBT_MPS = 0.03, 0.05
"""Of the scale when the height is given, as a share; of a speed that a treadmill shows."""


def judge(trial: Trial, seed: int, bands: References) -> tuple[tuple[Finding, ...], Plan | None]:
    """Return what the coach finds and plans for one trial, its noise drawn by a seed. Raises Refused."""
    trial = cut(trial, float(trial.time_s[0]) + START_S, LENGTH_S)
    poses = filmed(trial, RATE_HZ, np.random.default_rng(seed))
    track = replace(follow_runner(poses), bias_removed=True)
    view = replace(
        as_view(trial),
        scale_m_per_leg=leg_length(trial.points),
        scale_uncertainty=HEIGHT_DOUBT,
        speed_mps=trial.speed_mps,
        speed_uncertainty_mps=SPEED_DOUBT_MPS,
    )
    measures = [standing(m) for m in as_seen(Run(track=track, contacts=find_contacts(track, view), view=view)).measures]
    rules = replace(load(), bands=bands)
    found = ask_rules(measures, (), view, ruleset=rules)
    return found, make_plan(found, measures, view=view, ruleset=rules)


def standing(measure: Measure) -> Measure:
    """Return a measure by the markers in the convention of midstance."""
    return replace(measure, value=measure.value + STANDING.get(measure.id, 0.0))


def table(bands_without: Callable[[str], References]) -> Iterator[str]:
    """Yield the rows of validation/RESULTS.md, one a speed."""
    known = cache(bands_without)
    flags, watches, foci = (defaultdict[float, Counter[str]](Counter) for _ in range(3))
    runners, flagged = Counter[float](), Counter[float]()
    for path in sorted(TRIALS.glob("rbds*.npz")):
        trial, name = read_trial(path), path.stem.removeprefix("rbds")
        speed = min(SPEEDS_MPS, key=lambda mps: abs(mps - trial.speed_mps))
        try:
            found, plan = judge(trial, int("".join(c for c in name if c.isdigit())), known(name[:3]))
        except Refused as refused:
            watches[speed][f"refused: {refused.reason}"] += 1
            continue
        runners[speed] += 1
        flags[speed].update(f.problem for f in found if f.grade == "flag")
        watches[speed].update(f.problem for f in found if f.grade == "watch")
        foci[speed].update([plan.focus] if plan else [])
        flagged[speed] += any(f.grade == "flag" for f in found)
    yield "| m/s | trials | flagged | given a focus | flags by problem | watches by problem |"
    yield "|---|---|---|---|---|---|"
    for speed in SPEEDS_MPS:
        yield (
            f"| {speed} | {runners[speed]} | {flagged[speed]} | {foci[speed].total()} | {listed(flags[speed])} "
            f"| {listed(watches[speed])} |"
        )
