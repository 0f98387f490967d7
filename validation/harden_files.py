"""Damaged files through every reader, in a child with limits: for `make harden`.

A mutant is a good file of its format that was cut, overwritten, doubled in part, or given numbers that cannot be; the
same ones every time. Each reader works in a cage (midstance.cage) of its own: what kills it is counted, and it goes on
with the next mutant.
"""

from __future__ import annotations

import json
import os
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from midstance import cage
from midstance.errors import MidstanceError
from midstance.reasons import printable
from validation.harden_made import Reader
from validation.harden_readers import READERS
from validation.harden_time import shares

ROOT = Path(__file__).parent.parent
TRIED = 1000
"""Mutants of each reader."""
MEMORY_BYTES = 2_000_000_000
HANGS_AFTER_S = 180.0
"""Without a word for so long, on a busy machine too, a reader hangs; the slowest mutant needs a second."""

STRANGE = (
    b"nan", b"inf", b"-1", b"0", b"1e308", b"1e400", b"", b"abc", b"9" * 400, b"null", b"[]", b"{}", b"../../x",
    b"=1+1", b"\x1b[2J", b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00",
    b"\xed\xa0\x80",
)  # fmt: skip


def mutant(good: bytes, seed: int) -> bytes:
    """Return a good file with one to four things done to it."""
    chance = random.Random(seed)  # noqa: S311  (the same files every time)
    raw = bytearray(good)
    for _ in range(chance.choice((1, 1, 2, 4))):
        if not raw:
            break
        at = chance.randrange(min(len(raw), chance.choice((64, 600, len(raw)))))
        kind, strange = chance.randrange(6), chance.choice(STRANGE)
        stop = min(len(raw), at + chance.choice((1, 4, 64, 1000)))
        if kind == 0:
            del raw[at:]
        elif kind == 1:
            raw[at:at] = strange
        elif kind == 2:
            raw[at : at + len(strange)] = strange
        elif kind == 3:
            raw[at] ^= 1 << chance.randrange(8)
        elif kind == 4:
            raw[at:at] = raw[at:stop]
        else:
            del raw[at:stop]
    return bytes(raw)


# -- outside -------------------------------------------------------------------------------------------------------


def tried(names: Sequence[str], wanted: int, until: float) -> dict[str, dict[str, Any]]:
    """Try the mutants of each reader, one child after another; return how many, what came of them, and the memory."""
    found = {name: Tried() for name in names}
    with tempfile.TemporaryDirectory() as home:
        work = Path(home, "work")
        work.mkdir()
        before = everything(Path(home), work)
        while time.monotonic() < until and any(one.next < wanted for one in found.values()):
            left = {name: one.next for name, one in found.items() if one.next < wanted and not one.over}
            if not left:  # what the quick ones left of the time is for those whose share was over
                for one in found.values():
                    one.over = False
                continue
            seconds = until - time.monotonic()
            child = cage.Cage(
                "validation.harden_child",
                [json.dumps(left), str(wanted), str(work), str(seconds)],
                memory_bytes=MEMORY_BYTES,
                seconds=HANGS_AFTER_S,
                variables={"HOME": home, "MIDSTANCE_DATA": str(work / "data"), "TMPDIR": str(work)},
                steps_back=False,
            )
            _listen(child, found)
            for one in found.values():
                one.outside |= everything(Path(home), work) - before
    return {name: one.row() for name, one in found.items()}


@dataclass(slots=True)
class Tried:
    """What came of the mutants of one reader; over: its share of the time."""

    next: int = 0
    over: bool = False
    peak: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    worst: list[str] = field(default_factory=list)
    outside: set[str] = field(default_factory=set)

    def note(self, came: str, says: str) -> None:
        self.counts[came] += 1
        if came not in {"read", "refused", "stopped"}:
            self.worst.append(f"{self.next}: {came} {says}".strip())
        self.next += 1

    def row(self) -> dict[str, Any]:
        kinds = {kind: self.counts[kind] for kind in ("read", "refused", "stopped", "memory", "fault", "crash", "hang")}
        about = {"peak_mb": round(self.peak / 1e6), "outside": len(self.outside), "worst": self.worst[:5]}
        return {"tried": sum(kinds.values()), **kinds, **about}


def _listen(child: cage.Cage, found: dict[str, Tried]) -> None:
    """Note what a child says until it ends; what ended it is noted of the reader in hand."""
    name, now = next(iter(found.items()))
    try:
        for said in child.news():
            if said:
                child.start_again()
                name, now = said["reader"], found[said["reader"]]
            if "seed" in said:
                now.next = said["seed"]
                now.note(said["came"], said["says"])
                now.peak = max(now.peak, said["peak"])
            now.over = now.over or bool(said.get("over"))
    except cage.CrashedError as crash:
        ended = "stopped" if READERS[name].caged else "crash"
        now.note({cage.TOO_LONG: "hang", cage.TOO_MUCH: "memory"}.get(str(crash), ended), "")


def everything(home: Path, work: Path) -> set[str]:
    """Return what lies in the home and beside the project, but for the folder that is worked in."""
    places = (home, ROOT, Path(tempfile.gettempdir(), "midstance-harden"))
    return {
        str(path)
        for place in places
        if place.exists()
        for path in place.iterdir()
        if path != work and path.name not in {"__pycache__", ".cache"}
    }


def table(found: dict[str, Any]) -> Iterator[str]:
    """Make the table of what came of the mutants."""
    heads = "tried | read | refused | stopped by the cage | over the memory | faults | crashes | hangs | peak MB"
    yield f"| reader | {heads} | files outside |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    columns = ("tried", "read", "refused", "stopped", "memory", "fault", "crash", "hang", "peak_mb", "outside")
    for name, row in found.items():
        yield f"| {READERS[name].says} | {' | '.join(str(row[column]) for column in columns)} |"
    sums = [sum(row[column] for row in found.values()) for column in columns]
    sums[columns.index("peak_mb")] = max(row["peak_mb"] for row in found.values())
    yield f"| **all** | {' | '.join(map(str, sums))} |"
    for name, row in found.items():
        for one in row["worst"]:
            yield f"\n{READERS[name].says}, mutant {one}"


# -- inside --------------------------------------------------------------------------------------------------------


def work(left: dict[str, int], wanted: int, *, folder: Path, seconds: float) -> None:
    """Read the mutants of every reader from where it is, and say in lines of JSON what came of each."""
    cage.enter(by_pipe=True)
    os.chdir(folder)
    for (name, start), share in shares([*left.items()], time.monotonic() + seconds):
        say(reader=name)
        good = READERS[name].make(folder)
        for seed in range(start, wanted):
            came, says = outcome(READERS[name], mutant(good, seed), folder)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
            say(reader=name, seed=seed, came=came, says=says, peak=peak)
            if time.monotonic() > share:
                break
        say(reader=name, over=True)


def say(**news: Any) -> None:
    print(json.dumps(news), flush=True)


def outcome(reader: Reader, content: bytes, folder: Path) -> tuple[str, str]:
    """Return what came of a mutant: read, refused in one line that can be printed, memory, or fault and its words."""
    try:
        reader.read(content, folder)
    except MidstanceError as fault:
        line = fault.say("cli")
        return ("refused", "") if printable(line) == line else ("fault", f"not one line: {line!r}")
    except MemoryError:
        return "memory", ""
    except Exception as fault:  # noqa: BLE001  (that is what is looked for)
        return "fault", f"{type(fault).__name__}: {fault}"[:300]
    return "read", ""
