"""Name the numbers in a rule's sentences.

{seen}           the whole sentence of the number that decided: "Your trunk leans 16 degrees forward; ordinary at this
                 speed is 1 to 11."
{seen_MEASURE}   the same for a measure by its id
{signs}          the same for the numbers of a sign that lie outside their ordinary range, two at most
{MEASURE:.0f}    the bare number; {usual_MEASURE:.0f} is the middle of its ordinary range

A whole sentence is left out where its number was not measured.
"""

from __future__ import annotations

import string

USUAL = "usual_"
"""In a sentence, before a measure id: the middle of its ordinary range instead of the runner's value."""

SEEN_PREFIX = "seen_"
"""In a sentence, before a measure id: its whole sentence, with what is ordinary."""


def is_sentence(name: str) -> bool:
    """Return whether a name is replaced by a whole sentence rather than a bare number."""
    return name in {"seen", "signs"} or name.startswith(SEEN_PREFIX)


def numbers_in(text: str) -> set[str]:
    """Return the names that a sentence wants filled in."""
    return {name for _before, name, _spec, _conversion in string.Formatter().parse(text) if name}
