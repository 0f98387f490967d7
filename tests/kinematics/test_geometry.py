"""Angles by hand: a point straight ahead, straight above, or bent by a right angle."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from midstance.kinematics import geometry
from midstance.model import Floats

Turn = Callable[[Floats, Floats], Floats]
Pair = tuple[float, float]


@pytest.mark.parametrize(
    ("turn", "first", "second", "degrees"),
    [
        (geometry.lean_deg, (1, 1), (0, 0), 45),
        (geometry.lean_deg, (0, 1), (0, 0), 0),
        (geometry.hang_deg, (0, 1), (1, 0), 45),
        (geometry.hang_deg, (0, 1), (-1, 1), -90),
        (geometry.pitch_deg, (0, 0), (1, 1), 45),
        (geometry.pitch_deg, (0, 0), (0, -1), -90),
    ],
)
def test_segments_by_hand(turn: Turn, first: Pair, second: Pair, degrees: float) -> None:
    assert turn(np.array(first, float), np.array(second, float)) == pytest.approx(degrees)


def test_bend_is_0_straight_and_90_at_a_right_angle_on_both_sides() -> None:
    a, b = np.array([0.0, 1.0]), np.array([0.0, 0.0])
    for last, degrees in (((0, -1), 0), ((1, 0), 90), ((-1, 0), 90)):
        assert geometry.bend_deg(a, b, np.array(last, float)) == pytest.approx(degrees)


def test_unseen_stays_unseen_and_turns_wrap() -> None:
    assert np.isnan(geometry.lean_deg(np.array([np.nan, 1]), np.zeros(2)))
    assert geometry.wrap_deg(np.array([190.0, -190.0, 20.0])) == pytest.approx([-170, 170, 20])
