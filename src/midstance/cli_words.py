"""`midstance ask`: a question in plain words, with an analysis at hand also what its measures say about it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance import serial
from midstance.model import NotAssessed
from midstance.questions import answer, plain, topics
from midstance.takes import read_take
from midstance.terminal import out

app = typer.Typer()

Words = Annotated[list[str] | None, typer.Argument(help='The question, such as "my shins ache".', show_default=False)]
With = Annotated[Path | None, typer.Option("--with", help="A folder of results; the answer then shows your numbers.")]


@app.command()
def ask(words: Words = None, results: With = None) -> None:
    """Answer a question about running form; without one, list what can be asked."""
    if not words:
        for topic in topics():
            out.print(topic)
        return
    question = " ".join(words)
    told = answer(question, read_take(results).measures, _missing(results)) if results else answer(question)
    for line in plain(told):
        out.print(line)


def _missing(results: Path) -> list[NotAssessed]:
    file = results / "analysis.json" if results.is_dir() else results
    content = serial.read(file.read_text(encoding="utf-8"), str(file))
    listed = [] if isinstance(content, serial.RefusalJson) else content.not_assessed
    return [NotAssessed(id=one.id, reason=one.reason) for one in listed]
