"""Runners with known faults in, a confusion table out: is the fault found, is a fault-free runner left alone?

    python validation/coach.py TRUTH.json            true measures of generated runners (validation/coach_truth.py)
    python validation/coach.py FOLDER                rendered clips: NAME.json and NAME.midstance/analysis.json

True measures are blurred as a phone would: every measure is moved by one random error drawn from its uncertainty.
Prints, per fault: how often it is the focus, first or second among the findings, and the verdicts on its
causes; for fault-free runners every flag. What is not there is skipped, and said.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from midstance.coaching.findings import ask_rules
from midstance.coaching.plan import make_plan
from midstance.coaching.rules.examples import seen_from, view_from
from midstance.measures import BY_ID
from midstance.model import Measure, Sample
from midstance.uncertainty import HALF_WIDTH, error_of

RIGHT = {
    "overstride": ("reaching",),
    "back_kick": ("back_kick",),
    "limited_hip_extension": ("low_hip_extension",),
    "bounce": ("bounce",),
    "short_stride": ("flat_stride",),
    "long_contact": ("flat_stride", "forced_extension"),
    "forward_lean": ("leaning_forward",),
    "backward_lean": ("leaning_back",),
    "swing_dorsiflexion": ("dorsiflexion",),
    "pawback": ("pawback",),
    "low_knee_drive": ("swing_angle",),
    "excessive_knee_drive": ("swing_angle",),
    "arm_cross": ("arm_crossing",),
    "shoulder_rotation": ("shoulder_rotation",),
    "asymmetry": ("asymmetry",),
    "forefoot_strike": (),
}
"""What each injected fault should be called; a forefoot strike is no fault. A contact kept too long is the article's
"excessive extension of the entire leg" under a flat stride, so either name is right."""

CAUSE = {
    "limited_hip_extension": ("low_hip_extension", "quick_feet"),
    "bounce": ("bounce", "steep_take_off"),
    "forward_lean": ("leaning_forward", "bent_at_waist"),
    "backward_lean": ("leaning_back", "chest_held_back"),
    "swing_dorsiflexion": ("dorsiflexion", "held_actively"),
    "pawback": ("pawback", "lower_leg_driven"),
    "excessive_knee_drive": ("swing_angle", "knee_lifted"),
    "arm_cross": ("arm_crossing", "forearm_crosses"),
    "asymmetry": ("asymmetry", "stays_longer"),
}
"""The cause that the injection has, where it has one that the table of causes knows. The renderer's forward lean tilts
the trunk on unchanged legs: that is bending at the hips."""

PHONE_HZ = 60.0
ASYMMETRIES = {"contact_time_ms": 3.5, "flight_time_ms": 7.0, "step_time_ms": 2.5, "peak_thigh_extension_deg": 8.0}


@dataclass(frozen=True)
class Seen:
    """One finding, as far as the score needs it."""

    problem: str
    grade: str
    causes: dict[str, str]


@dataclass(frozen=True)
class Judged:
    """One runner as the coach sees it."""

    name: str
    fault: str | None
    findings: tuple[Seen, ...]
    focus: str | None


def half_width(name: str, value: float) -> float:
    """Half width of the 95 % interval of one phone clip, as the measures themselves state it."""
    known = error_of(name)
    own = known.sd_of_mean("near" if math.isfinite(known.near) else "turned", PHONE_HZ)
    return HALF_WIDTH * own if math.isfinite(own) else 0.05 * abs(value)


def measures_of(runner: dict[str, Any], rng: np.random.Generator, noise: float) -> Iterator[Measure]:
    """The measures of one generated runner, moved by a phone's error."""
    for name, sides in runner["measures"].items():
        if not seen_from(runner["view"], name):
            continue
        shared = rng.normal()
        for side, pairs in sides.items():
            values = [v for _, v in pairs]
            half = half_width(name, float(np.mean(values)))
            error = noise * half / 1.96 * (0.8 * shared + 0.6 * rng.normal())
            yield Measure(
                id=name, side=side, value=float(np.mean(values)) + error, sd=float(np.std(values)), n=len(values),
                uncertainty=half, unit=BY_ID[name].unit,
                samples=tuple(Sample(time_s=t, value=v + error) for t, v in pairs),
            )  # fmt: skip
        yield from asymmetry_of(name, sides, rng, noise)


def asymmetry_of(name: str, sides: dict[str, Any], rng: np.random.Generator, noise: float) -> Iterator[Measure]:
    if name not in ASYMMETRIES or {"left", "right"} - sides.keys():
        return
    left, right = (float(np.mean([v for _, v in sides[s]])) for s in ("left", "right"))
    per_cent = not name.endswith("_deg")
    difference = (left - right) / ((left + right) / 200 if per_cent else 1)
    stem = name.rpartition("_")[0]
    half = ASYMMETRIES[name]
    yield Measure(
        id=f"asymmetry_{stem}_{'pct' if per_cent else 'deg'}", side="both", uncertainty=half, sd=float("nan"), n=3,
        value=difference + noise * half / 1.96 * rng.normal(), unit="%" if per_cent else "deg",
    )  # fmt: skip


