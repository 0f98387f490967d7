"""Answer a runner whose cue did not click."""

from __future__ import annotations

from midstance.comparison.focus import other_words
from midstance.comparison.model import Take


def did_not_click(take: Take) -> str:
    """Return the next words for the focus of a take, for a runner whose cue did not click."""
    words = other_words(take)
    if words:
        return f"It did not click? Keep the aim, change the words: “{words}”"
    return "It did not click? There are no other words for it yet. Try the drill in the report instead."
