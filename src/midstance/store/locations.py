"""Where the store lies: the user's data folder, unless MIDSTANCE_DATA, MIDSTANCE_DATABASE or MIDSTANCE_FILES say so."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Address of the database, and address or folder of the films."""

    database: str
    films: str


def places() -> Places:
    """The addresses that the environment asks for."""
    folder = data_folder()
    return Places(
        database=os.environ.get("MIDSTANCE_DATABASE") or f"sqlite:///{folder / 'midstance.db'}",
        films=os.environ.get("MIDSTANCE_FILES") or str(folder / "films"),
    )


def data_folder() -> Path:
    """Where programs of this system keep a user's data."""
    asked = os.environ.get("MIDSTANCE_DATA")
    if asked:
        return Path(asked)
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "midstance"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "midstance"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "midstance"
