"""How rules speak: sentences are marked where they stand and turned into the reader's language when they are told.

A sentence may carry {numbers} by measure id ("{trunk_lean_deg:.0f} degrees"); told() fills them in.
"""

from __future__ import annotations

import gettext
import string
from collections.abc import Mapping

DOMAIN = "midstance"

USUAL = "usual_"
"""In a sentence, before a measure id: the middle of its band instead of the runner's value."""


def _(text: str) -> str:
    """Marks a sentence for translators (xgettext finds it) and leaves it as it is."""
    return text


def told(text: str, numbers: Mapping[str, float] | None = None) -> str:
    """The sentence in the reader's language, with its numbers filled in where they are given."""
    said = gettext.dgettext(DOMAIN, text) if text else ""
    return said if numbers is None else said.format(**numbers)


def numbers_in(text: str) -> set[str]:
    """The names a sentence wants filled in."""
    return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name}
