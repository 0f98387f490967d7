"""Write what the server was measured at into its section of RESULTS.md."""

from __future__ import annotations

from collections.abc import Iterable

from validation.__main__ import RESULTS, with_section


def write_section(title: str, says: str, rows: Iterable[str]) -> None:
    """Write a section in its place, or at the end."""
    section = "\n".join(("", f"## {title}", "", says, "", *rows)) + "\n"
    RESULTS.write_text(with_section(RESULTS.read_text(encoding="utf-8"), title, section), encoding="utf-8")
