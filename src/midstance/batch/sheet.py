"""Read what is known of takes from a CSV: speed, height and mass are used for the analysis, every column is kept."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any

from midstance import quantities
from midstance.batch.sources import Source, is_remote
from midstance.errors import UsageError
from midstance.formats.text_file import text_of
from midstance.reasons import Reason

FILE_HEADS = ("film", "file", "clip", "video", "take", "path", "source", "name")
"""Heads of the column that names the film, in lower case; the first of them that is there."""

QUANTITIES: Mapping[str, tuple[str, Callable[[str], float]]] = MappingProxyType(
    {
        "speed": ("speed_mps", quantities.speed_mps),
        "height": ("height_m", quantities.height_m),
        "mass": ("mass_kg", quantities.mass_kg),
        "weight": ("mass_kg", quantities.mass_kg),
        "slow_motion": ("slow_motion", quantities.times_slower),
    }
)
"""Columns that an analysis uses, by head: the option each is, and how a cell is read."""

HEAD = re.compile(r"(speed|height|mass|weight|slow[ _]motion)(?:[ _]*[\[(]?([a-z/]+)[\])]?)?")
"""A head of such a column, and the unit of its bare numbers: "speed", "height (cm)", "speed_kmh"."""

UNITS = {"mps": "m/s", "kmh": "km/h", "kph": "km/h"}
"""Units as they are written where no slash can be."""

SHOWN_FAULTS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a line of the sheet says of one film: what is used for the analysis, and every column as it is."""

    file: str
    known: Mapping[str, float]
    columns: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A CSV with a row a film, and its other columns."""

    path: Path
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def matched(self, sources: Iterable[Source]) -> tuple[Mapping[str, Row], tuple[str, ...]]:
        """Return the row of each take by its address, and the films that are named and not there.

        Raises UsageError where a row may mean several takes, or two rows are of one take.
        """
        sources = tuple(sources)
        found: dict[str, Row] = {}
        lost = []
        for row in self.rows:
            same = _meant(row.file, sources, self.path.parent)
            if len(same) > 1:
                raise UsageError(Reason("sheet_several", path=self.path, file=row.file, n=len(same)))
            if not same:
                lost.append(row.file)
            elif same[0].address in found:
                raise UsageError(Reason("sheet_twice", path=self.path, file=row.file))
            else:
                found[same[0].address] = row
        return found, tuple(lost)


def read_sheet(path: Path) -> Sheet:
    """Read a sheet. Raises InputError for a file that cannot be read, UsageError with the lines that are wrong."""
    text = text_of(path)
    comma = max(",;\t", key=text.split("\n", 1)[0].count)
    try:
        lines = [*csv.reader(io.StringIO(text), delimiter=comma)]
    except csv.Error as fault:
        raise UsageError(Reason("sheet_no_csv", path=path, fault=str(fault))) from None
    heads = [head.strip() for head in lines[0]] if lines else []
    lowered = [head.lower() for head in heads]
    name = next((head for head in FILE_HEADS if head in lowered), None)
    if name is None:
        raise UsageError(Reason("sheet_no_films", path=path, known=", ".join(FILE_HEADS)))
    if len({*lowered}) < len(lowered) or "" in lowered:
        raise UsageError(Reason("sheet_heads", path=path))
    rows, faults = [], list[str]()
    for number, cells in enumerate(lines[1:], start=2):
        values = dict(zip(heads, (*(cell.strip() for cell in cells), *[""] * len(heads)), strict=False))
        file = values.pop(heads[lowered.index(name)])
        if not file:
            continue
        known: dict[str, float] = {}
        for head, cell in values.items():
            try:
                known |= _quantity(head, cell)
            except UsageError as fault:
                faults.append(f"line {number}, {fault.say('page').removeprefix('your ')}")
        rows.append(Row(file=file, known=known, columns=values))
    if faults:
        more = f" ({len(faults) - SHOWN_FAULTS} more)" if len(faults) > SHOWN_FAULTS else ""
        raise UsageError(Reason("sheet_cells", path=path, faults=" ".join(faults[:SHOWN_FAULTS]) + more))
    return Sheet(path=path, columns=tuple(head for head in heads if head.lower() != name), rows=tuple(rows))


def _quantity(head: str, cell: str) -> dict[str, float]:
    """Return what a cell says for the analysis; nothing for an empty one or another column. Raises UsageError."""
    found = HEAD.fullmatch(head.lower())
    if not found or not cell:
        return {}
    option, read = QUANTITIES[found[1].replace(" ", "_")]
    unit = UNITS.get(found[2], found[2]) if found[2] else ""
    return {option: read(f"{cell}{unit}" if unit and re.fullmatch(r"[\d.,:\s]+", cell) else cell)}


def _meant(file: str, sources: Sequence[Source], folder: Path) -> list[Source]:
    """Return the takes that a cell may name: by the whole address, by the end of it, by name, or without its ending."""
    at = file if is_remote(file) else str((folder / file).absolute())
    exact = [source for source in sources if source.address in {at, file}]
    parts = PurePosixPath(file.replace("\\", "/")).parts
    ends = [s for s in sources if PurePosixPath(s.address.replace("\\", "/")).parts[-len(parts) :] == parts]
    stems = [source for source in sources if PurePosixPath(source.name).stem == file]
    return exact or ends or stems


def typed(columns: Mapping[str, Sequence[str | None]]) -> dict[str, list[Any]]:
    """Return the columns of sheets, as numbers where every cell of a column is one; an empty cell is None."""
    return {name: _numbers(cells) or [cell or None for cell in cells] for name, cells in columns.items()}


def _numbers(cells: Sequence[str | None]) -> list[float | None] | None:
    try:
        numbers = [float(cell) if cell else None for cell in cells]
    except ValueError:
        return None
    return numbers if any(number is not None for number in numbers) else None
