"""`midstance film`: two or three takes side by side, locked to the phase of the stride."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from midstance.analyse import Options, judge
from midstance.errors import UsageError
from midstance.pair import side_by_side
from midstance.terminal import bar, out
from midstance.video import open_clip

app = typer.Typer()

Clips = Annotated[list[Path], typer.Argument(help="Two or three films, the earliest first.", show_default=False)]
Out = Annotated[Path, typer.Option("--out", help="Where to write the film.")]
Ghost = Annotated[bool, typer.Option("--ghost", help="Lay the later takes over the first as skeletons.")]
Lock = Annotated[str, typer.Option("--lock", help="What is held together: phase (landing against landing).")]


@app.command()
def film(clips: Clips, to: Out = Path("side-by-side.mp4"), lock: Lock = "phase", ghost: Ghost = False) -> None:
    """Lay takes side by side: running the same way, equally tall, landing against landing."""
    if len(clips) not in (2, 3):
        raise UsageError(f"{len(clips)} films were given; two or three can be laid side by side")
    if lock != "phase":
        raise UsageError(f"--lock {lock}: films can be held together by their phase only")
    takes = []
    for path in clips:
        clip = open_clip(path)
        with bar(f"looking at {path.name}") as progress:
            takes.append((clip, judge(clip, Options(), progress=progress)))
    with bar("drawing the film") as progress:
        made = side_by_side(takes, to, names=[path.stem for path in clips], ghost=ghost, progress=progress)
    out.print(f"{made.path}   {len(made.shows)} frames, landing against landing")
