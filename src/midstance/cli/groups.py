"""Print the tables of groups of a batch, and write them with their drawings into its folder."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from midstance.batch.group_plot import group_svg
from midstance.batch.summary import ALL, Group, groups, read_takes
from midstance.cli.terminal import check_outputs, out
from midstance.formats import text_file
from midstance.formats.files import folder_written_whole, write_text
from midstance.measures import BY_ID
from midstance.text.batch import group_lines

HEADS = ("by", "group", "measure", "unit", "n", "takes", "mean", "sd", "low", "high")


def show(folder: Path, by: Sequence[str], measures: Sequence[str]) -> None:
    """Print and write the groups of each column; without one of athletes and speeds, where they are known.

    Raises InputError, UsageError.
    """
    check_outputs(folder=folder)
    takes = read_takes(folder)
    usual = [name for name in ("athlete", "speed") if name in takes.groupable]
    chosen = by or ([*usual, ALL] if len(takes.rows) > 1 else [ALL])
    found = {name: groups(takes, name, measures) for name in chosen}
    found = {name: rows for name, rows in found.items() if rows}
    with folder_written_whole(folder / "summary") as half:
        write_text(_csv([row for rows in found.values() for row in rows]), half / "groups.csv")
        for name, rows in found.items():
            for measure in dict.fromkeys(row.measure for row in rows):
                drawn = [row for row in rows if row.measure == measure]
                safe = "".join(letter if letter.isalnum() else "_" for letter in name)
                write_text(group_svg(drawn, BY_ID[measure].unit), half / f"{safe}_{measure}.svg")
    for name, rows in found.items():
        for line in group_lines(name, rows):
            out.print(line)
    out.print(f"\n{folder / 'summary'}   groups.csv, and a drawing of every measure")


def _csv(found: Sequence[Group]) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(HEADS)
    for g in found:
        numbers = (g.mean, g.sd, g.mean - g.half_width, g.mean + g.half_width)
        cells = [f"{value:.6g}" if value == value else "" for value in numbers]  # noqa: PLR0124  (NaN is left empty)
        names = (text_file.cell(g.by), text_file.cell(g.name))
        writer.writerow([*names, g.measure, BY_ID[g.measure].unit, g.n, len(g.values), *cells])
    return table.getvalue()
