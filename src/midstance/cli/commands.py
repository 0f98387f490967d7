"""Run one command: its module is loaded when it is asked for, and errors become one line."""

from __future__ import annotations

import sys
import traceback
import warnings
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from midstance import __version__
from midstance.cli import ANYWHERE, COMMANDS, caged
from midstance.cli.terminal import QuickGroup, be_quiet, err, out
from midstance.errors import MidstanceError


class Later(QuickGroup):
    """Lists the commands from the table, and imports one when it is run: pose, films and the store take seconds."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = {
            name: TyperCommand(name, help=says, short_help=says, rich_markup_mode=None)
            for name, says in COMMANDS.items()
        }

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Load the command that is to run; return it with the words left for it."""
        name, _, rest = super().resolve_command(ctx, args)
        return name, load(name) if name else None, rest


def load(name: str) -> Any:
    """Load a command with its options from its file."""
    return typer.main.get_command(import_module(f"midstance.cli.{name}").app)


app = typer.Typer(
    cls=Later,
    name="midstance",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=f"Of every command: {' '.join(f'{flag}: {says}' for flag, says in ANYWHERE.items())}",
)


def _print_version(wanted: bool) -> None:
    if wanted:
        out.print(f"midstance {__version__}")
        raise typer.Exit


Version = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and stop.")
]


@app.callback()
def midstance(version: Version = False) -> None:
    """Film a runner, learn what is really going on, get one cue, film again and see whether it worked."""


def run() -> None:
    """Run one command; an error is one line that says what to do, `--debug` shows where it came from."""
    debug = "--debug" in sys.argv
    if "--quiet" in sys.argv:
        be_quiet()
    caged.enter(debug=debug)
    sys.argv = [word for word in sys.argv if word not in {"--debug", "--quiet"}]
    if not (debug or sys.warnoptions):
        warnings.simplefilter("ignore")  # of libraries; what a reader should know is said in the report
    try:
        sys.exit(app(standalone_mode=False, prog_name="midstance"))
    except MidstanceError as fault:
        if debug:
            traceback.print_exc()
        err.print(f"midstance: {fault.say('cli')}")
        sys.exit(fault.exit_code)
    except (KeyboardInterrupt, EOFError, typer.Abort):
        err.print("midstance: stopped")
        sys.exit(130)
    except Exception as fault:
        if hasattr(fault, "format_message"):
            from midstance.cli.mistakes import say_mistake

            err.print(say_mistake(fault))
            sys.exit(int(getattr(fault, "exit_code", 2)))
        if debug:
            raise
        says, code = caged.say_fault(fault)
        err.print(f"midstance: {says}")
        sys.exit(code)
