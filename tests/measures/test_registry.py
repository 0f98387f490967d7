"""The registry has every fact about a measure, and agrees with the tables that keep bands and errors by id."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from typing import get_args

import pytest

from midstance.coaching.bands import references
from midstance.data import table
from midstance.formats import watch
from midstance.measures import BY_ID, REGISTRY, Definition
from midstance.measures.registry import GROUPS
from midstance.text.questions import book
from midstance.uncertainty import accuracy
from midstance.units import UNITS, Unit, unit_of, unit_text

WITHOUT_UNIT = {"duty_factor": "ratio", "wrist_crossing": "shoulder widths", "elbow_out": "shoulder widths"}
"""Measures whose id names no unit, and the unit they have."""


@pytest.mark.parametrize("definition", REGISTRY, ids=lambda d: d.id)
def test_a_measure_has_a_name_a_group_and_a_sentence(definition: Definition) -> None:
    assert definition.name
    assert definition.name == definition.name.strip(" .")
    assert "_" not in definition.name
    assert definition.group in GROUPS
    assert re.fullmatch(r"[A-Z0-9].*\.", definition.says)
    assert definition.formula
    assert definition.source


@pytest.mark.parametrize("definition", REGISTRY, ids=lambda d: d.id)
def test_the_unit_is_the_one_the_id_ends_with(definition: Definition) -> None:
    assert definition.unit in UNITS
    assert definition.unit == (unit_of(definition.id) or WITHOUT_UNIT[definition.id])


@pytest.mark.parametrize("definition", REGISTRY, ids=lambda d: d.id)
def test_a_measure_is_read_from_the_track_or_derived_from_measures_before_it(definition: Definition) -> None:
    assert (definition.read is None) != (definition.derive is None)
    assert bool(definition.made_from) == bool(definition.derive)
    before = [d.id for d in REGISTRY[: REGISTRY.index(definition)]]
    assert set(definition.made_from) <= set(before)


@pytest.mark.parametrize("definition", [d for d in REGISTRY if d.better != "zero"], ids=lambda d: d.id)
def test_what_is_better_is_where_the_band_has_its_edges(definition: Definition) -> None:
    band = references().get(definition.id)
    edges = band is not None and band.low is not None, band is not None and band.high is not None
    assert (
        definition.better
        == {
            (False, False): "neither",
            (False, True): "lower",
            (True, False): "higher",
            (True, True): "ordinary",
        }[edges]
    )


def test_only_differences_of_left_and_right_are_best_at_zero() -> None:
    assert {d.id for d in REGISTRY if d.better == "zero"} == {d.id for d in REGISTRY if d.id.startswith("asymmetry_")}


def test_ids_are_unique_and_groups_follow_their_order() -> None:
    assert len(BY_ID) == len(REGISTRY)
    assert {d.group for d in REGISTRY} == set(GROUPS)


def test_every_id_in_the_tables_is_in_the_registry() -> None:
    ends = {"asymmetry_pct", "asymmetry_deg"}
    assert set(references()) - ends <= set(BY_ID)
    assert set(accuracy()) <= set(BY_ID)
    assert set(watch.READ) <= set(BY_ID)
    assert {name for question in book().questions for name in question.measures} <= set(BY_ID)
    moves = table("progress")
    assert {
        name for each in (moves["fading"], *moves["expected"].values()) for name in each["up"] + each["down"]
    } <= set(BY_ID)


def test_there_is_one_spelling_of_every_unit() -> None:
    assert set(UNITS) == set(get_args(Unit))
    assert {d.unit for d in REGISTRY} == set(UNITS)
    endings = [spelling.ending for spelling in UNITS.values() if spelling.ending]
    assert len(set(endings)) == len(endings)
    texts = [spelling.text for spelling in UNITS.values()]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize(
    ("measure", "unit"),
    [
        ("leg_stiffness_kn_m", "kN/m"),
        ("step_length_m", "m"),
        ("vertical_oscillation_cm", "cm"),
        ("asymmetry_contact_time_pct", "%"),
        ("hip_extension_velocity_at_strike_dps", "deg/s"),
        ("duty_factor", None),
    ],
)
def test_a_unit_is_read_from_the_end_of_an_id(measure: str, unit: str | None) -> None:
    assert unit_of(measure) == unit


def test_a_unit_follows_its_number() -> None:
    assert [f"5{unit_text(unit)}" for unit in ("deg", "m/s", "ratio", "", "furlongs")] == [
        "5°",
        "5 m/s",
        "5",
        "5",
        "5 furlongs",
    ]


def test_the_page_of_measures_is_that_of_the_code() -> None:
    docs = Path(__file__).parents[2] / "docs"
    page = runpy.run_path(str(docs / "write_measures.py"))["page"]
    assert (docs / "measures.md").read_text("utf-8") == page(), "run: make docs"
