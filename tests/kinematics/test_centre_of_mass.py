"""Where the mass is and how it bounces: bodies whose height is known by hand."""

from __future__ import annotations

import numpy as np
import pytest
from validation.force_plate import make_track

from midstance.kinematics.centre_of_mass import bounce, center_of_mass, rise_between
from midstance.model import Floats, Track
from midstance.skeleton import INDEX, KEYPOINTS, SIDES

TIME_S = np.arange(90) / 30
STANDING = {"ear": 1.62, "shoulder": 1.45, "elbow": 1.17, "wrist": 0.92, "hip": 0.94, "knee": 0.51, "ankle": 0.09,
            "heel": 0.03, "toe": 0.03}  # fmt: skip
"""Metres above the ground."""


def runner(height_m: Floats, *, unseen: tuple[str, ...] = ()) -> Track:
    """A body that only goes up and down; its lengths come out in legs of 0.85 m."""
    xy = np.full((len(height_m), len(KEYPOINTS), 2), np.nan)
    for part, above in STANDING.items():
        for side in SIDES:
            if part not in unseen:
                xy[:, INDEX[f"{side}_{part}"]] = np.stack([np.zeros(len(height_m)), above + height_m], 1)
    return make_track(TIME_S, xy, side="right")


def test_the_centre_of_mass_of_who_stands_lies_over_the_hips() -> None:
    height = center_of_mass(runner(np.zeros(90)))[:, 1] * 0.85
    assert height == pytest.approx(np.full(90, 1.0), abs=0.03)


@pytest.mark.parametrize(("unseen", "share"), [((), 1.0), (("wrist",), 0.91)], ids=["whole", "without hands"])
def test_a_body_that_goes_up_and_down_bounces_as_far(unseen: tuple[str, ...], share: float) -> None:
    track = runner(0.04 * np.cos(2 * np.pi * 1.5 * TIME_S), unseen=unseen)
    for start_s in (0.1, 0.1 + 2 / 3):
        lowest_s, rise = rise_between(bounce(track), start_s, start_s + 2 / 3)
        assert lowest_s == pytest.approx(1 / 3 if start_s < 0.2 else 1.0, abs=0.01)
        assert rise * 0.85 == pytest.approx(0.08 * share, rel=0.03)


def test_arms_alone_hardly_move_the_centre_of_mass() -> None:
    track = runner(np.zeros(90))
    for side in SIDES:
        track.xy[:, INDEX[f"{side}_wrist"], 1] += 0.1 * np.cos(2 * np.pi * 1.5 * TIME_S)
    assert np.ptp(bounce(track).values) < 0.01
