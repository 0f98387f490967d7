"""Read DeepLabCut's tables of points (.csv, or the .h5 beside it): pixels, no times; the names are the project's own.

Three rows of heads (scorer, bodyparts, coords), or four with several animals (individuals after the scorer).
"""

from __future__ import annotations

import csv
import io
import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import InputError
from midstance.formats import hdf
from midstance.formats.files import write_text
from midstance.formats.text_file import numbers, text_of
from midstance.model import Floats, Recording
from midstance.reasons import Reason

Heads = Sequence[tuple[str, ...]]
"""Of every column the person, the point, and x, y or likelihood."""


def is_table(first_line: str) -> bool:
    """Return whether a CSV begins as DeepLabCut's do."""
    return first_line.lower().startswith("scorer,")


def read(path: Path) -> Recording:
    """Return the points of a .csv file. Raises InputError."""
    lines = list(csv.reader(text_of(path).splitlines()))
    several = len(lines) > 1 and lines[1][:1] == ["individuals"]
    heads = lines[1 : 4 if several else 3]
    first = len(heads) + 1
    rows = [row[1:] for row in lines[first:] if row]
    if not rows or len(heads) < 2 or len({len(head) for head in heads}) > 1:
        raise InputError(Reason("points_no_frames", path=path))
    columns = [
        tuple(column) if several else ("", *column) for column in zip(*(head[1:] for head in heads), strict=True)
    ]
    return _recording(columns, numbers(rows, len(columns), path=path, first_line=first + 1), path)


def read_h5(path: Path) -> Recording:
    """Return the points of a .h5 file in pandas' table form. Raises InputError; UsageError without h5py."""
    try:
        with hdf.opened(path) as file:
            group = next(iter(file.values()))
            values = np.array(group["table"]["values_block_0"], float)
            heads = _heads(group["table"].attrs["values_block_0_kind"])
    except (OSError, KeyError, StopIteration, ValueError, TypeError, pickle.UnpicklingError):
        raise InputError(Reason("deeplabcut_h5", path=path)) from None
    columns = [tuple(head[1:]) if len(head) == 4 else ("", *head[1:]) for head in heads]
    return _recording(columns, values, path)


def _heads(stored: Any) -> list[tuple[str, ...]]:
    """Return the heads of the columns, which pandas stores pickled: nothing but texts in lists is taken from it."""
    raw = stored if isinstance(stored, bytes) else bytes(stored)
    return [tuple(str(part) for part in head) for head in _TextsAlone(io.BytesIO(raw)).load()]


class _TextsAlone(pickle.Unpickler):
    """Reads lists of texts; anything that would call code is refused."""

    def find_class(self, _module: str, _name: str) -> Any:
        """Refuse every class."""
        raise pickle.UnpicklingError


def _recording(columns: Heads, values: Floats, path: Path) -> Recording:
    people = list(dict.fromkeys(head[0] for head in columns))
    names = list(dict.fromkeys(head[1] for head in columns))
    points = np.full((len(people), len(values), len(names), 2), np.nan)
    trust = np.zeros(points.shape[:3])
    for k, (person, name, axis) in enumerate(columns):
        place = people.index(person), slice(None), names.index(name)
        if axis in {"x", "y"}:
            points[(*place, "xy".index(axis))] = values[:, k]
        elif axis == "likelihood":
            trust[place] = np.nan_to_num(values[:, k])
    return Recording(
        path=path,
        made_by="DeepLabCut",
        names=tuple(names),
        points=points,
        confidence=np.where(np.isfinite(points[..., 0]), trust, 0.0),
        time_s=np.full(len(values), np.nan),
        unit="px",
    )


def write(recording: Recording, path: Path) -> Path:
    """Write the first person's points as DeepLabCut's .csv. Raises InputError."""
    heads = [[name, axis] for name in recording.names for axis in ("x", "y", "likelihood")]
    lines = [
        ["scorer", *["midstance"] * len(heads)],
        ["bodyparts", *(head[0] for head in heads)],
        ["coords", *(head[1] for head in heads)],
    ]
    table = np.concatenate([recording.points[0][..., :2], recording.confidence[0][..., None]], axis=-1)
    for frame, row in enumerate(table.reshape(len(table), -1)):
        lines.append([str(frame), *(f"{value:.6g}" if np.isfinite(value) else "" for value in row)])
    return write_text("\n".join(",".join(line) for line in lines) + "\n", path)
