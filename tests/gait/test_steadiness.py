"""Who speeds up is seen by the path of the hips and by the posture; who runs evenly is not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.gait.steadiness import (
    POSTURE_AT_EVEN_SPEED_MPS2,
    acceleration_leg,
    change_of_speed_mps2,
    is_steady,
    posture_acceleration_mps2,
)
from midstance.model import Setting, View
from midstance.tracking.rectify import rotated
from tests.fixtures.jogger import Jogger, side_view

JOGGER = Jogger(speed_mps=3.4)
TRACK = JOGGER.track()
CONTACTS = JOGGER.contacts(TRACK)


@pytest.mark.parametrize("lean_deg", [-6.0, 5.0, 20.0])
def test_a_body_ahead_of_its_foot_gathers_speed(lean_deg: float) -> None:
    """By hand: turned forward as a whole, the weight points that much farther behind the push."""
    even, turned = (posture(deg) + POSTURE_AT_EVEN_SPEED_MPS2 for deg in (0.0, lean_deg))
    assert np.degrees(np.arctan(turned / 9.81) - np.arctan(even / 9.81)) == pytest.approx(lean_deg, abs=1.0)


def posture(lean_deg: float) -> float:
    track = rotated(TRACK, -lean_deg)
    return posture_acceleration_mps2(track, CONTACTS)


def test_no_contact_says_nothing() -> None:
    assert np.isnan(posture_acceleration_mps2(TRACK, ()))


def test_half_a_stride_says_nothing_of_the_speed() -> None:
    few = int(0.4 * TRACK.rate_hz)
    assert np.isnan(acceleration_leg(replace(TRACK, time_s=TRACK.time_s[:few], xy=TRACK.xy[:few])))


def seen(setting: Setting, *, path_mps2: float = np.nan, posture_mps2: float = np.nan) -> View:
    view = replace(side_view(), setting=setting)
    return replace(view, acceleration_mps2=path_mps2, posture_acceleration_mps2=posture_mps2)


def test_a_drive_phase_is_known_by_its_posture_where_the_path_says_little() -> None:
    assert not is_steady(seen("over_ground", path_mps2=0.3, posture_mps2=3.0))
    assert is_steady(seen("over_ground", path_mps2=0.3, posture_mps2=0.4))
    assert not is_steady(seen("over_ground", path_mps2=-1.5, posture_mps2=0.0))


def test_a_belt_that_climbs_is_no_start() -> None:
    assert is_steady(seen("treadmill", posture_mps2=1.4))


def test_what_is_said_of_a_start_is_what_showed_it() -> None:
    assert change_of_speed_mps2(seen("over_ground", path_mps2=0.3, posture_mps2=3.0)) == 3.0
    assert change_of_speed_mps2(seen("over_ground", path_mps2=-1.5, posture_mps2=0.0)) == -1.5
