"""`midstance film`: two or three takes side by side, locked to the phase of the stride."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from midstance.cli.runs import analyze_clip
from midstance.cli.terminal import bar, is_take, out
from midstance.errors import UsageError
from midstance.formats.files import written_whole
from midstance.model import Analysis
from midstance.options import Options
from midstance.render.side_by_side import side_by_side
from midstance.store import open_store
from midstance.store.ingest import options_of

app = typer.Typer()

What = Annotated[list[str], typer.Argument(help="Two or three films or numbers of takes.", show_default=False)]
Out = Annotated[Path, typer.Option("--out", help="Where to write the film.")]
Ghost = Annotated[bool, typer.Option("--ghost", help="Lay the later takes over the first as skeletons.")]
Lock = Annotated[str, typer.Option("--lock", help="What is held together: phase (landing against landing).")]


@app.command()
def film(what: What, to: Out = Path("side-by-side.mp4"), lock: Lock = "phase", ghost: Ghost = False) -> None:
    """Lay takes side by side: running the same way, equally tall, landing against landing."""
    if len(what) not in (2, 3):
        raise UsageError(f"{len(what)} films were given; two or three can be laid side by side")
    if lock != "phase":
        raise UsageError(f"--lock {lock}: films can be held together by their phase only")
    with ExitStack() as stack:
        takes = []
        for word in what:
            analysis = _analysis_of(word, stack)
            takes.append((analysis.clip, analysis))
        names = [f"take {word}" if is_take(word) else Path(word).stem for word in what]
        with bar("drawing the film") as progress, written_whole(to) as half:
            made = side_by_side(takes, half, names=names, ghost=ghost, progress=progress)
    out.print(f"{to}   {len(made.shows)} frames, landing against landing")


def _analysis_of(word: str, stack: ExitStack) -> Analysis:
    """Analyse the film of a path, or of a take by its number; the store stays open as long as the stack."""
    title = f"looking at {word}"
    if not is_take(word):
        return analyze_clip(Path(word), Options(), title=title)
    store = open_store()
    stack.callback(store.close)
    take = store.take(int(word))
    film = stack.enter_context(store.shelf.local(take.clip.key))
    return analyze_clip(film, options_of(store.owner(take), take.known), title=title)
