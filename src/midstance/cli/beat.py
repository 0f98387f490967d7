"""`midstance beat`: a click for every step, to run to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.terminal import out, plain_app

app = plain_app()

Cadence = Annotated[str, typer.Argument(metavar="STEPS", help="Steps a minute, both feet counted: 168 or 168bpm.")]
Minutes = Annotated[float, typer.Option("--minutes", metavar="N", help="How long; it can be repeated without a gap.")]
Out = Annotated[Path | None, typer.Option("--out", metavar="FILE", help="The WAV file; beat_STEPS.wav if not given.")]


@app.command()
def beat(cadence: Cadence, minutes: Minutes = 1.0, to: Out = None) -> None:
    """Write a click for every step as a WAV file to run to."""
    from midstance.output.beat import write_beat
    from midstance.quantities import steps_a_minute

    spm = steps_a_minute(cadence)
    out.print(str(write_beat(spm, to or Path(f"beat_{spm:g}.wav"), seconds=60 * minutes)))
