"""`midstance explain`: what a word of the reports means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli.options import Rules
from midstance.cli.terminal import out, plain_app

if TYPE_CHECKING:
    from midstance.measures.registry import Definition

app = plain_app()

Word = Annotated[str | None, typer.Argument(help="A problem, cause, cue or measure.", show_default=False)]


@app.command()
def explain(word: Word = None, folder: Rules = None) -> None:
    """Explain a problem, cause, cue or measure; without a word, list all of them."""
    from midstance.coaching import rules
    from midstance.errors import UsageError
    from midstance.measures import BY_ID

    if word is None:
        for name in (*rules.explained_words(folder), *BY_ID):
            out.print(name)
        return
    if text := rules.explain(word, folder):
        out.print(text)
    elif word in BY_ID:
        for line in _measure(BY_ID[word], folder):
            out.print(line)
    else:
        near = [name for name in (*rules.explained_words(folder), *BY_ID) if word.lower()[:5] in name]
        hint = f" Did you mean {', '.join(near[:3])}?" if near else " midstance explain lists every word."
        raise UsageError(f"There is nothing called {word!r} here.{hint}")


def _measure(definition: Definition, folder: Path | None) -> Iterator[str]:
    from midstance.coaching.rules import load
    from midstance.text.people import explain_usual

    yield f"{definition.id}: {definition.name}"
    yield ""
    yield definition.says
    yield from explain_usual(definition.id, definition.unit, load(folder).bands)
    yield f"How: {definition.formula}"
    yield f"Unit: {definition.unit}. View: {definition.plane.replace('_', ' ')}. Source: {definition.source}"
