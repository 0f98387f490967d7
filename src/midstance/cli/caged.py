"""Run a command that decodes films or pictures in a cage: a crash is one line for that file, the others go on.

The process that was started watches; a second one, the same command inside the cage (`midstance.cage`), does the work
on the same terminal. Of several files it notes which it has in hand, and what came of each, so that after a crash
another process goes on with the next.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from midstance import cage
from midstance.errors import InputError, MidstanceError
from midstance.limits import Limits, limits
from midstance.reasons import printable

COMMANDS = frozenset({"analyze", "photo", "compare", "film", "validate"})
OF_TAKES = frozenset({"add", "analyze", "join", "report"})
"""The commands that decode, and those that follow `takes`."""

NOTES = "MIDSTANCE_CAGE_NOTES"
"""Variable with the folder where the process inside notes how far it is."""

IN_HAND = "in-hand.json"


def wants_cage(words: Sequence[str]) -> bool:
    """Return whether a command line decodes foreign files and is not in a cage yet."""
    names = [word for word in words if not word.startswith("-")]
    if cage.is_inside() or {"--help", "-h"} & {*words} or not names:
        return False
    if names[0] == "live":  # a camera is nobody's file, and may be watched all day
        return any(Path(name).is_file() for name in names[1:])
    return names[0] in COMMANDS or (names[0] == "takes" and len(names) > 1 and names[1] in OF_TAKES)


# -- outside -------------------------------------------------------------------------------------------------------


def run(words: Sequence[str]) -> int:
    """Run the command in a cage, again after a crash as long as there are other files; return its exit code."""
    from midstance.formats.files import temporary_folder

    try:
        allowed = limits()
        with temporary_folder() as folder:
            while (code := _watch(words, _Notes(folder), allowed)) is None:
                pass
            return code
    except MidstanceError as fault:
        _say(fault.say("cli"))
        return fault.exit_code


def _watch(words: Sequence[str], notes: _Notes, allowed: Limits) -> int | None:
    """Run the command once; return its exit code, or None after a crash that leaves files to go on with."""
    watched = cage.Cage(
        "midstance",
        words,
        memory_bytes=1e9 * allowed.memory_gb,
        seconds=60 * allowed.work_minutes,
        speaks=False,
        variables={NOTES: str(notes.folder)},
    )
    with _signals_to(watched):
        try:
            return watched.wait(partial(notes.look, watched))
        except cage.CrashedError as crash:
            return None if notes.crashed(str(crash)) else InputError.exit_code


def _say(line: str) -> None:
    """Print one line beside what is printed inside; the terminal's module is not loaded for nothing."""
    print(f"midstance: {printable(line)}", file=sys.stderr)  # noqa: T201


class _Notes:
    """What the process inside noted, as the process outside reads it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._now: dict[str, Any] = {}

    def look(self, watched: cage.Cage) -> None:
        """Count the time anew when another file is in hand."""
        now = _read(self.folder / IN_HAND)
        if now.get("number") != self._now.get("number"):
            watched.start_again()
        self._now = now or self._now

    def crashed(self, says: str) -> bool:
        """Say which file it was, and note that nothing came of it; return whether there are others."""
        now = _read(self.folder / IN_HAND)
        name = f"{now['name']}: " if now.get("name") else ""
        _say(f"{name}{says}")
        if not now or now.get("number", 0) + 1 >= now.get("of", 1):
            return False
        _write(self.folder / f"{now['number']}.json", {"code": InputError.exit_code})
        return True


@contextlib.contextmanager
def _signals_to(watched: cage.Cage) -> Any:
    """Leave Ctrl-C to the process inside, which has the terminal too; the second one, or SIGTERM, ends it."""
    pressed = list[int]()

    def end(number: int, _frame: object) -> None:
        pressed.append(number)
        if number != signal.SIGINT or len(pressed) > 1:
            watched.kill()
            os._exit(128 + number)

    with cage.asked_to_stop(end):
        yield


# -- inside --------------------------------------------------------------------------------------------------------


def enter(*, debug: bool) -> None:
    """Enter the cage, if this process was started in one; then libraries no longer print on the terminal."""
    if NOTES in os.environ:
        cage.enter(by_pipe=False)
        if not debug:
            _silence_libraries()


def _silence_libraries() -> None:
    """Keep the terminal for our own words: what is printed past Python's streams goes nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for number, name in ((1, "stdout"), (2, "stderr")):
        old = getattr(sys, name)
        old.flush()
        ours = os.fdopen(os.dup(number), "w", encoding=old.encoding, errors=old.errors, buffering=1)
        os.dup2(nowhere, number)
        setattr(sys, name, ours)
        setattr(sys, f"__{name}__", ours)


def in_hand(number: int, name: str, *, of: int = 1) -> None:
    """Note which file is in hand now, for the process that watches."""
    if folder := os.environ.get(NOTES):
        _write(Path(folder, IN_HAND), {"number": number, "name": name, "of": of})


def note_outcome(number: int, code: int, content: object = None) -> None:
    """Note what came of a file: the exit code it alone would have, and its JSON."""
    if folder := os.environ.get(NOTES):
        _write(Path(folder, f"{number}.json"), {"code": code, "content": content})


def outcome(number: int) -> dict[str, Any] | None:
    """Return what came of a file in a process that crashed at a later one; None if it is still to be done."""
    folder = os.environ.get(NOTES)
    return (_read(Path(folder, f"{number}.json")) or None) if folder else None


def say_fault(fault: Exception) -> tuple[str, int]:
    """Return what an error says on the command line, on one line, and its exit code."""
    if isinstance(fault, MidstanceError):
        return fault.say("cli"), fault.exit_code
    if isinstance(fault, MemoryError):
        return cage.TOO_MUCH, InputError.exit_code
    inside = f"something went wrong inside ({type(fault).__name__}: {printable(str(fault))}). "
    return inside + "Run it again with --debug and report what it prints.", 1


def _write(path: Path, content: object) -> None:
    half = path.with_suffix(".half")
    half.write_text(json.dumps(content), encoding="utf-8")
    half.replace(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
