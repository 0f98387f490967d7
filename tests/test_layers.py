"""A folder may import only folders below it, and the files of one folder never import each other in a circle."""

from __future__ import annotations

import ast
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src" / "midstance"

FLOORS = (
    (
        "cage",
        "data",
        "dataframes",
        "errors",
        "limits",
        "machine",
        "model",
        "plugins",
        "quantities",
        "reasons",
        "remembered",
        "skeleton",
        "uncertainty",
        "units",
    ),
    ("formats", "kinematics", "video"),
    ("pose",),
    ("options",),
    ("tracking",),
    ("gait",),
    ("measures",),
    ("coaching",),
    ("rules",),
    ("photo", "analyze"),
    ("together",),
    ("comparison",),
    ("text",),
    ("render",),
    ("store",),
    ("output",),
    ("web", "live", "batch"),
    ("cli",),
    ("__main__",),
)
"""From the ground up; what stands in one row does not know its neighbours, except in the ground row."""


def modules() -> dict[str, Path]:
    """Dotted name below midstance -> file; a folder's __init__ has the folder's name."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if name:
            found[name] = path
    return found


MODULES = modules()


def imports(path: Path) -> set[str]:
    """The modules of midstance that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "midstance":
            base = node.module.removeprefix("midstance").lstrip(".")
            for alias in node.names:
                inside = f"{base}.{alias.name}".lstrip(".")
                found.add(inside if inside in MODULES else base)
        elif isinstance(node, ast.Import):
            found |= {a.name.removeprefix("midstance.") for a in node.names if a.name.startswith("midstance.")}
    return found - {""}


def floor_of(name: str) -> int:
    room = name.split(".", maxsplit=1)[0]
    return next(i for i, rooms in enumerate(FLOORS) if room in rooms)


def test_every_room_has_a_floor() -> None:
    rooms = {name.split(".")[0] for name in MODULES}
    listed = {room for row in FLOORS for room in row}
    assert rooms == listed


@pytest.mark.parametrize("name", MODULES)
def test_imports_only_from_below(name: str) -> None:
    room = name.split(".", maxsplit=1)[0]
    for other in imports(MODULES[name]):
        beside = other.split(".")[0]
        if beside == room:
            continue
        same_floor = floor_of(other) == floor_of(name)
        assert floor_of(other) < floor_of(name) or (same_floor and floor_of(name) == 0), f"{name} imports {other}"


def test_no_circles() -> None:
    graph = {name: imports(path) & MODULES.keys() - {name} for name, path in MODULES.items()}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        steps = " -> ".join(circle.args[1])
        pytest.fail(f"these files import each other: {steps}")


def test_the_two_tests_above_can_fail() -> None:
    assert all(floor_of(above) > floor_of(below) for below, above in pairwise(["model", "pose", "gait", "text", "cli"]))
    with pytest.raises(CycleError):
        TopologicalSorter({"a": {"b"}, "b": {"a"}}).prepare()


def test_no_relative_or_star_imports() -> None:
    for path in MODULES.values():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.level == 0, path
                assert all(a.name != "*" for a in node.names), path
