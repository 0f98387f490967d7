"""Say how a batch goes: what is to be done, how far it is, and what came of it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from midstance.measures import BY_ID
from midstance.text.names import count, measure_name, number
from midstance.units import unit_text

SHOWN = 5
"""Names in a list; of more it is said how many there are."""

AGAIN = {
    "film": "the film is another one now",
    "failed": "it failed before",
}


def names(found: Sequence[str]) -> str:
    """Return a list of names for a sentence, the first few and how many more."""
    more = f" and {len(found) - SHOWN} more" if len(found) > SHOWN else ""
    return ", ".join(found[:SHOWN]) + more


def reason_again(why: str | None) -> str:
    """Return why a take is analysed, for a list: new, done already, or again with the reason."""
    if why is None:
        return "done"
    return "new" if why == "new" else f"again: {AGAIN.get(why, f'{why} changed')}"


def plan_lines(why: Mapping[str, str | None]) -> list[str]:
    """Return what is to be done: how many takes, how many of them are done, and why some are done anew."""
    reasons = Counter(why.values())
    done = reasons.pop(None, 0)
    lines = [f"{count(len(why), 'take')}: {len(why) - done} to do, {done} done already."]
    new = reasons.pop("new", 0)
    lines += [f"Again, {count(n, 'take')}: {AGAIN.get(str(r), f'{r} changed')}." for r, n in sorted(reasons.items())]
    return lines if new or reasons or done else lines[:1]


def progress_line(done: int, total: int, bad: int, *, elapsed_s: float, left_s: float | None) -> str:
    """Return how far a batch is, on one line; bad: takes that have no numbers."""
    rate = f", {60 * done / elapsed_s:.3g} a minute" if done and elapsed_s > 0 else ""
    left = f", {duration(left_s)} left" if left_s is not None and done < total else ""
    failed = f", {bad} without numbers" if bad else ""
    return f"{done} of {total}{rate}{left}{failed}"


def duration(seconds: float) -> str:
    """Return a time as a person says it: 40 s, 5 min, 3 h 20 min."""
    if seconds < 90:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60} min"


def end_line(counts: Mapping[str, int], elapsed_s: float, left: int) -> str:
    """Return what came of a run."""
    if not counts and not left:
        return "Nothing to do. The tables are made anew."
    parts = [f"{counts.get('done', 0)} measured"]
    parts += [f"{counts[status]} {status}" for status in ("refused", "failed") if counts.get(status)]
    parts += [f"{left} not begun"] if left else []
    return f"{', '.join(parts)}, in {duration(elapsed_s)}."


# -- groups --------------------------------------------------------------------------------------------------------


class GroupRow(Protocol):
    """One measure in one group of takes, as batch/summary.py makes it."""

    @property
    def name(self) -> str:
        """Of the group."""

    @property
    def measure(self) -> str:
        """Its id."""

    @property
    def values(self) -> tuple[float, ...]:
        """Of every take."""

    @property
    def n(self) -> int:
        """How many the mean is of."""

    @property
    def mean(self) -> float:
        """In the unit of the measure."""

    @property
    def sd(self) -> float:
        """The same; NaN for a single one."""

    @property
    def half_width(self) -> float:
        """Of the 95 % interval of the mean."""


def group_lines(by: str, found: Sequence[GroupRow]) -> list[str]:
    """Return the table of a grouping: under each measure its groups, with count, mean, spread and interval."""
    lines = ["", f"By {by}" if by != "all" else "All takes"]
    wide = max((len(row.name) for row in found), default=0)
    for measure in dict.fromkeys(row.measure for row in found):
        unit = unit_text(BY_ID[measure].unit).strip()
        lines.append(f"  {measure_name(measure, 'both')}{f', {unit}' if unit else ''}")
        lines += [f"    {_group_line(row, wide)}" for row in found if row.measure == measure]
    return lines


def _group_line(row: GroupRow, wide: int) -> str:
    takes = len(row.values)
    of = f"n {row.n:<4}" if row.n == takes else f"n {row.n:<4} ({takes} takes)  "
    mean = number(row.mean, row.half_width)
    spread = f"SD {number(row.sd, row.half_width)}" if math.isfinite(row.sd) else ""
    low, high = (number(row.mean + sign * row.half_width, row.half_width) for sign in (-1, 1))
    interval = f"{low} to {high}" if math.isfinite(row.half_width) else ""
    return f"{row.name:{wide}}  {of} {mean:>8}  {spread:10}  {interval}".rstrip()
