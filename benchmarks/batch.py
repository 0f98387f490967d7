"""Measure midstance batch: a thousand takes on a cluster whose workers are killed, and what more workers bring.

python -m benchmarks.batch killed [TAKES] [--write]    every take ends, once, and the tables are whole
python -m benchmarks.batch workers [FILMS] [--write]   one process, two, and two workers of Dask, in turns

--write keeps what is printed as a section of benchmarks/BATCH.md. On two quiet cores `workers 12`
takes about six minutes, `killed` twenty.
"""

from __future__ import annotations

import os
import platform
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median
from subprocess import DEVNULL, Popen
from typing import Any, NamedTuple

import pyarrow.parquet as pq
from tests.fixtures.squad import write_take

from midstance import __version__, data
from midstance.batch.cluster import Cluster
from midstance.batch.engines import Engine, Local
from midstance.batch.folder import Folder
from midstance.batch.job import Job
from midstance.batch.run import Progress, carry_out, plan
from midstance.batch.sources import find_sources
from midstance.machine import cores
from midstance.options import Options

WORKERS = 2
KILL_AFTER = (10, 50)
"""A worker is killed after so many more takes, drawn at random: however busy the machine is."""

REPEATS = 2

ONE, SEVERAL, DASK = "one process, one core", f"{WORKERS} processes", f"{WORKERS} workers of Dask"
ALONE, AT_ONCE = "`midstance analyze --threads 1`", f"{WORKERS} of these at once, half the films each"

RESULTS = Path(__file__).with_name("BATCH.md")


class Spent(NamedTuple):
    """Seconds, core-seconds inside the analyses (0: not known), and core-seconds of all processes."""

    wall_s: float
    inside_s: float
    total_s: float


def killed(takes: int) -> Iterator[str]:
    """Analyse many short takes on a cluster of this machine while its workers are killed at random."""
    chance = random.Random(18)  # noqa: S311  (a trial that can be repeated)
    with tempfile.TemporaryDirectory() as place:
        season, out = Path(place) / "season", Path(place) / "out"
        for number in range(takes):
            write_take(season / f"{number:04}.trc", number, seconds=1.3)
        deaths, seen, next_kill = list[int](), Counter[str](), chance.randint(*KILL_AFTER)
        others = list[str]()
        engine = Cluster(workers=WORKERS)

        def look(progress: Progress) -> None:
            nonlocal next_kill
            if progress.done >= next_kill and engine.processes:
                deaths.append(chance.choice(engine.processes))
                os.kill(deaths[-1], signal.SIGKILL)
                next_kill = progress.done + chance.randint(*KILL_AFTER)

        def on_take(job: Job, outcome: Mapping[str, Any]) -> None:
            seen.update([job.take])
            if outcome["status"] != "done":
                others.append(f"{job.take}: {outcome['reason']}, {outcome['says']}")

        began = time.monotonic()
        progress = run(out, season, engine, look=look, on_take=on_take)
        took = time.monotonic() - began
        yield f"{takes} takes of 1.3 s on {WORKERS} workers of Dask, {len(deaths)} of which were killed: {took:.0f} s."
        yield ""
        yield "| takes that ended | done | each once | tables whole |"
        yield "|---|---|---|---|"
        once = set(seen.values()) == {1} and len(seen) == takes
        yield f"| {progress.done} | {progress.counts['done']} | {_word(once)} | {_word(is_whole(out, takes))} |"
        if others:
            yield ""
            yield "Not done: " + "; ".join(others)


def _word(holds: bool) -> str:
    return "yes" if holds else "no"


def is_whole(out: Path, takes: int) -> bool:
    """Return whether every take has one row, and the strides and contacts of its own record."""
    tables = {name: pq.read_table(out / f"{name}.parquet").to_pylist() for name in ("takes", "strides", "contacts")}
    names = Counter(row["take"] for row in tables["takes"])
    rows = {name: Counter(row["take"] for row in tables[name]) for name in ("strides", "contacts")}
    records = {record["take"]: record["outcome"] for record in Folder(out).every_record()}
    same = all(len(records[take].get(name, ())) == rows[name][take] for take in names for name in rows)
    return len(names) == takes and set(names.values()) == {1} and names.keys() == records.keys() and same


