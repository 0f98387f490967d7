"""A module may import only those above it in the order of the house; the order is also the reading order."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "midstance"

ORDER = """
    errors files model skeleton geometry series
    weights pictures video camera backends pose periodic facing legs subject offsets track scene
    angles body events steps uncertainty standpoint square scale measures
    words rows reference rules findings plan progress compare questions
    serial story takes report draw stage marks keyframes plots film pair page photo photo_told results
    interop store analyse intake engine batch web doctor
    terminal cli_models cli_machine cli_analyze cli_film cli_photo cli_words cli_takes cli __main__
""".split()  # noqa: SIM905  (a list to read, line by line)


def modules() -> list[Path]:
    return sorted(p for p in SOURCE.rglob("*.py") if p != SOURCE / "__init__.py")


def layer_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imported(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{a.name}" for a in node.names] if node.module == "midstance" else [node.module]
        elif isinstance(node, ast.Import):
            names = [a.name for a in node.names]
        found |= {n.split(".")[1] for n in names if n.startswith("midstance.")}
    return found - {"__version__"}


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_only_what_stands_above(path: Path) -> None:
    here = layer_of(path)
    assert here in ORDER, f"{here} has no place in the order of the house (tests/test_layers.py)"
    below = {name for name in imported(path) if ORDER.index(name) > ORDER.index(here)}
    assert not below, f"{here} stands above {sorted(below)} and must not import them"


def test_no_relative_or_star_imports() -> None:
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, path
                assert all(a.name != "*" for a in node.names), path
