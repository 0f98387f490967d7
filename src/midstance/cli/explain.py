"""`midstance explain`: what a word of the reports means."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli import completion
from midstance.cli.options import Rules
from midstance.cli.terminal import out, plain_app

if TYPE_CHECKING:
    from midstance.measures.registry import Definition

app = plain_app()

Word = Annotated[
    list[str] | None,
    typer.Argument(
        help='A problem, cause, cue or measure, as you call it: overstride, "heel strike".',
        show_default=False,
        autocompletion=completion.words,
    ),
]


@app.command()
def explain(word: Word = None, folder: Rules = None) -> None:
    """Explain a problem, cause, cue or measure; without a word, list all of them."""
    from midstance.coaching import rules
    from midstance.errors import UsageError
    from midstance.text.explain import list_of_words, meaning

    if not word:
        for line in list_of_words(rules.load(folder).rules):
            out.print(line)
        return
    asked = " ".join(word)
    meant = meaning(asked, rules.load(folder).rules)
    if not meant.ids:
        near = ", ".join(f'"{name}"' for name in meant.near)
        hint = (
            f" Did you mean {near}?"
            if near
            else " midstance explain lists every word; midstance ask answers questions."
        )
        raise UsageError(f"There is nothing called {asked!r} here.{hint}")
    if meant.name:
        out.print(f"Taken as: {meant.name}\n")
    for line in _explained(meant.ids[0], folder):
        out.print(line)
    if len(meant.ids) > 1:
        out.print(f"\nSee also: {', '.join(meant.ids[1:])}")


def _explained(identity: str, folder: Path | None) -> Iterator[str]:
    from midstance.coaching import rules
    from midstance.measures import BY_ID

    if text := rules.explain(identity, folder):
        yield text.rstrip()
    else:
        yield from _measure(BY_ID[identity], folder)


def _measure(definition: Definition, folder: Path | None) -> Iterator[str]:
    from midstance.coaching.rules import load
    from midstance.text.people import explain_usual

    yield f"{definition.id}: {definition.name}"
    yield ""
    yield definition.says
    yield from explain_usual(definition.id, definition.unit, load(folder).bands)
    yield f"How: {definition.formula}"
    yield f"Unit: {definition.unit}. View: {definition.plane.replace('_', ' ')}. Source: {definition.source}"
