"""The recipes of CONTRIBUTING, followed: a toy rule and a toy measure are found as the built-in ones are."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from midstance.cli.commands import app
from midstance.coaching import rules
from tests.fixtures import toy_rule

ROOT = Path(__file__).parent.parent
TOY_RULE = Path(toy_rule.__file__)
TOY_MEASURE = """    Definition(
        id="trunk_lean_at_toe_off_deg",
        name="lean at toe-off",
        unit="deg",
        group="Leaving the ground",
        says="How far you lean as the foot leaves the ground.",
        drawn=drawings.TRUNK,
        formula="lean of mid-shoulder over mid-hip at toe-off; + forward",
        source="own definition, docs/evidence.md#trunk-lean; validation: tests/test_recipes.py",
        read=at_toe_off("trunk_lean"),
    ),
"""
ASK = """
import json, runpy
from midstance.coaching import rules
from midstance.measures import REGISTRY, measure
from midstance.text.names import entry
from tests.fixtures.jogger import Jogger, side_view

runner = Jogger()
track = runner.track()
found = measure(track, runner.contacts(track), side_view())
print(json.dumps({
    "faults": rules.check(),
    "rules": [rule.id for rule in rules.RULES],
    "explained": rules.explain("long_contact"),
    "rules page": runpy.run_path("docs/write_rules.py")["page"](),
    "measures": [definition.id for definition in REGISTRY],
    "values": {m.side: m.value for m in found.measures if m.id == "trunk_lean_at_toe_off_deg"},
    "name": entry("trunk_lean_at_toe_off_deg").name,
    "measures page": runpy.run_path("docs/write_measures.py")["page"](),
}))
"""


def inserted(file: Path, before: str, line: str) -> None:
    """Put a line before the last place where the file says `before`."""
    head, found, tail = file.read_text(encoding="utf-8").rpartition(before)
    assert found, f"{file} has no {before!r}: bring the recipe in CONTRIBUTING up to date"
    file.write_text(head + line + found + tail, encoding="utf-8")


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What a copy of midstance says of itself after both recipes were followed in it."""
    copy = tmp_path_factory.mktemp("grown")
    for folder in ("src", "docs", "tests/fixtures"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__", "*.mp4", "*.webp"))
    package = copy / "src" / "midstance"
    shutil.copy(TOY_RULE, package / "coaching" / "rules" / "long_contact.py")
    listed = package / "coaching" / "rules" / "__init__.py"
    inserted(listed, "    low_hip_extension,\n", "    long_contact,\n")
    inserted(listed, "    sitting.RULE,\n", "    long_contact.RULE,\n")
    inserted(package / "measures" / "stance.py", ")\n", TOY_MEASURE)
    asked = subprocess.run(
        [sys.executable, "-c", ASK],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": f"{copy / 'src'}{os.pathsep}{copy}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stderr
    return json.loads(asked.stdout)


def test_a_rule_built_in_by_the_recipe_is_found_checked_and_explained(grown: dict[str, Any]) -> None:
    assert "long_contact" in grown["rules"]
    assert grown["faults"] == []
    assert grown["explained"].startswith("Long time on the ground")
    assert "## long_contact" in grown["rules page"]


def test_a_measure_built_in_by_the_recipe_is_measured_named_and_listed(grown: dict[str, Any]) -> None:
    assert "trunk_lean_at_toe_off_deg" in grown["measures"]
    assert grown["values"] == pytest.approx({"left": 6.0, "right": 6.0}, abs=0.01)
    assert grown["name"] == "lean at toe-off"
    assert "| `trunk_lean_at_toe_off_deg` |" in grown["measures page"]


def test_a_rule_in_a_folder_of_ones_own_is_found_and_checked(tmp_path: Path) -> None:
    shutil.copy(TOY_RULE, tmp_path / "long_contact.py")
    assert "long_contact" in {rule.id for rule in rules.load(tmp_path).rules}
    assert rules.check(tmp_path) == []
    told = CliRunner().invoke(app, ["rules", "test", str(tmp_path), "--yes"], env={"MIDSTANCE_DATA": str(tmp_path)})
    assert told.exit_code == 0, told.output
    words = ["explain", "long_contact", "--rules", str(tmp_path)]
    told = CliRunner().invoke(app, words, env={"MIDSTANCE_DATA": str(tmp_path)})
    assert told.exit_code == 0
    assert "Long time on the ground" in told.output


def test_a_faulty_rule_does_not_pass_the_recipe(tmp_path: Path) -> None:
    wrong = TOY_RULE.read_text(encoding="utf-8").replace("LONGEST + 3}", "LONGEST - 7}")
    (tmp_path / "long_contact.py").write_text(wrong, encoding="utf-8")
    (fault,) = rules.check(tmp_path)
    assert "'just over the line': expected watch, got silence" in fault


def recipe(title: str) -> str:
    """Return the steps of one recipe."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    found = re.search(rf"(?ms)^### {title}\n(.+?)(?=^#|\Z)", text)
    assert found, f"CONTRIBUTING has no recipe '{title}'"
    return found[1]


@pytest.mark.parametrize("title", ["Add a measure", "Add a rule", "Add a format"])
def test_a_recipe_is_a_numbered_list_whose_files_exist(title: str) -> None:
    steps = recipe(title)
    numbers = [int(number) for number in re.findall(r"(?m)^(\d+)\. ", steps)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) >= 4
    files = [word for word in re.findall(r"`([^`\s<]+)`", steps) if "/" in word and not word.startswith("-")]
    assert files
    missing = [f for f in files if not any((ROOT / base / f).exists() for base in (".", "src/midstance"))]
    assert not missing
