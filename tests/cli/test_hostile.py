"""What a person may type or point at by mistake: one line, nothing lost, nothing mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from midstance.coaching import rules
from midstance.errors import InputError, MidstanceError, UsageError
from midstance.formats import csv_points
from midstance.formats.convert import convert
from midstance.output import pdf
from midstance.output.beat import write_beat
from midstance.output.for_models import Answers
from midstance.store import open_store
from midstance.text.questions import book
from tests.fixtures.recorded import pixels


@pytest.fixture
def points(tmp_path: Path) -> Path:
    return csv_points.write(pixels(), tmp_path / "a.csv")


@pytest.mark.parametrize("rate", [0.0, -1.0, float("nan"), float("inf"), 1e-300, 1e308])
def test_a_rate_that_no_camera_has(points: Path, rate: float) -> None:
    with pytest.raises(UsageError, match="frames a second are"):
        convert(points, points.with_name("b.trc"), rate)
    assert not points.with_name("b.trc").exists()


def test_points_are_not_written_over_themselves(points: Path) -> None:
    before = points.read_bytes()
    with pytest.raises(UsageError, match="over itself"):
        convert(points, points, 60.0)
    assert points.read_bytes() == before


def test_a_folder_with_other_files_gets_no_frames(points: Path) -> None:
    with pytest.raises(UsageError, match="has files already"):
        convert(points, points.parent, 60.0)
    assert list(points.parent.iterdir()) == [points]


@pytest.mark.parametrize("name", ["folder", "a" * 300])
def test_a_beat_that_cannot_be_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        write_beat(180, tmp_path / name, seconds=2)


@pytest.mark.parametrize(
    "text",
    [
        b"question = 3",
        b'[question]\nid = "a"',
        b"sources = 3",
        b'[[question]]\nid = "a"\nwordings = "x"\nanswer = ["y"]',
        b'[[question]]\nid = "a"\nwordings = [1]\nanswer = ["y"]',
        b"\xff\xfe",
        b"x =",
    ],
)
def test_questions_that_are_not_built_as_they_should_be(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "questions.toml").write_bytes(text)
    with pytest.raises(UsageError, match=r"questions\.toml"):
        book(tmp_path)


@pytest.mark.parametrize("text", [b"reaching = 3", b"[reaching]\ncauses = 3", b"[reaching]\ncues = 3", b"\xff\xfe"])
def test_words_that_are_not_built_as_they_should_be(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "words.toml").write_bytes(text)
    with pytest.raises(UsageError):
        rules.load(tmp_path)


def test_a_folder_of_questions_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such folder"):
        book(tmp_path / "nowhere")


@pytest.mark.parametrize("of", ["²", "9" * 5000, "x" * 5000, "/dev/null", "a\udcffb", ""])
def test_a_language_model_that_asks_for_what_is_nowhere(of: str, tmp_path: Path) -> None:
    answers = Answers(lambda: open_store(f"sqlite:///{tmp_path / 'midstance.db'}", str(tmp_path / "films")))
    with pytest.raises(MidstanceError):
        answers.measures(of)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"[" * 200_000, b"{", b""])
def test_a_language_model_that_asks_for_a_broken_folder(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "analysis.json").write_bytes(content)
    with pytest.raises(InputError):
        Answers(open_store).findings(str(tmp_path))


@pytest.mark.parametrize("name", ["a\ud800b", "a\x1b[2J\x00b", "\u202eabc", "🏃‍♀️", "محمد", "<b>&", "x" * 2000])
def test_any_name_is_set_on_paper(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    pdf.write_pdf([pdf.on_one_page([pdf.words(name, "small")])], path, title=name)
    assert path.read_bytes().startswith(b"%PDF")
