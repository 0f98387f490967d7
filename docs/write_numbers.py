"""Write docs/numbers.md: what every number means, how sure it is, and what is usual, in words for a runner."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from midstance.coaching.bands import references
from midstance.measures import GROUPS, REGISTRY
from midstance.measures.registry import Definition
from midstance.units import unit_text

PAGE = Path(__file__).parent / "numbers.md"
RESULTS = Path(__file__).parents[1] / "validation" / "RESULTS.md"
TABLES = ("Measures, runners outside every fit", "Measures from the front and from behind")
SHOWN_MPS = 3.0
HEAD = """# What every number means

Made by `docs/write_numbers.py`. The formulas, for those who want them: [measures](measures.md).

- **Off by** is how far the number was from the truth, root mean square, on rendered runners that no table was fitted
  on: near leg, then far leg ([validation](../validation/RESULTS.md)). The ± of your report is of your film, and wider:
  it is the limit that 95 of 100 films keep, about twice as much.
- **Usual** is what most runners have at 3 m/s (5:33 a kilometre). Your report gives it for your speed. Outside is not
  wrong.
- A dash means that nobody knows.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for group in GROUPS:
        parts += [f"## {group}\n", "| number | what it means | off by | usual |", "|---|---|---|---|"]
        parts += [*rows(group), ""]
    return "\n".join(parts)


def rows(group: str) -> Iterator[str]:
    """Yield one line a measure."""
    for definition in REGISTRY:
        if definition.group == group:
            says = definition.says.replace("|", "\\|")
            yield f"| {definition.name} (`{definition.id}`) | {says} | {off_by(definition)} | {usual(definition)} |"


def off_by(definition: Definition) -> str:
    """Return how far the number was from the truth, near leg and far leg, with its unit."""
    errors = measured().get(definition.id, ())
    return f"{', '.join(dict.fromkeys(errors))}{unit_text(definition.unit)}" if errors else "-"


@cache
def measured() -> dict[str, tuple[str, ...]]:
    """Return the errors of every measure in the tables of the validation; near leg first."""
    found: dict[str, dict[str, str]] = {}
    sections = re.split(r"(?m)^## (.+)$", RESULTS.read_text(encoding="utf-8"))
    for title, text in zip(sections[1::2], sections[2::2], strict=True):
        rows = [[cell.strip() for cell in line.strip("| ").split("|")] for line in text.splitlines() if "|" in line]
        if title in TABLES and rows:
            before = set(found)
            name, leg, error = (rows[0].index(word) for word in ("measure", "leg", "RMSE"))
            for row in (row for row in rows[2:] if row[leg] and row[0] not in before):
                found.setdefault(row[name], {})[row[leg]] = f"{float(row[error]):.2g}"
    return {name: tuple(by[leg] for leg in sorted(by, key="both near far".find)) for name, by in found.items()}


def usual(definition: Definition) -> str:
    """Return the usual range at the speed of the page."""
    band = references().band(definition.id, SHOWN_MPS)
    if band is None:
        return "-"
    low, high = (f"{edge:.3g}" if abs(edge) < 1e6 else "" for edge in (band.low, band.high))
    words = f"{low} to {high}" if low and high else f"up to {high}" if high else f"{low} or more"
    return words + unit_text(definition.unit)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
