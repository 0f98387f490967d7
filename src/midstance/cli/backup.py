"""`midstance backup`: everything of the store in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.athletes import opened_store
from midstance.cli.terminal import out, plain_app

app = plain_app()

File = Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, such as midstance-2026-11-30.zip.")]


@app.command()
def backup(file: File) -> None:
    """Write every runner, take, film and account into one file; the server may run meanwhile."""
    from midstance.store.backup import back_up
    from midstance.store.locations import data_folder
    from midstance.text.names import count

    with opened_store() as store:
        films = back_up(store, file, data_folder() / "web.key")
    out.print(f"{file}: everything, with {count(films, 'file')} of films and results.")
