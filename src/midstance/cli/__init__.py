"""The command line: each command's module is loaded when the command is asked for, and errors become one line."""

from __future__ import annotations

import sys
import traceback
import warnings
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from midstance import __version__
from midstance.cli import caged
from midstance.cli.terminal import QuickGroup, be_quiet, err, out
from midstance.errors import MidstanceError

COMMANDS = {
    "analyze": (
        "Measure a runner: what is seen, the one thing to change and why, the cue, and what could not be judged."
    ),
    "demo": "Analyse the clips that come with midstance: a rendered runner on a treadmill, before and after a change.",
    "photo": "Read single pictures: for everyone in them the moment of the stride and the angles, or why not.",
    "compare": "Say what changed between two takes or more, beyond the error of the camera, and what to do now.",
    "film": "Lay takes side by side: running the same way, equally tall, landing against landing.",
    "convert": "Turn points, curves or results into the format of another program, and say what was in them.",
    "validate": "Say how far off midstance is on films of your laboratory, beside its force plates or markers.",
    "athletes": "The runners you film: add, list, show, edit, delete, export, import.",
    "takes": "Their films: add, list, show, report, edit, analyze, join, watch, delete, tidy.",
    "ask": "Answer a question about running form; without one, list what can be asked.",
    "beat": "Write a click for every step as a WAV file to run to.",
    "explain": "Explain a problem, cause, cue or measure; without a word, list all of them.",
    "serve": "Open midstance in the browser: upload films, see reports, compare takes. Nothing leaves this machine.",
    "backup": "Write every runner, take, film and account into one file; the server may run meanwhile.",
    "restore": "Put everything of a backup into an empty store, of whichever database; all of it or nothing.",
    "rules": "Rules and bands of your own.",
    "models": "The pose models: which are here, fetch one now, or take one from a file.",
    "mcp": "Serve analyses to a language model over standard input and output: read only, no network.",
    "doctor": "Say what works on this machine and what to do about the rest.",
    "schema": "Print the JSON Schema of analysis.json.",
}
"""Every command and what it does, in the order of --help; each is in the file of its name, loaded when it is run."""

ANYWHERE = {
    "--quiet": "Print errors alone, and what was asked for with --json -.",
    "--debug": "Show where an error came from.",
    "--help": "Say what a command does and what may follow it.",
}
"""Options that every command knows, wherever they stand on the line."""

EXIT_CODES = {
    0: "done",
    1: "something went wrong inside",
    2: "what was asked for makes no sense",
    3: "a file cannot be read or written",
    4: "the film was read, but cannot be judged; the reason is printed",
    5: "a pose model is missing and could not be fetched",
    130: "stopped by you",
}
"""How a command ends; of several films the first that failed decides."""


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


def main() -> None:
    """Run the command line; an error is one line that says what to do, `--debug` shows where it came from."""
    debug = "--debug" in sys.argv
    if "--quiet" in sys.argv:
        be_quiet()
    if caged.wants_cage(sys.argv[1:]):
        sys.exit(_outside())
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


def _outside() -> int:
    """Run the command in a cage and watch it."""
    try:
        return caged.run(sys.argv[1:])
    except MidstanceError as fault:
        err.print(f"midstance: {fault.say('cli')}")
        return fault.exit_code
