"""Describe what was measured of the runners in a photograph: a table, what to do next, what one picture cannot show."""

from __future__ import annotations

from collections.abc import Sequence

from midstance.photo import Figure, Stance
from midstance.reasons import say
from midstance.text.names import count

MOMENTS = {"landing": "landing", "midstance": "midstance", "toe_off": "toe-off", "flight": "flight"}

SURE_FROM = 0.85
"""Least probability (0.5 to 1) from which the line says which leg is the near one."""


HEADS = ("", "runs", "moment", "thighs apart", "front thigh", "rear thigh", "near knee", "near shin", "trunk")

CANNOT_SHOW = (
    "One picture can't show how fast or how often you step, or how long you stand. Nor how high you bounce, or what "
    "you do in every step. It doesn't even show whether you walk. Its angles are off by 3 to 6 degrees on average."
)
"""Mean errors of single frames: validation/RESULTS.md."""

NEXT = "Film ten steps from where this was taken and give me the film: midstance analyze CLIP. Then I judge."
NEXT_FROM_THE_SIDE = "Nobody is seen well enough. Take the picture straight from the side, from head to feet."


def photo_table(figures: Sequence[Figure]) -> list[str]:
    """Return a row for each person, counted from the left of the picture, under its heads; angles in degrees."""
    if not figures:
        return ["Nobody was found in this picture."]
    numbered = list(enumerate(figures, start=1))
    rows = [(str(number), *_cells(figure.stance)) for number, figure in numbered if figure.stance]
    widths = [max(len(row[i]) for row in (HEADS, *rows)) for i in range(len(HEADS))]
    lines = [HEADS, *rows] if rows else []
    table = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in lines]
    return table + [
        f"{number}  not measured: {why_not_measured(figure)}" for number, figure in numbered if not figure.stance
    ]


def what_next(figures: Sequence[Figure]) -> str:
    """Return the one thing to do after a picture."""
    return NEXT if any(figure.stance for figure in figures) else NEXT_FROM_THE_SIDE


def _cells(stance: Stance) -> tuple[str, ...]:
    near = stance.near_sure >= SURE_FROM
    return (
        "right" if stance.direction > 0 else "left",
        f"{MOMENTS[stance.phase]} ({100 * stance.phase_confidence:.0f} %)",
        f"{stance.between_thighs_deg:.0f}°",
        _with_way(stance.thigh_flexion_deg, "ahead", "behind"),
        _with_way(stance.thigh_extension_deg, "behind", "ahead"),
        f"{stance.near.knee_flexion_deg:.0f}° bent" if near else "?",
        _with_way(stance.near.shank_deg, "ahead", "behind") if near else "?",
        _with_way(stance.trunk_lean_deg, "forward", "back"),
    )


def photo_summary(figures: Sequence[Figure]) -> str:
    """Return how many runners were found, and how many of them were measured."""
    measured = sum(figure.stance is not None for figure in figures)
    return f"{count(len(figures), 'runner')} found, {measured} measured"


def photo_lines(figures: Sequence[Figure]) -> list[str]:
    """Return a line for each person, counted from the left of the picture."""
    if not figures:
        return ["Nobody was found in this picture."]
    return [f"{number}  {_person(figure)}" for number, figure in enumerate(figures, start=1)]


def why_not_measured(figure: Figure) -> str:
    """Return why a person was not measured; empty if they were."""
    return say(figure.why_not) if figure.why_not else ""


def _person(figure: Figure) -> str:
    stance = figure.stance
    if stance is None:
        return f"not measured: {why_not_measured(figure)}"
    return "; ".join([_moment(stance), _thighs(stance), _near_leg(stance), _lean(stance)])


def _moment(stance: Stance) -> str:
    likely = f"{MOMENTS[stance.phase]} ({100 * stance.phase_confidence:.0f} % sure)"
    return f"runs to the {'right' if stance.direction > 0 else 'left'}, {likely}"


def _thighs(stance: Stance) -> str:
    front, rear = stance.thigh_flexion_deg, stance.thigh_extension_deg
    return (
        f"thighs {stance.between_thighs_deg:.0f}° apart, the front one {_with_way(front, 'ahead of', 'behind')} "
        f"the vertical, the rear one {_with_way(rear, 'behind', 'ahead of')} it"
    )


def _near_leg(stance: Stance) -> str:
    if stance.near_sure < SURE_FROM:
        return "I can't see which leg is the near one"
    leg, which = stance.near, "front" if stance.near_leads else "rear"
    bent, shin = f"knee bent {leg.knee_flexion_deg:.0f}°", _with_way(leg.shank_deg, "ahead of", "behind")
    toes = _with_way(leg.foot_pitch_deg, "up", "down")
    return f"near leg ({stance.near_side}, the {which} one): {bent}, ankle {shin} the knee, toes {toes}"


def _lean(stance: Stance) -> str:
    return f"trunk {_with_way(stance.trunk_lean_deg, 'forward', 'back')}"


def _with_way(angle_deg: float, plus: str, minus: str) -> str:
    """Return an angle without its sign and the word for it: "12° ahead of"."""
    return f"{abs(angle_deg):.0f}° {plus if angle_deg >= 0 else minus}"