def judge_truth(table: Path, *, noise: float, draws: int) -> Iterator[Judged]:
    """The coach on the true measures of generated runners, blurred."""
    for i, runner in enumerate(json.loads(table.read_text())):
        for draw in range(draws):
            rng = np.random.default_rng([i, draw])
            measures = tuple(measures_of(runner, rng, noise))
            view = view_from(runner["view"], runner["speed"])
            findings = ask_rules(measures, (), view)
            plan = make_plan(findings, measures, view=view)
            seen = tuple(Seen(f.problem, f.grade, {c.cause: c.verdict for c in f.causes}) for f in findings)
            yield Judged(runner["name"], first_fault(runner["faults"]), seen, plan.focus if plan else None)


def judge_clips(folder: Path) -> Iterator[Judged]:
    """What analysis.json says about rendered clips, beside the truth of each."""
    for truth in sorted(folder.glob("*.json")):
        analysis = truth.with_suffix(".midstance") / "analysis.json"
        if not analysis.exists():
            continue
        told = json.loads(analysis.read_text())
        faults = [(f["name"], f["magnitude"]) for f in json.loads(truth.read_text())["people"][0]["faults"]]
        seen = tuple(
            Seen(f["problem"], f["grade"], {c["cause"]: c["verdict"] for c in f["causes"]})
            for f in told.get("findings", ())
        )
        yield Judged(truth.stem, first_fault(faults), seen, (told.get("plan") or {}).get("focus"))


def first_fault(faults: list[Any]) -> str | None:
    return faults[0][0] if faults else None


def rank(judged: Judged) -> int | None:
    """Place of the right problem among the findings, 1 = first; None if it was not found."""
    right = RIGHT.get(judged.fault or "", ())
    return next((i for i, f in enumerate(judged.findings, 1) if f.problem in right), None)


def print_faults(judged: Iterable[Judged]) -> None:
    by_fault: dict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        if j.fault and RIGHT.get(j.fault):
            by_fault[j.fault].append(j)
    print(
        f"{'injected fault':24}{'n':>4}{'focus':>7}{'1 or 2':>8}{'found':>7}{'flag':>6}  cause right   instead, first"
    )
    totals: Counter[str] = Counter()
    for fault, group in by_fault.items():
        ranks = [rank(j) for j in group]
        focus = sum(j.focus in RIGHT[fault] for j in group)
        near = sum(r is not None and r <= 2 for r in ranks)
        flag = sum(any(f.problem in RIGHT[fault] and f.grade == "flag" for f in j.findings) for j in group)
        first = Counter(
            j.findings[0].problem if j.findings else "nothing" for j, r in zip(group, ranks, strict=True) if r != 1
        )
        told = ", ".join(f"{k} {v}" for k, v in first.most_common(3))
        found = sum(r is not None for r in ranks)
        print(f"{fault:24}{len(group):4}{share(focus, group)}{share(near, group)}{share(found, group)}"
              f"{share(flag, group)}  {cause_line(fault, group):13} {told}")  # fmt: skip
        totals.update(n=len(group), near=near, focus=focus)
    if totals["n"]:
        print(f"{'all':24}{totals['n']:4}{share(totals['focus'], totals['n'])}{share(totals['near'], totals['n'])}")


def share(count: int, group: list[Judged] | int) -> str:
    n = group if isinstance(group, int) else len(group)
    return f"{100 * count / n:6.0f}%"


def cause_line(fault: str, group: list[Judged]) -> str:
    if fault not in CAUSE:
        return "-"
    problem, cause = CAUSE[fault]
    verdicts = Counter(f.causes.get(cause) for j in group for f in j.findings if f.problem == problem)
    return f"{verdicts['supported']}+ {verdicts['cannot_tell']}? {verdicts['not_supported']}-"


def print_fault_free(judged: Iterable[Judged]) -> int:
    clean = [j for j in judged if not RIGHT.get(j.fault or "", ())]
    flags = [(j.name, f.problem) for j in clean for f in j.findings if f.grade == "flag"]
    watches = Counter(f.problem for j in clean for f in j.findings if f.grade == "watch")
    plans = Counter(j.focus for j in clean if j.focus)
    print(f"\nfault-free runners: {len(clean)}, flags: {len(flags)}, with a plan: {sum(plans.values())} {dict(plans)}")
    print(f"watches: {dict(watches)}")
    for name, problem in flags:
        print(f"  {name}: {problem}")
    return len(flags)


def main() -> int:
    read = argparse.ArgumentParser(description=__doc__)
    read.add_argument("source", type=Path)
    read.add_argument("--noise", type=float, default=1.0, help="share of a phone's error to add (0: the truth itself)")
    read.add_argument("--draws", type=int, default=3)
    said = read.parse_args()
    if not said.source.exists():
        print(f"{said.source} is not there: nothing to judge.")
        return 0
    clips = said.source.is_dir()
    judged = list(judge_clips(said.source) if clips else judge_truth(said.source, noise=said.noise, draws=said.draws))
    if not judged:
        print(f"No clip in {said.source} has both its truth and its analysis.")
        return 0
    print_faults(judged)
    print_fault_free(judged)
    return 0


if __name__ == "__main__":
    sys.exit(main())
