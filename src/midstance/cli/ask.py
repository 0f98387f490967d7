"""`midstance ask`: the coach's words to a runner's question."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli.options import Rules
from midstance.cli.terminal import out, plain_app

if TYPE_CHECKING:
    from midstance.model import NotAssessed

app = plain_app()

Question = Annotated[list[str] | None, typer.Argument(help='Such as "my shins ache".', show_default=False)]
With = Annotated[
    Path | None,
    typer.Option("--with", metavar="FOLDER", help="A folder of results; the answer then shows your numbers."),
]


@app.command()
def ask(question: Question = None, results: With = None, folder: Rules = None) -> None:
    """Answer a question about running form; without one, list what can be asked."""
    from midstance.comparison.take import read_take
    from midstance.text.answers import answer, answer_lines, topics

    if not question:
        for topic in topics(folder):
            out.print(topic)
        return
    text = " ".join(question)
    measures, gaps = (read_take(results).measures, _missing(results)) if results else ((), ())
    found = answer(text, measures, gaps, door="cli", folder=folder)
    for line in answer_lines(found):
        out.print(line)
    if found.yours or not found.sources or results:
        return
    out.print("To see your own numbers beside it: midstance ask ... --with CLIP.midstance")


def _missing(results: Path) -> list[NotAssessed]:
    from midstance.formats import analysis_json, analysis_schema
    from midstance.formats.text_file import text_of
    from midstance.model import NotAssessed
    from midstance.reasons import as_written

    file = results / "analysis.json" if results.is_dir() else results
    content = analysis_json.read(text_of(file), str(file))
    listed = [] if isinstance(content, analysis_schema.RefusalJson) else content.not_assessed
    return [NotAssessed(id=one.id, reason=as_written(one.reason)) for one in listed]
