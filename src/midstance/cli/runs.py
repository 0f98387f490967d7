"""Analyse a film at the terminal: the pose models fetched first, a progress bar, and questions where one can answer."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from midstance.analyze import analyze, open_source
from midstance.cli import models
from midstance.cli.terminal import bar, err
from midstance.gait.time_base import pace_of
from midstance.model import Analysis, Clip, Question
from midstance.options import Options
from midstance.reasons import say


def analyze_clip(source: Path | Clip, options: Options, *, title: str, quiet: bool = False) -> Analysis:
    """Analyse one clip under a progress bar, with questions if somebody sits at the terminal."""
    clip = source if isinstance(source, Clip) else open_source(source, options)
    bring_models(options.model, quiet=quiet)
    with bar(title, quiet=quiet) as on_progress:
        return analyze(clip, options, on_progress=on_progress, ask=ask_on_terminal)


def bring_models(model: str, *, quiet: bool = False) -> None:
    """Fetch the files of a pose model that are not here."""
    for name in ("detector", model):
        models.bring(name, quiet=quiet)


def ask_on_terminal(question: Question) -> str | None:
    """Ask how slowly the film plays; None if nobody can answer."""
    if not (sys.stdin.isatty() and err.is_terminal):
        return None
    plays = (
        f"The film seems to play {say(pace_of(question.suggestion), 'cli')}. How many times slower (1: it does not)?"
    )
    return str(typer.prompt(plays, default=f"{question.suggestion:g}", type=str, err=True))
