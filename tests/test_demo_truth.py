"""The demo clip against its own truth: a rendered runner, whose joints and contacts are known (tests/data)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from midstance.analyze import Options, analyze
from midstance.model import Analysis, MeasureSide
from tests.fixtures.clips import DEMO
from tests.fixtures.models import bring

TRUTH: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "demo_truth.json").read_text(encoding="utf-8"))
"""Made by validation/demo_truth.py."""
MAY_MISS = 1 / 20
CONTACT_S = 0.010


@pytest.fixture(scope="session")
def demo() -> Analysis:
    """The demo analysed from end to end by someone who knows the runner's height and weight."""
    bring("detector", "full")
    options = Options(height_m=TRUTH["height_m"], mass_kg=TRUTH["mass_kg"])
    return analyze(DEMO, options)


def test_every_measure_of_the_demo_is_true_within_its_own_interval(demo: Analysis) -> None:
    true: dict[tuple[str, MeasureSide], float] = {(m["id"], m["side"]): m["value"] for m in TRUTH["measures"]}
    found = {(m.id, m.side): m for m in demo.measures}
    assert found.keys() == true.keys()
    missed = [
        f"{name} {side}: {m.value:.4g} +- {m.uncertainty:.3g}, truly {true[name, side]:.4g}"
        for (name, side), m in found.items()
        if not abs(m.value - true[name, side]) <= m.uncertainty
    ]
    print("outside their intervals:", *missed, sep="\n")  # noqa: T201  (shown when the test fails)
    assert len(missed) <= MAY_MISS * len(found)


def test_every_contact_of_the_demo_is_true_within_ten_milliseconds(demo: Analysis) -> None:
    inside = [c for c in TRUTH["contacts"] if c["toe_off_s"] < demo.track.time_s[-1] - 0.1]
    found = [c for c in demo.contacts if c.toe_off_s < inside[-1]["toe_off_s"] + 0.1]
    assert [c.side for c in found] == [c["side"] for c in inside]
    for contact, true in zip(found, inside, strict=True):
        assert contact.strike_s == pytest.approx(true["strike_s"], abs=CONTACT_S)
        assert contact.toe_off_s == pytest.approx(true["toe_off_s"], abs=CONTACT_S)
