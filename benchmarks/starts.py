"""Measure how long midstance takes to start: import midstance, midstance --help."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from statistics import median

RUNS = 7
STARTS = {
    "python alone": ("-c", "pass"),
    "import midstance": ("-c", "import midstance"),
    "midstance --help": ("-m", "midstance", "--help"),
}


def start_lines() -> Iterator[str]:
    """Yield a table of what a start takes, each in turn with the others so that the machine's load is shared."""
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in STARTS}
    for _ in range(RUNS):
        for name, words in STARTS.items():
            taken[name].append(seconds_of([sys.executable, *words]))
    yield f"| start, median of {RUNS} | wall, s | processor, s |"
    yield "|---|---|---|"
    for name, seconds in taken.items():
        wall, cpu = (median(column) for column in zip(*seconds, strict=True))
        yield f"| {name} | {wall:.3f} | {cpu:.3f} |"


def seconds_of(words: Sequence[str]) -> tuple[float, float]:
    """Return wall and processor seconds of one start."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([*words], check=True, stdout=subprocess.DEVNULL)
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
