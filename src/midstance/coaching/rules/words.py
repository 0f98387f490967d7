"""The numbers in a rule's sentences: a sentence may name measures by id ("{trunk_lean_deg:.0f} degrees")."""

from __future__ import annotations

import string

USUAL = "usual_"
"""In a sentence, before a measure id: the middle of its ordinary range instead of the runner's value."""


def numbers_in(text: str) -> set[str]:
    """Return the names that a sentence wants filled in."""
    return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name}
