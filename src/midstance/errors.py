"""Every error midstance raises on purpose; each says in one line what happened and what to do next.

MidstanceError                exit code
+- UsageError                 2   what was asked for makes no sense
+- InputError                 3   the file cannot be read
+- Refused                    4   the clip was read, but cannot be judged (a reason and a sentence)
+- WeightsError               5   a pose model file is missing and could not be had
"""

from __future__ import annotations

from typing import Literal

RefusalReason = Literal["no_person", "not_running", "too_few_steps", "body_not_in_view", "view_not_supported"]


class MidstanceError(Exception):
    """Base of all; str() is a sentence for the user."""

    exit_code = 1


class UsageError(MidstanceError):
    """The request makes no sense; says what would."""

    exit_code = 2


class InputError(MidstanceError):
    """A file cannot be read; says why and what to try."""

    exit_code = 3


class Refused(MidstanceError):  # noqa: N818  (a clip is refused: not an error of anybody)
    """The clip was read but must not be measured; carries the reason of analysis.json."""

    exit_code = 4

    def __init__(self, reason: RefusalReason, says: str) -> None:
        super().__init__(says)
        self.reason: RefusalReason = reason
        self.says = says


class WeightsError(MidstanceError):
    """A pose model file is missing and not obtainable; says how to bring it."""

    exit_code = 5
