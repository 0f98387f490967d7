"""The command line: each command's module is loaded when the command is asked for, and errors become one line."""

from __future__ import annotations

import sys
import traceback
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from midstance.errors import MidstanceError
from midstance.terminal import err

MODULE_OF = {
    "analyze": "cli_analyze",
    "demo": "cli_analyze",
    "photo": "cli_photo",
    "compare": "cli_takes",
    "film": "cli_film",
    "athletes": "cli_takes",
    "takes": "cli_takes",
    "ask": "cli_words",
    "explain": "cli_words",
    "rules": "cli_words",
    "models": "cli_models",
    "doctor": "cli_machine",
    "schema": "cli_machine",
}
"""Where each command lives, in the order of --help."""


class Later(TyperGroup):
    """Commands that are imported when they are asked for: pose, films and the store take seconds to load."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002
        """Every command, in the order of the table."""
        return list(MODULE_OF)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name not in MODULE_OF:
            return None
        found = typer.main.get_command(import_module(f"midstance.{MODULE_OF[cmd_name]}").app)
        return found.get_command(ctx, cmd_name) if isinstance(found, TyperGroup) else found


app = typer.Typer(
    cls=Later,
    name="midstance",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def midstance() -> None:
    """Film a runner, learn what is really going on, get one cue, film again and see whether it worked."""


def main() -> None:
    """Run the command line; an error is one line that says what to do, `--debug` shows where it came from."""
    debug = "--debug" in sys.argv
    sys.argv = [word for word in sys.argv if word != "--debug"]
    try:
        app()
    except MidstanceError as fault:
        if debug:
            traceback.print_exc()
        err.print(f"midstance: {fault}")
        sys.exit(fault.exit_code)
    except KeyboardInterrupt:
        err.print("midstance: stopped")
        sys.exit(130)
    except Exception as fault:
        if debug:
            raise
        err.print(
            f"midstance: something went wrong inside ({type(fault).__name__}: {fault}). "
            "Run it again with --debug and report what it prints.",
        )
        sys.exit(1)
