"""`midstance analyze`: measure the runner in films, and say the one thing to change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli.options import CLIP, with_clip_options
from midstance.cli.terminal import check_outputs, plain_app

if TYPE_CHECKING:
    from midstance.options import Options

app = plain_app()

Clips = Annotated[
    list[Path],
    typer.Argument(
        help="Films of a runner, folders of films or of pictures, or files of points (TRC, C3D, JSON, CSV, ...).",
        show_default=False,
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="PATH", help="Folder for the results; CLIP.midstance if not given.")
]
Json = Annotated[
    str | None,
    typer.Option(
        "--json",
        metavar="FILE",
        help="Also write the analysis here, a line for each of several clips; - prints only that.",
    ),
]
NoFilm = Annotated[bool, typer.Option("--no-film", help="Leave out the annotated film (faster).")]
Together = Annotated[
    bool, typer.Option("--together", help="The films show one run from several sides: write one report of them.")
]
PlainText = Annotated[bool, typer.Option("--plain", help="Print the whole report as text.")]


@app.command()
@with_clip_options(CLIP)
def analyze(
    clips: Clips,
    *,
    options: Options,
    folder: Out = None,
    json_to: Json = None,
    no_film: NoFilm = False,
    whole: PlainText = False,
    together: Together = False,
) -> None:
    """Measure a runner: what is seen, the one thing to change and why, the cue, and what could not be judged."""
    from midstance.cli.clips import Wanted, analyze_all, analyze_as_one, clips_in

    check_outputs(json_to, folder=folder)
    wanted = Wanted(folder=folder, json_to=json_to, film=not no_film, whole=whole)
    if together:
        analyze_as_one([*clips_in(clips)], options, wanted)
        return
    raise typer.Exit(analyze_all(clips, options, wanted))
