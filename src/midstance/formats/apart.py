"""Read the files that native libraries decode in a process of its own: a crash there is one line for that file.

A damaged C3D, HDF5 or Parquet file can end the process that reads it, or ask for any amount of memory. Here it
ends a child: `python -m midstance.formats.apart FILE FOLDER`, which leaves in FOLDER what it read, or why it could not.
"""

from __future__ import annotations

import json
import sys
from collections import deque
from pathlib import Path
from typing import Any

import numpy as np

from midstance.cage import Cage, CrashedError, enter
from midstance.errors import InputError, MidstanceError, UsageError
from midstance.formats import c3d, deeplabcut, hdf, movement, parquet, sleap
from midstance.formats.files import temporary_folder
from midstance.formats.text_file import checked_size
from midstance.limits import limits
from midstance.model import Recording
from midstance.reasons import Reason

MOST_S = 120.0
"""How long one file may take."""

FACTS = ("made_by", "names", "unit", "size_px", "seen_by")
READ, FAILED = "read.npz", "failed.json"


def read(path: Path) -> Recording:
    """Return the points of a file that a native library decodes. Raises InputError; UsageError without the library."""
    checked_size(path)
    with temporary_folder() as folder:
        words = [str(path.absolute()), str(folder)]
        cage = Cage("midstance.formats.apart", words, memory_bytes=1e9 * limits().memory_gb, seconds=MOST_S)
        crash = None
        try:
            deque(cage.news(), maxlen=0)
        except CrashedError as crashed:
            crash = crashed
        if (failed := Path(folder, FAILED)).exists():
            name, values, usage = json.loads(failed.read_text(encoding="utf-8"))
            raise (UsageError if usage else InputError)(Reason(name, **{**values, "path": path}))
        if not (kept := Path(folder, READ)).exists():
            raise InputError(Reason("points_damaged", path=path)) from crash
        with np.load(kept, allow_pickle=False) as arrays:
            facts: dict[str, Any] = json.loads(str(arrays["facts"]))
            sizes = {name: arrays[name] for name in ("points", "confidence", "time_s")}
    size, names = facts.pop("size_px"), tuple(facts.pop("names"))
    return Recording(path=path, names=names, size_px=size and (size[0], size[1]), **sizes, **facts)


def read_here(path: Path) -> Recording:
    """Return the points of a file in this process. Raises InputError; UsageError without the library."""
    end = path.suffix.lower()
    if end == ".h5":
        return _read_h5(path)
    return {".c3d": c3d.read, ".nc": movement.read, ".parquet": parquet.read}[end](path)


def _read_h5(path: Path) -> Recording:
    try:
        with hdf.opened(path) as file:
            from_sleap = "node_names" in file
    except (OSError, ValueError):
        raise InputError(Reason("deeplabcut_h5", path=path)) from None
    return sleap.read_h5(path) if from_sleap else deeplabcut.read_h5(path)


def main(path: Path, folder: Path) -> None:
    """Read a file and leave its points in the folder, or the reason why it cannot be read."""
    enter(by_pipe=True)
    try:
        found = read_here(path)
    except MidstanceError as fault:
        values = {name: value if isinstance(value, int | float) else str(value) for name, value in fault.why.values}
        why = [fault.why.id, values, isinstance(fault, UsageError)]
        (folder / FAILED).write_text(json.dumps(why), encoding="utf-8")
        return
    facts = np.array(json.dumps({name: getattr(found, name) for name in FACTS}))
    kept = {"points": found.points, "confidence": found.confidence, "time_s": found.time_s, "facts": facts}
    np.savez(folder / READ, **kept)  # type: ignore[arg-type]


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
