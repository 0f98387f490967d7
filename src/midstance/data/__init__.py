"""Every table of numbers and every other file that comes with midstance, read in one place."""

from __future__ import annotations

import tomllib
from contextlib import AbstractContextManager
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any


@cache
def table(name: str) -> dict[str, Any]:
    """Return data/NAME.toml as a dictionary, read once; do not change it. Raises FileNotFoundError."""
    return tomllib.loads(text(f"{name}.toml"))


def text(name: str) -> str:
    """Return one packaged text file, such as "page/page.css". Raises FileNotFoundError."""
    return _file(name).read_text(encoding="utf-8")


def on_disk(name: str) -> AbstractContextManager[Path]:
    """Give one packaged file a path on this machine for as long as the block runs."""
    return resources.as_file(_file(name))


def _file(name: str) -> Traversable:
    return resources.files(__name__).joinpath(*name.split("/"))
