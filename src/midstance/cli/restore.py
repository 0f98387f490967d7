"""`midstance restore`: everything of a backup in an empty store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.athletes import opened_store
from midstance.cli.terminal import out, plain_app

app = plain_app()

File = Annotated[Path, typer.Argument(metavar="FILE", help="A file that midstance backup wrote.")]


@app.command()
def restore(file: File) -> None:
    """Put everything of a backup into an empty store, of whichever database; all of it or nothing."""
    from midstance.store.backup import restore as put_back
    from midstance.store.locations import data_folder
    from midstance.text.names import count

    with opened_store() as store:
        films = put_back(store, file, data_folder() / "web.key")
    out.print(f"Restored, with {count(films, 'file')} of films and results.")
