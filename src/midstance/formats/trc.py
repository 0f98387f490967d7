"""Read and write TRC, the tables of marker positions that OpenSim, Pose2Sim, Sports2D and OpenCap exchange.

Axes are those of the file; OpenSim's are x forward, y up, z to the right. Units are in the header: m, mm, cm or px.
Sports2D writes m over pixels too: whoever would be less than half a metre or more than three tall is in pixels.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats.files import write_text
from midstance.formats.points import in_skeleton
from midstance.formats.text_file import numbers, text_of
from midstance.model import Floats, Recording, SeenBy
from midstance.reasons import Reason
from midstance.skeleton import INDEX, SIDES

METRES = {"m": 1.0, "meters": 1.0, "mm": 0.001, "millimeters": 0.001, "cm": 0.01, "centimeters": 0.01}
PIXELS = {"px", "pixel", "pixels"}
LEG_POSSIBLE_M = (0.35, 1.5)
"""Hip to ankle of somebody who runs, metres; outside, the numbers are no metres."""
POSE_NAMES = {"nose", "neck", "lbigtoe", "leftbigtoe", "leye", "lefteye", "leftear", "lear"}
"""Points that a pose model draws and a laboratory does not mark."""


def read(path: Path) -> Recording:
    """Return the points of a .trc file. Raises InputError."""
    lines = text_of(path).splitlines()
    if len(lines) < 4 or "PathFileType" not in lines[0]:
        raise InputError(Reason("trc_header", path=path))
    header = dict(zip(_fields(lines[1]), _fields(lines[2]), strict=False))
    labels = [label.strip() for label in _fields(lines[3])]
    names = [label for label in labels[2:] if label]
    first = next((k for k in range(4, len(lines)) if _starts_with_number(lines[k])), len(lines))
    rows = [_fields(line) for line in lines[first:] if line.strip()]
    if not rows or not names:
        raise InputError(Reason("points_no_frames", path=path))
    table = numbers(rows, 2 + 3 * len(names), path=path, first_line=first + 1)
    points = table[:, 2:].reshape(len(table), len(names), 3)
    unit = header.get("Units", "").strip().lower()
    if unit not in METRES and unit not in PIXELS:
        raise InputError(Reason("points_unit_unknown", path=path, unit=unit or "none", known="m, mm, cm, px"))
    return _recording(path, names, points, time_s=table[:, 1], unit=unit)


def _recording(path: Path, names: Sequence[str], points: Floats, *, time_s: Floats, unit: str) -> Recording:
    in_pixels, notes = unit in PIXELS, list[Reason]()
    points = points * METRES.get(unit, 1.0)
    flat = bool(np.nanmax(np.ptp(np.nan_to_num(points[..., 2]), axis=1), initial=0.0) < 1e-6)
    leg = leg_m(names, points)
    if not in_pixels and np.isfinite(leg) and not LEG_POSSIBLE_M[0] <= leg <= LEG_POSSIBLE_M[1]:
        notes.append(Reason("points_no_metres", unit=unit, leg=leg))
        in_pixels, points = True, points / METRES[unit]
    if in_pixels:
        points = _down(names, points[..., :2])
    drawn = bool(POSE_NAMES & {"".join(c for c in name.lower() if c.isalnum()) for name in names})
    seen_by: SeenBy = "camera" if in_pixels or flat else "cameras" if drawn else "markers"
    return Recording(
        path=path,
        made_by="TRC",
        names=tuple(names),
        points=(points[..., :2] if flat else points)[None],
        confidence=np.isfinite(points[..., 0]).astype(float)[None],
        time_s=time_s - time_s[0],
        unit="px" if in_pixels else "m",
        seen_by=seen_by,
        notes=tuple(notes),
    )


def leg_m(names: Sequence[str], points: Floats) -> float:
    """Return the median length from knee to ankle twice over, in the unit of the points; NaN without them."""
    xyz, _ = in_skeleton(names, points, np.ones(points.shape[:-1]))
    knee, ankle = (xyz[:, [INDEX[f"{side}_{name}"] for side in SIDES]] for name in ("knee", "ankle"))
    length = np.linalg.norm(np.nan_to_num(knee - ankle, nan=np.inf), axis=-1)
    length = length[np.isfinite(length)]
    return 2 * float(np.median(length)) if len(length) else float("nan")


def _down(names: Sequence[str], points: Floats) -> Floats:
    """Return pixels that count downwards, whichever way the file counts."""
    xyz, _ = in_skeleton(names, points, np.ones(points.shape[:-1]))
    knee, ankle = (xyz[:, [INDEX[f"{side}_{name}"] for side in SIDES], 1] for name in ("knee", "ankle"))
    fall = (ankle - knee)[np.isfinite(ankle - knee)]
    return points * [1, -1] if len(fall) and np.median(fall) < 0 else points


def _fields(line: str) -> list[str]:
    return line.split("\t") if "\t" in line else line.split()


def _starts_with_number(line: str) -> bool:
    return line.strip()[:1].isdigit()


def write(recording: Recording, path: Path) -> Path:
    """Write the first person's points as a .trc file that OpenSim opens: z = 0 in a plane, never seen points left out.

    Raises InputError if the disk fails.
    """
    points = recording.points[0]
    marked = np.isfinite(points[..., 0]).any(axis=0)
    names, points = [name for name, one in zip(recording.names, marked, strict=True) if one], points[:, marked]
    if points.shape[-1] == 2:
        points = np.concatenate([points, 0 * points[..., :1]], axis=-1)
    rate = 1 / float(np.median(np.diff(recording.time_s))) if len(recording.time_s) > 1 else 1.0
    count, marks = points.shape[:2]
    columns = [f"{axis}{k}" for k in range(1, marks + 1) for axis in "XYZ"]
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate:.6g}\t{rate:.6g}\t{count}\t{marks}\t{recording.unit}\t{rate:.6g}\t1\t{count}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t",
        "\t\t" + "\t".join(columns),
        "",
    ]
    for frame, (moment, row) in enumerate(zip(recording.time_s, points.reshape(count, -1), strict=True), start=1):
        lines.append(f"{frame}\t{moment:.6f}\t" + "\t".join(f"{x:.6f}" if np.isfinite(x) else "" for x in row))
    return write_text("\n".join(lines) + "\n", path)
