"""Plan a batch, and carry it out: what is done is left alone, and what ends one take does not end the others."""

from __future__ import annotations

import signal
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from midstance.batch.engines import Engine
from midstance.batch.folder import Folder
from midstance.batch.job import Job, said_of
from midstance.batch.sheet import Row, Sheet
from midstance.batch.sources import Source
from midstance.batch.tables import names_taken, write_tables
from midstance.cage import asked_to_stop
from midstance.options import Options
from midstance.reasons import printable

TABLES_EVERY_S = 300.0
"""How often the tables are made while takes are analysed; a process that is killed leaves them at most so old."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """What is to be done.

    jobs     to be analysed, in the order in which they were named
    why      of each take: "new", "film", "failed", or the options that changed; None: it is done already
    columns  of the sheet, by take; none without a sheet: those of earlier runs stay
    lost     films that the sheet names and that are not there
    unnamed  takes that the sheet does not name
    """

    jobs: tuple[Job, ...]
    why: Mapping[str, str | None]
    columns: Mapping[str, Mapping[str, str]]
    lost: tuple[str, ...] = ()
    unnamed: tuple[str, ...] = ()


@dataclass(slots=True)
class Progress:
    """How far a batch is.

    size       of all films, in bytes; 0 where one is not known
    counts     takes by what came of them, in this run
    size_done  of the films that are done
    stopping   the person or the system asked to stop
    """

    total: int
    size: int = 0
    began: float = field(default_factory=time.monotonic)
    counts: Counter[str] = field(default_factory=Counter)
    size_done: int = 0
    stopping: int = 0

    @property
    def done(self) -> int:
        """Takes that are done, whatever came of them."""
        return self.counts.total()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the beginning."""
        return time.monotonic() - self.began

    @property
    def left_s(self) -> float | None:
        """Seconds that the rest will take at this rate, by the size of the films; None before the first is done."""
        done, total = (self.size_done, self.size) if self.size else (self.done, self.total)
        return self.elapsed_s / done * (total - done) if done else None


def plan(folder: Folder, sources: Iterable[Source], options: Options, sheet: Sheet | None = None) -> Planned:
    """Look what is to be done. Raises UsageError for a sheet that cannot be meant."""
    sources = tuple(sources)
    rows: Mapping[str, Row] = {}
    lost: tuple[str, ...] = ()
    if sheet:
        names_taken(sheet.columns, path=sheet.path)
        rows, lost = sheet.matched(sources)
    jobs, why, columns = [], dict[str, str | None](), dict[str, Mapping[str, str]]()
    for source in sources:
        row = rows.get(source.address)
        job = Job(take=source.take, source=source, options=said_of(options, row.known if row else {}))
        why[job.take] = folder.why_again(job)
        columns |= {job.take: row.columns if row else {}} if sheet else {}
        jobs += [job] if why[job.take] else []
    unnamed = tuple(printable(source.name) for source in sources if sheet and source.address not in rows)
    return Planned(jobs=tuple(jobs), why=why, columns=columns, lost=lost, unnamed=unnamed)


def carry_out(
    folder: Folder,
    planned: Planned,
    engine: Engine,
    *,
    on_take: Callable[[Job, Mapping[str, Any]], None],
    look: Callable[[Progress], None],
) -> Progress:
    """Do every job, keep what came of it, and make the tables, also when it is stopped halfway. Raises InputError.

    on_take  called with every job that is done, and what came of it
    look     called several times a second
    """
    progress, made = Progress(len(planned.jobs), _size(planned.jobs)), time.monotonic()
    folder.note_columns(planned.columns)
    with stopped_by_signals(progress), folder_tables(folder):
        asked = 0
        for done in engine.run(tuple(replace(job, threads=engine.threads) for job in _largest_first(planned.jobs))):
            if done:
                folder.keep(*done)
                progress.counts[done[1]["status"]] += 1
                progress.size_done += done[0].source.size
                on_take(*done)
            if progress.stopping > asked:
                asked = progress.stopping
                (engine.finish if asked == 1 else engine.stop)()
            if asked > 1:
                break
            if time.monotonic() - made > TABLES_EVERY_S:
                write_tables(folder)
                made = time.monotonic()
            look(progress)
    return progress


def _largest_first(jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs by the size of their films, so that at the end none works alone for long."""
    return sorted(jobs, key=lambda job: -job.source.size)


def _size(jobs: Sequence[Job]) -> int:
    """Return the bytes of all films; 0 where one is not known."""
    sizes = [job.source.size for job in jobs]
    return sum(sizes) if all(sizes) else 0


@contextmanager
def folder_tables(folder: Folder) -> Iterator[None]:
    """Make the tables at the end of the block, also when it fails."""
    try:
        yield
    finally:
        write_tables(folder)


@contextmanager
def stopped_by_signals(progress: Progress) -> Iterator[None]:
    """Count Ctrl-C while the block runs; SIGTERM counts as two of them: it does not wait."""

    def asked(number: int, _frame: object) -> None:
        progress.stopping += 1 if number == signal.SIGINT else 2

    with asked_to_stop(asked):
        yield
