"""`midstance rules`: a coach's own rules and bands, put to the test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.options import rules_folder
from midstance.cli.terminal import out, plain_app

app = plain_app("Rules and bands of your own.", no_args_is_help=True)

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="What is given to --rules.", parser=rules_folder, show_default=False)
]


@app.callback()
def rules() -> None:
    """Rules and bands of your own."""


@app.command("test")
def test_rules(folder: Folder) -> None:
    """Run the worked examples of every rule with a folder of your own laid over them."""
    from midstance.coaching import rules

    failures = rules.check(folder)
    for failure in failures:
        out.print(failure)
    out.print(f"{len(rules.load(folder).rules)} rules, {len(failures)} failures")
    raise typer.Exit(1 if failures else 0)
