"""The tables in the folder of results: one observation a row, as computed by hand, every column explained."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from midstance.model import Analysis, Contacts, Measure, Measures, Sample
from midstance.output.tables import tables_of
from tests.fixtures import by_hand
from tests.fixtures.acted import acted
from tests.fixtures.by_hand import Limbs, Wave

THIGH, KNEE = Wave(8, 30, 0), Wave(40, 35, 200)
HALF_FRAME_PCT = 100 * 0.5 / by_hand.RATE_HZ / by_hand.STRIDE_S


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    """An analysis whose track, contacts and view are those of the runner made by hand."""
    track = by_hand.swinging(Limbs(thigh=THIGH, knee=KNEE), Limbs(thigh=Wave(5, 20, 0), knee=Wave(30, 10, 90)))
    whole = acted(tmp_path_factory.mktemp("acted"))
    return replace(whole, track=track, contacts=Contacts(by_hand.contacts()), view=by_hand.view())


def read(analysis: Analysis, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tables_of(analysis)[name])))


def test_every_column_of_every_table_is_explained(analysis: Analysis) -> None:
    tables = tables_of(analysis)
    assert set(tables) == {
        f"{name}.csv" for name in ("measures", "strides", "findings", "contacts", "angles", "columns")
    }
    named = [(row["table"], row["column"]) for row in read(analysis, "columns.csv")]
    there = [
        (name, column)
        for name, text in tables.items()
        if name != "columns.csv"
        for column in text.split("\n")[0].split(",")
    ]
    assert named == there
    assert all(row["means"] for row in read(analysis, "columns.csv"))


def test_angles_are_those_of_the_runner_and_of_the_right_leg(analysis: Analysis) -> None:
    rows = [row for row in read(analysis, "angles.csv") if row["side"] == "left" and row["stride_pct"]]
    turn = np.array([3.6 * float(row["stride_pct"]) for row in rows])
    thigh, knee, shank = (
        np.array([float(row[name]) for row in rows]) for name in ("thigh_deg", "knee_flexion_deg", "shank_deg")
    )
    assert len(rows) > 200
    assert thigh == pytest.approx(THIGH.at(turn), abs=0.01)
    assert knee == pytest.approx(KNEE.at(turn), abs=0.01)
    assert shank == pytest.approx(thigh - knee, abs=0.01)


def test_phases_follow_the_contacts(analysis: Analysis) -> None:
    stance = 100 * by_hand.CONTACT_S["left"] / by_hand.STRIDE_S
    rows = [row for row in read(analysis, "angles.csv") if row["side"] == "left" and row["stride_pct"]]
    for row in rows:
        share = float(row["stride_pct"])
        if abs(share - stance) > HALF_FRAME_PCT:
            assert row["phase"] == ("stance" if share < stance else "swing")
    first = read(analysis, "angles.csv")[0]
    assert (first["time_s"], first["phase"], first["stride_pct"]) == ("0", "", "")


def test_a_foot_flat_on_the_ground_reads_nothing(analysis: Analysis) -> None:
    """The shank less the level foot: in the middle of stance foot_deg is 0 in the median, whatever the shoe."""
    rows = [row for row in read(analysis, "angles.csv") if row["side"] == "right" and row["phase"] == "stance"]
    stance = 100 * by_hand.CONTACT_S["right"] / by_hand.STRIDE_S
    flat = [float(row["foot_deg"]) for row in rows if 0.25 < float(row["stride_pct"] or 0) / stance < 0.45]
    assert np.median(flat) == pytest.approx(0, abs=1.5)


def test_contacts_have_their_length_in_milliseconds(analysis: Analysis) -> None:
    rows = read(analysis, "contacts.csv")
    assert len(rows) == 2 * by_hand.STRIDES
    assert [float(row["contact_ms"]) for row in rows if row["side"] == "right"] == pytest.approx([220] * 4, abs=0.01)
    assert float(rows[0]["strike_s"]) == pytest.approx(0.20)
    assert float(rows[0]["uncertainty_ms"]) == pytest.approx(10)


def test_a_measure_has_its_interval_and_its_strides(analysis: Analysis) -> None:
    samples = (Sample(time_s=0.5, value=9.0), Sample(time_s=1.25, value=11.0))
    told = Measure(
        id="contact_time_ms", side="left", value=10.0, sd=np.nan, n=2, uncertainty=3.0, unit="ms", samples=samples
    )
    one = replace(analysis, measures=Measures((told,)))
    (row,) = read(one, "measures.csv")
    assert (row["value"], row["low"], row["high"], row["sd"], row["ordinary_low"]) == ("10", "7", "13", "", "")
    strides = [(row["stride"], row["time_s"], row["value"]) for row in read(one, "strides.csv")]
    assert strides == [("1", "0.5", "9"), ("2", "1.25", "11")]


def test_a_front_view_has_no_contacts_and_no_angles(analysis: Analysis) -> None:
    front = replace(analysis, view=by_hand.view("front"))
    assert set(tables_of(front)) == {"measures.csv", "strides.csv", "findings.csv", "columns.csv"}
