"""Name measures and problems, and write a number with its error."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from midstance.coaching.rules import RULES
from midstance.coaching.rules.base import Rule
from midstance.comparison.experiment import NOTE, is_experiment
from midstance.measures import BY_ID, GROUPS
from midstance.model import MeasureSide
from midstance.reasons import small
from midstance.units import unit_text


class Named(NamedTuple):
    """How a measure is shown: its name, the group of its row, and how to read it."""

    name: str
    group: str
    says: str


def measure_name(measure: str, side: MeasureSide) -> str:
    """Return a measure in words, with its side: "shin angle at landing, right"."""
    name = entry(measure).name
    return name if side == "both" else f"{name}, {side}"


def problem_title(problem: str, own: str = "") -> str:
    """Return a problem as a short sentence without its full stop."""
    rule = _rules().get(problem)
    return own or (rule.seen_as if rule else capital(problem.replace("_", " ")))


def tried(note: str) -> str:
    """Return what a runner tried in a take: the words they thought of, or the cause that it tests; empty if none."""
    if not is_experiment(note):
        return f"Thinking of “{note}”" if note else ""
    problem, _, cause = note.removeprefix(NOTE).strip().rpartition(".")
    rules = [rule for rule in RULES if problem in {"", rule.id}]
    titles = [test.title for rule in rules for test in rule.causes if test.id == cause]
    return f"A test: {small(titles[0])}?" if titles else "A test of a cause"


def topic(name: str, own: str = "") -> str:
    """Return a problem or a measure by its id, as it is named inside a sentence."""
    rule = _rules().get(name)
    return own or (rule.called if rule else measure_name(name, "both"))


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in RULES}


def entry(measure: str) -> Named:
    """Return what the registry says of a measure; for one that it does not know, a name made from its id."""
    known = BY_ID.get(measure)
    if known:
        return Named(known.name, known.group, known.says)
    return Named(measure.replace("_", " "), GROUPS[0], "")


def number(value: float, error: float) -> str:
    """Round a value to the digits that its error supports (two when the error begins with 1, else one)."""
    if not math.isfinite(value):
        return "unknown"
    if not math.isfinite(error) or error <= 0:
        return f"{value:.3g}"
    first = math.floor(math.log10(error))
    digits = max(0, -first + (1 if error / 10**first < 2 else 0))
    rounded = round(value, digits)
    return f"{rounded + 0.0:.{digits}f}"


def with_error(value: float, error: float, unit: str) -> str:
    """Return value, error and unit: "5.1 ± 1.2°"."""
    if not math.isfinite(error) or error <= 0:
        return bare(value, error, unit)
    return f"{number(value, error)} ± {number(error, error)}{unit_text(unit)}"


def bare(value: float, error: float, unit: str) -> str:
    """Return value and unit, with the digits that the error supports."""
    return f"{number(value, error)}{unit_text(unit)}"


def pace(speed_mps: float) -> str:
    """Return a speed as runners say it: "5:12 min/km"."""
    minutes, seconds = divmod(round(1000 / speed_mps), 60)
    return f"{minutes}:{seconds:02d} min/km"


def count(n: int, thing: str) -> str:
    """Return a number of things: "1 step", "2 steps"."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def join(names: Iterable[str]) -> str:
    """Return a list in words: "a, b and c"."""
    parts = list(names)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def capital(text: str) -> str:
    """Return the text with its first letter large."""
    return text[:1].upper() + text[1:]
