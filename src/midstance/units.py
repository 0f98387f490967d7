"""Every unit of a measure: how it ends an id, and how a person reads it after a number."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, cast

Unit = Literal[
    "deg", "deg/s", "ms", "spm", "m", "cm", "m/s", "leg", "%", "ratio", "kN/m", "shoulder widths"
]  # fmt: skip
"""Units as analysis.json writes them; leg = leg lengths, spm = steps a minute."""


class Spelling(NamedTuple):
    """How one unit is written.

    ending  end of the id of a measure in this unit; empty if its ids carry no unit
    text    what follows the number, with its space
    """

    ending: str
    text: str


UNITS: Mapping[Unit, Spelling] = MappingProxyType(
    {
        "deg": Spelling("_deg", "°"),
        "deg/s": Spelling("_dps", "°/s"),
        "ms": Spelling("_ms", " ms"),
        "spm": Spelling("_spm", " steps a minute"),
        "m": Spelling("_m", " m"),
        "cm": Spelling("_cm", " cm"),
        "m/s": Spelling("_mps", " m/s"),
        "leg": Spelling("_leg", " leg lengths"),
        "%": Spelling("_pct", " %"),
        "ratio": Spelling("_ratio", ""),
        "kN/m": Spelling("_kn_m", " kN/m"),
        "shoulder widths": Spelling("", " shoulder widths"),
    }
)


def unit_text(unit: str) -> str:
    """Return a unit as it follows a number, with its space; one that is not in UNITS as it is."""
    known = UNITS.get(cast("Unit", unit))
    return known.text if known else f" {unit}" if unit else ""


def unit_of(measure: str) -> Unit | None:
    """Return the unit that the id of a measure ends with; None if it ends with none."""
    fits = [unit for unit, spelling in UNITS.items() if spelling.ending and measure.endswith(spelling.ending)]
    return max(fits, key=lambda unit: len(UNITS[unit].ending), default=None)
