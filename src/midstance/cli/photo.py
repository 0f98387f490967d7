"""`midstance photo`: what single pictures show of the runners in them."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from midstance import __version__
from midstance.cli.runs import bring_models
from midstance.cli.terminal import err, out
from midstance.errors import InputError, MidstanceError
from midstance.options import checked_model
from midstance.output.photo import draw_photo, photo_json
from midstance.output.results import write_json
from midstance.photo import read_photo
from midstance.pose.estimate import open_backend
from midstance.render.stills import save
from midstance.text.photo import photo_lines, photo_summary
from midstance.video.stills import open_picture

app = typer.Typer()

Pictures = Annotated[
    list[Path], typer.Argument(help="Pictures of runners: JPEG, PNG, HEIC or WebP.", show_default=False)
]
Out = Annotated[
    Path | None, typer.Option("--out", help="Folder for the drawn pictures; beside the picture if not given.")
]
Json = Annotated[str | None, typer.Option("--json", help="Also write what was read here; - prints only that.")]
Model = Annotated[str, typer.Option("--model", help="Pose model: lite, full, heavy or rtmpose-m.")]


@app.command()
def photo(pictures: Pictures, folder: Out = None, json_to: Json = None, model: Model = "full") -> None:
    """Read single pictures: for everyone in them the moment of the stride and the angles, or why not."""
    to_pipe = json_to == "-"
    bring_models(checked_model(model), quiet=to_pipe)
    backend = open_backend(model, threads=os.cpu_count() or 1)
    read: list[dict[str, Any]] = []
    worst = 0
    for path in pictures:
        try:
            rgb = open_picture(path)
            figures = read_photo(rgb, backend=backend)
            read.append(photo_json(path.name, __version__, rgb, figures))
            if to_pipe and folder is None:
                continue
            to = _place(path, folder)
            save(draw_photo(rgb, figures), to)
        except MidstanceError as fault:
            if len(pictures) == 1:
                raise
            err.print(f"midstance: {path.name}: {fault}")
            worst = worst or fault.exit_code
            continue
        if not to_pipe:
            out.print(f"{path.name}: {photo_summary(figures)}")
            for line in photo_lines(figures):
                out.print(f"  {line}")
            out.print(f"{to}   the drawn picture")
    _hand_over(read, json_to)
    raise typer.Exit(worst)


def _place(path: Path, folder: Path | None) -> Path:
    """Where the drawn picture goes: never over a picture of the runner's own."""
    if folder is None:
        return path.with_name(f"{path.name}.midstance.jpg")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        message = f"The pictures cannot be written to {folder} ({fault.strerror}). Choose another place with --out."
        raise InputError(message) from None
    return folder / f"{path.name}.midstance.jpg"


def _hand_over(read: list[dict[str, Any]], json_to: str | None) -> None:
    content = {"schema": "midstance-photos/1", "photos": read}
    if json_to == "-":
        print(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))  # noqa: T201  (plain, for a pipe)
    elif json_to:
        write_json(content, Path(json_to))
