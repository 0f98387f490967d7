"""Read and write points as JSON, one line a frame, as a program that sees people live writes them.

    {"time_s": 0.033, "points": {"left_hip": [412.5, 380.1, 0.98], "left_knee": [430.0, 455.2, 0.97]}}

    midstance analyze run.jsonl --video run.mp4
    midstance convert run.mp4.midstance run.jsonl

A format is a module, named after the end of its files, with `read(path)`, `write(recording, path)` or both. Points are
pixels, right and down; a name is understood in whatever way it is written ("LHip", "left hip").
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats.files import write_text
from midstance.model import Recording


def read(path: Path) -> Recording:
    """Return the points of a .jsonl file. Raises InputError, with the line that makes no sense."""
    frames = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            frame = json.loads(line)
            points = {name: (float(x), float(y), float(sure)) for name, (x, y, sure) in frame["points"].items()}
            frames.append((float(frame["time_s"]), points))
        except (ValueError, KeyError, TypeError, AttributeError):
            wanted = '"time_s", and "points" with x, y and confidence'
            raise InputError(f"{path}, line {number}: there should be {wanted}.") from None
    names = tuple(sorted({name for _time, points in frames for name in points}))
    seen = np.array([[points.get(name, (np.nan, np.nan, 0.0)) for name in names] for _time, points in frames])
    seen = seen.reshape(len(frames), len(names), 3)
    return Recording(
        path=path,
        made_by="JSON lines",
        names=names,
        points=seen[None, ..., :2],
        confidence=seen[None, ..., 2],
        time_s=np.array([time for time, _points in frames]),
        unit="px",
    )


def write(recording: Recording, path: Path) -> Path:
    """Write the first person's points; unseen ones are left out. Raises InputError if the disk fails."""
    lines = []
    for time_s, points, sure in zip(recording.time_s, recording.points[0], recording.confidence[0], strict=True):
        seen = {
            name: [*(round(float(each), 3) for each in at[:2]), round(float(c), 3)]
            for name, at, c in zip(recording.names, points, sure, strict=True)
            if np.isfinite(at).all()
        }
        lines.append(json.dumps({"time_s": round(float(time_s), 6), "points": seen}))
    return write_text("\n".join(lines) + "\n", path)
