"""docs/cli.md and the man page are made from the commands and say the exit codes of the errors; --quiet is quiet."""

from __future__ import annotations

import re
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from midstance import errors
from midstance.cli import COMMANDS, EXIT_CODES

DOCS = Path(__file__).parent.parent.parent / "docs"
MADE = runpy.run_path(str(DOCS / "write_cli.py"))


def test_the_pages_are_those_of_the_code() -> None:
    assert (DOCS / "cli.md").read_text("utf-8") == MADE["page"](), "run: make docs"
    assert (DOCS / "midstance.1").read_text("utf-8") == MADE["man"](), "run: make docs"


def test_every_command_and_option_says_what_it_is_for() -> None:
    found = list(MADE["commands"]())
    assert {command.words.split()[0] for command in found} == set(COMMANDS)
    silent = [
        (command.words, name)
        for command in found
        for name, says in (("", command.says), *command.arguments, *command.options)
        if not says or "<" in name
    ]
    assert silent == []


def test_every_error_has_its_exit_code_in_the_table() -> None:
    kinds: list[type[errors.MidstanceError]] = [errors.MidstanceError, *errors.MidstanceError.__subclasses__()]
    assert {kind.exit_code for kind in kinds} | {0, 130} == set(EXIT_CODES)


@pytest.mark.skipif(shutil.which("groff") is None, reason="groff is not installed")
def test_the_man_page_is_one_that_groff_reads_without_a_word() -> None:
    read = subprocess.run(
        ["groff", "-man", "-Tascii", "-ww", str(DOCS / "midstance.1")], capture_output=True, text=True, check=True
    )
    assert read.stderr == ""
    struck_once = re.sub(r".\x08", "", read.stdout)  # bold is a letter, a step back, and the letter again
    assert "--slow-motion TIMES" in " ".join(struck_once.split())


def midstance(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "midstance", *words], capture_output=True, text=True, check=False)


def test_quiet_leaves_errors_and_nothing_else() -> None:
    said = midstance("ask", "--quiet", "how fast should my cadence be")
    assert (said.returncode, said.stdout, said.stderr) == (0, "", "")
    wrong = midstance("--quiet", "analyze", "no_such_film.mp4")
    assert wrong.returncode == 3
    assert wrong.stdout == ""
    assert wrong.stderr.startswith("midstance: ")
    assert wrong.stderr.count("\n") == 1
