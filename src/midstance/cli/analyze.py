"""`midstance analyze` and `midstance demo`: words into options, one call for each clip, and what it returns printed."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from midstance import __version__, data
from midstance.analyze import Options, judge_poses, look, open_with
from midstance.cli import models
from midstance.cli.terminal import bar, err, out
from midstance.errors import MidstanceError, Refused, UsageError
from midstance.formats import analysis_json
from midstance.gait.time_base import pace_of, time_base
from midstance.model import Analysis
from midstance.output.results import folder_for, write_json, write_refusal, write_results
from midstance.reasons import say
from midstance.text.report import Report, describe, report_lines

app = typer.Typer()

SLOW_MOTION = (0.05, 100.0)
"""How many times slower than life a film may play; below 1 it is a time lapse."""

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
SlowMotion = Annotated[float, typer.Option("--slow-motion", help="How many times slower than life the film plays.")]
Rate = Annotated[float | None, typer.Option("--rate", help="Pictures a second, for a folder of pictures.", min=1)]
Person = Annotated[int | None, typer.Option("--person", help="Which person to measure, 1 for the first listed.")]
Model = Annotated[str, typer.Option("--model", help="Pose model: lite, full, heavy or rtmpose-m.")]
Out = Annotated[Path | None, typer.Option("--out", help="Folder for the results; CLIP.midstance if not given.")]
Json = Annotated[str | None, typer.Option("--json", help="Also write the analysis here; - prints only that.")]
NoFilm = Annotated[bool, typer.Option("--no-film", help="Leave out the annotated film (faster).")]
PlainText = Annotated[bool, typer.Option("--plain", help="Print the whole report as text.")]
Rules = Annotated[Path | None, typer.Option("--rules", help="A folder with rules and bands of your own.")]
Threads = Annotated[int | None, typer.Option("--threads", help="Processor cores to use; all if not given.", min=1)]


@app.command()
def analyze(  # noqa: PLR0913, PLR0917  (one for each option a person may give)
    clips: Clips,
    height: Height = None,
    mass: Mass = None,
    speed: Speed = None,
    known_length: KnownLength = None,
    slow_motion: SlowMotion = 1.0,
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
    options = _checked(
        Options(
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
    clip = open_with(path, options)
    for name in ("detector", options.model):
        models.bring(name, quiet=to_pipe)
    try:
        with bar("looking for the runner", quiet=to_pipe) as progress:
            poses = look(clip, options, progress=progress)
        analysis = judge_poses(clip, poses, options)
        if (slower := _asked_how_slow(analysis)) != clip.slow_motion_factor:
            clip = replace(clip, slow_motion_factor=_checked(Options(slow_motion=slower)).slow_motion)
            analysis = judge_poses(clip, poses, options)
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


def _asked_how_slow(analysis: Analysis) -> float:
    """How many times slower than life the film plays: as was said, or, if that cannot be, as the person now says."""
    suspected = time_base(analysis.track, analysis.view, analysis.contacts).slower
    if suspected == 1 or analysis.clip.slow_motion_factor != 1 or not (sys.stdin.isatty() and err.is_terminal):
        return analysis.clip.slow_motion_factor
    plays = f"The film seems to play {say(pace_of(suspected), 'cli')}. How many times slower (1: it does not)?"
    return float(typer.prompt(plays, default=suspected, type=float, err=True))


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


def _checked(options: Options) -> Options:
    """The options, if they can be meant; a number in the wrong unit is met with the right one."""
    height_m, speed_mps = options.height_m, options.speed_mps
    if height_m is not None and not 0.8 <= height_m <= 2.5:
        guess = f"{height_m / 100:.2f}" if 80 <= height_m <= 250 else "1.78"
        raise UsageError(f"--height {height_m:g}: the height is asked for in metres, for example --height {guess}")
    if options.mass_kg is not None and not 20 <= options.mass_kg <= 250:
        raise UsageError(f"--mass {options.mass_kg:g}: the mass is asked for in kilograms, for example --mass 68")
    if speed_mps is not None and not 0.5 <= speed_mps <= 13:
        raise UsageError(f"--speed {speed_mps:g}: the speed is asked for in metres a second, for example --speed 3.3")
    if options.known_length is not None and min(options.known_length) <= 0:
        raise UsageError("--known-length: give metres and pixels, for example --known-length 1.5 412")
    if not SLOW_MOTION[0] <= options.slow_motion <= SLOW_MOTION[1]:
        raise UsageError(f"--slow-motion {options.slow_motion:g}: give how many times slower than life, for example 4")
    if options.person is not None and options.person < 0:
        raise UsageError(f"--person {options.person + 1}: people are counted from 1")
    if options.rules is not None and not options.rules.is_dir():
        raise UsageError(f"--rules {options.rules}: there is no such folder")
    models.check(options.model)
    return options
