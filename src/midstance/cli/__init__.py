"""The command line: what there is, and where it starts; what takes time to load is loaded when it is needed."""

from __future__ import annotations

import sys
from importlib import import_module

from midstance.cli import caged, streams

COMMANDS = {
    "analyze": (
        "Measure a runner: what is seen, the one thing to change and why, the cue, and what could not be judged."
    ),
    "demo": "Analyse the clips that come with midstance: a rendered runner on a treadmill, before and after a change.",
    "batch": "Analyse many takes into tables of takes, strides and contacts; go on where it stopped.",
    "photo": "Read single pictures: for everyone in them the moment of the stride and the angles, or why not.",
    "compare": "Say what changed between two takes or more, beyond the error of the camera, and what to do now.",
    "film": "Lay takes side by side: running the same way, equally tall, landing against landing.",
    "live": "Watch a runner live: legs, cadence, contact, the number to change; a tone when the cue is met, or a beat.",
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


def main() -> None:
    """Run the command line: the commands that decode in a cage, the others here."""
    streams.open_all()
    if caged.wants_cage(sys.argv[1:]):
        sys.exit(caged.run(sys.argv[1:]))
    import_module("midstance.cli.commands").run()  # the process that watches a cage needs none of it
