"""The drawn figure of the conventions says what the code measures, and is the one its script makes."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from midstance.kinematics import geometry

DOCS = Path(__file__).parent.parent / "docs"


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(DOCS / "draw_conventions.py"))


def test_the_figure_is_the_one_the_script_draws(script: dict[str, Any]) -> None:
    assert (DOCS / "conventions.svg").read_text(encoding="utf-8") == script["drawing"]()


@pytest.mark.parametrize("angles", [(8, 27, 13, 18), (-5, -24, -42, -52)])
def test_the_figure_has_the_signs_of_the_code(script: dict[str, Any], angles: tuple[float, ...]) -> None:
    lean, thigh, shank, pitch = angles
    pose = script["Pose"]((0.0, 0.0), lean, thigh, shank, pitch)
    shoulder, hip, knee, ankle, heel, toe = (
        np.array([getattr(pose, name)]) for name in ("shoulder", "hip", "knee", "ankle", "heel", "toe")
    )
    assert geometry.lean_deg(shoulder, hip)[0] == pytest.approx(lean)
    assert geometry.hang_deg(hip, knee)[0] == pytest.approx(thigh)
    assert geometry.hang_deg(knee, ankle)[0] == pytest.approx(shank)
    assert geometry.pitch_deg(heel, toe)[0] == pytest.approx(pitch)
