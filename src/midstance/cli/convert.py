"""`midstance convert`: turn points, curves or results into the format of another program."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.options import Rate
from midstance.cli.terminal import out, plain_app

app = plain_app()

Source = Annotated[
    Path, typer.Argument(metavar="IN", help="A folder of results, or a file of points or curves.", show_default=False)
]
Target = Annotated[
    Path,
    typer.Argument(
        metavar="OUT",
        help="The file to write: .trc .mot .c3d .csv .parquet .nc .json .xlsx, or a folder for OpenPose files.",
        show_default=False,
    ),
]


@app.command()
def convert(source: Source, target: Target, rate: Rate = None) -> None:
    """Turn points, curves or results into the format of another program, and say what was in them."""
    from midstance.formats.convert import convert as turn

    for line in turn(source, target, rate):
        out.print(line)
