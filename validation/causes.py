"""Ask the rules why: generated runners whose cause is known, from exact points and from film.

`causes.csv` has the measures of runners into whom a cause was put, or a sign without its cause, and of runners without
fault (validation/generate_causes.py). Each is asked with exact measures, with the uncertainty that a phone clip states,
and with errors of that size drawn. Films of persons join in where they were rendered.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import numpy as np

from midstance.coaching.findings import ask_rules
from midstance.coaching.rules import load
from midstance.coaching.rules.examples import typical_error, view_from
from midstance.errors import Refused
from midstance.measures import BY_ID
from midstance.model import Finding, Plane, Verdict
from midstance.uncertainty import HALF_WIDTH, error_of
from validation.cases import Case
from validation.coach_clips import FIRST_OR_SECOND, MARKS
from validation.coach_clips import judge as judge_film
from validation.faults import KINDS, measured, stated

TABLE = Path(__file__).with_name("causes.csv")
HEAD = ("name", "kind", "put_in", "body", "speed_mps", "plane", "expects")
FROM_LEANING = "back_kick:+leaning_forward,-heel_pulled_up"
LATE_ARM = "reaching:+late_arm,-slow_back_kick,-leaning_back;late_arms:?arm_crosses,-long_arm,-arms_idle"
SAYS: Mapping[str, str] = {
    "lean_whole_body": "leaning_forward:+whole_body,-bent_at_waist",
    "lean_at_waist": "leaning_forward:+bent_at_waist,-whole_body",
    "forward_lean": "leaning_forward:+bent_at_waist,-whole_body",
    "lean_whole_body back_kick": f"{FROM_LEANING};leaning_forward:+whole_body,-bent_at_waist",
    "lean_at_waist back_kick": f"{FROM_LEANING};leaning_forward:+bent_at_waist,-whole_body",
    "heel_pull": "back_kick:+heel_pulled_up,-leaning_forward",
    "back_kick": "back_kick:-heel_pulled_up,-leaning_forward",
    "slow_kick": "back_kick:-heel_pulled_up,-leaning_forward",
    "leg_long": "flat_stride:+leg_extended_long,-reaching_out",
    "toe_push": "flat_stride:+toeing_off,-leg_extended_long,-reaching_out",
    "low_take_off": "flat_stride:+low_take_off,-leg_extended_long,-toeing_off,-reaching_out",
    "reach_to_cover low_take_off": "flat_stride:+reaching_out,-leg_extended_long,-toeing_off",
    "reach_to_cover": "flat_stride:+reaching_out,-leg_extended_long,-toeing_off",
    "quick_feet": "low_hip_extension:+quick_feet,-sitting",
    "sit": "low_hip_extension:+sitting,-quick_feet",
    "short_push": "low_hip_extension:-sitting,-quick_feet",
    "push_far": "forced_extension:+pushing_long",
    "slow_kick overstride": "reaching:+slow_back_kick,-leaning_back,-late_arm",
    "lean_back overstride": "reaching:+leaning_back,-slow_back_kick,-late_arm",
    "arm_late_cross overstride": LATE_ARM,
    "arm_late_out overstride": LATE_ARM,
    "arm_late_only overstride": "reaching:+late_arm,-slow_back_kick,-leaning_back;late_arms:-long_arm,-arms_idle",
    "arm_late_cross": "late_arms:?arm_crosses,-long_arm,-arms_idle",
    "arm_late_out": "late_arms:?arm_crosses,-long_arm,-arms_idle",
    "arm_late_only": "late_arms:-long_arm,-arms_idle",
    "shoulder_turn overstride": "reaching:?shoulder_rotation,-late_arm,-slow_back_kick,-leaning_back",
    "overstride": "reaching:-late_arm,-slow_back_kick,-leaning_back",
    "push_far low_knee_drive": "swing_angle:+extension_great,-extension_small,-knee_lifted",
    "short_push excessive_knee_drive": "swing_angle:+extension_small,-extension_great,-knee_lifted",
    "excessive_knee_drive": "swing_angle:+knee_lifted,-extension_small",
    "bounce": "bounce:+steep_take_off,-pushing_up",
    "deep_dip bounce": "bounce:+pushing_up",
    "paw_lower_leg": "pawback:+lower_leg_driven,-thigh_driven,-high_thigh",
    "paw_thigh": "pawback:+thigh_driven,-lower_leg_driven,-high_thigh",
    "swing_dorsiflexion": "dorsiflexion:+held_actively,-reaching_out,-low_swing",
}
"""What a coach should say of a film from the side, by what was put in: "problem:+cause that is there,-cause that is
not,?cause that is there and that this view cannot show"; several problems with ";"."""

