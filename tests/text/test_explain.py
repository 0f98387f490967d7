"""People call things by other names, and misspell them; a name that is unknown brings those that come near."""

from __future__ import annotations

import pytest

from midstance import data
from midstance.coaching.rules import RULES, explained_words, load
from midstance.measures import BY_ID
from midstance.text.explain import list_of_words, meaning


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("overstride", "reaching"),
        ("over-striding", "reaching"),
        ("excessive back kick", "back_kick"),
        ("hip extension", "peak_thigh_extension_deg"),
        ("cadence", "cadence_spm"),
        ("Step Rate", "cadence_spm"),
        ("heel strike", "foot_strike_angle_deg"),
        ("vertical oscillation", "vertical_oscillation_cm"),
        ("GCT", "contact_time_ms"),
        ("the crank", "crank"),
        ("shin angle", "shank_angle_at_strike_deg"),
        ("pelvic tilt", "pelvis_tilted"),
        ("Reaching with the lower leg", "reaching"),
        ("bounce", "bounce"),
    ],
)
def test_what_people_type_is_understood(typed: str, first: str) -> None:
    assert meaning(typed, RULES).ids[0] == first


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("overstrding", "reaching"),
        ("cadance", "cadence_spm"),
        ("verticle oscilation", "vertical_oscillation_cm"),
        ("hip extention", "peak_thigh_extension_deg"),
        ("asymetry", "asymmetry"),
    ],
)
def test_slips_of_spelling_are_said_to_be_taken_as_known_names(typed: str, first: str) -> None:
    found = meaning(typed, RULES)
    assert found.ids[0] == first
    assert found.name


def test_an_unknown_name_brings_near_ones() -> None:
    found = meaning("knee", RULES)
    assert not found.ids
    assert 1 <= len(found.near) <= 3
    assert all("knee" in name for name in found.near)
    assert meaning("xyzzy", RULES) == meaning("", RULES)
    assert not meaning("xyzzy", RULES).near


def test_every_id_and_title_is_understood_as_itself() -> None:
    for name in (*explained_words(), *BY_ID):
        assert meaning(name, RULES).ids[0] == name
    for rule in RULES:
        assert rule.id in meaning(rule.title, RULES).ids


def test_the_list_gives_every_word_its_plain_name() -> None:
    lines = [*list_of_words(RULES)]
    assert [line for line in lines if line and not line.startswith(" ")] == ["Problems", "Causes", "Cues", "Measures"]
    said = dict(line.split(maxsplit=1) for line in lines if line.startswith(" "))
    assert set(said) == {*explained_words(), *BY_ID}
    assert said["reaching"] == "Reaching with the lower leg"
    assert said["contact_time_ms"] == "contact time"


def test_every_other_name_belongs_to_something_that_is_there() -> None:
    assert set(data.table("names")["names"]) <= {*explained_words(), *BY_ID}


def test_a_folder_s_own_rule_is_understood_by_its_title() -> None:
    own = [rule for rule in load().rules if rule.id == "bounce"]
    assert meaning("Excessively bouncy stride", own).ids == ("bounce",)
    assert not meaning("Reaching with the lower leg", own).ids


def test_a_hip_that_drops_is_the_pelvis_seen_from_behind_and_no_sitting() -> None:
    for said in ("hip drop", "hips dropped", "Trendelenburg"):
        assert meaning(said, RULES).ids[0] == "pelvic_drop_deg"
