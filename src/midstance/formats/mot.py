"""Read and write OpenSim's .mot and .sto, tables of curves over time: angles in degrees, lengths in metres."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats.files import write_text
from midstance.formats.text_file import numbers, text_of
from midstance.model import AngleFile
from midstance.reasons import Reason


def read(path: Path) -> AngleFile:
    """Return the curves of a .mot or .sto file. Raises InputError."""
    lines = text_of(path).splitlines()
    end = next((k for k, line in enumerate(lines) if line.strip().lower() == "endheader"), None)
    if end is None or len(lines) < end + 3:
        raise InputError(Reason("mot_header", path=path))
    names = lines[end + 1].split()
    rows = [line.split() for line in lines[end + 2 :] if line.strip()]
    table = numbers(rows, len(names), path=path, first_line=end + 3)
    head = " ".join(lines[:end]).lower().replace(" ", "")
    in_degrees = "indegrees=yes" in head if "indegrees=" in head else None
    columns = {name: table[:, k] for k, name in enumerate(names) if k}
    return AngleFile(path=path, columns=columns, time_s=table[:, 0], in_degrees=in_degrees)


def write(angles: AngleFile, path: Path) -> Path:
    """Write curves as a .mot file that OpenSim opens; a frame that lacks a value is left out. Raises InputError."""
    table = np.column_stack([angles.time_s, *angles.columns.values()])
    table = table[np.isfinite(table).all(axis=1)]
    if not len(table):
        raise InputError(Reason("mot_nothing_whole", path=path))
    lines = [
        path.stem,
        "version=1",
        f"nRows={len(table)}",
        f"nColumns={table.shape[1]}",
        f"inDegrees={'no' if angles.in_degrees is False else 'yes'}",
        "endheader",
        "\t".join(["time", *angles.columns]),
        *("\t".join(f"{value:.6f}" for value in row) for row in table),
    ]
    return write_text("\n".join(lines) + "\n", path)
