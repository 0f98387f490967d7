"""The offset tables: what is fitted is applied; small in size, and only for models they were made for."""

from __future__ import annotations

import numpy as np
import pytest
from validation.fit_offsets import KINDS, WEIGHT_OF_NORMS_1, WEIGHT_OF_RARE, Example, fit_table, weights_of

from midstance.tracking.gait_phase import template_leg
from midstance.tracking.joint_centres import (
    LENGTH_WEIGHT,
    WHICH,
    Which,
    arm_to_joint_centres,
    film_terms,
    has_table,
    move,
    to_joint_centres,
)

PHASE = np.linspace(0, 20, 300)


def test_a_fitted_offset_is_found_again() -> None:
    true = template_leg(PHASE)
    drawn = true.copy()
    drawn[:, 0] += 0.1 * (true[:, 1] - true[:, 0]) + [0.02, -0.03]
    example = Example("person_clean_00", drawn, true, drawn[:, :3], true[:, :3], np.zeros((300, 4)), PHASE)
    for name in ("picture", "film"):
        kind = KINDS[name]
        moved = move(drawn, kind.terms(example), fit_table([example, example], kind))
        assert np.abs(moved - true).max() < 0.02
    assert np.abs(drawn - true).max() > 0.05


def test_the_rare_and_the_few_of_another_kind_count_more() -> None:
    leg, angles = template_leg(PHASE), np.tile(np.linspace(0, 30, 300)[:, None], 4)
    persons = [
        Example(f"person_{k}", leg, leg, leg[:, :3], leg[:, :3], angles + 0.1 * k + 25 * (k == 9), PHASE)
        for k in range(10)
    ]
    weights = weights_of([*persons, persons[0]._replace(name="dev1")])
    np.testing.assert_array_equal(weights, [1.0] * 9 + [WEIGHT_OF_RARE, WEIGHT_OF_NORMS_1])


def test_an_arm_is_turned_about_the_shoulder() -> None:
    swing = np.stack([np.sin(0.5 * np.sin(PHASE)), np.cos(0.5 * np.sin(PHASE))], axis=1)
    elbow = [-0.1, 0.6] + 0.3 * swing * [1, -1]
    arm = np.stack([np.full((300, 2), [-0.1, 0.6]), elbow, elbow + 0.25 * swing[:, ::-1]], axis=1)
    arm[7, 2] = np.nan
    moved = arm_to_joint_centres(arm, "full", "near")
    np.testing.assert_array_equal(moved[:, 0], arm[:, 0])
    shift = np.linalg.norm(np.delete(moved - arm, 7, axis=0)[:, 1:], axis=2)
    assert 0.005 < shift.mean() < shift.max() < 0.2
    assert np.isnan(moved[7, 2]).all()


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
