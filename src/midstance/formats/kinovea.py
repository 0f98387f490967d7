"""Read the points that Kinovea exports as text (.csv, .txt): the point of every trajectory, named as in Kinovea.

Times in ms, s, or as h:mm:ss:cc; lengths in pixels unless the length of something was given in Kinovea, then as the
columns say. The decimal point may be a comma, the separator of columns a semicolon.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats.csv_points import read_table, table_of
from midstance.formats.text_file import text_of
from midstance.model import Recording
from midstance.reasons import Reason

CLOCK = re.compile(r"^(?:(\d+):)?(\d+):(\d+)[:.](\d+)$")


def is_table(text: str) -> bool:
    """Return whether a text begins as Kinovea's exports do."""
    first = text.split("\n", 1)[0].lower()
    return "kinovea" in first or bool(re.match(r'^"?time( ?\((ms|s|normalized)\))?"?[,;\t].*[ /]x', first))


def read(path: Path) -> Recording:
    """Return the points of a .csv or .txt export. Raises InputError."""
    if "kinovea" in text_of(path)[:200].lower() and path.suffix.lower() == ".txt":
        return _sections(path)
    header, rows, first_line = table_of(path)
    rows = [[_seconds(row[0], header[0]), *row[1:]] for row in rows]
    found = read_table(["time", *header[1:]], rows, path=path, first_line=first_line)
    return replace(found, made_by="Kinovea", unit="px" if found.unit == "share" else found.unit)


def _seconds(field: str, name: str) -> str:
    """Return a time as text in seconds."""
    clock = CLOCK.match(field.strip())
    if clock:
        hours, minutes, seconds, hundredths = (int(part or 0) for part in clock.groups())
        return str(3600 * hours + 60 * minutes + seconds + hundredths / 100)
    try:
        return str(float(field) * (0.001 if "ms" in name.lower() else 1.0))
    except ValueError:
        return field


def _sections(path: Path) -> Recording:
    """Return the points of the text form: a section a trajectory, each line time, x and y. Raises InputError."""
    names: list[str] = []
    tracks: list[dict[float, tuple[float, float]]] = []
    for line, text in enumerate(text_of(path).splitlines(), start=1):
        if text.startswith("#"):
            title = text.lstrip("# ").strip()
            if title and not re.match(r"(?i)kinovea|t\s+x\s+y|time", title):
                names.append(title.removeprefix("Name:").strip())
                tracks.append({})
        elif text.strip():
            fields = text.replace(",", ".").split()
            try:
                tracks[-1][float(_seconds(fields[0], "time (ms)"))] = float(fields[1]), float(fields[2])
            except (ValueError, IndexError):
                raise InputError(Reason("points_no_number", path=path, line=line, field=text[:40])) from None
    times = sorted({time_s for track in tracks for time_s in track})
    if not times:
        raise InputError(Reason("points_no_frames", path=path))
    points = np.array([[track.get(time_s, (np.nan, np.nan)) for track in tracks] for time_s in times])
    return Recording(
        path=path,
        made_by="Kinovea",
        names=tuple(names),
        points=points[None],
        confidence=np.isfinite(points[..., 0]).astype(float)[None],
        time_s=np.array(times) - times[0],
        unit="px",
    )