FROM_THE_FRONT: Mapping[str, str] = {
    "arm_late_cross overstride": "arm_crossing:+forearm_crosses,-shoulder_rotation",
    "arm_late_out overstride": "arms_out:+elbows_away,-shoulder_rotation",
    "shoulder_turn overstride": "shoulder_rotation:-arms_cross",
}
"""The same of a film from the front."""

SETS = {"chains_dev": "chains, old runner", "chains_dev_v2": "chains, persons", "fit": "looked at", "report": "others"}


@dataclass(frozen=True, slots=True)
class Expected:
    """What should be said of one problem: causes that are there, that are not, and that this view cannot show."""

    problem: str
    there: tuple[str, ...]
    absent: tuple[str, ...]
    unseen: tuple[str, ...]


def expected(text: str) -> tuple[Expected, ...]:
    """Read an expectation as SAYS writes it."""
    found = []
    for part in text.split(";") if text else ():
        problem, _, causes = part.partition(":")
        by_mark: dict[str, list[str]] = defaultdict(list)
        for cause in causes.split(",") if causes else ():
            by_mark[cause[0]].append(cause[1:])
        found.append(Expected(problem, tuple(by_mark["+"]), tuple(by_mark["-"]), tuple(by_mark["?"])))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Runner:
    """One generated runner: what was put in, what to expect, and the measures by id."""

    name: str
    kind: str
    put_in: str
    speed_mps: float
    plane: Plane
    expects: tuple[Expected, ...]
    values: Mapping[str, float]
    also: tuple[Plane, ...] = ()


@cache
def runners() -> tuple[Runner, ...]:
    """Read all generated runners."""
    with TABLE.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(line for line in stream if not line.startswith("#")))
    return tuple(
        Runner(
            name=row["name"],
            kind=row["kind"],
            put_in=row["put_in"],
            speed_mps=float(row["speed_mps"]),
            plane="front" if row["plane"] == "front" else "side",
            expects=expected(row["expects"]),
            values={name: float(value) for name, value in row.items() if name in BY_ID and value},
        )
        for row in rows
    )


def joined() -> Iterator[Runner]:
    """Return the runners that were generated from the side and from the front as one run each.

    What the side cannot show should then be told, and what only the front shows is measured there.
    """
    every = {runner.name: runner for runner in runners()}
    for name, front in every.items():
        side = every.get(name.removesuffix("f"))
        if name.endswith("f") and side and front.plane == "front":
            expects = tuple(replace(one, there=(*one.there, *one.unseen), unseen=()) for one in side.expects)
            yield replace(
                side, expects=(*expects, *front.expects), values={**front.values, **side.values}, also=("front",)
            )


def half_width(name: str) -> float:
    """Return the half width of the 95 % interval that a phone clip states of a measure."""
    if name in stated():
        return stated()[name]
    known = error_of(name)
    own = known.near if np.isfinite(known.near) else known.turned
    return HALF_WIDTH * own if np.isfinite(own) else typical_error(name)


def ask(runner: Runner, kind: str) -> tuple[Finding, ...]:
    """Ask the rules about one runner, by exact, stated or drawn measures."""
    chance = np.random.default_rng(sum(runner.name.encode()))
    measures = measured(runner.values, kind, chance, half_width)
    view = replace(view_from(runner.plane, runner.speed_mps), also_from=runner.also)
    return ask_rules(measures, (), view, ruleset=load())


@dataclass
class Count:
    """How often the sign was named and the causes judged right; the names say of what."""

    signs: int = 0
    near: int = 0
    right: int = 0
    denied: int = 0
    open: int = 0
    not_found: int = 0
    wrong: list[str] = field(default_factory=list)
    absent: int = 0
    unseen: int = 0
    unseen_judged: int = 0
    clean: int = 0
    flagged: int = 0

    def add(self, expects: Sequence[Expected], found: Sequence[Finding]) -> None:
        """Count one runner."""
        if not expects:
            self.clean += 1
            self.flagged += any(f.grade == "flag" for f in found)
        for one in expects:
            self._count(one, found)

    def _count(self, one: Expected, found: Sequence[Finding]) -> None:
        finding = next((f for f in found if f.problem == one.problem), None)
        verdicts: dict[str, Verdict] = {c.cause: c.verdict for c in finding.causes} if finding else {}
        self.signs += 1
        self.near += finding is not None and place(finding, found) <= FIRST_OR_SECOND
        if finding is None:
            self.not_found += len(one.there)
            return
        told = [verdicts.get(cause, "cannot_tell") for cause in one.there]
        self.right += told.count("supported")
        self.denied += told.count("not_supported")
        self.open += told.count("cannot_tell")
        self.absent += len(one.absent)
        self.wrong += [cause for cause in one.absent if verdicts.get(cause) == "supported"]
        self.unseen += len(one.unseen)
        self.unseen_judged += sum(verdicts.get(cause) != "cannot_tell" for cause in one.unseen)

    @property
    def can_be_told(self) -> int:
        """Causes that are there, of problems that were found, in a view that can show them."""
        return self.right + self.denied + self.open


