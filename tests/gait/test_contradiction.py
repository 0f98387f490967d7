"""Two lengths that contradict each other: found, named, and the one to check is the one that is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from midstance.coaching.findings import ask_rules, unanswered, with_bands
from midstance.gait.contradiction import Scale, contradiction
from midstance.gait.lengths import metres_from_height
from midstance.gait.scale import measure_scale
from midstance.measures import measure
from midstance.reasons import say
from tests.fixtures import by_hand

TRACK, CONTACTS = by_hand.gliding(), by_hand.contacts()
TRUE_M = metres_from_height(TRACK, 1.70)
GRAVITY_READS = 1.15
"""How much too long gravity makes lengths on good films (validation/RESULTS.md)."""


def scales(**times: float) -> list[Scale]:
    """Ways to metres, each so many times too long."""
    return [Scale(name, TRUE_M * factor, 0.03) for name, factor in times.items()]


@pytest.mark.parametrize(
    ("ways", "wrong"),
    [
        (scales(height=1.0, belt_speed=3.6), "belt_speed"),
        (scales(height=1.0, belt_speed=3.6, gravity=GRAVITY_READS), "belt_speed"),
        (scales(height=1.30, belt_speed=1.0, gravity=GRAVITY_READS), "height"),
        (scales(height=1.0, belt_speed=0.77, gravity=GRAVITY_READS), "belt_speed"),
        (scales(height=1.0, known_length=1.26, gravity=GRAVITY_READS), "known_length"),
        (scales(belt_speed=3.6, gravity=GRAVITY_READS), "belt_speed"),
        (scales(belt_speed=1.609, gravity=GRAVITY_READS), "belt_speed"),
        (scales(height=0.6, gravity=GRAVITY_READS), "height"),
        (scales(height=1.2, belt_speed=0.95), None),
    ],
)
def test_the_wrong_one_is_named(ways: Sequence[Scale], wrong: str | None) -> None:
    found = contradiction(ways, TRACK, CONTACTS)
    assert found is not None
    assert (found.wrong.source if found.wrong else None) == wrong


@pytest.mark.parametrize(
    "ways",
    [
        scales(height=1.0, belt_speed=1.24),
        scales(height=1.0, belt_speed=0.81),
        scales(height=1.0, gravity=1.45),
        scales(height=1.0, gravity=0.85),
        scales(height=1.0, belt_speed=1.1, gravity=3.0),
        scales(gravity=1.0),
        [],
    ],
)
def test_what_lies_within_the_errors_is_no_contradiction(ways: Sequence[Scale]) -> None:
    assert contradiction(ways, TRACK, CONTACTS) is None


def test_it_says_how_tall_each_makes_the_runner_and_how_fast_the_other() -> None:
    found = contradiction(scales(height=1.0, belt_speed=3.6), TRACK, CONTACTS)
    assert found is not None
    said = say(found.why, "cli")
    assert said.startswith(
        "--height and --speed do not fit. By the first you would be 1.70 m tall, by the second 6.12 m."
    )
    speed_mps = 3.5 * TRUE_M
    assert said.endswith(f"by the other you run {speed_mps:.1f} m/s, that is {3.6 * speed_mps:.0f} km/h.")
    assert "your height and your speed do not fit" in say(found.why, "page").lower()


def test_nothing_is_judged_and_no_length_looks_sure() -> None:
    view = measure_scale(by_hand.view(), TRACK, CONTACTS, height_m=1.70, speed_mps=11.0)
    assert view.contradiction is not None
    assert view.scale_source == "height"
    assert view.scale_uncertainty == 1.0
    assert view.speed_source != "given"
    measured = measure(TRACK, CONTACTS, view, mass_kg=None)
    assert all(m.band is None for m in with_bands(measured.measures, view))
    assert ask_rules(measured.measures, measured.not_assessed, view) == ()
    assert {gap.reason.id for gap in unanswered(measured.measures, (), view)} == {"scales_unsure"}
    fits = measure_scale(by_hand.view(), TRACK, CONTACTS, height_m=1.70)
    assert fits.contradiction is None


def test_a_start_is_not_taken_for_a_wrong_height(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that rises out of the blocks falls otherwise than in a steady run."""
    monkeypatch.setattr("midstance.gait.scale.metres_from_gravity", lambda *_: 2.5 * metres_from_height(TRACK, 1.70))
    over_ground = replace(by_hand.view(), setting="over_ground")
    assert measure_scale(over_ground, TRACK, CONTACTS, height_m=1.70).contradiction
    monkeypatch.setattr("midstance.gait.scale.posture_acceleration_mps2", lambda *_: 3.0)
    assert measure_scale(over_ground, TRACK, CONTACTS, height_m=1.70).contradiction is None
