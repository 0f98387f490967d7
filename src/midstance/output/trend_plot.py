"""Draw one measure over an athlete's takes as SVG: error bars over the usual and over their own range."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from midstance.model import Band, Measure
from midstance.render.plots import ticks
from midstance.text.names import bare, number
from midstance.units import unit_text

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 640, 260, 68, 30, 220
"""Pixels of the drawing and the edges of its field."""

MOST_LABELS = 6
"""Of more takes than this only some are labelled, the last one always."""

Bands = tuple[Band | None, Band | None]
"""The ordinary band and the runner's own."""


@dataclass(frozen=True, slots=True)
class _Field:
    """Turns takes and values into pixels."""

    takes: int
    low: float
    high: float

    def x(self, take: int) -> float:
        return round(LEFT + (WIDTH - LEFT) * (take + 0.5) / self.takes, 1)

    def y(self, value: float) -> float:
        inside = min(max(value, self.low), self.high)
        return round(BOTTOM - (inside - self.low) / (self.high - self.low) * (BOTTOM - TOP), 1)


def trend_svg(points: Sequence[tuple[int, Measure]], labels: Sequence[str], bands: Bands) -> Markup:
    """Draw a measure over the takes: points are (number of the take from 0, measure), with one label for each take."""
    field = _field(points, len(labels), bands[0])
    bands = (bands[0], bands[1] if own_is_drawn(points, bands) else None)
    unit = points[0][1].unit
    parts = [*_bands(field, bands), *_scale(field, unit), *_points(field, points), *_names(field, labels)]
    says = escape("; ".join(f"{labels[take]}: {bare(m.value, _half(m), unit)}" for take, m in points))
    drawing = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{says}">{"".join(parts)}</svg>'
    return Markup(drawing)  # noqa: S704  (escaped)


def own_is_drawn(points: Sequence[tuple[int, Measure]], bands: Bands) -> bool:
    """Return whether the runner's own range fits on the axis; a wider one would look like one that ends there."""
    field, own = _field(points, 1, bands[0]), bands[1]
    return own is not None and field.low <= own.low and own.high <= field.high


def _half(measure: Measure) -> float:
    return measure.uncertainty if math.isfinite(measure.uncertainty) else 0.0


def _field(points: Sequence[tuple[int, Measure]], takes: int, usual: Band | None) -> _Field:
    """Make room for every error bar and every closed end of the usual range."""
    ends = [m.value + sign * _half(m) for _, m in points for sign in (-1, 1)]
    ends += [end for end in (usual.low, usual.high) if math.isfinite(end)] if usual else []
    margin = 0.06 * (max(ends) - min(ends)) or 1.0
    return _Field(takes, min(ends) - margin, max(ends) + margin)


def _bands(field: _Field, bands: Bands) -> Iterator[str]:
    for band, kind in zip(bands, ("usual", "own"), strict=True):
        if band:
            top, bottom = field.y(band.high), field.y(band.low)
            size = f'width="{WIDTH - LEFT}" height="{bottom - top:.1f}"'
            yield f'<rect class="{kind}" x="{LEFT}" y="{top}" {size}/>'


def _scale(field: _Field, unit: str) -> Iterator[str]:
    """Draw lines at round values; the highest names the unit above the field."""
    for value in ticks((field.low, field.high), 4):
        y = field.y(value)
        yield f'<path class="grid" d="M{LEFT} {y}H{WIDTH}"/>'
        yield f'<text x="{LEFT - 8}" y="{y + 5}" text-anchor="end">{value:g}</text>'
    yield f'<text x="8" y="{TOP - 10}">{escape(unit_text(unit).strip())}</text>'


def _points(field: _Field, points: Sequence[tuple[int, Measure]]) -> Iterator[str]:
    course = "L".join(f"{field.x(take)} {field.y(m.value)}" for take, m in points)
    yield f'<path class="course" d="M{course}"/>'
    for take, m in points:
        x = field.x(take)
        yield f'<path class="error" d="M{x} {field.y(m.value - _half(m))}V{field.y(m.value + _half(m))}"/>'
        yield f'<circle cx="{x}" cy="{field.y(m.value)}" r="5"/>'
        if not _is_labelled(take, field.takes):
            continue
        y = max(field.y(m.value + _half(m)) - 8, 14)
        yield f'<text class="value" x="{x}" y="{y}" text-anchor="middle">{escape(number(m.value, _half(m)))}</text>'


def _names(field: _Field, labels: Sequence[str]) -> Iterator[str]:
    for take, label in enumerate(labels):
        if _is_labelled(take, len(labels)):
            yield f'<text x="{field.x(take)}" y="{HEIGHT - 14}" text-anchor="middle">{escape(label)}</text>'


def _is_labelled(take: int, takes: int) -> bool:
    """Return whether there is room to label a take: every one, or of many takes some and the last."""
    return (takes - 1 - take) % math.ceil(takes / MOST_LABELS) == 0
