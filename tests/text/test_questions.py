"""A coach's folder brings questions of its own; a fault in it is one clear line."""

from __future__ import annotations

from pathlib import Path

import pytest

from midstance.errors import UsageError
from midstance.text.answers import answer, topics
from midstance.text.questions import book

ROOT = Path(__file__).parents[2]

OWN = """
[[question]]
id = "club_warm_up"
wordings = ["What is our warm-up?", "how do we warm up before the track session"]
answer = ["Ten easy minutes, then four strides of 80 metres."]
[[question]]
id = "cadence_180"
wordings = ["Should my cadence be 180?", "what is a good cadence"]
answer = ["In our club nobody counts."]
sources = ["our_book"]
[sources]
our_book = "The club's handbook"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "questions.toml").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_a_question_of_a_folder_is_answered(folder: Path) -> None:
    told = answer("how do we warm up", folder=folder)
    assert told.title == "What is our warm-up?"
    assert told.sources == ("your coach",)
    assert answer("how do we warm up").title != told.title, "midstance alone does not know it"
    assert topics(folder)[-1] == "What is our warm-up?"


def test_a_question_with_a_known_id_takes_its_place(folder: Path) -> None:
    told = answer("what is a good cadence", folder=folder)
    assert told.says == ("In our club nobody counts.",)
    assert told.sources == ("The club's handbook",)
    assert len(topics(folder)) == len(topics()) + 1


def test_a_doctor_comes_before_a_question_of_a_folder(tmp_path: Path) -> None:
    (tmp_path / "questions.toml").write_text(
        '[[question]]\nid = "chest"\nwordings = ["chest pain when running"]\nanswer = ["Breathe."]\n', encoding="utf-8"
    )
    assert "Stop running" in answer("chest pain when running", folder=tmp_path).says[0]


def test_a_folder_without_questions_changes_nothing(tmp_path: Path) -> None:
    assert topics(tmp_path) == topics()


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (('id = "club_warm_up"\n', ""), "missing id"),
        (('answer = ["Ten', 'anser = ["Ten'), "missing answer"),
        (('["Ten easy minutes, then four strides of 80 metres."]', "[]"), "needs a wording and an answer"),
        (('sources = ["our_book"]', 'measures = ["cadence"]'), "no measure or problem cadence"),
        (('sources = ["our_book"]', 'problems = ["limping"]'), "no measure or problem limping"),
        (('["our_book"]', '["no_book"]'), "no source no_book"),
        (("[sources]", "[source]"), "unknown source"),
        (("[sources]", "[sources"), "is not TOML"),
        (('sources = ["our_book"]', 'grade = "sure"'), "no grade sure"),
    ],
)
def test_a_fault_is_named_with_its_file(tmp_path: Path, spoil: tuple[str, str], says: str) -> None:
    assert spoil[0] in OWN
    (tmp_path / "questions.toml").write_text(OWN.replace(*spoil, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=says) as fault:
        book(tmp_path)
    assert "questions.toml" in str(fault.value)


def test_the_example_in_the_documentation_works(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "own_rules.md").read_text(encoding="utf-8")
    (tmp_path / "questions.toml").write_text(page.split("```toml\n")[1].split("```")[0], encoding="utf-8")
    assert answer("how do we warm up", folder=tmp_path).sources == ("The club's handbook, 2025",)
