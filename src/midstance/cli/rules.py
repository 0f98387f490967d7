"""`midstance rules`: a coach's own rules and bands, put to the test."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.options import Yes, allow_rules
from midstance.cli.terminal import out, plain_app

app = plain_app("Rules and bands of your own.", no_args_is_help=True)

Folder = Annotated[str, typer.Argument(metavar="FOLDER", help="What is given to --rules.", show_default=False)]


@app.callback()
def rules() -> None:
    """Rules and bands of your own."""


@app.command("test")
def run_examples(said: Folder, yes: Yes = False) -> None:
    """Run the worked examples of every rule with a folder of your own laid over them. Its Python files are run."""
    from midstance import plugins
    from midstance.coaching import rules

    folder = plugins.rules_folder(said)
    if Path(said).is_dir():
        allow_rules(folder, yes=yes)
    failures = rules.check(folder)
    for failure in failures:
        out.print(failure)
    out.print(f"{len(rules.load(folder).rules)} rules, {len(failures)} failures")
    raise typer.Exit(1 if failures else 0)
