"""`ask`, `explain` and `rules test`: the coach's words, and a coach's own words put to the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.terminal import out
from midstance.coaching import rules
from midstance.comparison.take import read_take
from midstance.errors import UsageError
from midstance.formats import analysis_json
from midstance.measures import BY_ID
from midstance.measures.registry import Definition
from midstance.model import NotAssessed
from midstance.reasons import as_written
from midstance.text.answers import answer, answer_lines, topics

app = typer.Typer()
own_rules = typer.Typer(help="Rules and bands of your own.", no_args_is_help=True)
app.add_typer(own_rules, name="rules")

Question = Annotated[list[str] | None, typer.Argument(help='Such as "my shins ache".', show_default=False)]
With = Annotated[Path | None, typer.Option("--with", help="A folder of results; the answer then shows your numbers.")]
Word = Annotated[str | None, typer.Argument(help="A problem, cause, cue or measure.", show_default=False)]
Folder = Annotated[Path, typer.Argument(help="The folder given to --rules.", show_default=False)]
Rules = Annotated[Path | None, typer.Option("--rules", help="A folder with rules and bands of your own.")]


@app.command()
def ask(question: Question = None, results: With = None) -> None:
    """Answer a question about running form; without one, list what can be asked."""
    if not question:
        for topic in topics():
            out.print(topic)
        return
    text = " ".join(question)
    measures, gaps = (read_take(results).measures, _missing(results)) if results else ((), ())
    found = answer(text, measures, gaps, door="cli")
    for line in answer_lines(found):
        out.print(line)
    if found.yours or found.title is None or results:
        return
    out.print("To see your own numbers beside it: midstance ask ... --with CLIP.midstance")


@app.command()
def explain(word: Word = None, folder: Rules = None) -> None:
    """Explain a problem, cause, cue or measure; without a word, list all of them."""
    if word is None:
        for name in (*rules.explained_words(folder), *BY_ID):
            out.print(name)
        return
    if text := rules.explain(word, folder):
        out.print(text)
    elif word in BY_ID:
        for line in _measure(BY_ID[word]):
            out.print(line)
    else:
        near = [name for name in (*rules.explained_words(folder), *BY_ID) if word.lower()[:5] in name]
        hint = f" Did you mean {', '.join(near[:3])}?" if near else " midstance explain lists every word."
        raise UsageError(f"There is nothing called {word!r} here.{hint}")


@own_rules.command("test")
def test_rules(folder: Folder) -> None:
    """Run the worked examples of every rule with a folder of your own laid over them."""
    failures = rules.check(folder)
    for failure in failures:
        out.print(failure)
    out.print(f"{len(rules.load(folder).rules)} rules, {len(failures)} failures")
    raise typer.Exit(1 if failures else 0)


def _measure(definition: Definition) -> Iterator[str]:
    yield f"{definition.id}: {definition.name}"
    yield ""
    yield definition.says
    yield f"How: {definition.formula}"
    yield f"Unit: {definition.unit}. View: {definition.plane.replace('_', ' ')}. Source: {definition.source}"


def _missing(results: Path) -> list[NotAssessed]:
    file = results / "analysis.json" if results.is_dir() else results
    content = analysis_json.read(file.read_text(encoding="utf-8"), str(file))
    listed = [] if isinstance(content, analysis_json.RefusalJson) else content.not_assessed
    return [NotAssessed(id=one.id, reason=as_written(one.reason)) for one in listed]