def place(finding: Finding, found: Sequence[Finding]) -> int:
    """Return the place at which a finding is told, 1 = first; what a root explains is told with the root."""
    by_problem = {f.problem: f for f in found}
    while finding.explained_by in by_problem:
        finding = by_problem[str(finding.explained_by)]
    return found.index(finding) + 1


def table(films: Iterable[Case]) -> Iterator[str]:
    """Return the rows of validation/RESULTS.md: exact points by set, by what was put in, and films."""
    yield f"| runners | measured | {' | '.join(FIGURES)} |"
    yield "|---" * (len(FIGURES) + 2) + "|"
    yield f"| **aims** | | {' | '.join(aim for aim, _figure in FIGURES.values())} |"
    for kind, title in SETS.items():
        for how in KINDS:
            some = Count()
            for runner in runners():
                if runner.kind == kind:
                    some.add(runner.expects, ask(runner, how))
            yield f"| {title} | {how} | {' | '.join(figure(some) for _aim, figure in FIGURES.values())} |"
    for how in KINDS:
        some = Count()
        for pair in joined():
            some.add(pair.expects, ask(pair, how))
        yield f"| side and front joined | {how} | {' | '.join(figure(some) for _aim, figure in FIGURES.values())} |"
    by_film = list(judged_films(films))
    if by_film:
        some = Count()
        for _case, expects, found in by_film:
            some.add(expects, found)
        yield f"| persons | film | {' | '.join(figure(some) for _aim, figure in FIGURES.values())} |"
    yield from ("", *by_put_in())
    yield from ("", *film_rows(by_film)) if by_film else ()


def _share(count: int, of: int) -> str:
    return f"{count} of {of}" + (f" ({100 * count / of:.0f} %)" if of else "")


FIGURES: Mapping[str, tuple[str, Callable[[Count], str]]] = {
    "sign first or second": (">= 90 %", lambda c: _share(c.near, c.signs)),
    "right cause supported": (">= 80 %", lambda c: _share(c.right, c.can_be_told)),
    "wrongly denied": ("<= 5 %", lambda c: _share(c.denied, c.can_be_told)),
    "wrong cause supported": ("<= 5 %", lambda c: _share(len(c.wrong), c.absent)),
    "judged though not in view": ("0", lambda c: _share(c.unseen_judged, c.unseen)),
    "without fault, flagged": ("0", lambda c: _share(c.flagged, c.clean)),
}
"""The columns: the aim, and how the figure is written."""


def by_put_in() -> Iterator[str]:
    """Return a row for each thing that was put in, of the runners whose figures count."""
    yield "| put in (others, stated) | view | sign first or second | right | open | denied | wrong cause supported |"
    yield "|---|---|---|---|---|---|---|"
    groups: dict[tuple[str, Plane], Count] = defaultdict(Count)
    for runner in runners():
        if runner.kind == "report" and runner.expects:
            names = " ".join(word.partition(":")[0] for word in runner.put_in.split())
            groups[names, runner.plane].add(runner.expects, ask(runner, "stated"))
    for (names, plane), some in groups.items():
        yield (
            f"| {names} | {plane} | {some.near} of {some.signs} | {some.right} | {some.open} | {some.denied} | "
            f"{', '.join(some.wrong) or '-'} |"
        )


# -- films -----------------------------------------------------------------------------------------------------------

Judged = tuple[Case, tuple[Expected, ...], tuple[Finding, ...]]


def judged_films(films: Iterable[Case]) -> Iterator[Judged]:
    """Ask about every film of a person into whom a known cause, or nothing, was put."""
    for case in films:
        names = " ".join(fault["name"] for fault in case.truth["people"][0]["faults"])
        front = case.truth["view"] == "front"
        says = (FROM_THE_FRONT if front else SAYS).get(names)
        if names and says is None:
            continue
        try:
            found, _focus = judge_film(case)
        except Refused:
            found = ()
        yield case, expected(says or ""), found


def film_rows(judged: Iterable[Judged]) -> Iterator[str]:
    """Return a row for each film with a cause in it."""
    yield "| film | should say | says | findings |"
    yield "|---|---|---|---|"
    for case, expects, found in judged:
        for one in expects:
            wanted = [f"+{c}" for c in one.there] + [f"?{c}" for c in one.unseen] + [f"-{c}" for c in one.absent]
            finding = next((f for f in found if f.problem == one.problem), None)
            told = " ".join(f"{MARKS[c.verdict]}{c.cause}" for c in finding.causes) if finding else "not found"
            everything = ", ".join(f"{f.problem} ({f.grade})" for f in found) or "nothing"
            yield f"| {case.name} | {one.problem}: {' '.join(wanted)} | {told} | {everything} |"
