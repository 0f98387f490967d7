"""Turn one format into another: points, curves or results are read, and written as the end of the name says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from midstance import plugins
from midstance.errors import UsageError
from midstance.formats import c3d, csv_points, mot, movement, openpose, parquet, pose_json, results, theia, trc, xlsx
from midstance.formats.files import check_output, write_text
from midstance.formats.recordings import added_format, check_rate, is_recording, known_ends, read_recording
from midstance.formats.text_file import cell, text_of
from midstance.model import AngleFile, Floats, Recording
from midstance.reasons import Reason, say

Write = Callable[[Recording, Path], Path]
POINTS: dict[str, Write] = {
    ".trc": trc.write,
    ".c3d": c3d.write,
    ".csv": csv_points.write,
    ".parquet": parquet.write,
    ".nc": movement.write,
    ".json": pose_json.write,
    "": openpose.write,
}
PIXELS_ONLY: frozenset[Write] = frozenset({pose_json.write, openpose.write})
CURVES = frozenset({".mot", ".csv", ".parquet", ".xlsx"})


def convert(source: Path, target: Path, rate_hz: float | None = None) -> tuple[str, ...]:
    """Write a file in another format; return what was read and written, a line each.

    source  a file of points or of curves, or a folder of results
    target  its end says the format; without an end a folder of OpenPose files

    Raises InputError for what cannot be read, UsageError for a format that cannot hold it.
    """
    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError(Reason("convert_onto_itself", path=source))
    check_rate(rate_hz)
    check_output(target, folder=not target.suffix)
    if results.is_results(source):
        return _from_results(results.read(source), target)
    if source.suffix.lower() in {".mot", ".sto"} or _is_theia(source):
        found = theia.read(source, rate_hz) if _is_theia(source) else mot.read(source)
        return _from_curves(found, target)
    if not is_recording(source) and source.exists():
        raise UsageError(Reason("points_format_unknown", path=source, known=known_ends()))
    points = read_recording(source, rate_hz)
    if target.suffix.lower() == ".xlsx":
        xlsx.write({"points": _csv_of(csv_points.columns(points))}, target)
    else:
        _write(points, target)
    return *describe(points), f"Written: {target}"


def describe(found: Recording) -> tuple[str, ...]:
    """Return what a file of points holds: format, frames, rate, units, axes and what is missing, in a line or two."""
    people, frames, count, axes = found.points.shape
    rate = (frames - 1) / float(found.time_s[-1] - found.time_s[0])
    unit = {"px": "pixels", "m": "metres", "share": "shares of the picture"}[found.unit]
    whose = f"{people} people, " if people > 1 else ""
    unseen = 100 * float(np.mean(~np.isfinite(found.points[0, ..., 0])))
    where = "x y z on the axes of the file" if axes == 3 else "x and y"
    read = f"Read: {found.made_by}, {whose}{frames} frames at {rate:.4g} a second, {count} points in {unit}, {where}"
    return f"{read}; {unseen:.0f} % unseen.", *(say(note) for note in found.notes)


def _write(points: Recording, target: Path) -> None:
    """Write points. Raises UsageError for metres in a format that has none: they would be read as pixels."""
    write = _writer(target)
    if points.unit == "m" and write in PIXELS_ONLY:
        able = ", ".join(end for end, each in POINTS.items() if each not in PIXELS_ONLY)
        raise UsageError(Reason("convert_pixels_only", path=target, source=points.path, able=able))
    write(points, target)


def _writer(target: Path) -> Write:
    if found := POINTS.get(target.suffix.lower()):
        return found
    added: Write | None = getattr(added_format(target), "write", None)
    if added is None:
        known = [*filter(None, POINTS), ".xlsx", *(f".{name}" for name in plugins.added("formats"))]
        curves = ", ".join(sorted(CURVES.difference(known)))
        raise UsageError(Reason("convert_unknown", path=target, known=", ".join(known), curves=curves))
    return added


def _is_theia(path: Path) -> bool:
    return path.suffix.lower() == ".txt" and path.is_file() and theia.is_table(text_of(path))


def _from_results(found: results.Results, target: Path) -> tuple[str, ...]:
    end = target.suffix.lower()
    if end == ".xlsx":
        xlsx.write(found.tables, target)
    elif end == ".mot":
        mot.write(results.angles_of(found, target), target)
    elif end == ".c3d":
        c3d.write(found.recording, target, contacts=found.contacts, measures=found.measures)
    else:
        _write(found.recording, target)
    return *describe(found.recording), f"Written: {target}"


def _from_curves(found: AngleFile, target: Path) -> tuple[str, ...]:
    end = target.suffix.lower()
    if end not in CURVES:
        raise UsageError(Reason("convert_curves", path=target, known=", ".join(sorted(CURVES))))
    columns = {"time_s": found.time_s, **found.columns}
    if end == ".mot":
        mot.write(found, target)
    elif end == ".parquet":
        parquet.write_columns(columns, target)
    elif end == ".csv":
        write_text(_csv_of(columns), target)
    else:
        xlsx.write({"curves": _csv_of(columns)}, target)
    unit = {True: "degrees", False: "radians", None: "a unit that the file does not say"}[found.in_degrees]
    return (
        f"Read: {len(found.columns)} curves of {len(found.time_s)} frames, angles in {unit}.",
        f"Written: {target}",
    )


def _csv_of(table: Mapping[str, Floats]) -> str:
    lines = [",".join(map(cell, table))]
    lines += [
        ",".join(f"{value:.9g}" if np.isfinite(value) else "" for value in row)
        for row in zip(*table.values(), strict=True)
    ]
    return "\n".join(lines) + "\n"
