"""Remake the pages that are made from the code: measures, rules, the command line, the angles, the words."""

from __future__ import annotations

import runpy
from pathlib import Path

SCRIPTS = ("draw_conventions.py", "write_measures.py", "write_rules.py", "write_cli.py", "write_words.py")

if __name__ == "__main__":
    for script in SCRIPTS:
        runpy.run_path(str(Path(__file__).with_name(script)), run_name="__main__")
