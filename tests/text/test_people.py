"""Where a runner is among the people measured: by hand, with tenths that 26 people bear, and only where they ran."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from midstance.cli import explain
from midstance.coaching.bands import references
from midstance.coaching.rules.examples import one_measure
from midstance.model import Band, Measure
from midstance.text.people import UNLIKE_YOU, among, more_or_less, people_note
from midstance.text.table import rows

BAND = Band(
    low=20.0,
    high=30.0,
    at_speed_mps=3.0,
    source="by hand",
    edge_error=1.0,
    n=26,
    percentile=5.0,
    usual=26.0,
    people="26 runners",
    measured_mps=(2.5, 4.5),
)
"""Half a normal curve with a standard deviation of 6 / 1.645 below 26, and of 4 / 1.645 above."""


def seen(value: float, error: float = 0.1, **band: Any) -> Measure:
    measure = one_measure("peak_thigh_extension_deg", value, error=error)
    return replace(measure, band=replace(BAND, **band))


@pytest.mark.parametrize(
    ("value", "below"),
    [(20.0, 5.0), (23.0, 20.54), (26.0, 50.0), (28.0, 79.46), (30.0, 95.0)],  # Phi of -1.645, -0.822, 0, 0.822, 1.645
)
def test_the_share_of_people_below(value: float, below: float) -> None:
    assert seen(value).higher_than_pct == pytest.approx(below, abs=0.05)


def test_a_range_with_one_end_has_the_same_spread_on_both_sides() -> None:
    assert seen(22.0, low=-math.inf).higher_than_pct == pytest.approx(5.0, abs=0.05)


@pytest.mark.parametrize(
    "band",
    [{"at_speed_mps": 2.2}, {"at_speed_mps": 4.7}, {"at_speed_mps": None}, {"usual": None}, {"percentile": None}],
)
def test_nobody_is_ranked_where_nobody_was_measured(band: dict[str, float | None]) -> None:
    assert seen(28.0, **band).higher_than_pct is None


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (15.0, "lower than nearly all"),
        (21.0, "lower than about 9 of 10"),
        (23.0, "lower than about 8 of 10"),
        (26.5, "in the middle"),
        (28.0, "higher than about 8 of 10"),
        (35.0, "higher than nearly all"),
    ],
)
def test_the_rank_in_words(value: float, said: str) -> None:
    assert among([seen(value)]) == said


def test_the_rank_in_a_sentence() -> None:
    assert more_or_less([seen(28.0)]) == "Of 26 runners measured, about 8 of 10 have less"
    assert more_or_less([seen(15.0)]) == "Of 26 runners measured, nearly all have more"
    assert more_or_less([seen(26.0)]) == more_or_less([]) == ""


def test_both_sides_are_one_runner() -> None:
    left, right = (replace(seen(value), side=side) for value, side in ((26.0, "left"), (30.0, "right")))
    assert among([left, right]) == "higher than about 8 of 10"


def test_a_blurred_number_is_not_ranked() -> None:
    assert among([seen(26.0, error=3.0)]) == ""


def test_beyond_the_speeds_measured_the_ends_are_less_sure() -> None:
    assert among([seen(28.0, at_speed_mps=2.1)]) == "each end ± 1.0°"
    assert people_note([seen(28.0, at_speed_mps=2.1)])[-1].startswith("Nobody was measured at 2.1 m/s")


def test_who_was_measured_is_said_once() -> None:
    assert people_note([seen(28.0), seen(26.0)]) == (
        "Usual comes from 26 runners, at 2.5 to 4.5 m/s.",
        "1 of 20 lies beyond each end.",
        UNLIKE_YOU,
    )
    assert people_note([one_measure("speed_mps", 3.0, error=0.1)]) == ()


def test_differences_of_the_sides_are_ranked_by_how_even_they_are() -> None:
    even = one_measure("asymmetry_contact_time_pct", -1.0, error=0.5)
    even = replace(even, band=references().band("asymmetry_pct", 3.0))
    assert among([even]) == "more even than about 8 of 10"  # |z| = 1.645 / 8


def test_what_no_one_counted_is_called_an_estimate() -> None:
    lean = replace(one_measure("trunk_lean_deg", 5.0, error=1.0), band=references().band("trunk_lean_deg", 3.0))
    assert among([lean]) == "our estimate"


def test_the_place_is_in_the_row() -> None:
    (row,) = rows([seen(28.0, error=0.3)])
    assert row.usual == "usual at 3.0 m/s: 20 to 30°; higher than about 8 of 10"


def test_heel_strikers_and_others_are_two_groups() -> None:
    band = references().band("foot_strike_angle_deg", 3.0)
    assert band is not None
    assert band.share_below(12.0) is None
    assert band.people


def test_explain_says_who_was_measured(capsys: pytest.CaptureFixture[str]) -> None:
    explain.explain(["cadence_spm"])
    said = capsys.readouterr().out
    assert "Usual: 145 to 176 steps a minute at 2.5 m/s, 153 to 191 at 3.5 and 161 to 206 at 4.5." in said
    assert "26 competitive runners (25 men), treadmill" in said
    assert UNLIKE_YOU in said
    assert "At 2 m/s it is 140 to 171 steps a minute, each end ± 8 steps a minute." in said
