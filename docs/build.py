"""Remake the pages that are made from the code, build the site of the documents, and check its links."""

from __future__ import annotations

import runpy
from pathlib import Path

SCRIPTS = (
    "draw_conventions.py",
    "draw_filming.py",
    "write_measures.py",
    "write_numbers.py",
    "write_rules.py",
    "write_cli.py",
    "write_words.py",
    "write_decisions.py",
    "site.py",
)

if __name__ == "__main__":
    for script in SCRIPTS:
        runpy.run_path(str(Path(__file__).with_name(script)), run_name="__main__")
