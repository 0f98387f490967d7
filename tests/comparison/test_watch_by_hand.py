"""A watch beside the film: means, spreads and errors computed on paper."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from midstance.comparison.watch import compare_with_watch, watch_measures
from midstance.errors import UsageError
from midstance.formats.watch import Record
from midstance.model import Measure
from tests.fixtures.takes import number

START = datetime(2026, 5, 1, 7, 30, tzinfo=UTC)


def recorded(values: Sequence[float], *, first: float = 0.0, name: str = "contact_time_ms") -> list[Record]:
    """One record a second."""
    return [Record(at=START + timedelta(seconds=first + i), values={name: v}) for i, v in enumerate(values)]


def read(values: Sequence[float], **more: object) -> Measure:
    (measure,) = watch_measures(recorded(values, **more), START, 10.0)  # type: ignore[arg-type]
    return measure


def test_spread_and_device_widen_the_error_together() -> None:
    """240, 250, 260: mean 250, standard deviation 10; 1.96 * 10 / root of 3, and 12 % of 250 for the device."""
    measure = read((240.0, 250.0, 260.0))
    assert (measure.value, measure.sd, measure.n) == (250.0, pytest.approx(10.0), 3)
    assert measure.uncertainty == pytest.approx(math.hypot(1.96 * 10 / math.sqrt(3), 30.0))
    assert (measure.id, measure.side, measure.unit) == ("contact_time_ms", "both", "ms")


def test_two_readings_have_a_spread_and_one_has_none() -> None:
    two = read((240.0, 260.0))
    assert two.sd == pytest.approx(math.sqrt(200.0))
    assert two.uncertainty == pytest.approx(math.hypot(1.96 * 10, 30.0))
    one = read((250.0,))
    assert math.isnan(one.sd)
    assert (one.n, one.uncertainty) == (1, pytest.approx(30.0))


@pytest.mark.parametrize(("at", "inside"), [(-3.5, False), (-3.0, True), (13.0, True), (13.5, False)])
def test_the_clocks_may_be_three_seconds_apart(at: float, *, inside: bool) -> None:
    records = [*recorded((100.0,), first=5.0), *recorded((200.0,), first=at)]
    (measure,) = watch_measures(records, START, 10.0)
    assert measure.n == (2 if inside else 1)


def test_a_watch_that_was_off_says_when_it_was_on() -> None:
    records = recorded((1.0, 1.0, 1.0), first=60.0)
    with pytest.raises(UsageError, match=r"07:31:00 to 2026-05-01 07:31:02.*2026-05-01 07:30:00"):
        watch_measures(records, START, 10.0)


def test_only_what_the_watch_read_is_given_in_the_order_of_the_readings() -> None:
    records = [Record(at=START, values={"speed_mps": 3.0, "cadence_spm": 170.0}), Record(at=START, values={})]
    assert [(m.id, m.n, m.unit) for m in watch_measures(records, START, 10.0)] == [
        ("cadence_spm", 1, "spm"),
        ("speed_mps", 1, "m/s"),
    ]


def test_both_legs_of_the_film_are_taken_together_and_the_watch_once() -> None:
    """Legs known to 6 and 8: their mean to 5; with the watch's 12 to 13."""
    watch = [number("contact_time_ms", 250.0, 12.0), number("cadence_spm", 170.0, 1.0)]
    legs = [number("contact_time_ms", 258.0, 6.0), number("contact_time_ms", 268.0, 8.0)]
    (row,) = compare_with_watch(iter(legs), watch)
    assert (row.measure, row.unit, row.film, row.watch) == ("contact_time_ms", "ms", 263.0, 250.0)
    assert row.error == pytest.approx(13.0)
    assert row.agree
    (apart,) = compare_with_watch([replace(leg, value=leg.value + 0.5) for leg in legs], watch)
    assert not apart.agree
    (below,) = compare_with_watch([replace(leg, value=leg.value - 26.5) for leg in legs], watch)
    assert not below.agree


def test_a_leg_without_a_known_error_does_not_count() -> None:
    watch = [number("contact_time_ms", 250.0, 12.0)]
    legs = [number("contact_time_ms", 258.0, 5.0), number("contact_time_ms", 900.0, math.nan)]
    (row,) = compare_with_watch(legs, watch)
    assert (row.film, row.error) == (258.0, pytest.approx(13.0))
    assert compare_with_watch(legs[1:], watch) == ()
