"""Whatever happens in front of a camera, a film is measured or refused: never an error of ours."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from validation.disturbed import EVERY, disturbed, outcome

from midstance.model import Poses
from tests.fixtures.drawn_runner import draw_runner
from tests.fixtures.jogger import Jogger

ENDS = {"measured", "no_person", "not_running", "too_few_steps", "body_not_in_view", "view_not_supported"}


def runner(kind: int) -> Poses:
    """A jogger on a belt, one who passes, a sprinter, or one made of formulas with true contacts."""
    if kind == 3:
        return Jogger().poses(seconds=3)
    return draw_runner(seconds=3, speed_leg=3.0 * (kind == 1), stride_hz=2.1 if kind == 2 else 1.4, seed=kind).poses


@settings(max_examples=16, derandomize=True, database=None)
@given(kind=st.integers(0, 3), seed=st.integers(0, 100_000))
@example(kind=0, seed=34)
@example(kind=0, seed=15)
def test_every_film_is_measured_or_refused(kind: int, seed: int) -> None:
    poses, _ = disturbed(runner(kind), seed)
    assert outcome(poses, height_m=1.75 if seed % 2 else None) in ENDS


@pytest.mark.parametrize("disturbance", range(len(EVERY)), ids=[each.__name__ for each in EVERY])
def test_every_disturbance_changes_the_poses(disturbance: int) -> None:
    """A fuzz that changes nothing could not fail."""
    whole = runner(0)
    poses = EVERY[disturbance](whole, np.random.default_rng(disturbance))
    same = (
        len(poses.people) == 1
        and poses.time_s is whole.time_s
        and np.array_equal(poses.people[0].xy, whole.people[0].xy, equal_nan=True)
    )
    assert not same
