"""Open the two streams of a terminal, show progress on the second, ask there, and read what a typed word means."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import typer
from typer.core import TyperGroup

from midstance.reasons import printable

if TYPE_CHECKING:
    from rich.console import Console

    from midstance.model import OnProgress, Question


class Stream:
    """One stream of the terminal; its console is loaded when something is first printed."""

    def __init__(self, *, stderr: bool = False) -> None:
        self._stderr = stderr
        self.silent = False

    @cached_property
    def console(self) -> Console:
        """The console that prints to it."""
        from rich.console import Console

        return Console(stderr=self._stderr, highlight=False, soft_wrap=True, markup=False)

    @property
    def is_terminal(self) -> bool:
        """Whether somebody reads it now."""
        return self.console.is_terminal

    def print(self, *words: object) -> None:
        """Print words on a line, as they are but for what would steer the terminal; nothing once it is silent."""
        if not self.silent:
            self.console.print(*(printable(str(word), keep="\n\t") for word in words))


out, err = Stream(), Stream(stderr=True)


def be_quiet() -> None:
    """Print nothing but errors from now on: no report, no note, no bar."""
    out.silent = True


def note(text: str) -> None:
    """Print a note beside the report; none when quiet."""
    if not out.silent:
        err.print(f"note: {text}")


Value = TypeVar("Value")


@contextmanager
def bar(title: str, *, quiet: bool = False, in_bytes: bool = False) -> Iterator[OnProgress]:
    """Show a bar of what is done out of the total, from the first progress on; it is gone at the end."""
    from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    amount = DownloadColumn() if in_bytes else MofNCompleteColumn()
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), amount, TimeRemainingColumn())
    with Progress(
        *columns, console=err.console, transient=True, disable=quiet or out.silent or not err.is_terminal
    ) as bars:
        task = bars.add_task(printable(title), total=None, visible=False)

        def on_progress(done: int, total: int) -> None:
            bars.update(task, completed=done, total=total, visible=True)
            if done == total:
                bars.stop()  # a question may follow

        yield on_progress


class QuickGroup(TyperGroup):
    """Commands whose own options are all flags; a flag that is not given is False, since typer reads None by pydantic.

    Loading pydantic takes a third of the time of --help.
    """

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Read the options that come before the command."""
        for option in self.get_params(ctx):
            option.default = option.default or False
        return super().parse_args(ctx, args)


def plain_app(about: str | None = None, **settings: Any) -> typer.Typer:
    """Return an app whose help is plain text: drawing it in boxes takes another third."""
    return typer.Typer(cls=QuickGroup, help=about, add_completion=False, rich_markup_mode=None, **settings)


# -- asking ------------------------------------------------------------------------------------------------------


def can_ask() -> bool:
    """Return whether somebody sits at the terminal who can answer."""
    return sys.stdin.isatty() and err.is_terminal


def make_sure(question: str, *, yes: bool) -> None:
    """Ask before something is lost, unless --yes was given. Raises typer.Abort, or UsageError where nobody answers."""
    from midstance.errors import UsageError
    from midstance.reasons import Reason

    try:
        if not (yes or agreed(question)):
            raise typer.Abort
    except EOFError:
        raise UsageError(Reason("nobody_answers", question=question)) from None


def ask_words(question: str, usual: str = "") -> str:
    """Ask for some words; return what is usual if nothing is typed. Raises EOFError where nobody answers."""
    err.print(question)
    if err.is_terminal:
        err.console.print("> ", end="")
    if not (said := sys.stdin.readline()):
        raise EOFError
    return said.strip() or usual


def agreed(question: str) -> bool:
    """Ask a question until it is answered with yes or no; nothing typed is no. Raises EOFError."""
    while True:
        said = ask_words(f"{question} (yes or no)", "no").casefold()
        for meant, words in ((True, "yes"), (False, "no")):
            if words.startswith(said):
                return meant
        err.print("Type yes or no.")


def read_said(read: Callable[[str], Value], said: str | None) -> Value | None:
    """Return what a function makes of a typed text; where it has several readings, ask which is meant.

    Raises UsageError for a text that cannot be meant, or when nobody can be asked.
    """
    from midstance.quantities import Ambiguous

    if said is None:
        return None
    try:
        return read(said)
    except Ambiguous as doubt:
        if not can_ask():
            raise
        texts = [reading.text for reading in doubt.readings]
        meant = ask_words(f"{said}: is that {', '.join(texts[:-1])} or {texts[-1]}?")
        chosen = [text for text in texts if meant and text.endswith(meant.lstrip("/"))]
        return read_said(read, chosen[0] if len(chosen) == 1 else meant)


def ask_about(question: Question) -> float | None:
    """Ask what only the person knows of a film, until it can be understood; None if nobody can answer, or knows."""
    from midstance.errors import UsageError
    from midstance.quantities import speed_mps, times_slower

    if not can_ask():
        return None
    guess = f"{question.suggestion:g}"
    belt = question.about == "speed"
    words, usual, read = (_HOW_FAST, "", speed_mps) if belt else (_how_slow(question, guess), guess, times_slower)
    while said := ask_words(words, usual):
        try:
            return read_said(read, said)
        except UsageError as fault:
            err.print(fault.say("cli"))
    return None


_HOW_FAST = "This is a treadmill. How fast did the belt run, as on its display, such as 10km/h? (Enter: I do not know)"


def _how_slow(question: Question, guess: str) -> str:
    from midstance.gait.time_base import pace_of
    from midstance.reasons import say

    pace = say(pace_of(question.suggestion), "cli")
    return f"The film seems to play {pace}. How many times slower is it? (Enter: {guess}; 1: it is not)"


# -- words and data ----------------------------------------------------------------------------------------------


def is_take(word: str) -> bool:
    """Return whether a word of the command line is the number of a take, and not a file of that name."""
    return re.fullmatch(r"[0-9]{1,18}", word) is not None and not Path(word).exists()


def check_outputs(*files: Path | str | None, folder: Path | None = None) -> None:
    """Say before the work what cannot be written after it: "-" and None are nothing to write. Raises InputError."""
    from midstance.formats.files import check_output

    for file in files:
        if file is not None and str(file) != "-":
            check_output(Path(file))
    if folder is not None:
        check_output(folder, folder=True)


def as_json(content: Mapping[str, Any], *, indent: int | None = None) -> str:
    """Return JSON that steers no terminal: what JSON leaves of control signs in texts is written as a number."""
    text = json.dumps(content, indent=indent, ensure_ascii=False, allow_nan=False)
    return "".join(
        letter if letter == "\n" or printable(letter) == letter else json.dumps(letter)[1:-1] for letter in text
    )


def _for_pipe(content: Mapping[str, Any]) -> str:
    """Return JSON that the pipe can take: where it knows few letters, the others are written as numbers."""
    text = as_json(content, indent=1)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return json.dumps(content, indent=1, allow_nan=False)
    return text


def write_out(content: Mapping[str, Any], json_to: str | None) -> None:
    """Write plain data as JSON to a file, or to the pipe for "-"; None writes nothing. Raises InputError."""
    if json_to == "-":
        print(_for_pipe(content))  # noqa: T201  (plain, for a pipe)
    elif json_to:
        from midstance.formats.files import write_json

        write_json(content, Path(json_to))


def name_once(name: str, says: str) -> str:
    """Return what was said of one file of many with the name of that file before it, once."""
    return f"{name}: {says.removeprefix(f'{name}: ')}"
