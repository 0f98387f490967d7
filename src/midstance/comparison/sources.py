"""Compare whatever holds a run: analyses, folders of results, takes, or films that are analysed now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from midstance.analyze import Ask, analyze
from midstance.comparison.model import SeriesComparison, Take
from midstance.comparison.take import read_take, take_from_analysis, takes_of_scenes
from midstance.comparison.trends import compare_series
from midstance.model import Analysis, Clip, ClipPoses, OnProgress
from midstance.options import Known, Options, options_with

if TYPE_CHECKING:
    from typing import Unpack

Source = Analysis | Take | str | Path | Clip | ClipPoses
"""An analysis, a take, a folder of results or its analysis.json, or anything that can be analysed."""


def compare(
    *sources: Source,
    options: Options | None = None,
    on_progress: OnProgress | None = None,
    ask: Ask | None = None,
    **known: Unpack[Known],
) -> SeriesComparison:
    """Say what changed between two takes or more of one runner, beyond the error of the camera.

    Parameters
    ----------
    *sources
        Two or more in the order of filming: analyses, takes (as `Store.read` returns them), folders of results, or
        films, which are analysed first. One analysis or film alone: its scenes are compared, in the order of the film.
    options, on_progress, ask, **known
        For the films, as in `analyze`.

    Returns
    -------
    SeriesComparison
        `steps` from each take to the next, `overall` from the first to the last, `trends` from three takes on. A
        change smaller than its own error is called `no_clear_change`.

    Raises
    ------
    UsageError
        For fewer than two sources.
    InputError, Refused, WeightsError
        As `analyze`, and for results that cannot be read.

    References
    ----------
    Benjamini and Hochberg 1995: of many measures, some differ by chance (docs/evidence.md#before-and-after).

    Examples
    --------
    >>> import midstance as ms
    >>> a = ms.analyze("run.mov", height_m=1.66)
    >>> same = ms.compare(a, a).overall
    >>> {difference.verdict for difference in same.differences}
    {'no_clear_change'}
    """
    chosen = options_with(options, known)
    if len(sources) == 1 and (alone := _with_scenes(sources[0], chosen, on_progress=on_progress, ask=ask)):
        return compare_series(takes_of_scenes(alone))
    return compare_series([take_from(source, chosen, on_progress=on_progress, ask=ask) for source in sources])


def _with_scenes(
    source: Source, options: Options, *, on_progress: OnProgress | None, ask: Ask | None
) -> Analysis | None:
    """Return the analysis of a film, whose scenes can be compared; None for results and takes, which hold one scene."""
    if isinstance(source, Take) or (isinstance(source, str | Path) and is_results(Path(source))):
        return None
    return source if isinstance(source, Analysis) else analyze(source, options, on_progress=on_progress, ask=ask)


def take_from(
    source: Source, options: Options, *, on_progress: OnProgress | None = None, ask: Ask | None = None
) -> Take:
    """Return the take of a source; a film is analysed."""
    if isinstance(source, Take):
        return source
    if isinstance(source, Analysis):
        return take_from_analysis(source)
    if isinstance(source, str | Path) and is_results(Path(source)):
        return read_take(Path(source))
    return take_from_analysis(analyze(source, options, on_progress=on_progress, ask=ask))


def is_results(path: Path) -> bool:
    """Return whether a path is a folder of results or an analysis.json."""
    return path.suffix == ".json" or (path / "analysis.json").exists()
