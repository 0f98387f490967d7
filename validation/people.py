"""Put 26 real runners through the rules: how many healthy people the coach would flag, watch, or send away with a cue.

The runners are those of Fukuchi, Fukuchi and Duarte 2017 (doi 10.7717/peerj.3298, CC BY 4.0): 25 men and 1 woman,
competitive, on a treadmill with force plates at 2.5, 3.5 and 4.5 m/s. `people_26.csv` has their measures. Each is
judged by bands that were fitted on the other 25 (validation/fit_bands.py).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from midstance.coaching.bands import References
from midstance.coaching.findings import ask_rules
from midstance.coaching.plan import make_plan
from midstance.coaching.rules import load
from midstance.coaching.rules.examples import view_from
from midstance.coaching.rules.folder import Ruleset
from midstance.measures import BY_ID
from midstance.model import Finding, Measure, MeasureSide, Plan

TABLE = Path(__file__).with_name("people_26.csv")
SPEEDS_MPS = (2.5, 3.5, 4.5)
EXACT = 1e-9
"""Uncertainty of a measure that is taken as measured without error."""

STANDING: Mapping[str, float] = {
    **dict.fromkeys(
        (
            "knee_flexion_at_strike_deg",
            "peak_knee_flexion_stance_deg",
            "knee_flexion_at_toe_off_deg",
            "peak_knee_flexion_swing_deg",
        ),
        4.0,
    ),
    **dict.fromkeys(("thigh_angle_at_strike_deg", "peak_thigh_flexion_deg"), 2.0),
    **dict.fromkeys(("thigh_extension_at_toe_off_deg", "peak_thigh_extension_deg", "shank_angle_at_strike_deg"), -2.0),
    "ankle_dorsiflexion_late_swing_deg": 2.0,
}
"""Degrees added to what the markers read, so that a person who stands straight reads 0 at knee, thigh and shank
(docs/decisions/angles.md). Differences of one angle, such as a sweep or a range, do not depend on its zero."""

_SIDES: Mapping[str, MeasureSide] = {"l": "left", "r": "right", "b": "both"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One runner at one speed."""

    runner: str
    speed_mps: float
    measures: tuple[Measure, ...]

    def mean(self, name: str) -> float | None:
        """The measure, mean of both sides; None if it is absent."""
        values = [m.value for m in self.measures if m.id == name]
        return sum(values) / len(values) if values else None


@cache
def trials() -> tuple[Trial, ...]:
    """All trials, by runner and speed."""
    found: dict[tuple[str, float], list[Measure]] = defaultdict(list)
    with TABLE.open(encoding="utf-8") as stream:
        for row in csv.DictReader(line for line in stream if not line.startswith("#")):
            found[row["runner"], float(row["speed_mps"])].append(
                Measure(
                    id=row["measure"],
                    side=_SIDES[row["side"]],
                    value=float(row["value"]) + STANDING.get(row["measure"], 0.0),
                    sd=float("nan"),
                    n=int(row["n"]),
                    uncertainty=float(row["half_width"]),
                    unit=BY_ID[row["measure"]].unit,
                )
            )
    return tuple(Trial(runner=r, speed_mps=v, measures=tuple(m)) for (r, v), m in sorted(found.items()))


def judge(trial: Trial, ruleset: Ruleset, *, exact: bool) -> tuple[tuple[Finding, ...], Plan | None]:
    """What the coach finds and plans; exact: as if every measure were without error."""
    view = view_from("side", trial.speed_mps)
    measures = tuple(replace(m, uncertainty=EXACT) for m in trial.measures) if exact else trial.measures
    found = ask_rules(measures, (), view, ruleset=ruleset)
    return found, make_plan(found, measures, view=view, ruleset=ruleset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """How many of the runners at one speed are spoken to, and by which problems."""

    speed_mps: float
    runners: int
    flagged: int
    watched: int
    given_a_focus: int
    flags: Mapping[str, int]
    watches: Mapping[str, int]
    foci: Mapping[str, int]


def spoken_to(bands_without: Callable[[str], References], *, exact: bool) -> tuple[Spoken, ...]:
    """Count by speed, each runner judged by bands that do not know it."""
    rules = load()
    rows = []
    for speed in SPEEDS_MPS:
        flags, watches, foci, some_flag, some_watch = Counter[str](), Counter[str](), Counter[str](), 0, 0
        here = [t for t in trials() if t.speed_mps == speed]
        for trial in here:
            found, plan = judge(trial, replace(rules, bands=bands_without(trial.runner)), exact=exact)
            grades = {f.grade for f in found}
            flags.update(f.problem for f in found if f.grade == "flag")
            watches.update(f.problem for f in found if f.grade == "watch")
            foci.update([plan.focus] if plan else [])
            some_flag += "flag" in grades
            some_watch += "watch" in grades
        rows.append(
            Spoken(
                speed_mps=speed,
                runners=len(here),
                flagged=some_flag,
                watched=some_watch,
                given_a_focus=foci.total(),
                flags=flags,
                watches=watches,
                foci=foci,
            )
        )
    return tuple(rows)


def lines(rows: Mapping[str, Sequence[Spoken]]) -> Iterator[str]:
    """The table of validation/RESULTS.md: one row a speed and kind of measurement."""
    yield "| measured | m/s | runners | flagged | watched | given a focus | flags by problem | foci by problem |"
    yield "|---|---|---|---|---|---|---|---|"
    for kind, spoken in rows.items():
        for row in spoken:
            yield (
                f"| {kind} | {row.speed_mps} | {row.runners} | {row.flagged} | {row.watched} | {row.given_a_focus} "
                f"| {listed(row.flags)} | {listed(row.foci)} |"
            )


def listed(counts: Mapping[str, int]) -> str:
    """Names with their counts, the most frequent first."""
    return ", ".join(f"{name} {n}" for name, n in sorted(counts.items(), key=lambda pair: -pair[1])) or "-"