def workers(films: int) -> Iterator[str]:
    """Analyse films with one process, with two and with two workers of Dask, in turns; yield the ratios.

    Beside them commands that know nothing of each other: how much two cores of this machine do more than one.
    """
    engines: dict[str, Callable[[], Engine]] = {
        ONE: lambda: Local(1, threads=1),
        f"one process, {cores()} cores": lambda: Local(1),
        SEVERAL: lambda: Local(WORKERS),
        DASK: lambda: Cluster(workers=WORKERS),
    }
    trials: dict[str, Callable[[Path, Path], Spent]] = {
        name: partial(timed, make=make) for name, make in engines.items()
    }
    trials |= {ALONE: partial(apart, at_once=1), AT_ONCE: partial(apart, at_once=WORKERS)}
    found: dict[str, list[Spent]] = {name: [] for name in trials}
    with tempfile.TemporaryDirectory() as place, data.on_disk("demo_after_side.mp4") as film:
        season = Path(place) / "season"
        season.mkdir()
        for number in range(films):
            shutil.copy(film, season / f"{number}.mp4")
        for turn in range(REPEATS):
            for number, (name, trial) in enumerate(trials.items()):
                found[name].append(trial(Path(place) / f"out-{turn}-{number}", season))
    yield f"{films} films of 2.7 s, each in {REPEATS} turns, the median; a cluster is up at the start."
    yield ""
    yield "| | s | times one process on one core | core-s a film in the analysis | beside it |"
    yield "|---|---|---|---|---|"
    walls = {name: median(spent.wall_s for spent in each) for name, each in found.items()}
    for name, each in found.items():
        total = median(spent.total_s for spent in each) / films
        inside = median(spent.inside_s for spent in each) / films
        split = f"{inside:.2f} | {total - inside:.2f}" if inside else f"{total:.2f} with it |"
        yield f"| {name} | {walls[name]:.1f} | {walls[ONE] / walls[name]:.2f} | {split} |"
    yield ""
    yield (
        f"{WORKERS} processes do {walls[ONE] / walls[SEVERAL]:.2f} times what one does on one core, and "
        f"{WORKERS} commands that know nothing of each other {walls[ALONE] / walls[AT_ONCE]:.2f} times what one does. "
        f"Dask takes {100 * (walls[DASK] / walls[SEVERAL] - 1):.0f} % longer than processes."
    )


def apart(_out: Path, season: Path, *, at_once: int) -> Spent:
    """Analyse a folder with so many commands at once, each of which has its share of the films."""
    films = [str(film) for film in sorted(season.iterdir())]
    before, began = spent_s(os.getpid()), time.monotonic()
    command = [sys.executable, "-m", "midstance", "analyze", "--height", "1.75", "--threads", "1", "--json", "-"]
    ran = [Popen([*command, *films[number::at_once]], stdout=DEVNULL, stderr=DEVNULL) for number in range(at_once)]
    codes = [each.wait() for each in ran]
    wall = time.monotonic() - began
    if any(codes):
        raise SystemExit(f"midstance analyze ended with {codes}")
    return Spent(wall, 0.0, spent_s(os.getpid()) - before)


def timed(out: Path, season: Path, *, make: Callable[[], Engine]) -> Spent:
    """Analyse a folder with an engine that is up."""
    engine = make()
    before, began, inside, total = spent_s(os.getpid()), time.monotonic(), list[float](), 0.0

    def on_take(_job: Job, outcome: Mapping[str, Any]) -> None:
        nonlocal total
        inside.append(outcome["cpu_s"])
        total = max(total, spent_s(os.getpid()) - before)  # while the workers of a cluster live

    run(out, season, engine, look=lambda _: None, on_take=on_take)
    wall = time.monotonic() - began
    return Spent(wall, sum(inside), max(total, spent_s(os.getpid()) - before))


def run(
    out: Path,
    season: Path,
    engine: Engine,
    *,
    look: Callable[[Progress], None],
    on_take: Callable[[Job, Mapping[str, Any]], None],
) -> Progress:
    """Analyse a folder, and end the engine."""
    folder = Folder(out)
    try:
        planned = plan(folder, find_sources([str(season)]), Options(height_m=1.75))
        return carry_out(folder, planned, engine, on_take=on_take, look=look)
    finally:
        engine.stop()


def spent_s(process: int) -> float:
    """Return the core-seconds of a process and everything below it, ended ones that were waited for included."""
    every: dict[int, tuple[int, float]] = {}
    own = Path(f"/proc/{process}/stat")  # read first: one that ends meanwhile counts once, not as waited for as well
    for place in (own, *(each for each in Path("/proc").glob("[0-9]*/stat") if each != own)):
        try:
            words = place.read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
        except OSError:
            continue
        ticks = sum(int(word) for word in words[11:15])
        every[int(place.parent.name)] = int(words[1]), ticks / os.sysconf("SC_CLK_TCK")
    found, below = 0.0, {process}
    while below:
        found += sum(every[each][1] for each in below if each in every)
        below = {each for each, (parent, _) in every.items() if parent in below}
    return found


TRIALS: dict[str, tuple[str, Callable[[int], Iterator[str]], int]] = {
    "killed": ("Workers are killed", killed, 1000),
    "workers": ("More workers", workers, 6),
}


def main(words: list[str]) -> None:
    """Run one trial, print what it yields, and keep it if asked."""
    write = "--write" in words
    name, *count = [word for word in words if word != "--write"] or ["workers"]
    title, trial, usual = TRIALS[name]
    machine = f"{platform.machine()}, {cores()} cores, Python {platform.python_version()}"
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC, midstance {__version__}"
    load = f"load before {os.getloadavg()[0]:.1f}"
    said = [f"## {title}", "", f"`python -m benchmarks.batch {name}`, {when}; {machine}; {load}.", ""]
    print("\n".join(said))
    for line in trial(int(count[0]) if count else usual):
        print(line, flush=True)
        said.append(line)
    if write:
        RESULTS.write_text(with_section(RESULTS.read_text(encoding="utf-8"), "\n".join(said)), encoding="utf-8")


def with_section(page: str, section: str) -> str:
    """Return a page with a section in place of the one of its heading, or at the end."""
    head, *parts = page.rstrip().split("\n\n## ")
    title, new = section.split("\n", 1)[0], section.removeprefix("## ").rstrip()
    places = {f"## {part.split(chr(10), 1)[0]}": part for part in parts} | {title: new}
    return "\n\n## ".join([head, *places.values()]) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
