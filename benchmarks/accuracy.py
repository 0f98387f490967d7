"""Lay the measures of the same films beside each other before and after a change, in units of their uncertainty.

python -m benchmarks.accuracy --keep before.json     (with the code before the change)
python -m benchmarks.accuracy --against before.json  (with the code after it)

A film beside which a .trc of the same name lies is measured from the points of that file.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from midstance.analyze import analyze
from midstance.errors import MidstanceError
from midstance.model import Analysis

ROOT = Path(__file__).parents[1]
COMMITTED = (
    "tests/data/demo.mp4",
    *(f"src/midstance/data/demo_{when}_{side}.mp4" for when in ("before", "after") for side in ("side", "front")),
)
ALLOWED = 0.1
"""How far a measure may move, as a share of its uncertainty (half of its 95 % interval)."""

HEIGHT_M = 1.70

Kept = dict[str, Any]


def main() -> None:
    """Keep the measures of every film in a file, or print how far they moved from those of such a file."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.accuracy", description=__doc__)
    parser.add_argument("films", nargs="*", type=Path, help="films; those of the repository if none is named")
    parser.add_argument("--keep", type=Path, help="file for the measures of this code")
    parser.add_argument("--against", type=Path, help="file with the measures of other code")
    asked = parser.parse_args()
    films = asked.films or [ROOT / name for name in COMMITTED]
    now = {film.name: measured(film) for film in films}
    if asked.keep:
        asked.keep.write_text(json.dumps(now, indent=1), encoding="utf-8")
    if asked.against:
        print("\n".join(table(json.loads(asked.against.read_text(encoding="utf-8")), now)))


def measured(film: Path) -> Kept:
    """Return every measure of a film with its uncertainty, or why it was refused."""
    points = film.with_suffix(".trc")
    try:
        found = analyze(points, film=film, height_m=HEIGHT_M) if points.exists() else analyze(film, height_m=HEIGHT_M)
    except MidstanceError as refused:
        return {"refused": refused.why.id}
    return {
        "contacts": [[contact.side, contact.strike_s, contact.toe_off_s] for contact in found.contacts],
        "focus": found.plan.focus if found.plan else None,
        "measures": values_of(found),
    }


def values_of(analysis: Analysis) -> dict[str, list[float]]:
    """Return the value of every measure, and its uncertainty."""
    return {f"{each.id} {each.side}": [each.value, each.uncertainty] for each in analysis.measures}


def table(before: dict[str, Kept], after: dict[str, Kept]) -> Iterable[str]:
    """Yield the lines of a table: for each film how far its measures moved, in units of their uncertainty."""
    yield "| film | measures | the same to the last digit | largest move | measure that moved most | contacts | focus |"
    yield "|---|---|---|---|---|---|---|"
    for name in sorted(before.keys() & after.keys()):
        old, new = before[name], after[name]
        if "refused" in old or "refused" in new:
            yield f"| {name} | {_outcome(old)} | {_outcome(new)} | | | | |"
            continue
        moves = moved(old["measures"], new["measures"])
        worst = max(moves, key=lambda each: moves[each], default="")
        same = sum(move == 0 for move in moves.values())
        many = f"{len(old['measures'])} and {len(new['measures'])}"
        ends = largest_contact_move_ms(old["contacts"], new["contacts"])
        focus = "same" if old["focus"] == new["focus"] else f"{old['focus']} -> {new['focus']}"
        yield f"| {name} | {many} | {same} | {moves.get(worst, 0.0):.4f} | {worst} | {ends:.2f} ms | {focus} |"


def _outcome(kept: Kept) -> str:
    return f"refused: {kept['refused']}" if "refused" in kept else "judged"


def moved(before: dict[str, list[float]], after: dict[str, list[float]]) -> dict[str, float]:
    """Return how far each measure that both have moved, in units of its uncertainty before."""
    moves = {}
    for each in before.keys() & after.keys():
        (old, doubt), (new, _) = before[each], after[each]
        if old == new or not (math.isfinite(old) and math.isfinite(new)):
            moves[each] = 0.0 if old == new or math.isfinite(old) == math.isfinite(new) else math.inf
        else:
            moves[each] = abs(new - old) / doubt if doubt and doubt > 0 else math.inf
    return moves


def largest_contact_move_ms(before: list[Any], after: list[Any]) -> float:
    """Return how far strikes and toe-offs moved at most, milliseconds; infinite if their number changed."""
    if [each[0] for each in before] != [each[0] for each in after]:
        return math.inf
    if not before:
        return 0.0
    old, new = (np.array([each[1:] for each in kept], float) for kept in (before, after))
    return float(1000 * np.nanmax(np.abs(new - old)))


if __name__ == "__main__":
    main()
