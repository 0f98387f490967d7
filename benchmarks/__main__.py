"""Measure frames a second, core-milliseconds a frame and memory of every stage: make bench.

python -m benchmarks --lines 720 1080 2160 --rates 30 60 120 240 --seconds 10 60 600 measures the whole table; --write
adds it to benchmarks/RESULTS.md. Up to 60 s it takes an hour and a half on two cores, most of it at 2160 lines.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.by_length import table_by_length
from benchmarks.clips import clip_for
from benchmarks.starts import start_lines
from midstance import __version__
from midstance.formats.files import temporary_folder
from midstance.machine import cores

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "benchmarks" / "RESULTS.md"
LONGEST_FILMED_S = 60
"""Longer clips are measured without film and page: those take the same for every frame."""

STAGES = (
    "open and hash",
    "decode",
    "camera",
    "detector",
    "pose",
    "decode, camera, detector, pose",
    "track",
    "measures",
    "track, measures, rules",
    "report",
    "film",
    "page and papers",
)
WHOLE = ("open and hash", "decode, camera, detector, pose", "track, measures, rules", "report")
SIDE_BY_SIDE = ("camera", "detector", "pose")
"""Stages of which only the processor time is known: they run beside others."""


def main() -> None:
    """Measure the cases that are asked for, print them, and keep them if asked."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[1080], help="heights of the clips")
    parser.add_argument("--rates", type=float, nargs="+", default=[60], help="frames a second")
    parser.add_argument("--seconds", type=float, nargs="+", default=[10], help="lengths of the clips")
    parser.add_argument("--clips", type=Path, help="folder where made clips are kept for the next time")
    parser.add_argument("--by-length", action="store_true", help="also what a second of a longer clip costs")
    parser.add_argument("--write", action="store_true", help="add the tables to benchmarks/RESULTS.md")
    asked = parser.parse_args()
    said = []
    for line in lines(asked):
        print(line, flush=True)
        said.append(line)
    if asked.write:
        RESULTS.write_text("\n".join([RESULTS.read_text(encoding="utf-8").rstrip(), "", *said, ""]), encoding="utf-8")


def lines(asked: argparse.Namespace) -> Iterator[str]:
    """Yield the lines of a section of RESULTS.md."""
    yield f"## {__version__} at {commit()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield ""
    yield f"{machine()}; load before: {os.getloadavg()[0]:.2f}."
    yield ""
    yield from start_lines()
    with temporary_folder() as made:
        for height, rate_hz, seconds in product(asked.lines, asked.rates, asked.seconds):
            clip = clip_for(asked.clips or made, lines=height, rate_hz=rate_hz, seconds=seconds)
            yield ""
            yield from case_lines(f"{height}p, {rate_hz:g} Hz, {seconds:g} s", clip, seconds=seconds)
            if not asked.clips:
                clip.unlink()
    if asked.by_length:
        yield from table_by_length()


def case_lines(name: str, clip: Path, *, seconds: float) -> Iterator[str]:
    """Measure one clip in a process of its own; yield its table."""
    more = [] if seconds <= LONGEST_FILMED_S else ["--no-film"]
    load = os.getloadavg()[0]
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.case", str(clip), *more], cwd=ROOT, check=True, stdout=subprocess.PIPE
    )
    found: dict[str, Any] = json.loads(ran.stdout)
    many, stages = found["frames"], found["stages"]
    yield f"### {name}: {many} frames, {clip.stat().st_size / many / 1000:.1f} kB a frame, load {load:.1f}"
    yield ""
    yield "| stage | frames/s | core-ms a frame | memory so far, MB |"
    yield "|---|---|---|---|"
    for stage in STAGES:
        if stage in stages:
            wall, cpu = stages[stage]
            speed = "" if stage in SIDE_BY_SIDE else f"{many / wall:.1f}"
            peak = found["peaks_mb"].get(stage)
            yield f"| {stage} | {speed} | {1000 * cpu / many:.2f} | {'' if peak is None else round(peak)} |"
    yield from _sums(found)


def _sums(found: dict[str, Any]) -> Iterator[str]:
    """Yield the rows of the whole with and without film, and how near to the pose model alone that is."""
    many, stages, alone = found["frames"], found["stages"], found["alone"]
    plain = _sum(stages[stage] for stage in WHOLE)
    yield f"| **whole, no film** | **{many / plain[0]:.1f}** | **{1000 * plain[1] / many:.2f}** | |"
    if "film" in stages:
        filmed = _sum([plain, stages["film"]])
        yield f"| **whole, with film** | **{many / filmed[0]:.1f}** | **{1000 * filmed[1] / many:.2f}** | |"
    yield ""
    best = max(alone["several_of_one_thread"], alone["one_of_several_threads"])
    yield (
        f"Pose model alone: {alone['several_of_one_thread']:.1f} frames/s with one interpreter a core, "
        f"{alone['one_of_several_threads']:.1f} with one of as many threads, {alone['core_ms']:.2f} core-ms a frame; "
        f"the whole without film reaches {100 * many / plain[0] / best:.0f} % of it "
        f"({100 * alone['core_ms'] / (1000 * plain[1] / many):.0f} % by core time). "
        f"Peak memory {found['peak_mb']:.0f} MB."
    )


def _sum(stages: Iterable[Sequence[float]]) -> tuple[float, float]:
    wall, cpu = zip(*stages, strict=True)
    return sum(wall), sum(cpu)


def machine() -> str:
    """Return processor, cores and Python of this machine."""
    named = platform.processor() or platform.machine()
    table = Path("/proc/cpuinfo")
    if table.exists():
        models = [
            line.split(":", 1)[1].strip() for line in table.read_text().splitlines() if line.startswith("model name")
        ]
        named = models[0] if models else named
    return f"{named}, {cores()} cores, Python {platform.python_version()}"


def commit() -> str:
    words = ["git", "rev-parse", "--short", "HEAD"]
    ran = subprocess.run(words, cwd=ROOT, check=False, capture_output=True, text=True)
    return ran.stdout.strip() or "no commit"


if __name__ == "__main__":
    main()
