"""Reasons as data: a stage names a reason and its values, and each door says it in its own words.

A door is where a person reads: the command line writes `--height`, a page "your height", Python `height_m`. The
sentences are in data/reasons.toml, one line a reason; `{door[height]}` in a sentence becomes the door's own words,
which may name values of the reason too.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Literal

from midstance.data import table

TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Signs that turn the direction of the words behind them, whatever language they are in."""

Door = Literal["cli", "page", "python"]

AS_WRITTEN = "as_written"
"""The id of a reason that is a sentence already, such as one read back from a file."""


@dataclass(frozen=True, slots=True, init=False)
class Reason:
    """Why something cannot be done, measured or trusted.

    id      a key of data/reasons.toml
    values  what its sentence names, sorted by name; a value may be a Reason itself, or several, said as a list
    """

    id: str
    values: tuple[tuple[str, Any], ...]

    def __init__(self, id: str, /, **values: Any) -> None:  # noqa: A002  (the field is called so in every noun)
        object.__setattr__(self, "id", id)
        object.__setattr__(self, "values", tuple(sorted(values.items())))

    def __getitem__(self, name: str) -> Any:
        """Return one value by its name. Raises KeyError."""
        return dict(self.values)[name]


def as_written(text: str) -> Reason:
    """Return a reason that every door says with these words."""
    return Reason(AS_WRITTEN, text=text)


def say(reason: Reason, door: Door = "python") -> str:
    """Return the sentence of a reason.

    Parameters
    ----------
    reason
        As in `NotAssessed.reason`, `Analysis.warnings` or `MidstanceError.why`.
    door
        Where it is read: "cli" names options of the command line, "page" speaks to the runner, "python" names
        arguments.

    Returns
    -------
    str
        A sentence, or the part of one that follows a colon.

    Raises
    ------
    KeyError
        For an unknown reason, or a missing value.

    Examples
    --------
    >>> import midstance as ms
    >>> ms.say(ms.Reason("needs_mass")), ms.say(ms.Reason("needs_mass"), "cli")
    ('needs the body mass: give mass_kg', 'needs the body mass: give --mass')
    """
    values = {name: _said(value, door) for name, value in reason.values}
    sentence = sentence_of(reason.id)
    for name, words in door_words(door).items():
        sentence = sentence.replace(f"{{door[{name}]}}", words)
    return sentence.format(**values).strip()


def _said(value: Any, door: Door) -> Any:
    """Return a value as a sentence names it: a Reason in words, several joined by commas, anything else as it is."""
    if isinstance(value, Reason):
        return say(value, door)
    if isinstance(value, tuple):
        return ", ".join(str(_said(part, door)) for part in value)
    return printable(str(value)) if isinstance(value, str | PurePath) else value


def printable(text: str, *, keep: str = "") -> str:
    """Return a text on one line without what would steer a terminal or turn words around, which becomes "?".

    keep  control characters that stay, such as line breaks
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        letter
        if letter in keep or not (unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} or letter in TURNING)
        else " "
        if letter.isspace()
        else "?"
        for letter in text
    )


def shown(value: Any) -> Any:
    """Return what a page shows of a value: a text without what would turn the words after it around."""
    return printable(value, keep="\n\r\t") if type(value) is str else value


def small(text: str) -> str:
    """Return a text with its first letter small, as it stands inside a sentence."""
    return text[:1].lower() + text[1:]


def sentence_of(reason: str) -> str:
    """Return the sentence of a reason as the catalogue has it. Raises KeyError."""
    return "{text}" if reason == AS_WRITTEN else str(catalogue()["reasons"][reason])


def door_words(door: Door) -> Mapping[str, str]:
    """Return what one door calls the things a person can give: name -> its words."""
    words: Mapping[str, str] = catalogue()["doors"][door]
    return words


def catalogue() -> dict[str, Any]:
    """Read data/reasons.toml: the sentences by reason, and the words of each door."""
    return table("reasons")
