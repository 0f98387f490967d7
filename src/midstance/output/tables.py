"""Write every number as tables for a spreadsheet or a script: one observation a row, and columns.csv says the units."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

import numpy as np

from midstance.formats import text_file
from midstance.measures import BY_ID
from midstance.measures.run import Run
from midstance.model import Analysis, Contact, Floats, Side
from midstance.skeleton import INDEX, SIDES

Cell = str | float | int | None
"""One field of a table; None and NaN are left empty."""


class Column(NamedTuple):
    """One column of a table: its name, its unit (empty: none) and what it means."""

    name: str
    unit: str
    means: str


MEASURES = (
    Column("measure", "", "id, as in docs/measures.md"),
    Column("name", "", "the same in words"),
    Column("side", "", "left, right, or both"),
    Column("value", "see unit", "mean over the strides"),
    Column("low", "see unit", "lower end of the 95 % interval"),
    Column("high", "see unit", "upper end of the 95 % interval"),
    Column("sd", "see unit", "standard deviation from stride to stride"),
    Column("n", "", "strides or steps behind the value"),
    Column("unit", "", "deg, ms, spm = steps a minute, leg = leg lengths, ..."),
    Column("ordinary_low", "see unit", "lower edge of what is ordinary at this speed; empty: no such edge"),
    Column("ordinary_high", "see unit", "upper edge of what is ordinary at this speed; empty: no such edge"),
)
STRIDES = (
    Column("measure", "", "id, as in docs/measures.md"),
    Column("side", "", "left, right, or both"),
    Column("stride", "", "1 for the first stride or step that was read"),
    Column("time_s", "s", "when it was read, in the time of life from the first frame"),
    Column("value", "see unit", "the value of this stride"),
    Column("unit", "", "as in measures.csv"),
)
CONTACTS = (
    Column("side", "", "the foot"),
    Column("strike_s", "s", "initial contact, in the time of life from the first frame"),
    Column("toe_off_s", "s", "toe-off, the same"),
    Column("contact_ms", "ms", "toe-off less strike"),
    Column("uncertainty_ms", "ms", "half width of the 95 % interval of either moment"),
    Column("strike_frame", "", "the frame of the film nearest to the strike, 0 for the first"),
    Column("toe_off_frame", "", "the frame of the film nearest to toe-off"),
)
ANGLES = (
    Column("frame", "", "frame of the film, 0 for the first"),
    Column("time_s", "s", "in the time of life from the first frame"),
    Column("side", "", "the leg"),
    Column("phase", "", "stance or swing; empty where the contacts that would say it are outside the film"),
    Column("stride_pct", "%", "share of the stride since this foot's strike; empty outside whole strides"),
    Column("thigh_deg", "deg", "thigh against the vertical, + knee ahead of the hip"),
    Column("shank_deg", "deg", "shank against the vertical, + ankle ahead of the knee"),
    Column("knee_flexion_deg", "deg", "0 straight, + bent"),
    Column("foot_deg", "deg", "heel to toe against the same foot flat on the ground, + toes up"),
    Column("trunk_lean_deg", "deg", "mid-hip to mid-shoulder against the vertical, + forward; the same for both sides"),
    Column("seen", "", "0 to 1, how well the points of the leg were seen; below 0.5 they are filled in"),
)
FOUND = (
    Column("rank", "", "1 for the one to begin with, as in every report"),
    Column("problem", "", "id, as in docs/rules.md"),
    Column("grade", "", "flag: clearly seen; watch: worth a try"),
    Column("explained_by", "", "the finding that this one comes from; empty if it stands alone"),
    Column("says", "", "what was seen, in words"),
    Column("causes_supported", "", "ids of the causes that this film shows, with spaces between"),
)
COLUMNS = (
    Column("table", "", "the file"),
    Column("column", "", "its column"),
    Column("unit", "", "its unit"),
    Column("means", "", "what it means"),
)


def tables_of(analysis: Analysis) -> Mapping[str, str]:
    """Return the text of every table by the name of its file; contacts and angles from a side view only."""
    rows: dict[str, tuple[tuple[Column, ...], Iterable[Iterable[Cell]]]] = {
        "measures.csv": (MEASURES, _measures(analysis)),
        "strides.csv": (STRIDES, _strides(analysis)),
        "findings.csv": (FOUND, _findings(analysis)),
    }
    if analysis.view.plane == "side":
        rows["contacts.csv"] = (CONTACTS, _contacts(analysis.contacts))
        rows["angles.csv"] = (ANGLES, _angles(analysis))
    legend = [(name, *column) for name, (columns, _) in rows.items() for column in columns]
    rows["columns.csv"] = (COLUMNS, legend)
    return {name: _text(columns, lines) for name, (columns, lines) in rows.items()}


def _findings(analysis: Analysis) -> Iterator[Iterable[Cell]]:
    for rank, finding in enumerate(analysis.findings, start=1):
        causes = " ".join(cause.cause for cause in finding.causes if cause.verdict == "supported")
        yield rank, finding.problem, finding.grade, finding.explained_by, finding.says, causes


def _text(columns: Iterable[Column], rows: Iterable[Iterable[Cell]]) -> str:
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(column.name for column in columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return table.getvalue()


def _cell(cell: Cell) -> Cell:
    """Return what is written: six digits are finer than any error here."""
    if isinstance(cell, str):
        return text_file.cell(cell)
    if not isinstance(cell, float):
        return cell
    return f"{cell:.6g}" if math.isfinite(cell) else None


def _measures(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    for m in analysis.measures:
        edges = (m.band.low, m.band.high) if m.band else (None, None)
        ends = (m.value - m.uncertainty, m.value + m.uncertainty)
        yield (m.id, BY_ID[m.id].name, m.side, m.value, *ends, m.sd, m.n, m.unit, *edges)


def _strides(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    for m in analysis.measures:
        for number, sample in enumerate(m.samples, start=1):
            yield (m.id, m.side, number, sample.time_s, sample.value, m.unit)


def _contacts(contacts: Iterable[Contact]) -> Iterator[tuple[Cell, ...]]:
    for c in contacts:
        contact_ms = 1000 * (c.toe_off_s - c.strike_s)
        yield (c.side, c.strike_s, c.toe_off_s, contact_ms, 1000 * c.uncertainty_s, c.strike_frame, c.toe_off_frame)


def _angles(analysis: Analysis) -> Iterator[tuple[Cell, ...]]:
    track = analysis.track
    run = Run(track=track, contacts=analysis.contacts, view=analysis.view)
    frames = range(track.first_frame, track.first_frame + len(track.time_s))
    for side in SIDES:
        degrees = [run.angle(name, side).values for name in _READ]
        degrees[_READ.index("foot_pitch")] = degrees[_READ.index("foot_pitch")] - run.flat_foot_deg(side)
        leg = [INDEX[f"{side}_{name}"] for name in ("hip", "knee", "ankle", "heel", "toe")]
        numbers = np.column_stack([_stride_pct(run, side), *degrees, track.seen[:, leg].min(axis=1)])
        phases = _phases(run, side)
        for frame, time_s, phase, row in zip(frames, track.time_s.tolist(), phases, numbers.tolist(), strict=True):
            yield (frame, time_s, side, phase, *row)


_READ = ("thigh", "shank", "knee_flexion", "foot_pitch", "trunk_lean")


def _phases(run: Run, side: Side) -> list[str]:
    """Return stance or swing at every frame of one leg; empty outside whole strides, but for a stance that is seen."""
    time_s, phases = run.track.time_s, np.full(len(run.track.time_s), "", dtype="<U6")
    for stride in run.strides_of(side):
        phases[(time_s >= stride.contact.toe_off_s) & (time_s < stride.next_strike_s)] = "swing"
    for contact in run.contacts_of(side):
        phases[(time_s >= contact.strike_s) & (time_s < contact.toe_off_s)] = "stance"
    return [str(phase) for phase in phases]


def _stride_pct(run: Run, side: Side) -> Floats:
    """Return (frame,) the share of the stride since the strike, %; NaN outside whole strides."""
    time_s, share = run.track.time_s, np.full(len(run.track.time_s), np.nan)
    for start, stop in run.stride_spans(side):
        inside = (time_s >= start) & (time_s < stop)
        share[inside] = 100 * (time_s[inside] - start) / (stop - start)
    return share
