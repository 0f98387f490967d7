"""The typical stride is the published one: known joint angles, a closed loop, straight between speeds."""

from __future__ import annotations

import numpy as np
import pytest

from midstance.kinematics import typical


@pytest.mark.parametrize(("speed", "swing_knee"), [(2.5, 92.0), (3.5, 103.0), (4.5, 115.0)])
def test_the_knee_of_the_swing_is_what_other_laboratories_published(speed: float, swing_knee: float) -> None:
    """Running Injury Clinic, Calgary, measured 91 degrees at 2.5 m/s; the knee bends more the faster people run."""
    knee = typical.typical_curve("knee_flexion", speed)
    marked = float(knee.usual.max()) - typical.STANDS_STRAIGHT["knee_flexion"]
    assert marked == pytest.approx(swing_knee, abs=4.0)
    assert 60 < knee.share_pct[knee.usual.argmax()] < 75


@pytest.mark.parametrize("angle", ["thigh", "knee_flexion", "shank", "foot", "ankle_dorsiflexion"])
@pytest.mark.parametrize("speed", [2.0, 2.5, 3.2, 4.5, 6.0])
def test_every_curve_closes_and_its_edges_lie_about_it(angle: str, speed: float) -> None:
    """A stride ends as the next begins, to 2 degrees: runners are not quite the same from stride to stride."""
    curve = typical.typical_curve(angle, speed)
    assert curve.share_pct[0] == 0
    assert curve.share_pct[-1] == 100
    assert curve.usual[0] == pytest.approx(curve.usual[-1], abs=2.0)
    assert (curve.low <= curve.usual).all()
    assert (curve.usual <= curve.high).all()


def test_thigh_and_knee_give_the_shank() -> None:
    """The shank is the thigh less the bend of the knee, to 3 degrees: medians of three angles need not agree."""
    thigh, knee, shank = (typical.typical_curve(name, 3.5).usual for name in ("thigh", "knee_flexion", "shank"))
    assert np.abs(thigh - knee - shank).max() < 3.0


def test_a_speed_between_two_lies_half_way_and_beyond_stays_level() -> None:
    """3.0 m/s lies half way between 2.5 and 3.5; nobody was measured at 6, so the curve is that of 4.5."""
    slow, middle, fast = (typical.typical_curve("thigh", v).usual for v in (2.5, 3.0, 3.5))
    assert middle == pytest.approx((slow + fast) / 2)
    assert typical.typical_curve("thigh", 6.0).usual == pytest.approx(typical.typical_curve("thigh", 4.5).usual)
