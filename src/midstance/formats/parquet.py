"""Read and write a Parquet table of points or curves, the columns of csv_points (pyarrow: midstance[formats])."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from midstance.errors import InputError
from midstance.formats.csv_points import columns, read_table
from midstance.formats.extras import needed
from midstance.formats.files import written_whole
from midstance.formats.text_file import checked_size
from midstance.model import Floats, Recording
from midstance.reasons import Reason


def read(path: Path) -> Recording:
    """Return the points of a .parquet file. Raises InputError; UsageError without pyarrow."""
    parquet: Any = needed("pyarrow.parquet")
    try:
        table = parquet.read_table(str(checked_size(path)))
    except (OSError, ValueError) as fault:
        raise InputError(Reason("parquet_unreadable", path=path, fault=str(fault).splitlines()[0][:120])) from None
    rows = [
        ["" if value is None else str(value) for value in row] for row in zip(*table.to_pydict().values(), strict=True)
    ]
    if not rows:
        raise InputError(Reason("points_no_frames", path=path))
    return read_table(list(table.column_names), rows, path=path, first_line=1)


def write(recording: Recording, path: Path) -> Path:
    """Write the first person's points, a row a frame. Raises InputError; UsageError without pyarrow."""
    return write_columns(columns(recording), path)


def write_columns(table: Mapping[str, Floats], path: Path) -> Path:
    """Write columns by name. Raises InputError; UsageError without pyarrow."""
    arrow: Any = needed("pyarrow")
    parquet: Any = needed("pyarrow.parquet")
    with written_whole(path) as unfinished:
        parquet.write_table(arrow.table(dict(table)), str(unfinished))
    return path
