"""Draw the angles over the run as SVG text, which needs no library in the browser and prints.

Each plot is a small picture with its own words; film.js only moves a cursor over it. Colours come from page.css, so
that light and dark are the reader's choice.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from midstance.gait.strides import strides
from midstance.kinematics.angles import angle_deg
from midstance.kinematics.typical import TypicalCurve, speeds_mps, typical_curve
from midstance.model import Analysis, Band, Contact, Floats, Side
from midstance.skeleton import other
from midstance.text.captions import CRANK_AXES, CRANK_TITLE, CURVES, crank_caption, strides_caption
from midstance.text.table import Value

WIDTH, HEIGHT = 680, 210
LEFT, RIGHT, TOP, BOTTOM = 46, 12, 14, 26
PER_SECOND = 110
"""Width of a second of running: a long clip makes a wide curve, which scrolls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    """One drawn curve: its heading, how to read it, and the SVG."""

    key: str
    title: str
    says: str
    svg: str


@dataclass(frozen=True, slots=True)
class _Axes:
    """Turns numbers into places in the picture."""

    x: tuple[float, float]
    y: tuple[float, float]
    width: int = WIDTH
    height: int = HEIGHT

    def across(self, value: float) -> float:
        return LEFT + (value - self.x[0]) / (self.x[1] - self.x[0]) * (self.width - LEFT - RIGHT)

    def up(self, value: float) -> float:
        return self.height - BOTTOM - (value - self.y[0]) / (self.y[1] - self.y[0]) * (self.height - TOP - BOTTOM)


# -- curves over the run -------------------------------------------------------------------------------------------


def curves(analysis: Analysis) -> tuple[Plot, ...]:
    """Draw the angles over the whole run, near leg and far leg, over the contacts of the near foot."""
    if analysis.track.plane != "side" or analysis.track.near_side is None:
        return ()
    return tuple(_curve(analysis, name) for name in CURVES)


