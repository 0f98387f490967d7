"""Read angles as Theia3D's batches and Visual3D write them in text: five rows of heads, then a row a frame.

The heads are file, signal, type, folder and axis; the first column numbers the frames. Angles in degrees, no times:
the rate must be said.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats.text_file import numbers, text_of
from midstance.model import AngleFile
from midstance.reasons import Reason

HEADS = 5


def is_table(text: str) -> bool:
    """Return whether a text begins as these exports do."""
    lines = [line.split("\t") for line in text.splitlines()[:HEADS]]
    return len(lines) == HEADS and lines[4][0].strip().upper() == "ITEM" and len({len(line) for line in lines}) == 1


def read(path: Path, rate_hz: float | None = None) -> AngleFile:
    """Return the curves of a .txt file. Raises InputError."""
    lines = [line.split("\t") for line in text_of(path).splitlines() if line.strip()]
    if not is_table(text_of(path)) or len(lines) <= HEADS:
        raise InputError(Reason("theia_heads", path=path))
    if not rate_hz:
        raise InputError(Reason("points_without_times", path=path))
    names = [f"{signal.strip()}_{axis.strip()}" for signal, axis in zip(lines[1][1:], lines[4][1:], strict=True)]
    table = numbers(lines[HEADS:], 1 + len(names), path=path, first_line=HEADS + 1)
    columns = {name: table[:, k] for k, name in enumerate(names, start=1)}
    return AngleFile(path=path, columns=columns, time_s=np.arange(len(table)) / rate_hz, in_degrees=True)
