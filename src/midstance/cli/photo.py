"""`midstance photo`: what single pictures show of the runners in them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from midstance.cli.options import BlurFaces, Model
from midstance.cli.terminal import check_outputs, err, name_once, out, plain_app, write_out

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
def photo(
    pictures: Pictures,
    *,
    folder: Out = None,
    json_to: Json = None,
    model: Model = "full",
    blur_faces: BlurFaces = False,
) -> None:
    """Read single pictures: for everyone in them the moment of the stride and the angles, or why not."""
    from midstance.cli import caged
    from midstance.cli.runs import bring_models
    from midstance.machine import cores
    from midstance.options import checked_model
    from midstance.pose.estimate import open_backend
    from midstance.text.photo import CANNOT_SHOW, what_next

    to_pipe = json_to == "-"
    check_outputs(json_to, folder=folder)
    bring_models(checked_model(model), quiet=to_pipe)
    backend = open_backend(model, threads=cores())
    read: list[dict[str, Any]] = []
    seen: list[Any] = []
    worst = 0
    for number, path in enumerate(pictures):
        before = caged.outcome(number)  # of a process that crashed at a later picture
        if before is not None:
            worst = worst or before["code"]
            read += [before["content"]] if before.get("content") else []
            continue
        caged.in_hand(number, path.name, of=len(pictures))
        code, content = 0, None
        try:
            to = None if to_pipe and folder is None else _place(path, folder)
            content, figures = _read(path, backend, to, quiet=to_pipe, blur_faces=blur_faces)
            read.append(content)
            seen += figures
        except Exception as fault:
            if len(pictures) == 1:
                raise
            says, code = caged.say_fault(fault)  # of whatever library: the other pictures are read
            err.print(f"midstance: {name_once(path.name, says)}")
            worst = worst or code
        caged.note_outcome(number, code, content)
    if read and not to_pipe:
        out.print(f"\n{CANNOT_SHOW}\nNext: {what_next(seen)}")
    write_out({"schema": "midstance-photos/1", "photos": read}, json_to)
    raise typer.Exit(worst)


def _read(
    path: Path, backend: Any, to: Path | None, *, quiet: bool, blur_faces: bool
) -> tuple[dict[str, Any], Sequence[Figure]]:
    """Read one picture, draw it if a place is given, print what it shows; return it as plain data, and who is there."""
    from midstance import __version__
    from midstance.formats.files import write_bytes
    from midstance.output.photo import draw_photo, photo_json
    from midstance.photo import read_photo
    from midstance.render.stills import encoded
    from midstance.text.photo import photo_summary, photo_table
    from midstance.video.stills import open_picture

    rgb = open_picture(path)
    figures = read_photo(rgb, backend=backend)
    if to:
        write_bytes(encoded(draw_photo(rgb, figures, blur_faces=blur_faces), ".jpg"), to)
    if not quiet:
        out.print(f"{path.name}: {photo_summary(figures)}")
        for line in photo_table(figures):
            out.print(f"  {line}")
        out.print(f"{to}   the picture with the numbers")
    return photo_json(path.name, __version__, rgb, figures), figures


def _place(path: Path, folder: Path | None) -> Path:
    """Return where the drawn picture goes: never over a picture of the runner's own."""
    return (folder or path.parent) / f"{path.name}.midstance.jpg"
