"""The kept errors on runners left out: what a row says, and that the table tells every kept row."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from validation.left_out import LeftOut, contact_sd_ms, read, rows, table, write


def one(
    error_ms: float, *, runner: str = "a", kind: str = "force_plate", clock_ms: float = 0.0, landing: str = "heel"
) -> LeftOut:
    return LeftOut("strike", kind, runner, near=True, rate_hz=60, error_ms=error_ms, clock_ms=clock_ms, landing=landing)


def test_bias_and_rmse_by_hand_and_the_lost_counted() -> None:
    (row,) = rows([one(3.0), one(-1.0), one(float("nan"))])
    assert (row.n, row.lost) == (2, 1)
    assert row.bias_ms == pytest.approx(1.0)
    assert row.rmse_ms == pytest.approx(5**0.5)


def test_a_clock_that_is_set_takes_the_lag_out_of_the_error() -> None:
    (row,) = rows([one(12.0, clock_ms=10.0)])
    assert (row.bias_ms, row.set_bias_ms) == (12.0, 2.0)


def test_runners_on_plates_have_rows_of_their_own_and_the_others_share_one() -> None:
    found = rows([one(1, runner="a"), one(1, runner="b"), *(one(1, runner=r, kind="rendered") for r in "cd")])
    assert [(r.kind, r.runner) for r in found] == [("force_plate", "a"), ("force_plate", "b"), ("rendered", "")]


def test_ways_of_landing_are_told_apart() -> None:
    found = rows([one(4, landing="heel"), one(2, landing="ball")])
    assert [(r.landing, r.bias_ms) for r in found] == [("ball", 2), ("heel", 4)]
    told = list(table(found))
    assert any(line.startswith("| those who land on the heel | all | 1 | +4.0") for line in told)


def test_the_time_on_the_ground_is_off_by_toe_off_less_strike() -> None:
    late = [replace(one(5, runner=runner), event="toe_off") for runner in "ab"]
    early = [one(2, runner="a"), one(9, runner="b")]
    assert contact_sd_ms(rows([*late, *early])) == pytest.approx(((3**2 + 4**2) / 2) ** 0.5)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    found = [one(1.5), one(2.5, runner="b")]
    write(found, tmp_path / "kept.csv")
    assert read(tmp_path / "kept.csv") == rows(found)


def test_the_kept_table_names_every_runner() -> None:
    kept = read()
    told = "\n".join(table(kept))
    assert all(r.runner in told for r in kept)
