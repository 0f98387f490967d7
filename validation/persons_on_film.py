"""Measure and coach the films of generated persons: who is spoken to, what is found, and how true each measure is.

    python -m validation.persons_on_film [--clips]        one line for each film, or the tables

The films are those of validation/population.py. The generator's stated strike lies some 13 ms early for its own
kinematics, its toe-off some 4 to 11: the rule of contacts, asked on the exact points of the same person, reads them
later. By this lag, the median of the film, contacts are moved so that the two agree: in the truth, where measures are
held against it; in what was found, where persons are judged, since their measures are those of people at the stated
moment. The table of the coach has both, as filmed and with the contacts moved.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

import numpy as np

from midstance.coaching.bands import references
from midstance.errors import Refused
from midstance.model import Finding
from validation import accuracy
from validation.calibrate import Compared
from validation.cases import PERSON, RENDERED, Case, cases
from validation.coach_clips import judge
from validation.faults import RIGHT
from validation.people import listed
from validation.population import LEVELS, in_fitted_half

AIMS = {"middle": 85, "strong": 95}
CLEAN_FLAGGED, CLEAN_FOCUS = 2, 8
TURNED = "fr_"
"""How the names of films from the front and from behind begin (validation/render.py)."""
ENOUGH = 20
"""Films a measure must be read in before its slope is worth a row."""
OF_CONTACT = ("contact", "flight", "duty_factor", "take_off", "step_", "stride_time", "stiffness")
"""Parts of the ids of measures that are times of a contact, or made of them."""
FAR_OUT = 2.0
"""Standard deviations from the mean of the persons beyond which a person counts as unusual."""


class PersonOnFilm(Case):
    """A film of a generated person."""

    @property
    def fault(self) -> str:
        faults = self.truth["people"][0]["faults"]
        return "" if not faults else str(faults[0]["name"])

    @property
    def level(self) -> str:
        return self.name.split("_")[-2] if self.fault else ""

    @cached_property
    def lag_s(self) -> tuple[float, float]:
        """How much later than stated the rule reads strike and toe-off on the exact points: medians of the film."""
        return accuracy.contacts_late_s(self)


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One film: what was found, the focus (None: nothing to change), or why it was refused."""

    case: PersonOnFilm
    found: tuple[Finding, ...]
    focus: str | None
    refused: str = ""

    @property
    def flagged(self) -> tuple[str, ...]:
        return tuple(f.problem for f in self.found if f.grade == "flag")

    @property
    def right(self) -> bool:
        """Whether the right problem is the first or the second that is named."""
        return any(f.problem in RIGHT[self.case.fault] for f in self.found[:2])


@cache
def films() -> tuple[PersonOnFilm, ...]:
    """Every film of a generated person that has been rendered."""
    there = cases(RENDERED) if RENDERED.is_dir() else []
    return tuple(PersonOnFilm(case.name, case.film) for case in there if case.name.startswith(PERSON))


def judged(chosen: Iterable[PersonOnFilm], *, moved: bool, on_truth: bool = False) -> Iterator[Judged]:
    """Measure and coach each film, its height known, as filmed or with the strikes moved to the stated moment."""
    for case in chosen:
        try:
            found, focus = judge(case, earlier_s=case.lag_s if moved else (0.0, 0.0), on_truth=on_truth)
        except Refused as refused:
            yield Judged(case=case, found=(), focus=None, refused=refused.reason)
        else:
            yield Judged(case=case, found=found, focus=focus)


def coached() -> Iterator[str]:
    """The rows of RESULTS.md: persons without fault, then each fault at two levels, then each problem."""
    chosen = films()
    strike_ms, toe_off_ms = 1000 * np.median([case.lag_s for case in chosen], axis=0)
    yield f"Lag, median over films: of the strike {strike_ms:.0f} ms, of toe-off {toe_off_ms:.0f} ms."
    yield ""
    both = {"as filmed": list(judged(chosen, moved=False)), "contacts moved": list(judged(chosen, moved=True))}
    yield "| persons without fault | judged | number | of 100, aim | by problem |"
    yield "|---|---|---|---|---|"
    for how, every in both.items():
        yield from _clean(how, [row for row in every if not row.case.fault])
    for how, every in both.items():
        faulty = [row for row in every if row.case.fault]
        missed = [row.case for row in faulty if not row.right]
        true = {row.case.name: row for row in judged(missed, moved=how != "as filmed", on_truth=True)}
        yield from ("", f"Persons with a fault, {how}:", "")
        yield from _faulty(faulty, true)
    yield from ("", "Each problem, contacts moved:", "")
    yield from _problems([row for row in both["contacts moved"] if row.case.fault])


