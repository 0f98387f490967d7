"""`midstance photo`: what single pictures show of the runners in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from midstance.cli.options import Model
from midstance.cli.terminal import err, out, plain_app, write_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from midstance.photo import Figure

app = plain_app()

Pictures = Annotated[
    list[Path], typer.Argument(help="Pictures of runners: JPEG, PNG, HEIC or WebP.", show_default=False)
]
Out = Annotated[
    Path | None,
    typer.Option("--out", metavar="PATH", help="Folder for the drawn pictures; beside the picture if not given."),
]
Json = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Also write what was read here; - prints only that.")
]


@app.command()
def photo(pictures: Pictures, folder: Out = None, json_to: Json = None, model: Model = "full") -> None:
    """Read single pictures: for everyone in them the moment of the stride and the angles, or why not."""
    import os

    from midstance.cli.runs import bring_models
    from midstance.errors import MidstanceError
    from midstance.options import checked_model
    from midstance.pose.estimate import open_backend
    from midstance.text.photo import CANNOT_SHOW, what_next

    to_pipe = json_to == "-"
    bring_models(checked_model(model), quiet=to_pipe)
    backend = open_backend(model, threads=os.cpu_count() or 1)
    read: list[dict[str, Any]] = []
    seen: list[Any] = []
    worst = 0
    for path in pictures:
        try:
            content, figures = _read(
                path, backend, None if to_pipe and folder is None else _place(path, folder), to_pipe
            )
            read.append(content)
            seen += figures
        except MidstanceError as fault:
            if len(pictures) == 1:
                raise
            err.print(f"midstance: {path.name}: {fault.say('cli')}")
            worst = worst or fault.exit_code
    if read and not to_pipe:
        out.print(f"\n{CANNOT_SHOW}\nNext: {what_next(seen)}")
    write_out({"schema": "midstance-photos/1", "photos": read}, json_to)
    raise typer.Exit(worst)


def _read(path: Path, backend: Any, to: Path | None, quiet: bool) -> tuple[dict[str, Any], Sequence[Figure]]:
    """Read one picture, draw it if a place is given, print what it shows; return it as plain data, and who is there."""
    from midstance import __version__
    from midstance.output.photo import draw_photo, photo_json
    from midstance.photo import read_photo
    from midstance.render.stills import save
    from midstance.text.photo import photo_summary, photo_table
    from midstance.video.stills import open_picture

    rgb = open_picture(path)
    figures = read_photo(rgb, backend=backend)
    if to:
        save(draw_photo(rgb, figures), to)
    if not quiet:
        out.print(f"{path.name}: {photo_summary(figures)}")
        for line in photo_table(figures):
            out.print(f"  {line}")
        out.print(f"{to}   the picture with the numbers")
    return photo_json(path.name, __version__, rgb, figures), figures


def _place(path: Path, folder: Path | None) -> Path:
    """Return where the drawn picture goes: never over a picture of the runner's own."""
    from midstance.errors import InputError

    if folder is None:
        return path.with_name(f"{path.name}.midstance.jpg")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        message = f"The pictures cannot be written to {folder} ({fault.strerror}). Choose another place with --out."
        raise InputError(message) from None
    return folder / f"{path.name}.midstance.jpg"
