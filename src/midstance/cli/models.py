"""`midstance models`: which pose models are here, fetch one now, take one from a file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli import completion
from midstance.cli.terminal import bar, out, plain_app

app = plain_app("The pose models: which are here, fetch one now, or take one from a file.")

Names = Annotated[
    list[str],
    typer.Argument(
        help="detector, full, lite, heavy or rtmpose-m.", show_default=False, autocompletion=completion.models
    ),
]
From = Annotated[
    Path | None, typer.Option("--from", metavar="FILE", help="A file brought by hand: weights, wheel, zip or tarball.")
]


@app.callback(invoke_without_command=True)
def show(context: typer.Context) -> None:
    """List the pose models and where they lie."""
    from midstance.pose import weights

    if context.invoked_subcommand:
        return
    for row in weights.status():
        state = "not here" if not row.present else "ok" if row.sound else "damaged"
        where = str(row.path) if row.present else "fetched at first use"
        out.print(f"{row.name:12} {state:9} {row.size_mb:6.1f} MB   {where}")


@app.command()
def fetch(names: Names, file: From = None) -> None:
    """Bring pose models to this machine, so that midstance works without a network from then on."""
    from midstance.errors import UsageError
    from midstance.pose import weights

    for name in names:
        if name not in weights.FILES:
            raise UsageError(f"There is no pose model called {name}. Choose from {', '.join(weights.FILES)}.")
    for name in names:
        path = weights.take_from(file, name) if file else bring(name)
        out.print(f"{name}: {path}")


def bring(name: str, *, quiet: bool = False) -> Path:
    """Return the file of a pose model, fetched under a progress bar if it is not here."""
    from midstance.pose import weights

    with bar(f"fetching the pose model {name}", quiet=quiet, in_bytes=True) as progress:
        return weights.find(name, progress=progress)
