"""Caption what is drawn: films, pictures of the stride, curves and plots."""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite

from midstance.model import Band, Measure, Side
from midstance.text.names import bare, capital, measure_name
from midstance.text.shots import Shot

# -- films ---------------------------------------------------------------------------------------------------------


def film_speed(speed: float) -> str:
    """Return how fast a film plays, from its share of real speed (0.5): "half speed"."""
    part = round(1 / speed)
    return "half speed" if part == 2 else f"1/{part} speed"


def film_hint(speed: float) -> str:
    """Return what to know when watching the annotated film; `speed` is its share of real speed."""
    return f"The film plays at {film_speed(speed)}. Dashed lines were hidden from the camera."


def shot_caption(shot: Shot) -> str:
    """Return what the film says where it stops: what it shows, the number, and what is usual."""
    number = f"{shot.caption} ({shot.usual})" if shot.usual else shot.caption
    return f"{shot.about} {number}".strip()


def cue_caption(cue: str) -> str:
    """Return what the film says after it has shown the cause."""
    return f"What to do: “{cue}”"


def calm_caption() -> str:
    """Return what the film says after it has shown what is good, when nothing must change."""
    return "Nothing you must change. Run on as you do."


def moment_caption(moment: str, values: Iterable[str]) -> str:
    """Return what the film says at a landing or toe-off: "Landing: shin 8°, knee bend 12°"."""
    return f"{moment}: {', '.join(values)}"


def difference_caption(first: Measure, last: Measure, error: float) -> str:
    """Return one measure of two takes, for the foot of their film; `error` in the unit of the measure."""
    values = " and ".join(bare(measure.value, error, first.unit) for measure in (first, last))
    return f"{capital(measure_name(first.id, first.side))}: {values}"


# -- moments of the stride -----------------------------------------------------------------------------------------

MOMENTS = {
    "touchdown": "ankle {angle} {where} the knee",
    "midstance": "shoulders {angle} {where} the hips",
    "toe-off": "thigh {angle} {where} the hip",
    "greatest extension": "thigh {angle} {where} the hip",
    "mid-flight": "{angle} between the thighs",
    "opposite touchdown": "{angle} between the thighs",
    "greatest flexion": "thigh {angle} {where} the hip",
}
"""Moment of the stride -> what is written under its picture."""


def stride_moment_caption(moment: str, angle_deg: float) -> str:
    """Return the line under the picture of a moment of the stride, from the angle drawn in it."""
    where = "ahead of" if angle_deg >= 0 else "behind"
    return MOMENTS[moment].format(angle=bare(abs(angle_deg), 5.0, "deg"), where=where)


def stride_row_caption(whose: str) -> str:
    """Return whose moments a row of the sheet shows, from "right", "left" or "clean stride"."""
    return f"a {whose}" if whose == "clean stride" else f"{whose} leg"


CLEAN_BELOW = "Both at the same moment of the stride. The clean one is a typical runner, drawn by a computer."


def clean_title(speed_mps: float) -> str:
    """Return the title of the clean stride beside a runner's film."""
    return f"a clean stride, {speed_mps:.1f} m/s"


def clean_note(speed_mps: float) -> str:
    """Return what the row of the clean stride shows."""
    return f"Last row: a typical runner without a fault at {speed_mps:.1f} m/s, drawn by a computer."


# -- curves --------------------------------------------------------------------------------------------------------

CURVES = {
    "thigh": ("Thigh", "Above 0 the knee is ahead of the hip, below 0 behind it: the hip extension."),
    "knee_flexion": ("Knee bend", "0 is a straight leg."),
    "shank": ("Shin", "Above 0 the ankle is ahead of the knee."),
    "trunk_lean": ("Forward lean", "Above 0 the shoulders are ahead of the hips."),
}
"""Angle -> title of its curve, and how to read it."""

CRANK_TITLE = "The hip as a crank"
CRANK_AXES = {"behind": "← behind the hip", "ahead": "ahead of it →", "up": "swings forward ↑", "down": "swings back ↓"}


def curves_hint(near: Side, *, clickable: bool) -> str:
    """Return how to read the curves over the whole run."""
    click = " Click a curve to see that moment in the film." if clickable else ""
    return f"Full line: your {near} leg. Dashed: the other. Shaded: your {near} foot is on the ground.{click}"


def strides_caption(near: Side, n: int, spread_deg: float, *, far: bool, band_at: str, typical: bool = False) -> str:
    """Return what the strides laid over each other show.

    n           strides of the near leg drawn
    spread_deg  mean standard deviation between them
    far         the mean of the other leg is drawn too
    band_at     the moment for which the usual range is drawn; empty if none is
    typical     typical runners are drawn instead, over the whole stride
    """
    usual = f" Green: the usual {band_at} at this speed." if band_at else ""
    usual = " Green: eight in ten typical runners at this speed." if typical else usual
    dashed = " Dashed: the other leg." if far else ""
    return f"{n} strides of your {near} leg, landing to landing. They differ by {spread_deg:.1f}°.{dashed}{usual}"


def typical_note(who: str, source: str) -> str:
    """Return who the typical runners of the curves are, and where their curves come from."""
    return f"Typical runners: {who}; the middle eight in ten. Common, not right for everyone. {source}."


def crank_caption(extension_deg: float, fastest_dps: float, lead_ms: float, band: Band | None) -> str:
    """Return how far and how fast the thigh goes, and how early before landing it starts back."""
    says = (
        f"Each loop is one stride of your thigh. It goes {extension_deg:.0f}° behind the hip. "
        f"It swings back at up to {fastest_dps:.0f}° a second, and starts back {lead_ms:.0f} ms before you land."
    )
    if band and isfinite(band.low):
        says += f" At this speed {band.low:.0f} to {band.high:.0f}° behind is usual (green). Start it and let it go."
    return says


def trend_caption(unit: str, band: Band | None, own: Band | None, *, own_drawn: bool) -> str:
    """Return how to read the drawn trend of a measure over the takes, and the runner's own range."""
    parts = ["The true value lies within the bar 19 times in 20."]
    if band:
        parts.append("Shaded: usual at this speed.")
    if own:
        low, high = (bare(value, (own.high - own.low) / 2, unit) for value in (own.low, own.high))
        kind = "Dashed: your own range" if own_drawn else "Your own range, too wide to draw"
        parts.append(f"{kind}: {low} to {high}, from {own.source.removeprefix('your own ')}.")
    return " ".join(parts)
