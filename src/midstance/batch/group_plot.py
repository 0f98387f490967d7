"""Draw one measure in groups of takes as SVG: a row a group, a dot a take, and the mean with its 95 % interval."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from markupsafe import escape

from midstance.batch.summary import Group
from midstance.render.plots import ticks
from midstance.text.names import measure_name, with_error
from midstance.units import unit_text

WIDTH, LEFT, RIGHT, TOP, ROW, FOOT = 720, 190, 24, 48, 44, 34
LONGEST = 21
"""Letters of a group's name that fit beside its row."""

STYLE = """
svg { background: #fbfaf7; font: 14px system-ui, sans-serif; }
text { fill: #1c1f24; } .soft { fill: #555c66; } .grid { stroke: #dcdad4; }
.take { fill: #1769aa; fill-opacity: .45; } .mean { stroke: #9a4a00; stroke-width: 3; } .dot { fill: #9a4a00; }
@media (prefers-color-scheme: dark) {
  svg { background: #14161a; } text { fill: #eceef0; } .soft { fill: #a9b0ba; } .grid { stroke: #363b43; }
  .take { fill: #4dabf7; } .mean { stroke: #ffb35c; } .dot { fill: #ffb35c; }
}
"""


def group_svg(found: Sequence[Group], unit: str) -> str:
    """Draw the groups of one measure and one column."""
    height = TOP + ROW * len(found) + FOOT
    ends = _ends(found)

    def across(value: float) -> float:
        return round(LEFT + (value - ends[0]) / (ends[1] - ends[0]) * (WIDTH - LEFT - RIGHT), 1)

    name = measure_name(found[0].measure, "both")
    title = f"{name}{f',{unit_text(unit)}' if unit else ''}"
    says = "; ".join(f"{g.name}: {with_error(g.mean, g.half_width, unit)}, n {g.n}" for g in found)
    parts = [f'<text x="12" y="26">{escape(title)}</text>']
    for value in ticks(ends, 6):
        x = across(value)
        parts.append(f'<path class="grid" d="M{x} {TOP}V{height - FOOT}"/>')
        parts.append(f'<text class="soft" x="{x}" y="{height - FOOT + 20}" text-anchor="middle">{value:g}</text>')
    for place, group in enumerate(found):
        y = TOP + ROW * place + ROW / 2
        short = group.name if len(group.name) <= LONGEST else f"{group.name[: LONGEST - 1]}…"
        parts.append(f'<text x="12" y="{y + 5}">{escape(short)}</text>')
        parts += [f'<circle class="take" cx="{across(v)}" cy="{y + dy}" r="4"/>' for v, dy in _spread(group)]
        half = group.half_width if math.isfinite(group.half_width) else 0.0
        low, high = max(group.mean - half, ends[0]), min(group.mean + half, ends[1])
        parts.append(f'<path class="mean" d="M{across(low)} {y}H{across(high)}"/>')
        parts.append(f'<circle class="dot" cx="{across(group.mean)}" cy="{y}" r="6"/>')
    body = "\n".join(parts)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img" '
        f'aria-label="{escape(f"{title}: {says}")}">\n<style>{STYLE}</style>\n{body}\n</svg>\n'
    )


def _ends(found: Sequence[Group]) -> tuple[float, float]:
    """Make room for every take, and for the intervals as far as they do not press the takes together."""
    values = [value for group in found for value in group.values]
    low, high = min(values), max(values)
    reach = high - low or math.inf
    ends = [g.mean + sign * g.half_width for g in found if math.isfinite(g.half_width) for sign in (-1, 1)]
    low, high = max(min([low, *ends]), low - reach), min(max([high, *ends]), high + reach)
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin


def _spread(group: Group) -> Iterator[tuple[float, float]]:
    """Yield every take with how far its dot is moved up or down, so that equal ones can be seen."""
    for number, value in enumerate(group.values):
        yield value, ROW / 4 * ((number * 0.618) % 1 * 2 - 1)
