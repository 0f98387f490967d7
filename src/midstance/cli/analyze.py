"""`midstance analyze` and `midstance demo`: words into options, one call for each clip, and what it returns printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from midstance import __version__, data
from midstance.analyze import open_source
from midstance.cli.runs import analyze_clip
from midstance.cli.terminal import bar, err, out
from midstance.errors import MidstanceError, Refused
from midstance.formats import analysis_json
from midstance.options import Options
from midstance.output.results import folder_for, write_json, write_refusal, write_results
from midstance.text.report import Report, describe, report_lines

app = typer.Typer()

Clips = Annotated[list[Path], typer.Argument(help="Films of a runner, or folders of pictures.", show_default=False)]
Height = Annotated[float | None, typer.Option("--height", help="The runner's height in metres, for lengths in metres.")]
Mass = Annotated[float | None, typer.Option("--mass", help="Body mass in kilograms, for the stiffness of the leg.")]
Speed = Annotated[float | None, typer.Option("--speed", help="Running speed in metres a second, if you know it.")]
KnownLength = Annotated[
    tuple[float, float] | None,
    typer.Option(
        "--known-length", metavar="METRES PIXELS", help="A length seen at the runner's distance, for lengths in metres."
    ),
]
SlowMotion = Annotated[
    float | None, typer.Option("--slow-motion", help="How many times slower than life the film plays.")
]
Rate = Annotated[float | None, typer.Option("--rate", help="Pictures a second, for a folder of pictures.")]
Person = Annotated[int | None, typer.Option("--person", help="Which person to measure, 1 for the first listed.")]
Model = Annotated[str, typer.Option("--model", help="Pose model: lite, full, heavy or rtmpose-m.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the results; CLIP.midstance if not given.")]
Json = Annotated[str | None, typer.Option("--json", help="Also write the analysis here; - prints only that.")]
NoFilm = Annotated[bool, typer.Option("--no-film", help="Leave out the annotated film (faster).")]
PlainText = Annotated[bool, typer.Option("--plain", help="Print the whole report as text.")]
Rules = Annotated[Path | None, typer.Option("--rules", help="A folder with rules and bands of your own.")]
Threads = Annotated[int | None, typer.Option("--threads", help="Processor cores to use; all if not given.")]


@app.command()
def analyze(  # noqa: PLR0913, PLR0917  (one for each option a person may give)
    clips: Clips,
    height: Height = None,
    mass: Mass = None,
    speed: Speed = None,
    known_length: KnownLength = None,
    slow_motion: SlowMotion = None,
    rate: Rate = None,
    person: Person = None,
    model: Model = "full",
    folder: Out = None,
    json_to: Json = None,
    no_film: NoFilm = False,
    whole: PlainText = False,
    rules: Rules = None,
    threads: Threads = None,
) -> None:
    """Measure a runner: what is seen, the one thing to change and why, the cue, and what could not be judged."""
    options = Options(
        height_m=height,
        mass_kg=mass,
        speed_mps=speed,
        known_length=known_length,
        slow_motion=slow_motion,
        pictures_hz=rate,
        person=None if person is None else person - 1,
        model=model,
        threads=threads,
        rules=rules,
    )
    worst = 0
    for clip in clips:
        try:
            _analyze_one(clip, options, folder, json_to, film=not no_film, whole=whole, several=len(clips) > 1)
        except MidstanceError as fault:
            if len(clips) == 1:
                raise
            err.print(f"midstance: {clip.name}: {fault.say('cli')}")
            worst = worst or fault.exit_code
    raise typer.Exit(worst)


@app.command()
def demo(folder: Annotated[Path, typer.Option("--out", help="Folder for the results.")] = Path("demo-out")) -> None:
    """Analyse the clip that comes with midstance: a rendered runner, 1.66 m tall, on a treadmill."""
    with data.on_disk("demo.mp4") as clip:
        _analyze_one(clip, Options(height_m=1.66), folder, None, film=True, whole=False, several=False)


# -- one clip ------------------------------------------------------------------------------------------------------


def _analyze_one(
    path: Path, options: Options, folder: Path | None, json_to: str | None, *, film: bool, whole: bool, several: bool
) -> None:
    to_pipe = json_to == "-"
    target = None if to_pipe and folder is None else folder_for(path, folder, several=several)
    clip = open_source(path, options)
    try:
        analysis = analyze_clip(clip, options, title="looking for the runner", quiet=to_pipe)
    except Refused as refused:
        content = analysis_json.plain_refusal(__version__, clip, refused)
        _hand_over(content, json_to)
        if target:
            write_refusal(content, target)
        raise
    report = describe(analysis)
    if target:
        with bar("drawing the film", quiet=to_pipe or not film) as progress:
            results = write_results(analysis, report, target, film=film, progress=progress)
    _hand_over(analysis_json.plain(analysis), json_to)
    if to_pipe:
        return
    _say(describe(analysis, door="cli"), whole=whole)
    if target:
        out.print(f"\n{results.page}   the report, opens in any browser")
        if results.film:
            out.print(f"{results.film}   the film")
        out.print(f"{results.analysis}   every number")


def _say(report: Report, *, whole: bool) -> None:
    for line in report_lines(report, whole=whole):
        out.print(line)
    for warning in () if whole else report.warnings:
        err.print(f"note: {warning}")


def _hand_over(content: dict[str, object], json_to: str | None) -> None:
    if json_to == "-":
        print(json.dumps(content, indent=1, ensure_ascii=False, allow_nan=False))  # noqa: T201  (plain, for a pipe)
    elif json_to:
        write_json(content, Path(json_to))
