"""Bands: they depend on speed, widen without one, and a faulty file is told what is wrong with it."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from midstance.coaching.bands import ANY_SPEED_MPS, band, plausible_speeds, read_references, references, with_folder
from midstance.coaching.rules.examples import one_measure, view_from
from midstance.errors import UsageError
from midstance.model import Measure

GOOD = """
[peak_thigh_extension_deg]
low = [[2, 8], [4, 18]]
usual = [[2, 14], [4, 24]]
high = 40
matters = 4
population = "somebody"
source = "a paper"
grade = "weak"
"""


def test_band_rises_with_speed() -> None:
    slow, fast = band("peak_thigh_extension_deg", 2.5), band("peak_thigh_extension_deg", 5.0)
    assert slow
    assert fast
    assert slow.low < fast.low
    assert slow.high < fast.high
    assert slow.at_speed_mps == 2.5


@pytest.mark.parametrize("name", list(references()))
def test_without_a_speed_the_band_covers_every_speed_and_says_so(name: str) -> None:
    wide = band(name)
    assert wide
    assert "speed unknown" in wide.source
    assert wide.at_speed_mps is None
    for speed in (ANY_SPEED_MPS[0], 2.7, 3.4, 5.1, ANY_SPEED_MPS[1]):
        narrow = band(name, speed)
        assert narrow
        assert wide.low <= narrow.low
        assert narrow.high <= wide.high


def test_a_measure_without_a_band_has_none() -> None:
    assert band("stride_time_ms", 3.0) is None


def test_open_ends_are_infinite() -> None:
    lowest = band("wrist_crossing", 3.0)
    assert lowest
    assert lowest.high == math.inf
    assert lowest.low < 0.1


def test_a_tall_runner_may_rise_higher() -> None:
    short, tall = (band("vertical_oscillation_cm", 3.0, height_m=h) for h in (1.55, 1.95))
    assert short
    assert tall
    assert tall.high / short.high == pytest.approx(1.95 / 1.55)


def test_proposals_are_marked() -> None:
    found = band("trunk_lean_deg", 3.0)
    assert found
    assert "proposal" in found.source
    assert not references()["heel_whip_deg"].proposal


def test_contact_time_tells_the_speed_roughly() -> None:
    contact = [one_measure("contact_time_ms", 265, error=8)]
    slow, fast = plausible_speeds(contact, view_from("side"))
    assert slow < 3.0 < fast
    assert fast - slow < 2.0
    assert plausible_speeds([], view_from("side")) == ANY_SPEED_MPS


def test_known_speed_is_taken_with_its_uncertainty() -> None:
    nothing: list[Measure] = []
    assert plausible_speeds(nothing, view_from("side", 3.3)) == (3.3, 3.3)


def test_a_good_file_is_read() -> None:
    (entry,) = read_references(GOOD, "mine.toml").values()
    assert entry.low
    assert entry.low.at(3) == 13
    assert entry.high
    assert entry.high.at(9) == 40


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("colour = 1", "unknown key 'colour'"),
        ("grade = 'rumour'", "grade must be one of strong"),
        ("matters = 0", "matters must be a number above 0"),
        ("low = [[4, 8], [2, 18]]", "speeds must rise"),
        ("low = 'none'", "expected a number or"),
        ("low = 30", "not in rising order"),
    ],
)
def test_a_fault_is_named(change: str, says: str) -> None:
    key = change.split(" =", maxsplit=1)[0]
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"{key} =")]
    with pytest.raises(UsageError, match=says):
        read_references("\n".join([*lines, change]), "mine.toml")


def test_all_faults_are_told_at_once() -> None:
    with pytest.raises(UsageError) as told:
        read_references("[a]\nusual = 3\n[b]\nhigh = 'x'\n", "mine.toml")
    for says in ("[a] matters is missing", "[b] usual is missing", "[b] high: expected a number"):
        assert says in str(told.value)


def test_not_toml() -> None:
    with pytest.raises(UsageError, match="not valid TOML"):
        read_references("[a", "mine.toml")


def test_a_folder_lays_its_bands_over_the_built_in_ones(tmp_path: Path) -> None:
    assert with_folder(tmp_path)["peak_thigh_extension_deg"] == references()["peak_thigh_extension_deg"]
    (tmp_path / "references.toml").write_text(GOOD)
    own = with_folder(tmp_path)
    mine = own.band("peak_thigh_extension_deg", 3.0)
    assert mine
    assert mine.high == 40
    assert len(own) == len(references())
