"""Read a folder of OpenPose JSON, one file a frame (BODY_25 or COCO-18): pixels, no times.

OpenPose numbers the people anew in every frame; whoever overlaps most with somebody of the frame before is that person.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import InputError, UsageError
from midstance.formats.files import write_text
from midstance.formats.people import followed
from midstance.formats.points import layout_with, order_of
from midstance.formats.text_file import text_of
from midstance.limits import plain_file
from midstance.model import Floats, Recording
from midstance.reasons import Reason

HEAD_BYTES = 2000


def is_folder(path: Path) -> bool:
    """Return whether a path is a folder of OpenPose files, by the first of them."""
    first = min(path.glob("*.json"), default=None) if path.is_dir() else None
    if first is None:
        return False
    try:
        with plain_file(first).open(encoding="utf-8", errors="replace") as file:
            return '"people"' in file.read(HEAD_BYTES)
    except (OSError, InputError):  # a pipe may never end
        return False


def read(path: Path) -> Recording:
    """Return the points of a folder of OpenPose files in the order of their names. Raises InputError."""
    files = sorted(path.glob("*.json")) if path.is_dir() else [path]
    frames = [_people(file) for file in files]
    counts = {len(person) for people in frames for person in people}
    if not counts:
        raise InputError(Reason("points_nobody", path=path))
    layout = layout_with(counts.pop())
    if layout is None or counts:
        raise InputError(Reason("openpose_layout", path=path))
    points = followed(frames, len(order_of(layout)))
    return Recording(
        path=path,
        made_by=f"OpenPose ({layout.upper()})",
        names=order_of(layout),
        points=points[..., :2],
        confidence=np.nan_to_num(points[..., 2]),
        time_s=np.full(len(frames), np.nan),
        unit="px",
    )


def _people(file: Path) -> list[Floats]:
    """Return (point, x y confidence) of everyone in one file; a point that was not found is NaN. Raises InputError."""
    try:
        content: Any = json.loads(text_of(file))
        people = [np.array(person["pose_keypoints_2d"], float).reshape(-1, 3) for person in content["people"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise InputError(Reason("openpose_file", path=file)) from None
    for person in people:
        person[~(person[:, 2] > 0)] = np.nan
    return people


def write(recording: Recording, folder: Path) -> Path:
    """Write everyone's points as a folder of OpenPose files (BODY_25 names only).

    Raises InputError; UsageError for a folder that has files, whose frames would be read together with these.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UsageError(Reason("convert_not_empty", path=folder))
    order = order_of("body_25")
    places = {place: recording.names.index(name) for place, name in enumerate(order) if name in recording.names}
    for frame in range(len(recording.time_s)):
        people = []
        for xy, trust in zip(recording.points[:, frame], recording.confidence[:, frame], strict=True):
            rows = np.zeros((len(order), 3))
            for place, own in places.items():
                if np.isfinite(xy[own, 0]):
                    rows[place] = (*xy[own, :2], trust[own])
            people.append({"person_id": [-1], "pose_keypoints_2d": rows.round(4).ravel().tolist()})
        text = json.dumps({"version": 1.3, "people": people})
        write_text(text, folder / f"{folder.name}_{frame:012d}_keypoints.json")
    return folder
