"""Rendered films made to deceive, as real ones do; what is right of each is known (poses kept in tests/data/poses)."""

from __future__ import annotations

import pytest
from validation.keep_poses import kept

from midstance.analyze import Options, judge_poses
from midstance.model import Analysis


def judged(name: str, *, height_m: float | None = 1.75) -> Analysis:
    clip, poses = kept(name)
    return judge_poses(clip, poses, Options(height_m=height_m))


def test_a_zoom_that_loses_the_feet_is_measured_until_then() -> None:
    """The film zooms in from frame 60 on, and the feet leave the picture near frame 101."""
    analysis = judged("crash_zoom_a")
    assert 60 < len(analysis.track.time_s) <= 101
    assert 120 * analysis.track.stride_hz == pytest.approx(166.1, abs=1.5)
    assert analysis.contacts
