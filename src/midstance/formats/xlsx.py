"""Write tables as a spreadsheet, one sheet a table, heads in bold and standing still (openpyxl: midstance[formats])."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from midstance.formats.extras import needed
from midstance.formats.files import written_whole

WIDEST = 60


def write(sheets: Mapping[str, str], path: Path) -> Path:
    """Write CSV texts by the name of their sheet. Raises InputError; UsageError without openpyxl."""
    openpyxl: Any = needed("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, text in sheets.items():
        rows = list(csv.reader(io.StringIO(text)))
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append([_value(field) for field in row])
        for cell in sheet[1]:
            cell.font = openpyxl.styles.Font(bold=True)
        sheet.freeze_panes = "A2"
        for k, width in enumerate(_widths(rows), start=1):
            sheet.column_dimensions[openpyxl.utils.get_column_letter(k)].width = width
    with written_whole(path) as unfinished:
        book.save(str(unfinished))
    return path


def _value(field: str) -> str | float | None:
    """Return a field as a number where it is one; a text that begins like a formula stays a text."""
    if not field:
        return None
    try:
        number = float(field)
    except ValueError:
        return f"'{field}" if field[0] in "=+-@" else field
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _widths(rows: Sequence[Sequence[str]]) -> list[int]:
    return [min(WIDEST, 2 + max(len(field) for field in column)) for column in zip(*rows[:200], strict=False)]
