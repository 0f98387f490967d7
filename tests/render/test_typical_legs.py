"""The typical legs hang from the runner's own hips, are as long as the runner's own, and land when the runner lands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from midstance.kinematics.typical import toe_off_pct, typical_curve
from midstance.model import Analysis
from midstance.render.typical_legs import typical_legs
from midstance.render.viewport import follow_view
from midstance.skeleton import INDEX
from tests.fixtures.acted import CONTACT_S, LEG_PX


def thigh_and_shank(leg: np.ndarray, facing: int) -> tuple[float, float]:
    hip, knee, ankle = leg[:3]
    thigh, shank = ((b - a) * [facing, 1] for a, b in ((hip, knee), (knee, ankle)))
    return tuple(float(np.degrees(np.arctan2(part[0], part[1]))) for part in (thigh, shank))


@pytest.mark.parametrize("facing", [1, -1])
def test_at_each_landing_they_lie_as_typical_legs_land(run: Analysis, facing: int) -> None:
    run = replace(run, track=replace(run.track, direction=facing))
    view = follow_view(run.clip, run.track)
    legs = typical_legs(run, view)
    assert list(legs) == ["right", "left"]
    for side, leg in legs.items():
        for contact in (c for c in run.contacts if c.side == side):
            row = int(np.ceil(contact.strike_s * run.track.rate_hz))
            since_landing = run.track.time_s[row] - contact.strike_s
            share = since_landing / CONTACT_S * toe_off_pct(3.2)
            curves = [typical_curve(name, 3.2) for name in ("thigh", "shank")]
            expected = [float(np.interp(share, curve.share_pct, curve.usual)) for curve in curves]
            assert thigh_and_shank(leg[row], facing) == pytest.approx(expected, abs=0.1)


def test_they_hang_from_the_hips_with_the_runners_own_lengths(run: Analysis) -> None:
    view = follow_view(run.clip, run.track)
    leg = typical_legs(run, view)["right"]
    hips = np.stack([view.place(run.track.xy_px[f, INDEX["right_hip"]], f) for f in range(len(leg))])
    assert leg[:, 0] == pytest.approx(hips)
    for first, last in ((0, 1), (1, 2)):
        assert np.hypot(*(leg[:, last] - leg[:, first]).T) == pytest.approx(LEG_PX / 2 * view.zoom, rel=0.01)


@pytest.mark.parametrize("speed_mps", [float("nan"), 1.5, 9.0])
def test_nobody_is_drawn_at_a_speed_at_which_nobody_was_measured(run: Analysis, speed_mps: float) -> None:
    unknown = replace(run, view=replace(run.view, speed_mps=speed_mps))
    assert typical_legs(unknown, follow_view(run.clip, run.track)) is None
