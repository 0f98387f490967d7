"""Groups of takes: counts, means, spreads and intervals as computed on paper, and what is printed and drawn of them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from midstance.batch.folder import Folder
from midstance.batch.group_plot import group_svg
from midstance.batch.summary import Takes, groups
from midstance.batch.tables import write_tables
from midstance.cli import batch as cli_batch
from midstance.errors import InputError, UsageError
from midstance.text.batch import duration, plan_lines, progress_line


def take(cadence: float, *, own: float = 0.0, **columns: Any) -> dict[str, Any]:
    return {"status": "done", "cadence_spm": cadence, "cadence_spm_uncertainty": own, **columns}


def takes(*rows: dict[str, Any], also: tuple[str, ...] = ("athlete", "shoes", "given_speed_mps")) -> Takes:
    return Takes(rows=rows, groupable=("all", "speed", *also), measures=("cadence_spm", "contact_time_ms"))


def test_mean_spread_and_interval_by_hand() -> None:
    """160, 170, 180: SD 10, and Student's t of two degrees of freedom is 4.3027."""
    (group,) = groups(takes(take(160), take(170), take(180)), "all", ["cadence_spm"])
    assert (group.n, group.mean, group.sd) == (3, 170, 10)
    assert group.half_width == pytest.approx(4.3027 * 10 / math.sqrt(3), rel=1e-4)


def test_a_single_take_has_its_own_error_and_equal_takes_keep_it() -> None:
    (one,) = groups(takes(take(170, own=3)), "all")
    assert (one.n, one.half_width, math.isnan(one.sd)) == (1, 3, True)
    (same,) = groups(takes(*[take(170, own=3)] * 4), "all")
    assert (same.sd, same.half_width) == (0, 1.5)


def test_ten_films_of_one_runner_are_one_runner() -> None:
    rows = [take(160, athlete="Anna", shoes="x") for _ in range(10)] + [take(180, athlete="Ben", shoes="x")]
    (group,) = groups(takes(*rows), "shoes")
    assert (group.n, group.mean, len(group.values)) == (2, 170, 11)
    assert group.sd == pytest.approx(math.sqrt(200))
    anna, ben = groups(takes(*rows), "athlete")
    assert (anna.n, anna.mean, ben.n, ben.mean) == (10, 160, 1, 180)


def test_of_two_legs_the_near_one_counts_as_in_the_report() -> None:
    seen = take(160, contact_time_ms_left=190.0, contact_time_ms_right=192.0, near_side="right")
    (group,) = groups(takes(seen), "all", ["contact_time_ms"])
    assert group.values == (192,)


def test_sides_are_averaged_and_takes_without_a_measure_left_out() -> None:
    rows = [take(160, contact_time_ms_left=240.0, contact_time_ms_right=260.0), take(160, contact_time_ms_left=200.0)]
    (group,) = groups(takes(*rows, take(160)), "all", ["contact_time_ms"])
    assert group.values == (250, 200)


def test_speeds_are_grouped_by_half_metres_a_second() -> None:
    rows = [take(160, given_speed_mps=2.4), take(170, speed_mps=2.6), take(180, given_speed_mps=3.0), take(190)]
    found = groups(takes(*rows), "speed")
    assert [(g.name, g.mean) for g in found] == [
        ("2.0 to 2.5 m/s", 160), ("2.5 to 3.0 m/s", 170), ("3.0 to 3.5 m/s", 180),
    ]  # fmt: skip


def test_many_numbers_become_four_groups() -> None:
    rows = [take(160 + n, temperature=float(n)) for n in range(12)]
    found = groups(takes(*rows, also=("temperature",)), "temperature")
    assert [len(g.values) for g in found] == [3, 3, 3, 3]
    few = [take(160, drop=float(n % 2)) for n in range(12)]
    assert [g.name for g in groups(takes(*few, also=("drop",)), "drop")] == ["0", "1"]


def test_names_that_are_not_there() -> None:
    with pytest.raises(UsageError, match=r"no column nix\. Group by one of all, speed"):
        groups(takes(take(160)), "nix")
    with pytest.raises(UsageError, match="No take has the measure nix"):
        groups(takes(take(160)), "all", ["nix"])


def test_a_drawing_names_every_group_and_keeps_inside() -> None:
    rows = [take(160 + n, athlete=f"A<{n % 3}>" + 30 * "x") for n in range(9)] + [take(250, own=4000, athlete="Z")]
    root = ET.fromstring(group_svg(groups(takes(*rows), "athlete"), "spm"))  # noqa: S314  (our own)
    width = float(root.attrib["viewBox"].split()[2])
    assert [x for x in root.itertext() if x.startswith("A<")]
    dots = [node for node in root.iter() if node.tag.endswith("circle")]
    assert len(dots) == 10 + 4
    assert all(0 < float(dot.attrib["cx"]) < width for dot in dots)
    assert "250" in root.attrib["aria-label"]


def test_a_summary_is_printed_and_written(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "out")
    with folder.alone():
        write_tables(folder)
    with pytest.raises(InputError, match=r"No take in .* has numbers"):
        show("--summary", folder.path)
    rows = [("a", "Anna", 160.0), ("b", "Anna", 164.0), ("c", "=Ben", 180.0)]
    for name, _, cadence in rows:
        record = {
            "layout": 1, "take": name, "source": name, "stamp": "", "wanted": {"version": "x"}, "clip": {}, "about": {},
            "outcome": {"status": "done", "code": 0, "numbers": {"cadence_spm": cadence}},
        }  # fmt: skip
        folder.records.mkdir(exist_ok=True)
        (folder.records / f"{name}.json").write_text(json.dumps(record))
    folder.note_columns({name: {"athlete": athlete} for name, athlete, _ in rows})
    said = show("--summary", folder.path)
    assert "By athlete" in said
    assert "Anna  n 2" in said
    text = (folder.path / "summary" / "groups.csv").read_text()
    assert "athlete,Anna,cadence_spm,spm,2,2,162" in text
    assert "'=Ben" in text  # no formula
    assert {"athlete_cadence_spm.svg", "all_cadence_spm.svg"} < {p.name for p in (folder.path / "summary").iterdir()}


def show(*words: object) -> str:
    ran = CliRunner().invoke(cli_batch.app, [*map(str, words)])
    if ran.exception:
        raise ran.exception
    return ran.stdout


def test_how_far_it_is_in_words() -> None:
    assert progress_line(3, 12, 1, elapsed_s=90, left_s=270) == "3 of 12, 2 a minute, 4 min left, 1 without numbers"
    assert progress_line(0, 12, 0, elapsed_s=0, left_s=None) == "0 of 12"
    assert [duration(s) for s in (40, 600, 12_000)] == ["40 s", "10 min", "3 h 20 min"]
    assert plan_lines({"a": "new", "b": None, "c": "height_m, speed_mps", "d": "film"}) == [
        "4 takes: 3 to do, 1 done already.",
        "Again, 1 take: the film is another one now.",
        "Again, 1 take: height_m, speed_mps changed.",
    ]
