"""Write docs/cli.md and the man page docs/midstance.1 from the commands themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from midstance.cli import ANYWHERE, COMMANDS, EXIT_CODES
from midstance.cli.commands import load

FOLDER = Path(__file__).parent
PAGE, MAN = FOLDER / "cli.md", FOLDER / "midstance.1"
ABOUT = "film a runner, learn what is really going on, get one cue, film again"


class Command(NamedTuple):
    """One command: its words, what it does, and what may follow it."""

    words: str
    says: str
    usage: str
    arguments: tuple[tuple[str, str], ...]
    options: tuple[tuple[str, str], ...]


def commands() -> Iterator[Command]:
    """Yield every command, and in place of a group its own commands."""
    for name in COMMANDS:
        found = load(name)
        below = getattr(found, "commands", None)
        if not below:
            yield _command(name, found)
            continue
        for word, each in below.items():
            yield _command(f"{name} {word}", each)


def _command(words: str, found: Any) -> Command:
    context = found.make_context(words, [], resilient_parsing=True)
    arguments = [p for p in found.params if p.param_type_name == "argument"]
    options = [p for p in found.params if p.param_type_name == "option" and "--help" not in p.opts]
    names = [_name(argument) for argument in arguments]
    return Command(
        words=words,
        says=found.help or "",
        usage=" ".join(["midstance", words, *(["[OPTIONS]"] if options else []), *names]),
        arguments=tuple((name, argument.help or "") for name, argument in zip(names, arguments, strict=True)),
        options=tuple(option.get_help_record(context) for option in options),
    )


def _name(argument: Any) -> str:
    name = f"{(argument.metavar or argument.name).upper()}{'...' if argument.nargs == -1 else ''}"
    return name if argument.required else f"[{name}]"


def page() -> str:
    """Return the whole of docs/cli.md."""
    return "\n".join([*_head(), *(line for command in commands() for line in _section(command)), *_ends()]) + "\n"


def _head() -> Iterator[str]:
    yield "# The command line"
    yield ""
    yield "Made by `docs/write_cli.py` from `src/midstance/cli/`. `man docs/midstance.1` shows the same."
    yield ""
    yield "| anywhere on the line | |"
    yield "|---|---|"
    yield from (f"| `{flag}` | {says} |" for flag, says in ANYWHERE.items())
    yield ""


def _section(command: Command) -> Iterator[str]:
    yield f"## {command.words}"
    yield ""
    yield f"`{command.usage}`"
    yield ""
    yield command.says
    yield ""
    if rows := [*command.arguments, *command.options]:
        yield "| | |"
        yield "|---|---|"
        yield from (f"| `{name}` | {says.replace('|', chr(92) + '|')} |" for name, says in rows)
        yield ""


def _ends() -> Iterator[str]:
    yield "## How it ends"
    yield ""
    yield "| exit code | when |"
    yield "|---|---|"
    yield from (f"| {code} | {says} |" for code, says in EXIT_CODES.items())


def man() -> str:
    """Return the man page, in the macros of man(7)."""
    return "\n".join(_man()) + "\n"


def _man() -> Iterator[str]:
    yield ".TH MIDSTANCE 1"
    yield ".SH NAME"
    yield f"midstance \\- {_roff(ABOUT)}"
    yield ".SH SYNOPSIS"
    yield ".B midstance"
    yield "COMMAND [OPTIONS] ..."
    yield ".SH OPTIONS OF EVERY COMMAND"
    yield from (line for row in ANYWHERE.items() for line in _item(*row))
    yield ".SH COMMANDS"
    for command in commands():
        yield f".SS {_roff(command.usage)}"
        yield _roff(command.says)
        yield from (line for row in (*command.arguments, *command.options) for line in _item(*row))
    yield ".SH EXIT STATUS"
    yield from (line for code, says in EXIT_CODES.items() for line in _item(str(code), says))


def _item(name: str, says: str) -> Iterator[str]:
    yield ".TP"
    yield f".B {_roff(name)}"
    yield _roff(says)


def _roff(text: str) -> str:
    """Return text in which no hyphen becomes a dash and no line begins with a command."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq").replace('"', "\\(dq")
    return f"\\&{safe}" if safe.startswith(".") else safe


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    MAN.write_text(man(), encoding="utf-8")
