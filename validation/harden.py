"""A hostile world in one command: bombs, kills, full disks and damaged files: make harden.

    python -m validation.harden [--tried N] [--minutes M] [WHAT ...]

WHAT is bombs, kills, disks, or a reader of damaged files (`validation/harden_readers.py`); without, all of it. The same
every time, in two lines side by side, and bounded: every trial has its share of the minutes, what they did not reach is
said, and what still runs `GRACE_S` later is ended. What was found goes to validation/harden.json, from which `table()`
makes a section of RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from validation import harden_files, harden_time
from validation.harden_bombs import BOMBS
from validation.harden_line import IN_FORKS
from validation.harden_readers import READERS

ROOT = Path(__file__).parent.parent
FOUND = ROOT / "validation" / "harden.json"
MINUTES = 26.0
GRACE_S = 120.0
LEAST_MUTANTS = 20_000
LINES = (("disks", *READERS), ("bombs", "kills"))
"""What is tried side by side, in its order."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="WHAT", choices=[[], *IN_FORKS, *READERS])
    parser.add_argument("--tried", type=int, default=harden_files.TRIED, help="mutants of each reader")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long all of it may take")
    options = parser.parse_args()
    before: dict[str, Any] = json.loads(FOUND.read_text(encoding="utf-8")) if options.what and FOUND.exists() else {}
    found = tried(options.what or [*IN_FORKS, *READERS], options.tried, options.minutes, before)
    minutes = found.pop("minutes")
    if not options.what:
        found["whole"] = {"minutes": minutes, "at_most": options.minutes + GRACE_S / 60, "since": []}
    elif "whole" in found:
        found["whole"]["since"] = sorted({*found["whole"]["since"], *options.what})
    FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "validation", "Damaged and hostile files"], cwd=ROOT, check=True)
    sys.exit(any(faults(found)))


def tried(what: Sequence[str], wanted: int, minutes: float, before: dict[str, Any]) -> dict[str, Any]:
    """Try what is asked for in lines side by side; return what was found, that of other parts as it was before."""
    start, seconds = time.monotonic(), 60 * minutes
    lines = [[name for name in line if name in what] for line in LINES]
    commands = [
        [sys.executable, "-m", "validation.harden_line", str(seconds), str(wanted), *line] for line in lines if line
    ]
    found = {name: part for name, part in before.items() if name not in {*what, "faults"}}
    with tempfile.TemporaryDirectory() as made:  # of all lines: also what one that is ended leaves goes with it
        for said in harden_time.side_by_side(commands, seconds + GRACE_S, cwd=ROOT, env={**os.environ, "TMPDIR": made}):
            note(said, found)
    if "files" in found:
        found["files"] = {name: found["files"][name] for name in READERS if name in found["files"]}
    return found | {"minutes": round((time.monotonic() - start) / 60, 1)}


def note(said: dict[str, Any], found: dict[str, Any]) -> None:
    """Put what a line said where it belongs."""
    if "fault" in said:
        found.setdefault("faults", []).append(said["fault"])
    elif "reader" in said:
        found.setdefault("files", {})[said["reader"]] = said["row"]
    elif "row" in said:
        found.setdefault(said["part"], {"rows": []})["rows"].append(said["row"])
    elif said["part"] != "files":
        found.setdefault(said["part"], {"rows": []})["minutes"] = said["minutes"]


def faults(found: dict[str, Any]) -> Iterator[str]:
    """Yield everything that was wrong."""
    yield from found.get("faults", ())
    for name in IN_FORKS:
        for row in found.get(name, {}).get("rows", ()):
            yield from (f"{row['says']}: {fault}" for fault in row["faults"])
    for name, row in found.get("files", {}).items():
        if row["fault"] or row["crash"] or row["hang"] or row["outside"]:
            yield f"{READERS[name].says}: {', '.join(row['worst']) or 'files outside'}"
    if "whole" in found and (mutants := sum(row["tried"] for row in found.get("files", {}).values())) < LEAST_MUTANTS:
        yield f"only {mutants} damaged files, fewer than {LEAST_MUTANTS}"


def not_reached(found: dict[str, Any]) -> Iterator[str]:
    """Yield what the time was too short for."""
    if (bombs := len(found.get("bombs", {}).get("rows", ()))) < len(BOMBS):
        yield f"bombs: {bombs} of {len(BOMBS)}"
    for row in found.get("kills", {}).get("rows", ()):
        if row["tried"] < row["of"]:
            yield f"killed, {row['says']}: {row['tried']} of {row['of']} moments"
    for row in found.get("disks", {}).get("rows", ()):
        if not row["whole"]:
            yield f"on a full disk, {row['says']}: the least room in which it fits"
    for name, reader in READERS.items():
        if (mutants := found.get("files", {}).get(name, {}).get("tried", 0)) < harden_files.TRIED:
            yield f"{reader.says}: {mutants} of {harden_files.TRIED}"


COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "bombs": ("bomb", {"bytes": "bytes", "answer": "answer", "peak_mb": "peak MB", "hang": "hangs"}),
    "kills": (
        "killed",
        {"moments": "moments", "tried": "tried", "killed": "kills", "as_before": "as if it had not begun"},
    ),
    "disks": (
        "on a full disk",
        {"disk": "limited", "tried": "tried", "full": "did not fit and said so", "least_kb": "least that fits, kB"},
    ),
}
"""What the tables show, besides what each row is of and its faults."""


def table() -> Iterator[str]:
    """Make the lines of the section in RESULTS.md."""
    found = json.loads(FOUND.read_text(encoding="utf-8")) if FOUND.exists() else {}
    if not found:
        yield "Not run yet."
    for name, (first, columns) in COLUMNS.items():
        if rows := found.get(name, {}).get("rows"):
            yield f"| {first} | {' | '.join(columns.values())} | faults |"
            yield "|---" * (len(columns) + 2) + "|"
            for row in rows:
                yield f"| {row['says']} | {' | '.join(str(row[each]) for each in columns)} | {len(row['faults'])} |"
            yield ""
    if found.get("files"):
        yield from harden_files.table(found["files"])
    yield from (f"\nFault: {fault}" for fault in faults(found))
    yield f"\nNot reached in the time: {'; '.join(not_reached(found)) or 'nothing'}."
    if whole := found.get("whole"):
        ends = f"after {whole['at_most']:.0f} it ends by itself"
        yield f"\nThe last run of all of it took {whole['minutes']} minutes; {ends}."
    if whole and whole["since"]:
        yield f"\nCounted since, each alone: {', '.join(whole['since'])}."


if __name__ == "__main__":
    main()
