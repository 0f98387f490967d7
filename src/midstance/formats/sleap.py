"""Read SLEAP's analysis files (.csv, .h5) and write its .csv: pixels, no times; the names are the project's own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats import hdf
from midstance.formats.csv_points import read_table, table_of
from midstance.formats.files import write_text
from midstance.model import Recording
from midstance.reasons import Reason


def is_table(first_line: str) -> bool:
    """Return whether a CSV begins as SLEAP's do."""
    return first_line.lower().startswith("track,frame_idx")


def read(path: Path) -> Recording:
    """Return the points of a .csv file. Raises InputError."""
    header, rows, first_line = table_of(path)
    kept = [k for k, name in enumerate(header) if name != "instance.score"]
    found = read_table(
        [header[k] for k in kept],
        [[row[k] if k < len(row) else "" for k in kept] for row in rows],
        path=path,
        first_line=first_line,
    )
    return replace(found, made_by="SLEAP", unit="px")


def read_h5(path: Path) -> Recording:
    """Return the points of an analysis .h5 file. Raises InputError; UsageError without h5py."""
    try:
        with hdf.opened(path) as file:
            names = [name.decode() if isinstance(name, bytes) else str(name) for name in file["node_names"]]
            tracks = np.array(file["tracks"], float)
            scores = np.array(file["point_scores"], float) if "point_scores" in file else None
    except (OSError, KeyError, ValueError):
        raise InputError(Reason("sleap_h5", path=path)) from None
    points = tracks.transpose(0, 3, 2, 1)
    seen = np.isfinite(points[..., 0])
    trust = seen.astype(float) if scores is None else np.nan_to_num(scores.transpose(0, 2, 1)).clip(0, 1)
    return Recording(
        path=path,
        made_by="SLEAP",
        names=tuple(names),
        points=points,
        confidence=np.where(seen, trust, 0.0),
        time_s=np.full(points.shape[1], np.nan),
        unit="px",
    )


def write(recording: Recording, path: Path) -> Path:
    """Write everyone's points as SLEAP's analysis .csv. Raises InputError."""
    head = ["track", "frame_idx", "instance.score"]
    lines = [",".join([*head, *(f"{name}.{part}" for name in recording.names for part in ("x", "y", "score"))])]
    table = np.concatenate([recording.points[..., :2], recording.confidence[..., None]], axis=-1)
    for person, rows in enumerate(table):
        for frame, row in enumerate(rows):
            if np.isfinite(row[:, 0]).any():
                fields = [f"{value:.6g}" if np.isfinite(value) else "" for value in row.ravel()]
                lines.append(",".join([f"track_{person}", str(frame), "1", *fields]))
    return write_text("\n".join(lines) + "\n", path)
