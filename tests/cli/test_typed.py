"""What a person may type: quantities in their own units, mistakes, and questions; the same at every door."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import midstance as ms
from midstance import cli, quantities
from midstance.cli import terminal
from midstance.cli.options import read_mass, read_speed
from midstance.errors import UsageError
from midstance.model import Question
from midstance.options import Options
from midstance.reasons import Reason
from midstance.store import open_store


@dataclass
class Typed:
    """What is typed for an option, and the value it must have, or the sentence that must come back."""

    option: str
    text: str
    value: float | None = None
    says: str = ""


TABLE = [
    # -- height --
    Typed("height", "1.66", 1.66),
    Typed("height", "1,66", 1.66),
    Typed("height", "1.66m", 1.66),
    Typed("height", "1.66 m", 1.66),
    Typed("height", "166cm", 1.66),
    Typed("height", "166 CM", 1.66),
    Typed("height", "1m66", 1.66),
    Typed("height", "5'5\"", 1.651),
    Typed("height", "5’5”", 1.651),  # noqa: RUF001  (as a phone types it)
    Typed("height", "5ft5", 1.651),
    Typed("height", "5 ft 5.5 in", 1.6637),
    Typed("height", "65in", 1.651),
    Typed("height", "166", says="--height 166: a height is 0.8 to 2.5 metres. Write it as 1.66, 166cm or 5'5\"."),
    Typed("height", "-1.66", says="--height -1.66: a height is 0.8 to 2.5 metres"),
    Typed("height", "0", says="--height 0: a height is 0.8 to 2.5 metres"),
    Typed("height", "tall", says="--height tall: this is no height. Write it as 1.66, 166cm or 5'5\"."),
    Typed("height", "68kg", says="--height 68kg: this is no height"),
    # -- speed --
    Typed("speed", "10km/h", 10 / 3.6),
    Typed("speed", "10 kmh", 10 / 3.6),
    Typed("speed", "10,5 km/h", 10.5 / 3.6),
    Typed("speed", "6:00/km", 1000 / 360),
    Typed("speed", "6:00 min/km", 1000 / 360),
    Typed("speed", "9:40/mile", 1609.344 / 580),
    Typed("speed", "9:40 /mi", 1609.344 / 580),
    Typed("speed", "5.5min/km", 1000 / 330),
    Typed("speed", "2.78m/s", 2.78),
    Typed("speed", "6mph", 6 * 0.44704),
    Typed("speed", "3.5", 3.5),
    Typed("speed", "35", 35 / 3.6),
    Typed("speed", "10", says="--speed 10: this can be 10m/s, 10km/h or 10mph. Add the unit, for example 10km/h."),
    Typed("speed", "4.5", says="this can be 4.5m/s or 4.5mph"),
    Typed("speed", "5:30", says="--speed 5:30: this can be 5:30/km or 5:30/mile. Add the unit"),
    Typed("speed", "70", says="--speed 70: a running speed is 0.5 to 13 metres a second"),
    Typed("speed", "60km/h", says="--speed 60km/h: a running speed is 0.5 to 13 metres a second"),
    Typed("speed", "fast", says="--speed fast: this is no speed. Write it as 10km/h, 6:00/km, 9:40/mile or 2.78m/s."),
    # -- body mass --
    Typed("mass", "68", 68),
    Typed("mass", "68,5 kg", 68.5),
    Typed("mass", "150lb", 68.0388555),
    Typed("mass", "11 stone", 69.85322498),
    Typed("mass", "150", says="--mass 150: this can be 150kg or 150lb. Add the unit, for example 150lb."),
    Typed("mass", "0", says="--mass 0: a body mass is 20 to 250 kilograms"),
    Typed("mass", "thin", says="--mass thin: this is no body mass. Write it as 68kg or 150lb."),
    # -- slow motion --
    Typed("slow_motion", "4", 4),
    Typed("slow_motion", "8x", 8),
    Typed("slow_motion", "0", says="--slow-motion 0: give how many times slower than life the film plays"),
    Typed("slow_motion", "-2", says="--slow-motion -2: give how many times slower"),
    Typed("slow_motion", "slow", says="--slow-motion slow: give how many times slower"),
]

READ: dict[str, Callable[[str], float]] = {
    "height": quantities.height_m,
    "speed": quantities.speed_mps,
    "mass": quantities.mass_kg,
    "slow_motion": quantities.times_slower,
}
NAMES = {"height": "height_m", "speed": "speed_mps", "mass": "mass_kg", "slow_motion": "slow_motion"}


@pytest.mark.parametrize("typed", TABLE, ids=[f"{typed.option} {typed.text}" for typed in TABLE])
def test_what_is_typed(typed: Typed) -> None:
    if typed.value is not None:
        assert READ[typed.option](typed.text) == pytest.approx(typed.value, rel=1e-6)
        assert getattr(Options(**{NAMES[typed.option]: typed.text}), NAMES[typed.option]) == READ[typed.option](
            typed.text
        )
        return
    for read in (READ[typed.option], lambda text: Options(**{NAMES[typed.option]: text})):
        with pytest.raises(UsageError) as caught:
            read(typed.text)
        assert typed.says in caught.value.say("cli")


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
    import os

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