def _curve(analysis: Analysis, name: str) -> Plot:
    title, says = CURVES[name]
    track, near = analysis.track, analysis.near_leg
    sides: tuple[tuple[Side, str], ...] = ((near, "near"),) if name == "trunk_lean" else _both(near)
    series = {kind: angle_deg(track, name, side) for side, kind in sides}
    span = (float(track.time_s[0]), float(track.time_s[-1]))
    width = max(WIDTH, round(PER_SECOND * (span[1] - span[0])))
    axes = _Axes(span, _range(list(series.values())), width)
    parts = [*_contacts(axes, [c for c in analysis.contacts if c.side == near]), *_level_lines(axes)]
    parts += [_path(axes, track.time_s, values, kind) for kind, values in reversed(series.items())]
    parts += _seconds(axes)
    parts.append(f'<line class="cursor" x1="{LEFT}" x2="{LEFT}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
    return Plot(key=name, title=title, says=says, svg=_svg(axes, f"{title}, degrees over time", parts, timed=True))


def _both(near: Side) -> tuple[tuple[Side, str], ...]:
    return ((near, "near"), (other(near), "far"))


def _contacts(axes: _Axes, contacts: Iterable[Contact]) -> Iterator[str]:
    for contact in contacts:
        left, right = (np.clip(axes.across(t), LEFT, axes.width - RIGHT) for t in (contact.strike_s, contact.toe_off_s))
        yield (
            f'<rect class="contact" x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" '
            f'height="{axes.height - TOP - BOTTOM}"/>'
        )


# -- strides over each other ---------------------------------------------------------------------------------------

OVERLAYS = (
    ("thigh", "peak_thigh_extension_deg", -1),
    ("knee_flexion", "peak_knee_flexion_swing_deg", 1),
    ("shank", "shank_angle_at_strike_deg", 1),
)
"""Angle, and the measure whose usual range is drawn, with its sign in the angle's terms."""

BESIDE_MPS = 0.5
"""Slower or faster than the slowest or fastest runners measured by more than this, no typical runner is drawn."""

NARROW = 420
"""Width of a plot that is read on a phone without scrolling."""


def overlays(analysis: Analysis) -> tuple[Plot, ...]:
    """Draw each stride of the near leg from landing to landing, their mean, the other leg's, and typical runners'."""
    near = analysis.track.near_side
    if analysis.track.plane != "side" or near is None or len(stride_spans(analysis, near)) < 2:
        return ()
    return tuple(_overlay(analysis, near, overlay) for overlay in OVERLAYS)


def stride_spans(analysis: Analysis, side: Side) -> list[tuple[float, float]]:
    """Return (landing, next landing) of one foot, seconds; a stride with a missed step is left out."""
    found = strides(analysis.contacts, side, stride_hz=analysis.track.stride_hz)
    return [(stride.contact.strike_s, stride.next_strike_s) for stride in found]


def by_phase(analysis: Analysis, values: Floats, side: Side, n: int = 101) -> Floats:
    """Return (stride, n) values at even shares of each stride, from landing to landing."""
    time_s = analysis.track.time_s
    known = np.isfinite(values)
    rows = [
        np.interp(np.linspace(a, b, n), time_s[known], values[known], left=np.nan, right=np.nan)
        for a, b in stride_spans(analysis, side)
    ]
    return np.array(rows).reshape(-1, n)


def _overlay(analysis: Analysis, near: Side, overlay: tuple[str, str, int]) -> Plot:
    name, measure, sign = overlay
    title = CURVES[name][0]
    values = by_phase(analysis, angle_deg(analysis.track, name, near), near)
    far = by_phase(analysis, angle_deg(analysis.track, name, other(near)), other(near))
    mean, share = np.nanmean(values, axis=0), np.linspace(0, 100, values.shape[1])
    both = [values, np.nanmean(far, axis=0)] if len(far) > 1 else [values]
    curve = typical_beside(name, analysis.view.speed_mps)
    axes = _Axes((0.0, 100.0), _range([*both, curve.low, curve.high] if curve else both), NARROW)
    band = None if curve else _band(analysis, measure, near)
    at = 0.0 if "strike" in measure else float(share[np.nanargmax(sign * mean)])
    parts = [*(_typical(axes, curve) if curve else _usual(axes, band, sign, at)), *_level_lines(axes)]
    parts += [_path(axes, share, stride, "stride") for stride in values]
    parts += [_path(axes, share, other_leg, "far mean") for other_leg in both[1:]]
    parts.append(_path(axes, share, mean, "near mean"))
    parts += _upright(axes, 100 * share_on_ground(analysis, near), "toe-off")
    parts += [_label(axes, axes.across(x), f"{x} %") for x in (0, 25, 50, 75, 100)]
    band_at = "" if band is None else "landing" if at == 0 else "turning point"
    spread = float(np.nanmean(np.nanstd(values, axis=0)))
    says = strides_caption(near, len(values), spread, far=len(both) > 1, band_at=band_at, typical=curve is not None)
    return Plot(key=f"{name}_strides", title=title, says=says, svg=_svg(axes, f"{title}. {says}", parts))


def typical_beside(angle: str, speed_mps: float) -> TypicalCurve | None:
    """Return the curve of typical runners at a speed; None for a speed at which nobody was measured."""
    slowest, fastest = speeds_mps()
    if not slowest - BESIDE_MPS <= speed_mps <= fastest + BESIDE_MPS:
        return None
    return typical_curve(angle, speed_mps)


def _typical(axes: _Axes, curve: TypicalCurve) -> Iterator[str]:
    """Draw the range of eight in ten typical runners, and their median."""
    there = [f"{axes.across(x):.1f} {axes.up(y):.1f}" for x, y in zip(curve.share_pct, curve.high, strict=True)]
    back = [f"{axes.across(x):.1f} {axes.up(y):.1f}" for x, y in zip(curve.share_pct, curve.low, strict=True)]
    yield f'<path class="usual" d="M{"L".join([*there, *reversed(back)])}Z"/>'
    yield _path(axes, curve.share_pct, curve.usual, "typical")


def share_on_ground(analysis: Analysis, side: Side) -> float:
    """Return the share of its stride for which a foot is on the ground."""
    contacts = [c.toe_off_s - c.strike_s for c in analysis.contacts if c.side == side]
    return float(np.mean(contacts)) * analysis.track.stride_hz


def _band(analysis: Analysis, measure: str, side: Side) -> Band | None:
    return next((m.band for m in analysis.measures if m.id == measure and m.side in {side, "both"}), None)


def _usual(axes: _Axes, band: Band | None, sign: int, at: float) -> Iterator[str]:
    """Draw the usual range around the share of the stride that it is for."""
    if band is None:
        return
    low, high = sorted(float(np.clip(sign * value, *axes.y)) for value in (band.low, band.high))
    left, right = (axes.across(float(np.clip(at + side, 0, 100))) for side in (-10, 10))
    yield (
        f'<rect class="usual" x="{left:.1f}" y="{axes.up(high):.1f}" width="{right - left:.1f}" '
        f'height="{axes.up(low) - axes.up(high):.1f}"/>'
    )


# -- the hip as a crank --------------------------------------------------------------------------------------------


def crank(analysis: Analysis) -> Plot | None:
    """Draw how far and how fast the thigh goes: each stride a loop of angle (degrees) and angular velocity (degrees/s).

    Marked are landing, toe-off and the moment at which the thigh turns back, which is the start of the hip extension.
    None without a side view of two strides.
    """
    near = analysis.track.near_side
    if analysis.track.plane != "side" or near is None or len(stride_spans(analysis, near)) < 2:
        return None
    thigh = angle_deg(analysis.track, "thigh", near)
    angle = by_phase(analysis, thigh, near)
    speed = by_phase(analysis, np.gradient(thigh, analysis.track.time_s), near)
    mean_angle, mean_speed = np.nanmean(angle, axis=0), np.nanmean(speed, axis=0)
    axes = _Axes(_range([angle]), _range([speed]), 420, 420)
    band = _band(analysis, "peak_thigh_extension_deg", near)
    parts = [*_needed(axes, band), *_level_lines(axes)]
    parts += [_path(axes, a, s, "stride") for a, s in zip(angle, speed, strict=True)]
    parts.append(_path(axes, mean_angle, mean_speed, "near mean"))
    off = round((len(mean_angle) - 1) * share_on_ground(analysis, near))
    turn = _turns_back(mean_speed)
    for i, name, shift in ((0, "landing", 12), (off, "toe-off", -8), (turn, "hip extension starts", 16)):
        parts += _point(axes, (mean_angle[i], mean_speed[i]), name, shift)
    parts += [_label(axes, axes.across(x), f"{x:g}°") for x in ticks(axes.x, 5)]
    parts += _directions(axes)
    lead_ms = 1000 * (len(mean_angle) - 1 - turn) / (len(mean_angle) - 1) / analysis.track.stride_hz
    says = crank_caption(float(-np.nanmin(mean_angle)), float(-np.nanmin(mean_speed)), lead_ms, band)
    svg = _svg(axes, f"{CRANK_TITLE}. {says}", parts)
    return Plot(key="crank", title=CRANK_TITLE, says=says, svg=svg)


def _turns_back(speed: Floats) -> int:
    """Find where the thigh stops going forward before the next landing: the last change from forward to back."""
    forward = np.flatnonzero((speed[:-1] >= 0) & (speed[1:] < 0))
    return int(forward[-1]) if len(forward) else len(speed) - 1


def _needed(axes: _Axes, band: Band | None) -> Iterator[str]:
    if band is None:
        return
    left, right = (axes.across(float(np.clip(-value, *axes.x))) for value in (band.high, band.low))
    yield (
        f'<rect class="usual" x="{left:.1f}" y="{TOP}" width="{right - left:.1f}" '
        f'height="{axes.height - TOP - BOTTOM}"/>'
    )


def _directions(axes: _Axes) -> Iterator[str]:
    """Write what the ends of both axes mean."""
    for x, y, anchor, words in (
        (LEFT + 4, axes.height - BOTTOM - 6, "start", CRANK_AXES["behind"]),
        (axes.width - RIGHT - 4, axes.height - BOTTOM - 6, "end", CRANK_AXES["ahead"]),
        (axes.width - RIGHT - 4, TOP + 12, "end", CRANK_AXES["up"]),
        (axes.width - RIGHT - 4, axes.height - BOTTOM - 24, "end", CRANK_AXES["down"]),
    ):
        yield f'<text x="{x}" y="{y}" text-anchor="{anchor}">{words}</text>'


def _point(axes: _Axes, at: tuple[float, float], name: str, shift: float) -> Iterator[str]:
    x, y = axes.across(at[0]), axes.up(at[1])
    anchor, aside = ("end", x - 9) if x > axes.width / 2 else ("start", x + 9)
    yield f'<circle class="moment" cx="{x:.1f}" cy="{y:.1f}" r="5"/>'
    yield f'<text class="name" x="{aside:.1f}" y="{y + shift:.1f}" text-anchor="{anchor}">{name}</text>'


# -- one measure in its band ---------------------------------------------------------------------------------------


def whiskers(values: Sequence[Value]) -> list[str]:
    """Draw each value as a dot with its error bar over its usual range, on one scale; empty without a range."""
    ends = [end for value in values for end in _ends(value) if np.isfinite(end)]
    if not any(np.isfinite(value.low) or np.isfinite(value.high) for value in values):
        return ["" for _ in values]
    room = 0.15 * (max(ends) - min(ends) or 1)
    return [_whisker(value, min(ends) - room, max(ends) + room) for value in values]


def _ends(value: Value) -> tuple[float, float, float, float]:
    error = value.uncertainty if np.isfinite(value.uncertainty) else 0.0
    return value.low, value.high, value.value - error, value.value + error


def _whisker(value: Value, first: float, last: float) -> str:
    def across(number: float) -> float:
        return 4 + 152 * (float(np.clip(number, first, last)) - first) / (last - first)

    low, high, least, most = _ends(value)
    left, right = across(low if np.isfinite(low) else first), across(high if np.isfinite(high) else last)
    return (
        f'<svg class="whisker {value.place}" viewBox="0 0 160 20" aria-hidden="true">'
        f'<rect class="usual" x="{left:.1f}" y="3" width="{right - left:.1f}" height="14" rx="3"/>'
        f'<line class="error" x1="{across(least):.1f}" x2="{across(most):.1f}" y1="10" y2="10"/>'
        f'<circle cx="{across(value.value):.1f}" cy="10" r="4.5"/></svg>'
    )


# -- lines and letters ---------------------------------------------------------------------------------------------


def _range(series: list[Floats]) -> tuple[float, float]:
    low, high = (float(f([f(values) for values in series])) for f in (np.nanmin, np.nanmax))
    room = 0.08 * (high - low or 1)
    return min(low - room, 0.0), max(high + room, 0.0)


def _path(axes: _Axes, x: Floats, y: Floats, kind: str) -> str:
    """Draw a line through points; it breaks where a value is missing."""
    steps, pen = [], "M"
    for a, b in zip(x, y, strict=True):
        if np.isfinite(a) and np.isfinite(b):
            steps.append(f"{pen}{axes.across(a):.1f} {axes.up(b):.1f}")
            pen = "L"
        else:
            pen = "M"
    return f'<path class="{kind}" d="{"".join(steps)}"/>'


def _level_lines(axes: _Axes) -> Iterator[str]:
    for value in ticks(axes.y, 4):
        y = axes.up(value)
        zero = " zero" if value == 0 else ""
        yield f'<line class="grid{zero}" x1="{LEFT}" x2="{axes.width - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{value:g}</text>'


def _seconds(axes: _Axes) -> Iterator[str]:
    for value in ticks(axes.x, axes.width // 110):
        yield _label(axes, axes.across(value), f"{value:g} s")


def _upright(axes: _Axes, value: float, name: str) -> Iterator[str]:
    x = axes.across(value)
    yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP}" y2="{axes.height - BOTTOM}"/>'
    yield f'<text class="name" x="{x + 5:.1f}" y="{TOP + 11}">{name}</text>'


def _label(axes: _Axes, x: float, words: str) -> str:
    anchor = "end" if x > axes.width - 30 else "middle"
    return f'<text x="{x:.1f}" y="{axes.height - 7}" text-anchor="{anchor}">{words}</text>'


def ticks(ends: tuple[float, float], about: int) -> list[float]:
    """Return round numbers between two ends, about so many."""
    rough = (ends[1] - ends[0]) / about
    size = 10.0 ** np.floor(np.log10(rough))
    step = size * min((1, 2, 5, 10), key=lambda m: abs(m * size - rough))
    return [
        float(v) for v in np.round(np.arange(np.ceil(ends[0] / step), np.floor(ends[1] / step) + 1) * step, 9) + 0.0
    ]


def _svg(axes: _Axes, says: str, parts: Sequence[str], *, timed: bool = False) -> str:
    ends = f'data-x0="{axes.x[0]:.4f}" data-x1="{axes.x[1]:.4f}" data-left="{LEFT}" data-right="{axes.width - RIGHT}"'
    span = f' data-timed {ends} style="min-width: {axes.width}px"' if timed else ""
    body = "\n".join(parts)
    return (
        f'<svg viewBox="0 0 {axes.width} {axes.height}" role="img" aria-label="{escape(says)}"{span}>\n{body}\n</svg>'
    )
