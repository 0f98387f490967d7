"""Nothing from a file steers the terminal, becomes a formula, or passes as a number that nothing measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from midstance.batch.sources import find_sources
from midstance.cli.terminal import as_json
from midstance.coaching import rules
from midstance.coaching.rules.programs import allowed_now, is_allowed
from midstance.errors import InputError, UsageError
from midstance.formats import analysis_json
from midstance.formats.text_file import cell
from midstance.output.pdf import words
from midstance.output.tables import _cell
from midstance.reasons import printable
from tests.fixtures.least_analysis import analysis


def test_json_on_the_terminal_steers_nothing() -> None:
    content = {"name": "a\x9b2J\x1b[2J\u202eb\n", "ö": ["é", "🏃‍♀️", "\x7f"]}
    text = as_json(content)
    assert json.loads(text) == content
    assert not set(text) & set("\x9b\x1b\u202e\x7f\n")
    assert "🏃" in text
    assert json.loads(as_json(content, indent=1)) == content


@pytest.mark.parametrize("text", ["=1+1", "+1", "-2", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_formula_stays_a_text(text: str) -> None:
    assert cell(text) == f"'{text}"
    assert _cell(text) == f"'{text}"
    assert cell("knee") == "knee"
    assert _cell(-2.0) == "-2"


def test_no_name_of_a_film_breaks_a_line_of_a_batch_or_names_a_file(tmp_path: Path) -> None:
    for said in ("new\nline.mp4", "esc\x1b[2J.mp4", "a\r.mp4"):
        film = tmp_path / said
        film.write_bytes(b"x")
        take = find_sources([str(film)])[0].take
        assert printable(take) == take
    assert len({one.take for one in find_sources([str(tmp_path)])}) == 3


def test_no_name_makes_a_request_from_a_page_to_print() -> None:
    """ReportLab fetches what an image in its markup names (CVE-2020-28463); what a person typed is no markup."""
    typed = '<img src="http://127.0.0.1:9/a.png"/> <a href="file:///etc/passwd">x</a> &lt;'
    assert "".join(part.text for part in words(typed).frags) == typed


NEVER_MEASURED: tuple[dict[str, Any], ...] = (
    {"value": float("nan")},
    {"value": float("inf")},
    {"value": 1e308},
    {"uncertainty": -1.0},
    {"sd": -0.1},
    {"n": -3},
    {"n": 10**30},
)


@pytest.mark.parametrize("changed", NEVER_MEASURED)
def test_an_analysis_with_numbers_that_cannot_be_is_refused(changed: dict[str, Any]) -> None:
    content = analysis()
    content["measures"][0] |= changed
    with pytest.raises(InputError, match="analysis"):
        analysis_json.read(json.dumps(content), "a")
    assert not analysis_json.is_sound(content)
    assert analysis_json.is_sound(analysis())
    assert analysis_json.is_sound(analysis_json.unreadable("1.0"))


# -- a coach's folder ----------------------------------------------------------------------------------------------

AS_DATA = """
[[rule]]
id = "club_bounce"
title = "Bouncing, as our club sees it"
says = "{seen}"
means = "You go up more than forward."
planes = ["side"]
film = "Film from the side."
sign = { measure = "vertical_oscillation_cm", is = "high" }
cues = { soft = "Run softly." }
expect = ["You land more quietly."]
guard = ["Keep your steps as long as they are."]

[[rule.fires]]
name = "bounces"
measures = { vertical_oscillation_cm = 16.0 }
grade = "flag"

[[rule.silent]]
name = "in order"
"""


def test_rules_as_data_run_nothing(tmp_path: Path) -> None:
    (tmp_path / "rules.toml").write_text(AS_DATA, encoding="utf-8")
    assert is_allowed(tmp_path, tmp_path / "nowhere.txt")
    assert rules.load(tmp_path).rules[-1].id == "club_bounce"
    assert [fault for fault in rules.check(tmp_path) if fault.startswith("club_bounce")] == []
    faults = {'"high"': '"__import__"', "vertical_oscillation_cm": "no_such", '["side"]': "3", "[[rule]]": "[[rul]]"}
    for old, new in faults.items():
        (tmp_path / "rules.toml").write_text(AS_DATA.replace(old, new), encoding="utf-8")
        with pytest.raises(UsageError, match=r"rules\.toml"):
            rules.load(tmp_path)


def test_programs_of_a_folder_are_asked_about_once_and_again_when_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from midstance.cli.options import allow_rules

    monkeypatch.setenv("MIDSTANCE_DATA", str(tmp_path / "data"))
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "mine.py").write_text("raise SystemExit", encoding="utf-8")
    with pytest.raises(UsageError, match="all your rights"):
        allow_rules(folder)  # nobody can answer
    assert allow_rules(folder, yes=True) == folder
    assert allow_rules(folder) == folder
    (folder / "mine.py").write_text("raise SystemExit # changed", encoding="utf-8")
    with pytest.raises(UsageError, match=r"mine\.py"):
        allow_rules(folder)
    assert len(allowed_now(folder, tmp_path / "none.txt")) == 65
