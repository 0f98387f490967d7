"""Analyse a film at the terminal: pose models fetched first, a progress bar, and questions where one can answer."""

from __future__ import annotations

from pathlib import Path

from midstance.analyze import analyze, open_source
from midstance.cli.models import bring
from midstance.cli.terminal import ask_about, bar
from midstance.model import Analysis, Clip
from midstance.options import Options
from midstance.pose import weights


def analyze_clip(source: Path | Clip, options: Options, *, title: str, quiet: bool = False) -> Analysis:
    """Analyse one clip under a progress bar."""
    clip = source if isinstance(source, Clip) else open_source(source, options)
    if clip.points is None:
        bring_models(options.model, quiet=quiet)
    with bar(title, quiet=quiet) as on_progress:
        return analyze(clip, options, on_progress=on_progress, ask=ask_about)


def bring_models(model: str, *, quiet: bool = False) -> None:
    """Fetch the files of a pose model that are not here."""
    for name in weights.needed_by(model):
        bring(name, quiet=quiet)
