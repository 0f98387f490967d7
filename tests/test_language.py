"""Plain English: no words of our own in docstrings, no riddles and no long sentences in what a runner reads.

What is not plain yet is counted in tests/language.toml, a number for each file, which may only go down. After making
something plainer, `python -m tests.test_language` lowers the numbers.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "midstance"
ALLOWED = Path(__file__).with_name("language.toml")

MOST_WORDS = 18
"""Of a sentence that a runner reads."""

OWN_WORDS = (
    r"(un)?told|tells?|telling",  # said, measured, returned, told apart
    r"held",  # kept, tested
    r"worth",  # a weight
    r"stands? for|stands? there|stands? in",  # is, means
    r"speaks? (for|against|about|of)",  # supports, contradicts, shows
    r"believed?",  # used, trusted
    r"minded",  # allowed for
    r"(?<!goes )in[,;][^.]* out",  # "a clip in, a film out"
)
"""Words that once had a sense of their own in these files; what to write instead is beside them."""

RIDDLES = (r"(un)?told|tells?", r"worth(?! a try)", r"stands? for", r"further|furthest", r"a kilometre", r"minded")
"""Words that no coach would say beside the track, or that are spelt in two ways."""

Counts = dict[str, int]


# -- what is read --------------------------------------------------------------------------------------------------


def docstrings() -> Iterator[tuple[str, str]]:
    """(file, docstring) of every module, class and function, and of every constant that is explained below it."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                yield str(path.relative_to(SOURCE)), node.value.value


def texts() -> Iterator[tuple[str, str]]:
    """(file, text) of everything that is written for a runner."""
    yield from chain(_from_code("text"), _from_code("coaching/rules"), _from_tables(), _from_pages())


def _from_code(folder: str) -> Iterator[tuple[str, str]]:
    """Every string of more than two words that is no docstring."""
    for path in sorted((SOURCE / folder).glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        explained = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in ast.walk(tree):
            if id(node) in explained or id(node) in parts:
                continue
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                text = node.value
            elif isinstance(node, ast.JoinedStr):
                text = "".join(p.value if isinstance(p, ast.Constant) else "X" for p in node.values)
            else:
                continue
            if len(text.split()) > 2:
                yield str(path.relative_to(SOURCE)), text


def _from_tables() -> Iterator[tuple[str, str]]:
    for sentence in _table("reasons")["reasons"].values():
        yield "data/reasons.toml", sentence
    for question in _table("questions")["question"]:
        yield from (("data/questions.toml", sentence) for sentence in question["answer"])


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((SOURCE / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def _from_pages() -> Iterator[tuple[str, str]]:
    """What the templates of the pages say themselves."""
    for path in sorted((SOURCE / "data").glob("*/*.j2")):
        plain = re.sub(r"\{%.*?%\}|<[^>]*>", "\n", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        name = f"data/{path.parent.name}/{path.name}"
        yield from ((name, line.strip()) for line in plain.split("\n") if line.strip())


# -- counts --------------------------------------------------------------------------------------------------------


def found(pattern: str, pieces: Iterator[tuple[str, str]]) -> dict[str, list[str]]:
    """File -> the words of the pattern in it, with what is around them."""
    hits: dict[str, list[str]] = {}
    for file, text in pieces:
        whole = " ".join(text.split())
        for hit in re.finditer(rf"\b(?:{pattern})\b", whole, re.IGNORECASE):
            hits.setdefault(file, []).append(whole[max(0, hit.start() - 30) : hit.end() + 30])
    return hits


def too_long() -> dict[str, list[str]]:
    """File -> sentences that a runner reads of more than MOST_WORDS words; a value counts as one word."""
    hits: dict[str, list[str]] = {}
    for file, text in texts():
        whole = re.sub(r"\{[^}]*\}", "X", " ".join(text.split()))
        for sentence in re.split(r"(?<=[.!?])\s+", whole):
            if len(sentence.split()) > MOST_WORDS:
                hits.setdefault(file, []).append(sentence)
    return hits


def hits() -> dict[str, dict[str, list[str]]]:
    """Each kind -> file -> what is not plain in it."""
    return {
        "docstrings": found("|".join(OWN_WORDS), docstrings()),
        "texts": found("|".join(RIDDLES), texts()),
        "long": too_long(),
    }


def allowed() -> Mapping[str, Counts]:
    return tomllib.loads(ALLOWED.read_text(encoding="utf-8"))


@pytest.mark.parametrize("kind", ["docstrings", "texts", "long"])
def test_nothing_becomes_less_plain(kind: str) -> None:
    now, limits = hits()[kind], allowed()[kind]
    worse = {file: each for file, each in now.items() if len(each) > limits.get(file, 0)}
    assert not worse, "write it as a stranger would say it: " + "; ".join(f"{f}: {each}" for f, each in worse.items())
    left = {file: limit for file, limit in limits.items() if (SOURCE / file).exists()}
    better = {file: len(now.get(file, ())) for file, limit in left.items() if len(now.get(file, ())) < limit}
    assert not better, f"plainer than allowed, lower tests/language.toml (python -m tests.test_language): {better}"


@pytest.mark.parametrize("text", ["what is told", "A clip in, a film out.", "how much a stride is worth"])
def test_own_words_are_found(text: str) -> None:
    assert found("|".join(OWN_WORDS), iter([("x", text)])) != {}


def test_ordinary_words_are_not() -> None:
    assert found("|".join(OWN_WORDS), iter([("x", "Return the frames in which both feet are off the ground.")])) == {}


def test_every_kind_of_text_is_read() -> None:
    files = {file for file, _text in texts()}
    assert {"data/reasons.toml", "data/questions.toml", "data/page/page.html.j2", "text/report.py"} <= files
    assert any(file.startswith("coaching/rules/") for file in files)


def lower() -> None:
    """Write the counts of today over the allowed ones where they are smaller."""
    limits, lines = (allowed() if ALLOWED.exists() else {}), ["# What is not plain English yet; see test_language.py."]
    for kind, files in hits().items():
        lines += ["", f"[{kind}]"]
        known = limits.get(kind)
        for file, each in sorted(files.items()):
            limit = len(each) if known is None else min(len(each), known.get(file, 0))
            lines += [f'"{file}" = {limit}'] if limit else []
    ALLOWED.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(lower())
