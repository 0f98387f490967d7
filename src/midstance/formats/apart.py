"""Read the files that native libraries decode in a process of its own: a crash there is one line for that file.

A damaged C3D, HDF5 or Parquet file can end the process that reads it, or ask for any amount of memory. Here it
ends a child: `python -m midstance.formats.apart FILE FOLDER`, which leaves in FOLDER what it read, or why it could not.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import InputError, MidstanceError, UsageError
from midstance.formats import c3d, deeplabcut, movement, parquet, sleap
from midstance.formats.extras import needed
from midstance.formats.text_file import checked_size
from midstance.model import Recording
from midstance.reasons import Reason

MOST_BYTES = 8_000_000_000
"""Memory a child may use: twenty times the largest file that is read."""
MOST_S = 120.0
FACTS = ("made_by", "names", "unit", "size_px", "seen_by")
READ, FAILED = "read.npz", "failed.json"


def read(path: Path) -> Recording:
    """Return the points of a file that a native library decodes. Raises InputError; UsageError without the library."""
    checked_size(path)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "midstance.formats.apart", str(path.absolute()), folder]
        try:
            ended = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=MOST_S, check=False)  # noqa: S603  (our own module, no shell)
            printed = ended.stderr.decode("utf-8", "replace")[-2000:]
        except subprocess.TimeoutExpired:
            printed = f"no end after {MOST_S} s"
        if (failed := Path(folder, FAILED)).exists():
            name, values, usage = json.loads(failed.read_text(encoding="utf-8"))
            raise (UsageError if usage else InputError)(Reason(name, **{**values, "path": path}))
        if not (kept := Path(folder, READ)).exists():
            raise InputError(Reason("points_damaged", path=path)) from ChildProcessError(printed)
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
    h5py = needed("h5py")
    try:
        with h5py.File(path) as file:
            from_sleap = "node_names" in file
    except OSError:
        raise InputError(Reason("deeplabcut_h5", path=path)) from None
    return sleap.read_h5(path) if from_sleap else deeplabcut.read_h5(path)


def main(path: Path, folder: Path) -> None:
    """Read a file and leave its points in the folder, or the reason why it cannot be read."""
    _bound_memory()
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


def _bound_memory() -> None:
    if sys.platform != "win32":
        import resource  # noqa: PLC0415  (Windows has none)

        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
