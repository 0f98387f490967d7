"""`midstance batch`: analyse many takes, on this machine or a cluster, into three tables; and tables of groups."""

from __future__ import annotations

import logging
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from midstance.cli.options import CLIP, gathered, with_clip_options
from midstance.cli.terminal import check_outputs, err, name_once, note, out, plain_app
from midstance.reasons import printable

if TYPE_CHECKING:
    from midstance.batch.engines import Engine
    from midstance.batch.folder import Folder
    from midstance.batch.job import Job
    from midstance.batch.run import Planned, Progress
    from midstance.options import Options

app = plain_app()

LINE_EVERY_S = 30.0
"""How often the progress is printed where no terminal shows a bar."""

Named = Annotated[
    list[str] | None,
    typer.Argument(
        help='Films, files of points, folders of them, patterns ("season/**/*.mp4"), or addresses as s3://bucket/films.',
        show_default=False,
        metavar="IN",
    ),
]
Out = Annotated[
    Path | None, typer.Option("--out", metavar="FOLDER", help="Folder for the tables; what is done there is kept.")
]
List = Annotated[
    Path | None, typer.Option("--list", metavar="FILE", help="A text file with a take a line; - reads standard input.")
]
Metadata = Annotated[
    Path | None,
    typer.Option(
        "--metadata",
        metavar="CSV",
        help="A table with a row a film: film, athlete, speed, height, mass, and whatever else you want to keep.",
    ),
]
EngineName = Annotated[
    str,
    typer.Option("--engine", metavar="NAME", help="local, or dask for a cluster; dask where an --address is given."),
]
Address = Annotated[
    str | None,
    typer.Option(
        "--address", metavar="ADDRESS", help="Scheduler of Dask, as tcp://host:8786; this machine if not given."
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(
        "--workers", metavar="N", min=1, help="Takes at a time; as many as cores and memory carry if not given."
    ),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Summary = Annotated[
    Path | None,
    typer.Option("--summary", metavar="FOLDER", help="Print tables of groups from a folder of a batch, and draw them."),
]
By = Annotated[
    list[str] | None,
    typer.Option("--by", metavar="COLUMN", help="What to group by: athlete, speed, any column. May be given again."),
]
Measures = Annotated[
    list[str] | None,
    typer.Option("--measure", metavar="ID", help="A measure to show, as in docs/measures.md. May be given again."),
]

OPTIONS = [name for name in CLIP if name not in {"film", "threads", "blur_faces"}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What was typed of a batch."""

    folder: Path | None
    listed: Path | None
    metadata: Path | None
    engine: str
    address: str | None
    workers: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """What was typed of a summary."""

    summary: Path | None
    by: list[str] | None
    measures: list[str] | None


ASKED: Mapping[str, tuple[Any, Any]] = {
    "folder": (Out, None),
    "listed": (List, None),
    "metadata": (Metadata, None),
    "engine": (EngineName, "local"),
    "address": (Address, None),
    "workers": (Workers, None),
}
GROUPS: Mapping[str, tuple[Any, Any]] = {"summary": (Summary, None), "by": (By, None), "measures": (Measures, None)}


@app.command()
@gathered("asked", ASKED, Asked)
@with_clip_options(OPTIONS)
@gathered("groups", GROUPS, Groups)
def batch(named: Named = None, *, asked: Asked, options: Options, groups: Groups, dry_run: DryRun = False) -> None:
    """Analyse many takes into tables of takes, strides and contacts; go on where it stopped."""
    from midstance.errors import UsageError
    from midstance.formats.extras import needed
    from midstance.reasons import Reason

    needed("pyarrow")
    if groups.summary:
        if named or asked.folder or asked.listed:
            raise UsageError(Reason("batch_summary_alone"))
        from midstance.cli.groups import show

        show(groups.summary, groups.by or [], groups.measures or [])
        return
    if asked.folder is None:
        raise UsageError(Reason("batch_no_out"))
    if asked.engine not in {"local", "dask"}:
        raise UsageError(Reason("batch_engine", said=asked.engine))
    from midstance.batch.folder import Folder

    check_outputs(folder=asked.folder)
    folder, words = Folder(asked.folder), [*(named or []), *_lines_of(asked.listed)]
    if dry_run:
        _say_plan(_planned(folder, words, asked, options), every=True)
        return
    with folder.alone():
        planned = _planned(folder, words, asked, options)
        _say_plan(planned)
        raise typer.Exit(_run(folder, planned, asked, options))


def _lines_of(listed: Path | None) -> list[str]:
    """Return the takes of a list."""
    from midstance.batch.sources import read_list
    from midstance.formats.text_file import text_of

    if listed is None:
        return []
    if str(listed) == "-":
        return read_list(None, sys.stdin.read())
    return read_list(listed, text_of(listed))


def _planned(folder: Folder, words: list[str], asked: Asked, options: Options) -> Planned:
    """Find the takes, read the sheet, and look what is to be done."""
    from midstance.batch.run import plan
    from midstance.batch.sheet import read_sheet
    from midstance.batch.sources import find_sources

    sheet = read_sheet(asked.metadata) if asked.metadata else None
    return plan(folder, find_sources(words), options, sheet)


def _say_plan(planned: Planned, *, every: bool = False) -> None:
    """Print what is to be done; every: of each take, and what is said of it."""
    from midstance.text.batch import names, plan_lines, reason_again

    if planned.lost:
        note(f"the sheet names films that are not here: {names(planned.lost)}")
    if planned.unnamed:
        note(f"the sheet does not name {names(planned.unnamed)}")
    for line in plan_lines(planned.why):
        out.print(line)
    said = {job.take: job.options for job in planned.jobs}
    for take, why in planned.why.items() if every else ():
        known = "  ".join(f"{name}={value}" for name, value in said.get(take, {}).items())
        out.print(f"{reason_again(why):24} {take}  {known}".rstrip())


def _run(folder: Folder, planned: Planned, asked: Asked, options: Options) -> int:
    """Analyse what is to be analysed; return the exit code of the first take that failed, 130 if it was stopped."""
    from midstance.batch.run import carry_out
    from midstance.cli.runs import bring_models
    from midstance.text.batch import end_line

    logging.getLogger("midstance.cage").addHandler(logging.NullHandler())  # how a process died is in the table
    if asked.address is None and not all(job.source.is_points for job in planned.jobs):
        bring_models(options.model)
    codes = dict.fromkeys(planned.why, 0)
    with _engine(asked, needed=bool(planned.jobs)) as engine, _shown(engine.says, len(planned.jobs)) as shown:
        look, say_bad = shown

        def on_take(job: Job, outcome: Mapping[str, Any]) -> None:
            codes[job.take] = outcome["code"]
            say_bad(job, outcome)

        progress = carry_out(folder, planned, engine, on_take=on_take, look=look)
    left = progress.total - progress.done
    out.print(end_line(progress.counts, progress.elapsed_s, left))
    out.print(f"{folder.path}   takes.parquet, strides.parquet, contacts.parquet; analyses/ has the JSON of each take")
    if left:
        err.print("midstance: stopped. The same command goes on from here.")
        return 130
    return next((code for code in codes.values() if code), 0)


@contextmanager
def _engine(asked: Asked, *, needed: bool) -> Iterator[Engine]:
    """Give the engine that was asked for, and end it after the block; no cluster where there is nothing to do."""
    from midstance.batch.engines import Local

    engine: Engine
    if not needed or (asked.engine == "local" and asked.address is None):
        engine = Local(asked.workers)
    else:
        from midstance.batch.cluster import Cluster

        engine = Cluster(asked.address, asked.workers)
    try:
        yield engine
    finally:
        engine.stop()


Look = Callable[["Progress"], None]
OnTake = Callable[["Job", Mapping[str, Any]], None]


@contextmanager
def _shown(title: str, total: int) -> Iterator[tuple[Look, OnTake]]:
    """Show how far it is: a bar on a terminal, else a line now and then; a take without numbers has its own line."""
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bars

    from midstance.text.batch import progress_line

    printed = time.monotonic()
    stopping = 0
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.fields[says]}", markup=False),
    )
    visible = err.is_terminal and not out.silent
    with Bars(*columns, console=err.console, transient=True, disable=not visible) as bars:
        task = bars.add_task(title, total=total, says="")

        def look(progress: Progress) -> None:
            nonlocal printed, stopping
            bad = progress.done - progress.counts["done"]
            says = progress_line(progress.done, total, bad, elapsed_s=progress.elapsed_s, left_s=progress.left_s)
            bars.update(task, completed=progress.done, says=says)
            if progress.stopping > stopping:
                err.print("midstance: ending; the takes in work are finished. Ctrl-C again ends at once.")
                stopping = progress.stopping
            if not visible and time.monotonic() - printed > LINE_EVERY_S:
                printed = time.monotonic()
                note(says)

        def say_bad(job: Job, outcome: Mapping[str, Any]) -> None:
            if outcome["status"] != "done":
                err.print(f"midstance: {name_once(printable(job.source.name), outcome['says'])}")

        yield look, say_bad
