"""`midstance compare`: what changed between takes of one runner."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from midstance.cli.athletes import opened_store
from midstance.cli.options import OF_A_RUNNER, with_clip_options
from midstance.cli.terminal import check_outputs, is_take, note, out, plain_app, write_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from midstance.comparison.model import SeriesComparison, StoredTake, Take
    from midstance.model import Clip
    from midstance.options import Options
    from midstance.store import Store

app = plain_app()

What = Annotated[
    list[str],
    typer.Argument(
        help="Clips, folders of results or numbers of takes, in order; or one clip, to compare its scenes.",
        show_default=False,
    ),
]
Json = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Also write the comparison here; - prints only that.")
]
Experiment = Annotated[
    str | None,
    typer.Option(
        "--experiment", metavar="CAUSE", help="The last film tested this cause of the one before: did it hold?"
    ),
]
NotClicked = Annotated[
    bool, typer.Option("--not-clicked", help="The cue did not click: show the next words for the same thing.")
]
Table = Annotated[bool, typer.Option("--table", help="Print every measure.")]


@app.command()
@with_clip_options(OF_A_RUNNER)
def compare(
    what: What,
    *,
    options: Options,
    experiment: Experiment = None,
    not_clicked: NotClicked = False,
    table: Table = False,
    json_to: Json = None,
) -> None:
    """Say what changed between two takes or more, beyond the error of the camera, and what to do now."""
    from midstance.comparison import compare_series
    from midstance.comparison.experiment import asked, note_of
    from midstance.comparison.take import series_json
    from midstance.text.next_words import did_not_click

    check_outputs(json_to)
    with opened_store() as store:
        stored = [store.take(int(word)) for word in what if is_take(word)]
        _check_runner(store, stored)
        if len(what) == 1:
            seen = _scenes(what[0], options)
        else:
            seen = [store.read(store.take(int(word))) if is_take(word) else _take(Path(word), options) for word in what]
        if experiment:
            asked(seen[-2], experiment)  # a slip is said before anything is kept
            seen[-1] = replace(seen[-1], trying=note_of(experiment))
        series = compare_series(seen)
        content = series_json(series, lines_of(series))
        if len(stored) == len(what) > 1:
            store.add_comparison(stored, content)
    write_out(content, json_to)
    if json_to != "-":
        print_changes(series, table=table)
        if not_clicked:
            out.print(did_not_click(seen[0] if len(seen) == 1 else seen[-2]))


def _scenes(word: str, options: Options) -> list[Take]:
    """Return the takes of the scenes of one film. Raises UsageError where there are not two to compare."""
    from midstance.cli.runs import analyze_clip
    from midstance.comparison.sources import is_results
    from midstance.comparison.take import takes_of_scenes
    from midstance.errors import UsageError
    from midstance.reasons import Reason

    path = Path(word)
    if is_take(word) or is_results(path):
        raise UsageError(Reason("two_takes_needed"))
    takes = takes_of_scenes(analyze_clip(path, options, title=f"looking for the runner in {path.name}"))
    if len(takes) < 2:
        raise UsageError(Reason("two_scenes_needed", file=path.name))
    return takes


def _check_runner(store: Store, stored: Sequence[StoredTake]) -> None:
    """Raise UsageError for takes of several runners."""
    from midstance.errors import UsageError
    from midstance.text.names import join

    if len(names := list(dict.fromkeys(store.owner(take).name for take in stored))) > 1:
        raise UsageError(
            f"These are takes of {join(names)}: only takes of one runner are compared. "
            "midstance film lays runners side by side."
        )


def _take(path: Path, options: Options) -> Take:
    """Read a folder of results, or analyze a clip.

    Results beside a clip are read instead, and it says so, if they are of this very film and nothing was said of it.
    """
    from midstance.analyze import open_source
    from midstance.cli.runs import analyze_clip
    from midstance.comparison.sources import is_results
    from midstance.comparison.take import read_take, take_from_analysis
    from midstance.options import Options

    if is_results(path):
        return read_take(path)
    clip = open_source(path, options)
    beside_it = path.with_name(f"{path.name}.midstance") / "analysis.json"
    if options == Options() and _is_of(beside_it, clip):
        note(f"{path.name}: reading the results in {beside_it.parent}; give its options to analyse it anew")
        return read_take(beside_it, label=path.name)
    return take_from_analysis(analyze_clip(clip, options, title=f"looking for the runner in {path.name}"))


def _is_of(results: Path, clip: Clip) -> bool:
    """Return whether an analysis.json is there and of this very film."""
    from midstance.errors import InputError
    from midstance.formats.text_file import text_of

    try:
        return f'"sha256": "{clip.sha256}"' in text_of(results)
    except InputError:
        return False


def lines_of(series: SeriesComparison) -> list[str]:
    """Return every sentence of a comparison."""
    from midstance.text.changes import describe_series

    return [line for chapter in describe_series(series) for line in chapter.says]


def print_changes(series: SeriesComparison, *, table: bool = False) -> None:
    """Print what changed, chapter by chapter, and every measure if asked for."""
    from midstance.text.changes import change_rows, describe_series

    for chapter in describe_series(series):
        out.print(f"\n{chapter.title}")
        for line in chapter.says:
            out.print(f"  {line}")
    if table:
        out.print()
        for row in change_rows(series.overall):
            out.print(f"{row.name:44} {row.before:>22} {row.after:>22} {row.change:>34}  {row.verdict}")
