"""What other packages add: the example packages are installed, and everything they bring works."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
EXAMPLES = sorted(path.parent for path in (ROOT / "examples").glob("*/pyproject.toml"))
BROKEN = {
    "midstance.formats": "odd = midstance_broken:nothing",
    "midstance.measures": "broken = midstance_broken",
    "midstance.pose_models": "gone = midstance_not_there",
    "midstance.rules": "flat = midstance_broken",
}


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every example package is installed, from its wheel, as pip does it."""
    folder = tmp_path_factory.mktemp("installed")
    quick = ("--quiet", "--no-deps", "--no-index", "--no-build-isolation", "--no-compile")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "install", *quick)
    subprocess.run([*pip, "--target", str(folder), *map(str, EXAMPLES)], check=True)
    return folder


def run(folder: Path, *words: str, plugins: str = "on") -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder), str(ROOT / "src"), str(ROOT)])
    env = os.environ | {"PYTHONPATH": path, "MIDSTANCE_PLUGINS": plugins}
    return subprocess.run([sys.executable, *words], env=env, capture_output=True, text=True, check=False)


def midstance(folder: Path, *words: str, plugins: str = "on") -> subprocess.CompletedProcess[str]:
    return run(folder, "-m", "midstance", *words, plugins=plugins)


ASK = """
import json
from pathlib import Path
import numpy as np
from midstance.analyze import Options
from midstance.coaching import rules
from midstance.formats.recordings import is_recording, read_recording
from midstance.measures import BY_ID, REGISTRY, measure
from midstance.options import checked_model, models
from midstance.plugins import loaded
from midstance.text.questions import book
from tests.fixtures.jogger import Jogger, side_view

import midstance_dim_light
import midstance_knee_give  # before midstance has looked for what is added: it must not go round in a circle
runner = Jogger()
track = runner.track()
found = measure(track, runner.contacts(track), side_view())
by = {(m.id, m.side): m for m in found.measures}
give = by["knee_give_deg", "left"]
folder = Options(rules="club").rules
dark = np.tile(np.arange(64, dtype=np.uint8)[None, :, None] // 2, (64, 1, 3))
print(json.dumps({
    "models": [checked_model(name) for name in models()],
    "give": [give.value, give.uncertainty, give.unit],
    "difference": by["peak_knee_flexion_stance_deg", "left"].value - by["knee_flexion_at_strike_deg", "left"].value,
    "own error": by["knee_flexion_at_strike_deg", "left"].uncertainty,
    "last": list(BY_ID)[-1], "built in": len(REGISTRY), "all": len(BY_ID),
    "rules": [rule.id for rule in rules.load(folder).rules],
    "bounce": next(rule.title for rule in rules.load(folder).rules if rule.id == "bounce"),
    "limit": rules.load(folder).bands["contact_time_ms"].high.at(3.0),
    "faults": rules.check(folder),
    "questions": [q.id for q in book(folder).questions if q.id.startswith("club")],
    "lighter": float(midstance_dim_light.lighter(dark).mean() - dark.mean()),
    "is recording": is_recording(Path("run.jsonl")),
}))
"""


@pytest.fixture(scope="module")
def grown(installed: Path) -> dict[str, Any]:
    """What midstance says of itself with the packages installed."""
    asked = run(installed, "-c", ASK)
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_there_is_an_example_of_every_kind() -> None:
    groups = [next(line for line in (path / "pyproject.toml").read_text().splitlines() if "entry-points" in line)
              for path in EXAMPLES]  # fmt: skip
    assert sorted(groups) == [
        f'[project.entry-points."midstance.{kind}"]' for kind in ("formats", "measures", "pose_models", "rules")
    ]


def test_a_measure_of_a_package_is_measured_with_its_own_error(grown: dict[str, Any]) -> None:
    value, half, unit = grown["give"]
    assert value == pytest.approx(grown["difference"], abs=0.1)
    assert half > grown["own error"]
    assert (unit, grown["last"], grown["all"]) == ("deg", "knee_give_deg", grown["built in"] + 1)