def from_the_front() -> Iterator[str]:
    """The rows of RESULTS.md: persons seen from the front or behind, the fault and what was found."""
    yield "| film | fault put in | found, weightiest first | focus |"
    yield "|---|---|---|---|"
    there = cases(RENDERED) if RENDERED.is_dir() else []
    turned = [PersonOnFilm(case.name, case.film) for case in there if case.name.startswith(TURNED)]
    for row in judged(turned, moved=False):
        faults = row.case.truth["people"][0]["faults"]
        put_in = ", ".join(f"{fault['name']} {fault['level']}" for fault in faults) or "none"
        told = row.refused or ", ".join(f"{f.problem} ({f.grade})" for f in row.found) or "nothing"
        yield f"| {row.case.name} | {put_in} | {told} | {row.focus or '-'} |"


def _clean(how: str, rows: Sequence[Judged]) -> Iterator[str]:
    flags = Counter(problem for row in rows for problem in row.flagged)
    foci = Counter(row.focus for row in rows if row.focus)
    watches = Counter(f.problem for row in rows for f in row.found if f.grade == "watch")
    share = 100 / max(1, len(rows))
    yield f"| filmed | {how} | {len(rows)} | | |"
    yield f"| refused | {how} | {sum(bool(row.refused) for row in rows)} | 0 | |"
    flagged = sum(bool(row.flagged) for row in rows)
    yield f"| flagged | {how} | {flagged} | {share * flagged:.0f}, {CLEAN_FLAGGED} | {listed(flags)} |"
    yield f"| given a focus | {how} | {foci.total()} | {share * foci.total():.0f}, {CLEAN_FOCUS} | {listed(foci)} |"
    watched = sum(any(f.grade == "watch" for f in row.found) for row in rows)
    yield f"| watched | {how} | {watched} | {share * watched:.0f} | {listed(watches)} |"


def _faulty(rows: Sequence[Judged], true: Mapping[str, Judged]) -> Iterator[str]:
    yield (
        "| fault | right | "
        + " | ".join(f"{level}: found, flagged" for level in LEVELS)
        + " | named instead | of the missed, named where nothing is measured wrong |"
    )
    yield "|---|---|" + "---|" * (len(LEVELS) + 2)
    for fault, right in RIGHT.items():
        mine = [row for row in rows if row.case.fault == fault]
        cells = [_score([row for row in mine if row.case.level == level]) for level in LEVELS]
        missed = [row for row in mine if not row.right]
        instead = Counter(row.refused or (row.found[0].problem if row.found else "silent") for row in missed)
        by_measuring = sum(true[row.case.name].right for row in missed)
        yield (
            f"| {fault} | {' or '.join(right)} | "
            + " | ".join(cells)
            + f" | {listed(instead)} | {f'{by_measuring} of {len(missed)}' if missed else '-'} |"
        )
    cells = [_score([row for row in rows if row.case.level == level], aim=AIMS[level]) for level in LEVELS]
    missed = [row for row in rows if not row.right]
    by_measuring = sum(true[row.case.name].right for row in missed)
    yield "| all | | " + " | ".join(cells) + f" | | {by_measuring} of {len(missed)} |"


def _problems(rows: Sequence[Judged]) -> Iterator[str]:
    yield "| problem | middle: found | strong: found |"
    yield "|---|---|---|"
    for problem in dict.fromkeys(right[0] for right in RIGHT.values()):
        mine = [row for row in rows if RIGHT[row.case.fault][0] == problem]
        cells = [_share([row.right for row in mine if row.case.level == level]) for level in LEVELS]
        yield f"| {problem} | " + " | ".join(cells) + " |"


