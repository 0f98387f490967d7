"""Write docs/measures.md from the registry of measures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from midstance.measures import REGISTRY
from midstance.measures.registry import Definition
from midstance.uncertainty import HALF_WIDTH, Leg, error_of

PAGE = Path(__file__).parent / "measures.md"
VIEWS = {"side": "side", "front": "front", "front_or_rear": "front or rear", "rear": "rear", "any": "any"}
SHOWN_HZ = 60.0
NEEDS = {"scale": "a scale", "speed": "the speed", "mass": "a body mass", "true_time": "true time", "depth": "depth"}

BETTER = {
    "lower": "lower, down to the usual",
    "higher": "higher, up to the usual",
    "ordinary": "nearer the usual",
    "zero": "nearer 0",
    "neither": "-",
}


def page() -> str:
    """Return the whole page."""
    return "\n".join([*head(), *table(), *how_sure()]) + "\n"


def head() -> Iterator[str]:
    """Yield what the page is."""
    yield "# Measures"
    yield ""
    yield "Made by `docs/write_measures.py` from the registry in `src/midstance/measures/`."
    yield ""
    yield (
        "Letters as in [conventions](conventions.md): T thigh, S shank, K knee flexion, F foot pitch, X forward, Y up, "
        "tc contact time, tf flight time, v running speed, leg = hip to knee to ankle. Every measure comes with its "
        "mean, spread over strides, number of strides, half width of the 95 % interval, and the moments that show it. "
        "*Own error* is the half width that more strides do not remove: what the pose model does to this measure in "
        "rendered clips at 60 frames a second, near leg / far leg."
    )
    yield ""


def table() -> Iterator[str]:
    """Yield one line a measure."""
    yield "| id | name | unit | given for | view | formula | needs | better | own error | source |"
    yield "|---|---|---|---|---|---|---|---|---|---|"
    yield from (line(definition) for definition in REGISTRY)
    yield ""


def line(definition: Definition) -> str:
    """Return the row of one measure."""
    sides = "near side" if definition.near_only else ("each side" if definition.one_sided else "both")
    needs = ", ".join(NEEDS[need] for need in definition.needs) or "-"
    cells = (
        f"`{definition.id}`",
        definition.name,
        definition.unit,
        sides,
        VIEWS[definition.plane],
        definition.formula.replace("|", "\\|"),
        needs,
        BETTER[definition.better],
        own_error(definition),
        linked(definition.source),
    )
    return "| " + " | ".join(cells) + " |"


def linked(source: str) -> str:
    """Return a source with the heading of docs/evidence.md as a link."""
    return re.sub(r"docs/(evidence\.md#([a-z-]+))", r"[\2](\1)", source)


def own_error(definition: Definition) -> str:
    """Return the half widths of near and far leg; for front and rear views the one they have."""
    known = error_of(definition.id)
    if definition.id == "speed_mps":
        return "that of the speed"
    legs: tuple[Leg, ...] = ("near", "far") if definition.one_sided and not definition.near_only else ("near",)
    legs = ("turned",) if definition.plane in {"front", "rear", "front_or_rear"} else legs
    told = " / ".join(f"{HALF_WIDTH * known.sd_of_mean(leg, SHOWN_HZ):.2g}" for leg in legs)
    turned = f"; {HALF_WIDTH * known.turned:.2g} front or rear" if definition.plane == "any" else ""
    return f"{told}{turned}" if "nan" not in told else "-"


def how_sure() -> Iterator[str]:
    """Yield where the intervals come from."""
    yield "## Where the intervals come from"
    yield ""
    yield (
        "The half width is the root of the sum of squares of: the spread over strides (Student's t over n); the own "
        "error above, wider where less of the leg was seen and, for what hangs on a moment, at a lower frame rate; the "
        "scale's and the speed's share. The own error is set so that 95 % of the intervals on rendered runners hold "
        "the truth; a difference of left and right has an own error of its own, from one side at least that of the far "
        "leg. Heights, speeds and the bounce are explained in `gait/lengths.py` and `kinematics/centre_of_mass.py`; "
        "contacts in `gait/events.py`. "
        "A difference between two clips below the root of both half widths squared is no clear change. `make validate` "
        "prints how often the intervals hold the truth (`validation/RESULTS.md`)."
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
