"""The offset table: what is fitted is applied; small in size, and only for models it was made for."""

from __future__ import annotations

import numpy as np
import pytest

from midstance.offsets import WHICH, Which, fit_table, has_table, move, to_joint_centres
from midstance.periodic import template_leg

PHASE = np.linspace(0, 20, 300)


def test_a_fitted_offset_is_found_again() -> None:
    true = template_leg(PHASE)
    along = true[:, 1] - true[:, 0]
    drawn = true.copy()
    drawn[:, 0] += 0.1 * along + [0.02, -0.03]
    moved = move(drawn, fit_table([drawn, drawn], [true, true]))
    assert np.abs(moved - true).max() < 0.02
    assert np.abs(drawn - true).max() > 0.05


@pytest.mark.parametrize("model", ["full", "heavy"])
@pytest.mark.parametrize("which", WHICH)
def test_tables_lift_the_hip_and_stay_small(model: str, which: Which) -> None:
    leg = template_leg(PHASE)
    shift = to_joint_centres(leg, model, which) - leg
    assert np.linalg.norm(shift, axis=2).max() < 0.2
    assert 0.02 < shift[:, 0, 1].mean() < 0.12


def test_no_table_for_other_models() -> None:
    assert has_table("full")
    assert not has_table("rtmpose-m")
