"""What became of the focus is told as a coach says it, whichever way the number turned."""

from __future__ import annotations

from midstance.comparison import compare
from midstance.text.changes import describe_comparison
from tests.fixtures.takes import SHANK, number, plan, take


def told(before: float, after: float) -> str:
    first = take("a", number(SHANK, before, 1.0), plan=plan("reaching", SHANK, before, 3.0))
    return " ".join(describe_comparison(compare(first, take("b", number(SHANK, after, 1.0)))).says)


def test_a_number_that_keeps_its_sign_is_told_as_a_number() -> None:
    assert "went from 12.0° to 6.0°: a real change, in the right direction" in told(12.0, 6.0)


def test_a_number_that_turns_is_told_in_the_words_of_both_ways() -> None:
    assert (
        "Before: your shin slants 12 degrees forward at landing. Now: your shin slants 4 degrees back at landing. "
        "That is a real change, in the right direction"
    ) in told(12.0, -4.0)


def test_a_turn_within_the_error_is_no_turn() -> None:
    said = told(0.4, -0.4)
    assert "no clear change" in said
    assert "Now:" not in said
