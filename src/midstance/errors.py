"""Define every error that midstance raises on purpose; each says in one line what happened and what to do next.

MidstanceError                exit code
+- UsageError                 2   what was asked for makes no sense
+- InputError                 3   the file cannot be read
+- Refused                    4   the clip was read, but cannot be judged (a reason and a sentence)
+- WeightsError               5   a pose model file is missing and could not be had

An error carries its reason as data (midstance.reasons); `say` gives the sentence of a door, str() that of Python.
"""

from __future__ import annotations

from typing import Literal

from midstance.reasons import Door, Reason, as_written, say

RefusalReason = Literal["no_person", "not_running", "too_few_steps", "body_not_in_view", "view_not_supported"]


class MidstanceError(Exception):
    """Base of all; `why` is the reason as data, str() the sentence for a reader of Python."""

    exit_code = 1
    found: object = None
    """The ClipPoses of a clip that was read and looked at, and None otherwise: pictures of it can show why."""
    person: int | None = None
    """Index in its Poses.people of the one who was asked for."""

    def __init__(self, why: Reason | str) -> None:
        super().__init__(why)
        self.why = why if isinstance(why, Reason) else as_written(why)

    def __str__(self) -> str:
        return self.say()

    def say(self, door: Door = "python") -> str:
        """Return the sentence in the words of a door."""
        return say(self.why, door)


class UsageError(MidstanceError):
    """The request makes no sense; says what would."""

    exit_code = 2


class InputError(MidstanceError):
    """A file cannot be read; says why and what to try."""

    exit_code = 3


class Refused(MidstanceError):  # noqa: N818  (a clip is refused: not an error of anybody)
    """The clip was read but must not be measured; carries the reason of analysis.json."""

    exit_code = 4

    def __init__(self, reason: RefusalReason, why: Reason | str) -> None:
        super().__init__(why)
        self.args = (reason, why)
        self.reason: RefusalReason = reason


class WeightsError(MidstanceError):
    """A pose model file is missing and not obtainable; says how to bring it."""

    exit_code = 5
