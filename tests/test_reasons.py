"""Every reason has a sentence that every door can say, and no stage writes sentences of its own."""

from __future__ import annotations

import ast
import copy
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from midstance.errors import InputError, Refused
from midstance.reasons import Reason, as_written, catalogue, say

SOURCE = Path(__file__).parent.parent / "src" / "midstance"


def reasons_named() -> Iterator[tuple[str, str, set[str] | None]]:
    """(file, id, names of its values) of every Reason("...") in the source; None where they come from a mapping."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Reason":
                first = node.args[0]
                names = {word.arg for word in node.keywords if word.arg}
                spread = any(word.arg is None for word in node.keywords)
                for option in ast.walk(first):
                    if isinstance(option, ast.Constant) and isinstance(option.value, str):
                        yield str(path.relative_to(SOURCE)), option.value, None if spread else names


NAMED = list(reasons_named())


def fields(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}


def wanted(sentence: str) -> set[str]:
    """The values that a sentence names, also inside the words of any door."""
    doors = [name.removeprefix("door[").removesuffix("]") for name in fields(sentence) if name.startswith("door[")]
    inside = [fields(words[name]) for words in catalogue()["doors"].values() for name in doors]
    return {name for name in fields(sentence) if not name.startswith("door[")}.union(*inside)


@pytest.mark.parametrize(("file", "name", "values"), NAMED, ids=[f"{file}:{name}" for file, name, _values in NAMED])
def test_every_reason_has_its_sentence(file: str, name: str, values: set[str] | None) -> None:
    sentences = catalogue()["reasons"]
    assert name in sentences, f"{file} names {name}, which is not in data/reasons.toml"
    if values is not None:
        assert wanted(sentences[name]) <= values, f"{file}: {name} lacks a value"


def test_no_sentence_is_left_over() -> None:
    assert catalogue()["reasons"].keys() == {name for _file, name, _values in NAMED}


def test_every_door_has_the_same_words() -> None:
    doors = catalogue()["doors"]
    assert doors["cli"].keys() == doors["page"].keys() == doors["python"].keys()
    used = {
        name.removeprefix("door[").removesuffix("]")
        for sentence in catalogue()["reasons"].values()
        for name in fields(sentence)
        if name.startswith("door[")
    }
    assert used <= doors["cli"].keys()


def test_a_door_says_it_in_its_own_words() -> None:
    assert "--height" in say(Reason("needs_scale"), "cli")
    assert "your height" in say(Reason("needs_scale"), "page")
    assert "height_m" in say(Reason("needs_scale"), "python")


def test_the_words_of_a_door_may_name_values() -> None:
    reason = Reason("model_cannot_be_fetched", name="lite", fault="no network", where="It is on the moon.")
    assert "midstance models fetch lite --from FILE. It is on the moon." in say(reason, "cli")


def test_a_reason_may_hold_another() -> None:
    inner = Reason("slower_than_life", times=4.0)
    assert say(Reason("and_how_to_film", why=inner, film="Film.")) == "4 times slower than life. Film."


def test_a_sentence_that_lacks_a_value_is_an_error() -> None:
    with pytest.raises(KeyError, match="times"):
        say(Reason("slower_than_life"))


def test_errors_carry_their_reason_to_another_process() -> None:
    back = copy.copy(Refused("not_running", Reason("needs_speed")))
    assert (back.reason, back.why, back.exit_code) == ("not_running", Reason("needs_speed"), 4)
    assert str(InputError(as_written("It is gone."))) == str(InputError("It is gone.")) == "It is gone."