def _share(right: Sequence[bool]) -> str:
    return f"{sum(right)} of {len(right)}" + (f" = {100 * np.mean(right):.0f} %" if right else "")


def _score(rows: Sequence[Judged], aim: int = 0) -> str:
    right = sum(row.right for row in rows)
    flagged = sum(any(problem in RIGHT[row.case.fault] for problem in row.flagged) for row in rows)
    percent = f" = {100 * right / len(rows):.0f} %, aim {aim} %" if aim and rows else ""
    return f"{right} of {len(rows)}{percent}, {flagged}"


# -- how true the measures are ---------------------------------------------------------------------------------------


def measured() -> Iterator[str]:
    """The rows of RESULTS.md: bias, error, slope of measured against true, and the share of intervals that hold."""
    every = accuracy.compared(films())
    rows_of: dict[tuple[str, str], list[Compared]] = defaultdict(list)
    for row in every:
        if body_can_have(row):
            rows_of[row.found.id, "both" if row.found.side == "both" else row.leg].append(row)
    absurd = sum(not body_can_have(row) for row in every)
    yield f"True values that no body can have, left out: {absurd} of {len(every)}."
    yield ""
    yield "| measure | leg | n | bias | RMSE | slope | half width | held | held, no fit | held, beyond 2 SD |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    for (name, leg), rows in rows_of.items():
        if len(rows) >= ENOUGH:
            yield f"| {name} | {leg} | " + " | ".join(_figures(rows)) + " |"
    yield from _all(("all", [row for rows in rows_of.values() for row in rows]))
    of_contact = {name for name, _ in rows_of if any(part in name for part in OF_CONTACT)}
    others = [row for (name, _), rows in rows_of.items() if name not in of_contact for row in rows]
    yield from _all(("all but times of contacts", others))


def _all(named: tuple[str, Sequence[Compared]]) -> Iterator[str]:
    label, rows = named
    held = [row.held for row in rows]
    outside = [row.held for row in rows if not in_fitted_half(row.clip)]
    yield f"| {label} | | {len(rows)} | | | | | {100 * np.mean(held):.0f} % | {100 * np.mean(outside):.0f} % | |"


def body_can_have(row: Compared) -> bool:
    """Whether a true value lies within what a body can do: some faults of the generator bend an ankle by 90 degrees."""
    entry = references().get(row.found.id)
    return entry is None or entry.possible[0] <= row.true <= entry.possible[1]


def _figures(rows: Sequence[Compared]) -> Iterator[str]:
    true, error = np.array([row.true for row in rows]), np.array([row.error for row in rows])
    held = np.array([row.held for row in rows])
    spread = float(np.std(true))
    yield str(len(rows))
    yield f"{error.mean():+.3g}"
    yield f"{np.sqrt(np.mean(error**2)):.3g}"
    yield f"{1 + np.cov(true, error)[0, 1] / spread**2:.2f}" if spread > 0 else "-"
    yield f"{np.median([row.found.uncertainty for row in rows]):.3g}"
    yield f"{100 * held.mean():.0f} %"
    yield f"{100 * np.mean([row.held for row in rows if not in_fitted_half(row.clip)]):.0f} %"
    far = np.abs(true - np.median(true)) > FAR_OUT * spread
    yield f"{held[far].sum()} of {far.sum()}"


def main() -> None:
    """Print one line for each film, or the tables."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--clips", action="store_true", help="one line for each film")
    if reader.parse_args().clips:
        for case in films():
            for moved, (row,) in ((moved, judged([case], moved=moved)) for moved in (False, True)):
                told = ", ".join(f"{f.problem} ({f.grade} {f.severity:.2f})" for f in row.found)
                how = f"{-1000 * case.lag_s[0] if moved else 0:+5.0f} ms"
                print(f"{case.name:34s} {how} {row.refused or row.focus or '-':20s} {told}", flush=True)
        return
    print("\n".join([*coached(), "", *measured()]))


if __name__ == "__main__":
    main()
