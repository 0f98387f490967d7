"""Real runners from points alone: what OpenPose and RTMPose drew, and markers beside their force plate.

The files lie in shared/, beside the project (validation/cases.py); without it these tests skip.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from validation.cases import SHARED
from validation.force_plate import CLOCKS_S

import midstance as ms
from midstance.formats import trc
from midstance.model import Recording

REAL, TRUTH = SHARED / "clips" / "real", SHARED / "truth"
OUTSIDE: dict[str, set[str]] = {
    "hamner_subj01_treadmill_2ms": {"peak_thigh_flexion_deg"},
    "hamner_subj01_treadmill_3ms": set(),
    "dorn_overground_3p5ms": {"peak_thigh_separation_deg", "vertical_oscillation_cm"},
}
"""Trials, and what of each lies outside its interval: 3 of 39, where 2 are expected."""
AT_MOST = 1.5
"""Intervals by which it lies outside."""

pytestmark = pytest.mark.skipif(not TRUTH.is_dir(), reason="shared/ is not beside the project")


def test_a_runner_by_openpose() -> None:
    found = ms.analyze(REAL / "radluy_side_openpose", pictures_hz=30)
    assert found.view.near_side == "left"
    assert found.measures["cadence_spm"].value == pytest.approx(167, abs=3)
    assert found.measures["contact_time_ms"].left.n >= 2
    assert found.findings or found.remarks


def test_a_runner_by_rtmpose() -> None:
    found = ms.analyze(REAL / "zzzhushi_male_side.pose.json")
    assert found.view.near_side == "left"
    assert found.measures["cadence_spm"].value == pytest.approx(168.9, abs=1.5)
    assert found.findings or found.remarks
    by_film_ms = {"left": (251, 12), "right": (235, 14)}  # python -m validation.other_models
    for side, (value, interval) in by_film_ms.items():
        contact = getattr(found.measures["contact_time_ms"], side)
        assert contact.value == pytest.approx(value, abs=np.hypot(interval, contact.uncertainty))


@pytest.mark.parametrize("trial", OUTSIDE)
def test_markers_agree_with_their_truth(trial: str, tmp_path: Path) -> None:
    marks = np.load(TRUTH / f"{trial}.npz")
    names = [name for name in marks if name.startswith("kp_")]
    points = np.stack([marks[name] for name in names], axis=1)[None]
    file = Recording(
        path=tmp_path,
        made_by="",
        names=tuple(name.removeprefix("kp_") for name in names),
        points=points,
        confidence=np.ones(points.shape[:3]),
        time_s=marks["t"] - marks["t"][0],
        unit="m",
    )
    found = ms.analyze(trc.write(file, tmp_path / "trial.trc"))
    true = json.loads((TRUTH / "metrics.json").read_text())[trial]
    strike_s, toe_off_s = CLOCKS_S[trial]
    right = {m.id: m for m in found.measures if m.side in {"right", "both"}}
    for measure, truth in {
        "speed_mps": true["speed"],
        "step_time_ms": 1000 * true["step_t"],
        "contact_time_ms": 1000 * (true["tc"] + toe_off_s - strike_s),
        "step_length_m": true["step_len"],
        "trunk_lean_deg": true["trunk_lean_mean"],
        "foot_strike_angle_deg": true["FSA"],
        "peak_knee_flexion_stance_deg": true["stance_peak_knee_flex"],
        "peak_knee_flexion_swing_deg": true["max_knee_flex_swing_r"],
        "peak_thigh_flexion_deg": true["thigh_max_flex_r"],
        "peak_thigh_extension_deg": true["thigh_max_ext_r"],
        "heel_recovery_leg": true["heel_recovery_r"],
        "peak_thigh_separation_deg": true["thigh_separation_max"],
        "vertical_oscillation_cm": 100 * true["com_vo"],
    }.items():
        allowed = right[measure].uncertainty * (AT_MOST if measure in OUTSIDE[trial] else 1)
        assert right[measure].value == pytest.approx(truth, abs=allowed), measure


def test_a_runner_from_behind_whose_nose_nobody_draws() -> None:
    """The same runner as from the side, at 167 steps a minute."""
    found = ms.analyze(REAL / "radluy_back_openpose", pictures_hz=30)
    assert found.view.plane == "rear"
    assert found.measures["cadence_spm"].value == pytest.approx(167, abs=3)
