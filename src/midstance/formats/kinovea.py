"""Read the points that Kinovea exports as text (.csv, .txt): the point of every trajectory, named as in Kinovea.

Times in ms, s, or as h:mm:ss:cc, in the .txt often without saying which. Lengths in pixels unless the length of
something was given in Kinovea, then as the columns say; from Kinovea's own origin, in newer versions upwards. The
decimal point may be a comma, the separator of columns a semicolon.
"""

from __future__ import annotations

import re
from collections.abc import Container
from dataclasses import replace
from itertools import chain, count
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats.csv_points import read_table, table_of
from midstance.formats.text_file import text_of
from midstance.model import Recording
from midstance.reasons import Reason

SLOWEST_S = 0.5
"""Of the text form, whose times say no unit: frames farther apart are so in milliseconds, nearer ones in seconds."""
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
    return replace(found, made_by="Kinovea", unit="px" if found.unit == "share" else found.unit, own_origin=True)


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
    tracks: dict[str, dict[float, tuple[float, float]]] = {}
    current: dict[float, tuple[float, float]] | None = None
    for line, text in enumerate(text_of(path).splitlines(), start=1):
        title = text.lstrip("# ").strip() if text.startswith("#") else ""
        if re.match(r"(?i)kinovea|t\s+x\s+y|time", title):
            continue
        if title or not text.strip():
            current = tracks.setdefault(_new_name(title.removeprefix("Name:").strip(), tracks), {}) if title else None
            continue
        if current is None:  # older ones have no names, and an empty line between two
            current = tracks.setdefault(_new_name("", tracks), {})
        fields = text.replace(",", ".").split()
        try:
            current[float(_seconds(fields[0], ""))] = float(fields[1]), float(fields[2])
        except (ValueError, IndexError):
            raise InputError(Reason("points_no_number", path=path, line=line, field=text[:40])) from None
    times = np.array(sorted({time for track in tracks.values() for time in track}))
    if not len(times):
        raise InputError(Reason("points_no_frames", path=path))
    points = np.array([[track.get(time, (np.nan, np.nan)) for track in tracks.values()] for time in times.tolist()])
    return Recording(
        path=path,
        made_by="Kinovea",
        names=tuple(tracks),
        points=points[None],
        confidence=np.isfinite(points[..., 0]).astype(float)[None],
        time_s=(times - times[0]) * (0.001 if len(times) > 1 and np.median(np.diff(times)) > SLOWEST_S else 1.0),
        unit="px",
        own_origin=True,
    )


def _new_name(name: str, names: Container[str]) -> str:
    """Return the name of a trajectory, with a number where there is none or another is called so."""
    numbered = (f"{name or 'track'} {number}" for number in count(1 if not name else 2))
    return next(each for each in chain([name] if name else [], numbered) if each not in names)
