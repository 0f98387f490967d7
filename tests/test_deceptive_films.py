"""Rendered films made to deceive, as real ones do; what is right of each is known (poses kept in tests/data/poses)."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from validation.keep_poses import kept

from midstance.analyze import analyze
from midstance.model import Analysis
from midstance.text.report import describe


def judged(name: str, *, height_m: float | None = 1.75, slow_motion: float = 1.0) -> Analysis:
    found = kept(name)
    clip = replace(found.clip, slow_motion_factor=slow_motion)
    return analyze(replace(found, clip=clip), height_m=height_m)


def test_a_zoom_that_loses_the_feet_is_measured_until_then() -> None:
    """The film zooms in from frame 60 on, and the feet leave the picture near frame 101."""
    analysis = judged("crash_zoom_a")
    assert 60 < len(analysis.track.time_s) <= 101
    assert 120 * analysis.track.stride_hz == pytest.approx(166.1, abs=1.5)
    assert analysis.contacts


def test_a_pan_before_a_background_without_detail_is_no_treadmill() -> None:
    """The camera follows the runner over ground at 4.5 m/s, and nothing behind him shows it."""
    view = judged("pan_featureless_background").view
    assert view.setting == "unknown"
    assert np.isnan(view.acceleration_mps2)
    assert abs(view.tilt_deg) < 0.5  # by the lines alone
    assert view.speed_mps == pytest.approx(4.5, abs=view.speed_uncertainty_mps)


def test_text_over_the_landing_foot_is_no_tilt() -> None:
    """A level camera and a faultless runner: lean 5.5, shins 4.4 and 4.6 at strike (read 4.0 and 5.1 without the text).

    The text hides the foot that lands, so the strike is found 10 ms early and the shin 3.5 to 4 degrees ahead.
    """
    analysis = judged("watermark_over_landing_foot")
    found = {(m.id, m.side): m for m in analysis.measures}
    assert not any(note.id == "tilt_corrected" for note in analysis.view.notes)
    assert found["trunk_lean_deg", "both"].value == pytest.approx(5.5, abs=0.5)
    assert abs(analysis.view.tilt_deg) < 0.5
    for side, true_deg in (("left", 4.4), ("right", 4.6)):
        assert found["shank_angle_at_strike_deg", side].value == pytest.approx(true_deg, abs=4.5)
    assert not {"leaning_back", "reaching"} & {finding.problem for finding in analysis.findings}
    assert analysis.plan is None


@pytest.mark.parametrize("height_m", [None, 1.75])
def test_a_film_that_plays_half_again_too_fast_gives_no_times(height_m: float | None) -> None:
    """40 frames a second labelled 60: 249 steps a minute instead of 166, a leg of 0.47 m by the fall."""
    analysis = judged("plays_1p5x_too_fast", height_m=height_m)
    (why,) = (warning for warning in analysis.warnings if warning.id == "plays_too_fast")
    assert why["least"] < 1.5 < why["most"]
    assert why["low_spm"] < 166.1 < why["high_spm"] < why["steps_spm"]
    assert not {m.unit for m in analysis.measures} & {"ms", "spm", "m/s", "deg/s"}
    assert np.isnan(analysis.view.speed_mps)
    report = describe(analysis, door="cli")
    assert report.headline == "This film plays at the wrong speed, so I judge no times"
    assert report.calm == "Say how fast it plays (--slow-motion), and I judge your rhythm too."
    told = judged("plays_1p5x_too_fast", height_m=height_m, slow_motion=1 / 1.5)
    assert not told.warnings
    assert next(m.value for m in told.measures if m.id == "cadence_spm") == pytest.approx(166.1, abs=1)