def test_rules_of_a_package_are_asked_for_by_name(grown: dict[str, Any]) -> None:
    assert "long_contact" in grown["rules"]
    assert grown["bounce"] == "Too much up and down"
    assert grown["limit"] == 280.0
    assert grown["faults"] == []
    assert grown["questions"] == ["club_warm_up"]


def test_a_package_adds_a_pose_model_by_name(grown: dict[str, Any]) -> None:
    assert grown["models"][-1] == "dim-light"
    assert grown["lighter"] > 5  # of 255


def test_a_format_of_a_package_is_read_and_written_and_comes_back_the_same(installed: Path, tmp_path: Path) -> None:
    table, lines, again = (tmp_path / name for name in ("a.csv", "a.jsonl", "b.csv"))
    rows = [f"{k / 30},{200 + k},{300.5 + k},{210 + k},400,{220 + k},500" for k in range(5)]
    names = "time_s,left_hip_x_px,left_hip_y_px,left_knee_x_px,left_knee_y_px,left_ankle_x_px,left_ankle_y_px"
    table.write_text("\n".join([names, *rows]) + "\n")
    for source, target in ((table, lines), (lines, again)):
        done = midstance(installed, "convert", str(source), str(target))
        assert done.returncode == 0, done.stderr
    assert json.loads(lines.read_text().splitlines()[1])["points"]["left_hip"][:2] == [201, 301.5]
    assert "JSON lines, 5 frames at 30 a second" in done.stdout
    head, *values = again.read_text().splitlines()
    place = head.split(",").index("left_hip_y_px")
    assert [float(row.split(",")[place]) for row in values] == [300.5 + k for k in range(5)]
    lines.write_text('{"time": 1}\n')
    done = midstance(installed, "convert", str(lines), str(again))
    assert (done.returncode, "a.jsonl, line 1" in done.stderr) == (3, True)


def test_the_doctor_lists_what_is_added_and_explain_knows_it(installed: Path) -> None:
    said = midstance(installed, "explain", "knee_give_deg").stdout
    assert "give of the knee" in said
    said = midstance(installed, "doctor").stdout
    for words in ("pose model dim-light", "format jsonl", "rule club", "measure knee-give"):
        assert words in said


def test_the_switch_leaves_everything_out(installed: Path) -> None:
    assert midstance(installed, "explain", "knee_give_deg", plugins="off").returncode == 2
    assert "no such folder" in midstance(installed, "rules", "test", "club", plugins="off").stderr


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package that names what it does not have."""
    folder = tmp_path_factory.mktemp("broken")
    about = folder / "midstance_broken-0.1.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: midstance-broken\nVersion: 0.1\n")
    (about / "entry_points.txt").write_text("".join(f"[{group}]\n{line}\n" for group, line in BROKEN.items()))
    (folder / "midstance_broken.py").write_text("")
    return folder


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("convert", "a.odd", "a.csv"), "odd of the package midstance-broken 0.1 can't be loaded (AttributeError"),
        (("explain", "bounce"), "broken of the package midstance-broken 0.1 is no tuple of Definition"),
        (("rules", "test", "flat"), "flat of the package midstance-broken 0.1 is no folder of rules"),
        (("rules", "test", "club"), "club: there is no such folder. Installed are the rules flat."),
    ],
)
def test_a_broken_package_is_one_line_that_names_it(broken: Path, words: tuple[str, ...], says: str) -> None:
    (broken / "a.odd").write_text("x")
    done = midstance(broken, *(str(broken / word) if word.startswith("a.") else word for word in words))
    assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
    assert says in done.stderr


def test_the_doctor_says_what_is_broken_and_goes_on(broken: Path) -> None:
    said = midstance(broken, "doctor").stdout
    assert "--  pose model gone" in said
    assert "gone of the package midstance-broken 0.1 can't be loaded (ModuleNotFoundError" in said
    assert "disk" in said
