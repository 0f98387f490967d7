"""A hostile world in one command: bombs, kills, full disks and damaged files: make harden.

    python -m validation.harden [--tried N] [--minutes M] [WHAT ...]

WHAT is bombs, kills, disks, or a reader of damaged files (`validation/harden_readers.py`); without, all of it. The same
every time, and bounded: the damaged files stop after so many minutes with what was tried by then. What was found goes
to validation/harden.json, from which `table()` makes a section of RESULTS.md.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from validation import harden_bombs, harden_disks, harden_files, harden_kills, harden_stores
from validation.harden_readers import READERS

ROOT = Path(__file__).parent.parent
FOUND = ROOT / "validation" / "harden.json"
MINUTES = 18.0

IN_FORKS: dict[str, Callable[[Path], Iterator[dict[str, Any]]]] = {
    "bombs": harden_bombs.tried,
    "kills": harden_kills.tried,
    "disks": harden_disks.tried,
}
"""What is tried in children forked from this process, so before it starts any thread."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="WHAT", choices=[[], *IN_FORKS, *READERS])
    parser.add_argument("--tried", type=int, default=harden_files.TRIED, help="mutants of each reader")
    parser.add_argument("--minutes", type=float, default=MINUTES, help="how long damaged files may take")
    options = parser.parse_args()
    wanted = options.what or [*IN_FORKS, *READERS]
    found: dict[str, Any] = json.loads(FOUND.read_text(encoding="utf-8")) if options.what and FOUND.exists() else {}
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        harden_stores.make_bases(folder)
        for name in [name for name in IN_FORKS if name in wanted]:
            start = time.monotonic()
            rows = [*IN_FORKS[name](folder)]
            found[name] = {"minutes": round((time.monotonic() - start) / 60, 1), "rows": rows}
    if readers := [name for name in READERS if name in wanted]:
        until = time.monotonic() + 60 * options.minutes
        found["files"] = found.get("files", {}) | harden_files.tried(readers, options.tried, until)
    FOUND.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    subprocess.run([sys.executable, "-m", "validation", "Damaged and hostile files"], cwd=ROOT, check=True)
    sys.exit(any(faults(found)))


def faults(found: dict[str, Any]) -> Iterator[str]:
    """Yield everything that was wrong."""
    for name in IN_FORKS:
        for row in found.get(name, {}).get("rows", ()):
            yield from (f"{row['says']}: {fault}" for fault in row["faults"])
    for name, row in found.get("files", {}).items():
        if row["fault"] or row["crash"] or row["hang"] or row["outside"]:
            yield f"{READERS[name].says}: {', '.join(row['worst']) or 'files outside'}"


COLUMNS: dict[str, tuple[str, dict[str, str]]] = {
    "bombs": ("bomb", {"bytes": "bytes", "answer": "answer", "peak_mb": "peak MB", "hang": "hangs"}),
    "kills": ("killed", {"moments": "moments", "killed": "kills", "as_before": "as if it had not begun"}),
    "disks": ("on a full disk", {"disk": "limited", "tried": "tried", "full": "did not fit and said so"}),
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


if __name__ == "__main__":
    main()
