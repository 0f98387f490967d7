"""`midstance film`: two or three takes side by side, locked to the phase of the stride."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli.athletes import opened_store
from midstance.cli.options import with_clip_options
from midstance.cli.terminal import bar, check_outputs, is_take, out, plain_app

if TYPE_CHECKING:
    from midstance.model import Analysis
    from midstance.options import Options

app = plain_app()

What = Annotated[
    list[str],
    typer.Argument(help="Two or three films or numbers of takes; with --beside one or two.", show_default=False),
]
Beside = Annotated[
    str | None,
    typer.Option("--beside", metavar="clean", help="Lay a typical runner without a fault beside them, at your speed."),
]
Out = Annotated[Path, typer.Option("--out", metavar="PATH", help="Where to write the film.")]
Ghost = Annotated[bool, typer.Option("--ghost", help="Lay the later takes over the first as skeletons.")]
Lock = Annotated[
    str, typer.Option("--lock", metavar="WHAT", help="What is held together: phase (landing against landing).")
]


@app.command()
@with_clip_options(("height_m", "speed_mps", "slow_motion", "person", "model", "blur_faces"))
def film(
    what: What,
    *,
    options: Options,
    to: Out = Path("side-by-side.mp4"),
    lock: Lock = "phase",
    ghost: Ghost = False,
    beside: Beside = None,
) -> None:
    """Lay takes side by side: running the same way, equally tall, landing against landing."""
    from midstance.comparison.clean import clean_stride
    from midstance.errors import UsageError
    from midstance.formats.files import written_whole
    from midstance.render.side_by_side import side_by_side
    from midstance.text.captions import CLEAN_BELOW, clean_title

    if beside not in (None, "clean"):
        raise UsageError(f"--beside {beside}: only a clean stride can be laid beside (--beside clean)")
    if len(what) + (beside is not None) not in (2, 3):
        many = "one or two" if beside else "two or three"
        raise UsageError(f"{len(what)} films were given; {many} can be laid side by side")
    if lock != "phase":
        raise UsageError(f"--lock {lock}: films can be held together by their phase only")
    check_outputs(to)
    with ExitStack() as stack:
        analyses = [_analysis(word, options, stack) for word in what]
        names = [f"take {word}" if is_take(word) else Path(word).stem for word in what]
        below = None
        if beside:
            clean = stack.enter_context(clean_stride(analyses[0].view.speed_mps))
            analyses, names = [*analyses, clean], [*names, clean_title(clean.view.speed_mps)]
            below = [CLEAN_BELOW]
        with bar("drawing the film") as progress, written_whole(to) as half:
            takes = [(analysis.clip, analysis) for analysis in analyses]
            made = side_by_side(
                takes, half, names=names, ghost=ghost, last_repeats=bool(beside), below=below, progress=progress
            )
    out.print(f"{to}   {len(made.shows)} frames, landing against landing")


def _analysis(word: str, options: Options, stack: ExitStack) -> Analysis:
    """Analyse the film of a path, or of a take by its number; the store stays open as long as the stack."""
    from midstance.cli.runs import analyze_clip
    from midstance.store.ingest import film_of, options_for

    title = f"looking at {word}"
    if not is_take(word):
        return analyze_clip(Path(word), options, title=title)
    store = stack.enter_context(opened_store())
    take = store.take(int(word))
    clip = stack.enter_context(film_of(store, take))
    return analyze_clip(clip, options_for(store, take, options), title=title)
