"""What a person may type: quantities in their own units, mistakes, and questions; the same at every door."""

from __future__ import annotations

import io
import os
import runpy
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

import midstance as ms
from midstance import cli, data, quantities
from midstance.cli import completion, terminal
from midstance.cli.options import read_mass, read_speed
from midstance.errors import UsageError
from midstance.model import Question
from midstance.options import MODELS, Options
from midstance.reasons import Reason
from midstance.store import open_store

TYPED = tomllib.loads(Path(__file__).with_name("typed.toml").read_text("utf-8"))

READ: dict[str, Callable[[str], float]] = {
    "height": quantities.height_m,
    "speed": quantities.speed_mps,
    "mass": quantities.mass_kg,
    "slow_motion": quantities.times_slower,
}
NAMES = {"height": "height_m", "speed": "speed_mps", "mass": "mass_kg", "slow_motion": "slow_motion"}


@pytest.mark.parametrize("row", TYPED["quantity"], ids=lambda row: f"{row['option']} {row['typed']}")
def test_what_is_typed_for_a_quantity(row: dict[str, Any]) -> None:
    read, name, typed = READ[row["option"]], NAMES[row["option"]], row["typed"]
    if "value" in row:
        assert read(typed) == pytest.approx(row["value"], rel=1e-6)
        assert getattr(Options(**{name: typed}), name) == read(typed)
        return
    for attempt in (read, lambda text: Options(**{name: text})):
        with pytest.raises(UsageError) as caught:
            attempt(typed)
        assert row["says"] in caught.value.say("cli")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of typed.toml, and beside it a store that knows two runners."""
    folder = tmp_path_factory.mktemp("typed")
    here = folder / "here"
    (here / "empty").mkdir(parents=True)
    (here / "notes.mp4").write_text("These are my notes.")
    cv2.imwrite(str(here / "still.png"), np.full((48, 64, 3), 90, np.uint8))
    store = open_store(f"sqlite:///{folder / 'data' / 'midstance.db'}", str(folder / "data" / "films"))
    for name in ("Anna", "Mary Ann"):
        store.add_athlete(name)
    store.close()
    return folder


@pytest.mark.parametrize("row", TYPED["command"], ids=lambda row: " ".join(row["words"]) or "nothing")
def test_what_is_typed_as_a_command(
    row: dict[str, Any], place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(place / "here")
    data_folder = place / "data"
    if row["code"] == 0 and "add" in row["words"]:
        data_folder = place / "data2"
    monkeypatch.setenv("MIDSTANCE_DATA", str(data_folder))
    monkeypatch.setattr(sys, "argv", ["midstance", *row["words"]])
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(SystemExit) as ended:
        cli.main()
    said = capsys.readouterr()
    assert row["says"] in " ".join((said.out + said.err).split("\n"))
    assert (ended.value.code or 0) == row["code"]
    assert "Traceback" not in said.err
    if row["code"] and row["words"]:
        lines = [line for line in said.err.splitlines() if line.startswith("midstance: ")]
        assert len(lines) == 1 + (row["words"] == ["analyze", "notes.mp4", "gone.mp4"]), said.err
    assert sorted(path.name for path in (place / "here").iterdir()) == ["empty", "notes.mp4", "still.png"]


def test_the_table_has_forty_things_and_more() -> None:
    assert len(TYPED["quantity"]) >= 40
    assert len(TYPED["command"]) >= 40


# -- Tab -----------------------------------------------------------------------------------------------------------


def test_tab_knows_runners_takes_models_and_words(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIDSTANCE_DATA", str(place / "data"))
    assert completion.athletes("m") == ["Mary Ann"]
    assert completion.takes("") == []
    assert completion.models("RTMpose-m") == ["rtmpose-m"]
    assert set(completion.MODELS) == set(MODELS)
    assert "cadence_spm" in completion.words("cad")
    made = runpy.run_path(str(Path(__file__).parents[2] / "docs" / "write_words.py"))
    assert data.text("words.txt") == made["words"](), "run: make docs"
    monkeypatch.setenv("MIDSTANCE_DATA", str(place / "nowhere"))
    assert completion.athletes("") == []
    assert not (place / "nowhere").exists()


NOT_FOR_TAB = (
    "numpy",
    "scipy",
    "cv2",
    "av",
    "sqlalchemy",
    "rich",
    "jinja2",
    "midstance.analyze",
    "midstance.store.store",
)
"""Takes long to load; typer itself loads pydantic here."""


@pytest.mark.parametrize(
    ("line", "offered"),
    [("takes list M", "Mary Ann"), ("explain cadence_s", "cadence_spm"), ("analyze --mo", "--model")],
)
def test_tab_is_quick(line: str, offered: str, place: Path) -> None:
    words = f"midstance {line}"
    code = (
        f"import sys, atexit; sys.argv[:] = ['midstance']\n"
        f"atexit.register(lambda: print([name for name in {NOT_FOR_TAB!r} if name in sys.modules], file=sys.stderr))\n"
        "from midstance import cli; cli.main()"
    )
    asked = {"_MIDSTANCE_COMPLETE": "complete_bash", "COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    environment = {**os.environ, "MIDSTANCE_DATA": str(place / "data"), **asked}
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment, timeout=60
    )
    assert offered in result.stdout.splitlines()
    assert result.stderr.splitlines()[-1] == "[]"


# -- every door --------------------------------------------------------------------------------------------------

WRONG = {
    "height_m": (-1.66, "--height", "a height is 0.8 to 2.5 metres"),
    "mass_kg": (0, "--mass", "a body mass is 20 to 250 kilograms"),
    "speed_mps": (40, "--speed", "a running speed is 0.5 to 13 metres a second"),
    "slow_motion": (-2, "--slow-motion", "0.05 to 100"),
    "model": ("huge", "--model", "choose one of full, lite, heavy"),
    "rules": ("nowhere", "--rules", "there is no such folder"),
    "person": (-1, "--person", "people are counted from"),
}
"""By the word of Python: a value that cannot be meant, the option, and the range its error names."""

OF_A_RUNNER = {"height_m", "mass_kg"}
"""What is known of a runner, and not of a film."""


def midstance(*words: object, folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "midstance", *map(str, words)]
    environment = {**os.environ, "MIDSTANCE_DATA": str(folder)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment, timeout=300)


@pytest.mark.parametrize("word", WRONG)
def test_wrong_options_are_refused_alike(word: str, tmp_path: Path) -> None:
    value, option, says = WRONG[word]
    with pytest.raises(UsageError, match=says) as caught:
        ms.analyze("gone.mov", **{word: value})
    assert str(caught.value).startswith(word)
    typed = str(value + 1) if word == "person" else str(value)
    commands = [("analyze", "gone.mov"), ("compare", "a.mov", "b.mov"), ("takes", "add", "Ann", __file__)]
    for command in (*commands, *([("athletes", "add", "Ann")] if word in OF_A_RUNNER else [])):
        result = midstance(*command, option, typed, folder=tmp_path)
        assert result.returncode == UsageError.exit_code, command
        assert result.stderr.startswith(f"midstance: {option}"), result.stderr
        assert says in result.stderr
    assert not list(tmp_path.rglob("*.mov"))


@pytest.mark.parametrize(
    ("word", "value"), [("known_length", (1.5, 0)), ("pictures_hz", 0), ("threads", 0), ("person", -1)]
)
def test_other_options_that_cannot_be_meant(word: str, value: object) -> None:
    with pytest.raises(UsageError, match=word):
        Options(**{word: value})


def test_not_a_number_is_refused() -> None:
    for word in ("height_m", "mass_kg", "speed_mps", "slow_motion", "pictures_hz"):
        with pytest.raises(UsageError):
            Options(**{word: float("nan")})


def test_the_store_refuses_what_cannot_be(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'm.db'}", str(tmp_path / "films"))
    with pytest.raises(UsageError, match=r"height_m 178: a height is 0\.8 to 2\.5 metres"):
        store.add_athlete("Ann", height_m=178)
    assert store.add_athlete("Ann", height_m="5'5\"", mass_kg="150lb").height_m == pytest.approx(1.651)
    assert store.athlete("Ann").mass_kg == pytest.approx(68.04, abs=0.01)
    store.close()


def test_options_are_given_one_way() -> None:
    with pytest.raises(UsageError, match="either options or height_m"):
        ms.analyze("gone.mov", Options(), height_m=1.7)


# -- asking ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "answer", "value"),
    [
        ("10", "km/h", 10 / 3.6),
        ("10", "10 km/h", 10 / 3.6),
        ("5:30", "km", 1000 / 330),
        ("5:30", "/mile", 1609.344 / 330),
    ],
)
def test_a_number_without_a_unit_is_asked_about(
    said: str, answer: str, value: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(terminal, "can_ask", lambda: True)
    monkeypatch.setattr(terminal, "ask_words", lambda text, *_: asked.append(text) or answer)
    assert read_speed(said) == pytest.approx(value)
    assert len(asked) == 1
    assert asked[0].startswith(f"{said}: ")


def test_nobody_is_asked_twice_about_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "can_ask", lambda: True)
    monkeypatch.setattr(terminal, "ask_words", lambda *_: "bananas")
    with pytest.raises(UsageError, match="this is no body mass"):
        read_mass("150")


# -- quick -------------------------------------------------------------------------------------------------------

HEAVY = (
    "numpy",
    "scipy",
    "cv2",
    "av",
    "pydantic",
    "sqlalchemy",
    "rich",
    "jinja2",
    "midstance.analyze",
    "midstance.store",
)


@pytest.mark.parametrize("words", [(name,) for name in cli.COMMANDS] + [("takes", "add"), ("athletes", "edit")])
def test_help_loads_nothing_heavy(words: tuple[str, ...]) -> None:
    code = (
        f"import sys, atexit; sys.argv[1:] = {[*words, '--help']!r}\n"
        f"atexit.register(lambda: print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr))\n"
        "from midstance import cli; cli.main()"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "--help" in result.stdout
    assert result.stderr.splitlines()[-1] == "[]"


def test_version(tmp_path: Path) -> None:
    result = midstance("--version", folder=tmp_path)
    assert (result.returncode, result.stdout.strip()) == (0, f"midstance {ms.__version__}")


@pytest.mark.parametrize("words", [(), ("takes",), ("rules",)])
def test_a_group_without_a_command_shows_its_help(words: tuple[str, ...], tmp_path: Path) -> None:
    result = midstance(*words, folder=tmp_path)
    assert result.returncode == UsageError.exit_code
    assert (result.stdout + result.stderr).lstrip().startswith("Usage:")


@pytest.mark.parametrize(
    ("about", "typed", "value"),
    [
        ("speed", ["fast", "10km/h"], 10 / 3.6),
        ("speed", ["10", "km/h"], 10 / 3.6),
        ("speed", [""], None),
        ("slow_motion", [""], 4.0),
        ("slow_motion", ["8x"], 8.0),
    ],
)
def test_what_only_the_person_knows_is_asked_until_it_is_understood(
    about: str,
    typed: list[str],
    value: float | None,
    *,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(terminal, "can_ask", lambda: True)
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
    answer = terminal.ask_about(Question(about=about, why=Reason("belt_speed_unknown"), suggestion=4.0))
    assert answer == (value if value is None else pytest.approx(value))
    asked = capsys.readouterr()
    assert asked.out == "", "what is asked must not end in a pipe"
    assert ("treadmill" if about == "speed" else "4 times slower than life") in asked.err


@pytest.mark.parametrize(
    ("typed", "said"), [("yes", True), ("Y", True), ("no", False), ("", False), ("maybe\nye", True)]
)
def test_yes_and_no(typed: str, said: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
    assert terminal.agreed("Delete it?") is said


def test_where_nobody_answers_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with pytest.raises(UsageError, match="Delete it") as caught:
        terminal.make_sure("Delete it?", yes=False)
    assert "--yes" in caught.value.say("cli")
