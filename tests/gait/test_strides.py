"""Strides and steps go from strike to strike; what lasts too long has a missed contact in it."""

from __future__ import annotations

from midstance.gait.strides import contacts_of, steps, strides
from midstance.model import Contact, Side


def contact(side: Side, strike_s: float) -> Contact:
    return Contact(
        side=side, strike_s=strike_s, toe_off_s=strike_s + 0.2, uncertainty_s=0.01, strike_frame=0, toe_off_frame=0
    )


EVEN = (contact("left", 0.0), contact("right", 0.4), contact("left", 0.8), contact("right", 1.2), contact("left", 1.6))


def spans(found: tuple) -> list[tuple[float, float]]:
    return [(stride.contact.strike_s, stride.next_strike_s) for stride in found]


def test_a_stride_goes_from_a_strike_to_the_next_of_the_same_foot() -> None:
    assert spans(strides(EVEN, "left", stride_hz=1.25)) == [(0.0, 0.8), (0.8, 1.6)]
    assert spans(strides(EVEN, "right", stride_hz=1.25)) == [(0.4, 1.2)]


def test_a_step_goes_from_one_foot_to_the_other() -> None:
    assert spans(steps(EVEN, "left", stride_hz=1.25)) == [(0.0, 0.4), (0.8, 1.2)]
    assert spans(steps(EVEN, "right", stride_hz=1.25)) == [(0.4, 0.8), (1.2, 1.6)]


def test_a_missed_contact_leaves_no_stride_and_no_step() -> None:
    without = tuple(c for c in EVEN if c.strike_s != 0.8)
    assert strides(without, "left", stride_hz=1.25) == ()
    assert spans(steps(without, "right", stride_hz=1.25)) == [(1.2, 1.6)]


def test_the_order_in_which_contacts_are_given_does_not_matter() -> None:
    assert contacts_of(EVEN[::-1], "left") == (EVEN[0], EVEN[2], EVEN[4])
    assert steps(EVEN[::-1], "right", stride_hz=1.25) == steps(EVEN, "right", stride_hz=1.25)


def test_without_contacts_there_is_nothing() -> None:
    assert strides((), "left", stride_hz=1.25) == steps((), "left", stride_hz=1.25) == ()
