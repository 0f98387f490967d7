"""Ids and numbers in, words out: what measures and problems are called, and how a number with its error is written."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from midstance.coaching.rules import RULES
from midstance.coaching.rules.base import Rule
from midstance.data import table
from midstance.model import MeasureSide

UNITS = {
    "deg": "°",
    "spm": " steps a minute",
    "ms": " ms",
    "s": " s",
    "m": " m",
    "cm": " cm",
    "mps": " m/s",
    "m/s": " m/s",
    "pct": " %",
    "%": " %",
    "leg": " leg lengths",
    "legs": " leg lengths",
    "dps": "°/s",
    "deg/s": "°/s",
    "kn_m": " kN/m",
    "kN/m": " kN/m",
    "ratio": "",
    "1": "",
    "": "",
}


def words() -> dict[str, Any]:
    """The names of everything, data/words.toml."""
    return table("words")


def measure_name(measure: str, side: MeasureSide) -> str:
    """A measure in words, with its side: "shin angle at landing, right"."""
    name = str(entry(measure)["name"])
    return name if side == "both" else f"{name}, {side}"


def problem_title(problem: str, own: str = "") -> str:
    """Return a problem as a short sentence without its full stop: its own title, or else that of the built-in rule."""
    rule = _rules().get(problem)
    return own or (rule.seen_as if rule else capital(problem.replace("_", " ")))


def topic(name: str, own: str = "") -> str:
    """Return what a problem or a measure is called inside a sentence: its own name, or else the built-in one."""
    rule = _rules().get(name)
    return own or (rule.called if rule else measure_name(name, "both"))


@cache
def _rules() -> dict[str, Rule]:
    return {rule.id: rule for rule in RULES}


def entry(measure: str) -> Mapping[str, str]:
    """What data/words.toml says of a measure: name, group, says; made up from the id for one it does not know."""
    known: Mapping[str, Mapping[str, str]] = words()["measures"]
    if measure in known:
        return known[measure]
    base = measure.removeprefix("asymmetry_").removesuffix("_pct").removesuffix("_deg")
    like = next((named["name"] for key, named in known.items() if key.startswith(base)), base.replace("_", " "))
    if measure.startswith("asymmetry_"):
        says = "Left against right; above 0 the left is larger."
        return {"name": f"difference in {like}", "group": "Left against right", "says": says}
    return {"name": like, "group": words()["groups"][0], "says": ""}


def unit_of(measure: str) -> str:
    """The unit at the end of a measure's id."""
    return measure.rsplit("_", 1)[-1]


def unit_text(unit: str) -> str:
    """A unit as it follows a number, with its space."""
    return UNITS.get(unit, f" {unit}")


def number(value: float, error: float) -> str:
    """A value with as many digits as its error is worth (two when the error begins with 1, else one)."""
    if not math.isfinite(value):
        return "unknown"
    if not math.isfinite(error) or error <= 0:
        return f"{value:.3g}"
    first = math.floor(math.log10(error))
    digits = max(0, -first + (1 if error / 10**first < 2 else 0))
    rounded = round(value, digits)
    return f"{rounded + 0.0:.{digits}f}"


def with_error(value: float, error: float, unit: str) -> str:
    """Value, error and unit: "5.1 ± 1.2°"."""
    if not math.isfinite(error) or error <= 0:
        return bare(value, error, unit)
    return f"{number(value, error)} ± {number(error, error)}{unit_text(unit)}"


def bare(value: float, error: float, unit: str) -> str:
    """Value and unit, digits by the error."""
    return f"{number(value, error)}{unit_text(unit)}"


def count(n: int, thing: str) -> str:
    """1 step, 2 steps."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"


def join(names: Iterable[str]) -> str:
    """a, b and c."""
    parts = list(names)
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def capital(text: str) -> str:
    """The text with its first letter large."""
    return text[:1].upper() + text[1:]
