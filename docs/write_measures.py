"""The registry of measures in, docs/measures.md out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from midstance.measures import REGISTRY, STIFFNESS
from midstance.measures.registry import Definition
from midstance.measures.sides import DEGREES, PER_CENT, asymmetry_id
from midstance.uncertainty import HALF_WIDTH, accuracy

PAGE = Path(__file__).parent / "measures.md"
VIEWS = {"side": "side", "front_or_rear": "front or rear", "rear": "rear", "any": "any"}
NEEDS = {"scale": "a scale", "speed": "the speed", "mass": "a body mass", "true_time": "true time"}


def page() -> str:
    """The whole page."""
    return "\n".join([*head(), *table(), *derived(), *how_sure()]) + "\n"


def head() -> Iterator[str]:
    """What the page is."""
    yield "# Measures"
    yield ""
    yield "Made by `docs/write_measures.py` from the registry in `src/midstance/measures/`."
    yield ""
    yield (
        "Letters as in [conventions](conventions.md): T thigh, S shank, K knee flexion, F foot pitch, X forward, Y up, "
        "tc contact time, tf flight time, v running speed, leg = hip to knee to ankle. Every measure comes with its "
        "mean, spread over strides, number of strides, half width of the 95 % interval, and the moments that show it. "
        "*Own error* is the half width that more strides do not remove: what the pose model does to this measure in "
        "rendered clips, near leg / far leg."
    )
    yield ""


def table() -> Iterator[str]:
    """One line a measure."""
    yield "| id | unit | told for | view | formula | needs | own error | source |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from (line(definition) for definition in REGISTRY)
    yield ""


def line(definition: Definition) -> str:
    """One measure."""
    sides = "near side" if definition.near_only else ("each side" if definition.one_sided else "both")
    needs = ", ".join(NEEDS[need] for need in definition.needs) or "-"
    cells = (
        f"`{definition.id}`",
        definition.unit,
        sides,
        VIEWS[definition.plane],
        definition.formula.replace("|", "\\|"),
        needs,
        own_error(definition),
        definition.source,
    )
    return "| " + " | ".join(cells) + " |"


def own_error(definition: Definition) -> str:
    """Half widths of the near and the far leg."""
    known = accuracy().get(definition.id)
    if known is None:
        return "that of the speed" if definition.id == "speed_mps" else "-"
    near, far = (HALF_WIDTH * known[leg] for leg in ("near", "far"))
    return f"{near:.2g} / {far:.2g}" if definition.one_sided and not definition.near_only else f"{near:.2g}"


def derived() -> Iterator[str]:
    """Measures made of others."""
    yield "## Left against right, and stiffness"
    yield ""
    for name in (*PER_CENT, *DEGREES):
        unit = (
            "per cent of their mean" if name in PER_CENT else "degrees, never surer than 6 degrees from one side view"
        )
        yield f"- `{asymmetry_id(name)}`: `{name}` left minus right, {unit}"
    for name in STIFFNESS:
        yield f"- `{name}`: sine model from tc, tf, v, leg and body mass (Morin 2005)"
    yield ""


def how_sure() -> Iterator[str]:
    """Where the intervals come from."""
    yield "## Where the intervals come from"
    yield ""
    yield (
        "The half width is the root of the sum of squares of: the spread over strides (Student's t over n); the own "
        "error above, wider where less of the leg was seen; the scale's and the speed's share. Heights, speeds and the "
        "bounce are explained in `src/midstance/scale.py` and `body.py`; contacts in `events.py`. A difference between "
        "two clips below the root of both half widths squared is no clear change. `make validate` prints how often the "
        "intervals hold the truth (`validation/RESULTS.md`)."
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
