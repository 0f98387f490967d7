"""Know which Python files of a coach's folder this user allowed to run: a rule file runs with all the user's rights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

from midstance.limits import plain_file


def programs_in(folder: Path) -> list[Path]:
    """Return the Python files of a folder, in the order in which they are run."""
    return sorted(path for path in folder.glob("*.py") if path.name != "__init__.py")


def fingerprint(folder: Path) -> str:
    """Return the hash of every Python file of a folder with its name; empty without one. Raises OSError."""
    programs = programs_in(folder)
    return hash_of_named(programs, folder) if programs else ""


def hash_of_named(paths: Iterable[Path], folder: Path) -> str:
    """Return one hash of files of a folder, their names and what is in them, in the order given. Raises OSError."""
    digest = hashlib.sha256()
    for path in paths:
        content = plain_file(path).read_bytes()
        name = path.relative_to(folder)
        digest.update(f"{name}\0{len(content)}\0".encode("utf-8", "surrogateescape") + content)
    return digest.hexdigest()


def is_allowed(folder: Path, list_file: Path) -> bool:
    """Return whether a folder brings no programs, or those that were allowed; one letter changed is a new program."""
    mark = fingerprint(folder)
    try:
        return not mark or mark in list_file.read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError):
        return False


def allowed_now(folder: Path, list_file: Path) -> str:
    """Return the list of allowed fingerprints with that of a folder added."""
    known = list_file.read_text(encoding="ascii") if list_file.exists() else ""
    return f"{known}{fingerprint(folder)}\n"
