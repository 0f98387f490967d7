"""Read and write a table of points, one row a frame: midstance's track.csv, dumps of MediaPipe, and tables like them.

Every point has columns that end in x and y and perhaps in a confidence: nose_x_px, nose_y_px, nose_confidence;
"nose.x", "nose.y", "nose.score"; "Left Knee X". Times are in a column that begins with time, in seconds, or in ms if
it says so.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats.files import write_text
from midstance.formats.text_file import cell, numbers, text_of
from midstance.model import Floats, LengthUnit, Recording
from midstance.reasons import Reason

COLUMN = re.compile(
    r"^(?P<point>.*?)[ _./\-]*(?:\(?(?P<axis>[xyz])\)?[ _./\-]*\(?(?P<unit>px|m|mm|cm|pixels?)?\)?|"
    r"(?P<trust>confidence|likelihood|score|visibility|prob|c|v))$",
    re.IGNORECASE,
)
UNITS = {"px": "px", "pixel": "px", "pixels": "px", "m": "m", "mm": "mm", "cm": "cm"}
FACTOR = {"m": 1.0, "mm": 0.001, "cm": 0.01}
PERSON = ("track", "person", "person_id", "individual", "instance_id")
FRAME = ("frame", "frame_idx", "frame_id", "frame_number")
MILLI = re.compile(r"\bms\b|milli|_ms")
WITHIN_SHARE = 3.0


def read(path: Path) -> Recording:
    """Return the points of a .csv file with a row of names. Raises InputError."""
    header, rows, first_line = table_of(path)
    return read_table(header, rows, path=path, first_line=first_line)


def table_of(path: Path) -> tuple[list[str], list[list[str]], int]:
    """Return the names of the columns, the rows of fields, and the line of the first row. Raises InputError."""
    text = text_of(path)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    lines = list(csv.reader(text.splitlines(), delimiter=separator))
    rows = [row for row in lines[1:] if any(field.strip() for field in row)]
    if not lines or not rows:
        raise InputError(Reason("points_no_frames", path=path))
    if separator == ";":
        rows = [[field.replace(",", ".") for field in row] for row in rows]
    return [name.strip() for name in lines[0]], rows, 2


def read_table(header: Sequence[str], rows: Sequence[Sequence[str]], *, path: Path, first_line: int) -> Recording:
    """Return the points of a table whose columns say which point and axis they are. Raises InputError."""
    columns, unit = _columns(header)
    points = [name for name, axes in columns.items() if {"x", "y"} <= axes.keys()]
    if not points:
        raise InputError(Reason("points_no_columns", path=path))
    axes = "xyz" if all("z" in columns[name] for name in points) and unit in FACTOR else "xy"
    wanted = [columns[name][axis] for name in points for axis in axes]
    trusted = [columns[name].get("trust") for name in points]
    clock, number, who = (_first(header, is_it) for is_it in (_is_time, FRAME.__contains__, PERSON.__contains__))
    used = sorted({*wanted, *(k for k in (*trusted, clock, number) if k is not None)})
    values = np.full((len(rows), len(header)), np.nan)
    cells = [[row[k] if k < len(row) else "" for k in used] for row in rows]
    values[:, used] = numbers(cells, len(used), path=path, first_line=first_line)
    people = [row[who] if who is not None and who < len(row) else "" for row in rows]
    at = values[:, number] if number is not None and np.isfinite(values[:, number]).all() else _count(people)
    frames, row_of = np.unique(at, return_inverse=True)
    names = list(dict.fromkeys(people))
    xy = np.full((len(names), len(frames), len(points), len(axes)), np.nan)
    trust = np.zeros(xy.shape[:3])
    places = np.array([names.index(person) for person in people])
    xy[places, row_of] = values[:, wanted].reshape(len(rows), len(points), len(axes))
    for k, column in enumerate(trusted):
        trust[places, row_of, k] = 1.0 if column is None else np.nan_to_num(values[:, column])
    time_s = np.full(len(frames), np.nan)
    if clock is not None:
        time_s[row_of] = values[:, clock] * (0.001 if MILLI.search(header[clock].lower()) else 1.0)
        time_s -= time_s[0]
    return _recording(path, points, xy, trust, unit=unit, time_s=time_s)


def _first(header: Sequence[str], is_it: Callable[[str], bool]) -> int | None:
    """Return the first column whose name in small letters fits; None if none does."""
    return next((k for k, name in enumerate(header) if is_it(name.lower())), None)


def _is_time(name: str) -> bool:
    return name.startswith("time")


def _columns(header: Sequence[str]) -> tuple[dict[str, dict[str, int]], str]:
    """Return the columns of each point by axis ("x", "y", "trust"), and the unit that they say."""
    columns: dict[str, dict[str, int]] = {}
    unit = ""
    for k, name in enumerate(header):
        found = COLUMN.match(name.strip())
        if found and found["point"]:
            kind = "trust" if found["trust"] else found["axis"].lower()
            columns.setdefault(found["point"].strip(), {})[kind] = k
            unit = unit or UNITS.get((found["unit"] or "").lower(), "")
    return columns, unit


def _count(people: Sequence[str]) -> Floats:
    """Count the rows of every person from 0."""
    seen: dict[str, int] = {}
    numbered = []
    for person in people:
        numbered.append(seen.get(person, 0))
        seen[person] = numbered[-1] + 1
    return np.array(numbered, float)


def _recording(path: Path, points: Sequence[str], xy: Floats, trust: Floats, *, unit: str, time_s: Floats) -> Recording:
    known = xy[np.isfinite(xy)]
    share = not unit and len(known) > 0 and float(np.abs(known).max()) < WITHIN_SHARE
    said: LengthUnit = "m" if unit in FACTOR else "share" if share else "px"
    return Recording(
        path=path,
        made_by="CSV",
        names=tuple(points),
        points=xy * FACTOR.get(unit, 1.0),
        confidence=np.where(np.isfinite(xy[..., 0]), trust, 0.0).clip(0, 1),
        time_s=time_s,
        unit=said,
        seen_by="cameras" if xy.shape[-1] == 3 else "camera",
    )


def write(recording: Recording, path: Path) -> Path:
    """Write the first person's points, a row a frame, as track.csv does. Raises InputError."""
    lines = [",".join(map(cell, columns(recording)))]
    lines += [",".join(_text(value) for value in row) for row in zip(*columns(recording).values(), strict=True)]
    return write_text("\n".join(lines) + "\n", path)


def columns(recording: Recording) -> Mapping[str, Floats]:
    """Return the columns of the table by name: frame, time_s, and of every point its axes and its confidence."""
    points, trust = recording.points[0], recording.confidence[0]
    table = {"frame": np.arange(len(recording.time_s), dtype=float), "time_s": recording.time_s}
    for k, name in enumerate(recording.names):
        table |= {
            f"{name}_{axis}_{recording.unit}": points[:, k, i] for i, axis in enumerate("xyz"[: points.shape[-1]])
        }
        table[f"{name}_confidence"] = trust[:, k]
    return table


def _text(value: float) -> str:
    return f"{value:.9g}" if np.isfinite(value) else ""
