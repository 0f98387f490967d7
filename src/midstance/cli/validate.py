"""`midstance validate`: how far off midstance is on a laboratory's own films and truth."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli.options import with_clip_options
from midstance.cli.terminal import note, out, plain_app

if TYPE_CHECKING:
    from midstance.model import Analysis
    from midstance.options import Options

app = plain_app()

Folder = Annotated[
    Path,
    typer.Argument(
        help="Files of one name make a trial: a film or points, and beside it forces, contacts or markers.",
        show_default=False,
    ),
]
Audit = Annotated[
    Path | None,
    typer.Option("--audit", metavar="FILE", help="Also write every pair of numbers as CSV, as poseaudit reads it."),
]


@app.command()
@with_clip_options(("height_m", "speed_mps", "pictures_hz", "model"))
def validate(folder: Folder, *, options: Options, audit: Audit = None) -> None:
    """Say how far off midstance is on films of your laboratory, beside its force plates or markers."""
    from midstance.cli.runs import analyze_clip
    from midstance.comparison import laboratory
    from midstance.formats.files import write_text

    def analyze(path: Path) -> Analysis:
        own_clock = path.suffix.lower() in laboratory.MARKERS
        return analyze_clip(path, replace(options, pictures_hz=None) if own_clock else options, title=path.name)

    pairs, notes = laboratory.validate(folder, analyze)
    for said in notes:
        note(said)
    for line in laboratory.lines(laboratory.table(pairs)):
        out.print(line)
    if audit:
        write_text(laboratory.audit(pairs), audit)
        out.print(f"Written: {audit}. Read it with: poseaudit paired --table {audit}")
