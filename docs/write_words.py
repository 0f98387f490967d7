"""Write the words that `midstance explain` knows to a file, so that Tab finds them without loading the rules."""

from __future__ import annotations

from pathlib import Path

import midstance
from midstance.coaching import rules
from midstance.measures import REGISTRY

FILE = Path(midstance.__file__).parent / "data" / "words.txt"


def words() -> str:
    """Return every word on a line of its own."""
    return "".join(f"{word}\n" for word in sorted({*rules.explained_words(), *(each.id for each in REGISTRY)}))


if __name__ == "__main__":
    FILE.write_text(words(), encoding="utf-8", newline="\n")
