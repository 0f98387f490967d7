"""`midstance demo`: the clip that comes with midstance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.terminal import plain_app

app = plain_app()

Out = Annotated[Path, typer.Option("--out", metavar="PATH", help="Folder for the results.")]


@app.command()
def demo(folder: Out = Path("demo-out")) -> None:
    """Analyse the clip that comes with midstance: a rendered runner, 1.66 m tall, on a treadmill."""
    from midstance import data
    from midstance.cli.batch import Wanted, analyze_one
    from midstance.options import Options

    with data.on_disk("demo.mp4") as clip:
        analyze_one(clip, Options(height_m=1.66), Wanted(folder=folder))
