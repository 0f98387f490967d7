"""One of the lines of `make harden`: python -m validation.harden_line SECONDS TRIED NAME ...

It tries the parts of that name one after the other and prints each row as a line of JSON, and at the end of a part how
long it took.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from validation import harden_bombs, harden_disks, harden_files, harden_forks, harden_kills, harden_stores
from validation.harden_readers import READERS
from validation.harden_time import shares

IN_FORKS: dict[str, Callable[[Path, float], Iterator[dict[str, Any]]]] = {
    "bombs": harden_bombs.tried,
    "kills": harden_kills.tried,
    "disks": harden_disks.tried,
}
"""What is tried in children forked from this process, so before it starts any thread."""


def work(names: Sequence[str], wanted: int, until: float) -> Iterator[dict[str, Any]]:
    """Try the parts: those in forks first, then the readers among them together."""
    readers = [name for name in names if name in READERS]
    parts = [name for name in names if name in IN_FORKS] + ["files"] * bool(readers)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if any(part in IN_FORKS for part in parts):
            harden_stores.make_bases(folder)
            harden_forks.look_once(folder / "run.mp4", folder / harden_forks.POSES)
        for part, end in shares(parts, until):
            start = time.monotonic()
            if part == "files":
                for name, row in harden_files.tried(readers, wanted, end).items():
                    yield {"part": part, "reader": name, "row": row}
            else:
                yield from ({"part": part, "row": row} for row in IN_FORKS[part](folder, end))
            yield {"part": part, "minutes": round((time.monotonic() - start) / 60, 1)}


if __name__ == "__main__":
    seconds, mutants, *what = sys.argv[1:]
    for said in work(what, int(mutants), time.monotonic() + float(seconds)):
        print(json.dumps(said), flush=True)
