"""Find the store: in the user's data folder, unless MIDSTANCE_DATA, MIDSTANCE_DATABASE or MIDSTANCE_FILES is set."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Locations:
    """Address of the database, and address or folder of the films."""

    database: str
    films: str


def locations() -> Locations:
    """Return the addresses that the environment asks for."""
    folder = data_folder()
    return Locations(
        database=os.environ.get("MIDSTANCE_DATABASE") or f"sqlite:///{folder / 'midstance.db'}",
        films=os.environ.get("MIDSTANCE_FILES") or str(folder / "films"),
    )


def data_folder() -> Path:
    """Return the folder where programs of this system keep a user's data."""
    asked = os.environ.get("MIDSTANCE_DATA")
    if asked:
        return Path(asked)
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / "midstance"
    if os.name == "nt":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "midstance"
    return Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "midstance"
