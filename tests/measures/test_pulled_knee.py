"""A knee bent back up by a pull, on curves drawn by hand."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from midstance.kinematics.curves import Curve
from midstance.measures.swing import _pulled_knee
from midstance.model import Floats

TIME_S = np.arange(0, 1.0, 0.01)


def through(*points: tuple[float, float]) -> Curve:
    moments, values = zip(*points, strict=True)
    flat: Floats = np.interp(TIME_S, moments, values)
    return Curve(TIME_S, flat)


def test_a_pull_is_counted_from_the_straightest_knee_after_mid_stance() -> None:
    """Contact from 0.2 to 0.4 s. The knee is straighter at strike (5) than at its straightest in push-off (15).

    The thigh is rearmost at 0.42 s, where the knee is bent by 22 again: pulled up by 7.
    """
    knee = through((0.0, 5), (0.2, 5), (0.29, 30), (0.36, 15), (0.42, 22), (0.6, 90), (1.0, 5))
    thigh = through((0.0, 20), (0.2, 25), (0.42, -25), (1.0, 20))
    run = SimpleNamespace(
        angle=lambda name, _side: {"knee_flexion": knee, "thigh": thigh}[name],
        track=SimpleNamespace(time_factor=1.0, stride_hz=1.4),
    )
    stride = SimpleNamespace(contact=SimpleNamespace(strike_s=0.2, toe_off_s=0.4), next_strike_s=0.9)
    moment, pulled = _pulled_knee(run, "right", stride)  # type: ignore[arg-type]
    assert moment == pytest.approx(0.42, abs=0.005)
    assert pulled == pytest.approx(7.0, abs=0.6)
