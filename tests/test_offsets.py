"""The offset tables: what is fitted is applied; small in size, and only for models they were made for."""

from __future__ import annotations

import numpy as np
import pytest
from validation.fit_offsets import Example, fit_table

from midstance.offsets import (
    LENGTH_WEIGHT,
    WHICH,
    Which,
    film_terms,
    has_table,
    move,
    picture_terms,
    to_joint_centres,
)
from midstance.periodic import template_leg

PHASE = np.linspace(0, 20, 300)


def test_a_fitted_offset_is_found_again() -> None:
    true = template_leg(PHASE)
    drawn = true.copy()
    drawn[:, 0] += 0.1 * (true[:, 1] - true[:, 0]) + [0.02, -0.03]
    leg = Example("ben", "red_tee", drawn, true, np.zeros((300, 4)), PHASE)
    terms = picture_terms(drawn)
    moved = move(drawn, terms, fit_table([leg, leg], lambda leg: picture_terms(leg.drawn)))
    assert np.abs(moved - true).max() < 0.02
    assert np.abs(drawn - true).max() > 0.05


def test_bones_that_keep_their_length_say_nothing() -> None:
    terms = film_terms(template_leg(PHASE), PHASE)
    assert terms.shape == (300, 24)
    assert np.abs(terms[:, 7:14]).max() < 1e-9


def test_a_hip_drawn_too_far_back_lengthens_the_thigh_that_is_ahead() -> None:
    leg = template_leg(PHASE)
    leg[:, 0, 0] -= 0.02
    ahead, down = film_terms(leg, PHASE)[0, 10:12]
    assert ahead == pytest.approx(LENGTH_WEIGHT * 0.02, rel=0.1)
    assert abs(down) < 0.3 * ahead


@pytest.mark.parametrize("model", ["full", "heavy"])
@pytest.mark.parametrize("which", WHICH)
@pytest.mark.parametrize("phase_rad", [None, PHASE], ids=["picture", "film"])
def test_tables_lift_the_hip_and_stay_small(model: str, which: Which, phase_rad: np.ndarray | None) -> None:
    leg = template_leg(PHASE)
    shift = to_joint_centres(leg, model, which, phase_rad=phase_rad) - leg
    assert np.linalg.norm(shift, axis=2).max() < 0.2
    assert 0.02 < shift[:, 0, 1].mean() < 0.12


def test_no_table_for_other_models() -> None:
    assert has_table("full")
    assert not has_table("rtmpose-m")
