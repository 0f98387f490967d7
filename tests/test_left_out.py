"""The kept errors on runners left out: what a row says, and that the table tells every kept row."""

from __future__ import annotations

from pathlib import Path

import pytest
from validation.left_out import LeftOut, read, rows, table, write


def one(error_ms: float, *, runner: str = "a", kind: str = "force_plate", clock_ms: float = 0.0) -> LeftOut:
    return LeftOut("strike", kind, runner, near=True, rate_hz=60, error_ms=error_ms, clock_ms=clock_ms)


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


def test_what_is_written_is_read(tmp_path: Path) -> None:
    found = [one(1.5), one(2.5, runner="b")]
    write(found, tmp_path / "kept.csv")
    assert read(tmp_path / "kept.csv") == rows(found)


def test_the_kept_table_names_every_runner() -> None:
    kept = read()
    told = "\n".join(table(kept))
    assert all(r.runner in told for r in kept)
