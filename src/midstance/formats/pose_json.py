"""Read people's points from one JSON file: MMPose, rtmlib, AlphaPose, COCO results, MediaPipe dumps, named points.

Pixels of the picture, or for MediaPipe shares of its width and height; no times but where the file has a rate. What is
understood, frame by frame:
  MMPose      {"instance_info": [{"instances": [{"keypoints": [[x, y], ...], "keypoint_scores": [...]}]}, ...]}
  AlphaPose   [{"image_id": "0.jpg", "keypoints": [x, y, score, ...]}], which is COCO's form of results
  arrays      {"keypoint_names": [...], "fps": 30, "frames": [[[x, y, score], ...], ...]}
  MediaPipe   frames of 33 {"x": ..., "y": ..., "visibility": ...}, as a list or by their names
Points without names are known by their number: 17 (COCO), 18, 25 (OpenPose), 26 (HALPE), 33 (MediaPipe), 133.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import InputError
from midstance.formats.files import write_text
from midstance.formats.people import followed
from midstance.formats.points import layout_with, order_of
from midstance.formats.text_file import text_of
from midstance.model import Floats, LengthUnit, Recording
from midstance.reasons import Reason

FRAME_LISTS = ("instance_info", "frames", "predictions", "results", "data", "annotations")
PEOPLE_LISTS = ("instances", "people", "persons", "poses")
POINT_LISTS = ("keypoints", "pose_keypoints_2d", "landmarks", "pose_landmarks", "landmark", "points")
SCORES = ("keypoint_scores", "scores", "visibility", "score", "confidence", "likelihood", "presence")
NAMES = ("keypoint_names", "names", "labels", "keypoints_names")
RATES = ("fps", "rate_hz", "frame_rate", "framerate")
WITHIN_SHARE = 3.0
"""Points of which none is farther out than this are shares of the picture: a picture has hundreds of pixels."""


def read(path: Path) -> Recording:
    """Return the points of a .json file. Raises InputError."""
    try:
        content: Any = json.loads(text_of(path))
    except (ValueError, RecursionError):
        raise InputError(Reason("points_no_json", path=path)) from None
    about = content if isinstance(content, dict) else {}
    try:
        frames, names = _frames(content)
    except (ValueError, TypeError, KeyError, IndexError):
        raise InputError(Reason("points_json_unknown", path=path)) from None
    names = _named(about) or names
    counts = {len(person) for people in frames for person in people}
    if not counts:
        raise InputError(Reason("points_nobody" if frames else "points_json_unknown", path=path))
    count = counts.pop()
    layout = layout_with(count)
    if counts or (names is None and layout is None) or (names is not None and len(names) != count):
        raise InputError(Reason("points_layout", path=path, count=count))
    points = followed(frames, count)
    size = (int(about["width"]), int(about["height"])) if {"width", "height"} <= about.keys() else None
    rate = next((float(about[name]) for name in RATES if about.get(name)), np.nan)
    confidence = np.nan_to_num(points[..., 2]).clip(0, 1)
    known = points[np.isfinite(points[..., 0])]
    unit: LengthUnit = "share" if len(known) and np.abs(known[:, :2]).max() < WITHIN_SHARE else "px"
    return Recording(
        path=path,
        made_by=f"JSON ({layout.upper()})" if layout and names is None else "JSON",
        names=tuple(names or order_of(layout or "")),
        points=points[..., :2],
        confidence=confidence,
        time_s=np.arange(len(frames)) / rate,
        unit=unit,
        size_px=size,
    )


def _named(about: dict[str, Any]) -> list[str] | None:
    """Return the names of the points that the head of a file gives."""
    meta = about.get("meta_info") or {}
    listed = next((about[name] for name in NAMES if about.get(name)), None)
    by_id = meta.get("keypoint_id2name") if isinstance(meta, dict) else None
    if listed is None and by_id:
        listed = [by_id[key] for key in sorted(by_id, key=int)]
    if listed is None and isinstance(about.get("categories"), list) and about["categories"]:
        listed = about["categories"][0].get("keypoints")
    return [str(name) for name in listed] if listed else None


def _frames(content: Any) -> tuple[list[list[Floats]], list[str] | None]:
    """Return everyone's (point, x y confidence) in every frame, and the names of points that are called by name."""
    listed = content
    if isinstance(content, dict):
        listed = next((content[name] for name in FRAME_LISTS if isinstance(content.get(name), list)), None)
    if not isinstance(listed, list):
        raise TypeError
    names: list[str] = []
    if listed and isinstance(listed[0], dict) and "image_id" in listed[0]:
        return _by_image(listed, names), names or None
    return [[_points(person, names) for person in _people(frame)] for frame in listed], names or None


def _by_image(rows: Sequence[dict[str, Any]], names: list[str]) -> list[list[Floats]]:
    """Return the frames of a list with one row a person, in the order of the pictures' numbers."""
    numbers = [int(re.findall(r"\d+", str(row["image_id"]))[-1]) for row in rows]
    frames: list[list[Floats]] = [[] for _ in range(max(numbers) - min(numbers) + 1)]
    for number, row in zip(numbers, rows, strict=True):
        frames[number - min(numbers)].append(_points(row, names))
    return frames


def _people(frame: Any) -> list[Any]:
    """Return everyone in one frame: a list of people, or one person."""
    if isinstance(frame, dict):
        for name in PEOPLE_LISTS:
            if isinstance(frame.get(name), list):
                return list(frame[name])
        return [frame] if frame else []
    if frame is None or len(frame) == 0:
        return []
    first = frame[0]
    is_point = isinstance(first, dict) and "x" in first
    is_person = isinstance(first, list) and first and isinstance(first[0], list | dict)
    return [frame] if is_point or not (is_person or isinstance(first, dict)) else list(frame)


def _points(person: Any, names: list[str]) -> Floats:
    """Return one person's (point, x y confidence); a point of confidence 0 is NaN."""
    scores = None
    if isinstance(person, dict):
        scores = next((person[name] for name in SCORES if isinstance(person.get(name), list)), None)
        person = next((person[name] for name in POINT_LISTS if person.get(name)), person)
    if isinstance(person, dict):
        if not names:
            names.extend(person)
        person = [person[name] for name in names]
    if person and not isinstance(person[0], list | dict):
        person = np.array(person, float).reshape(-1, 3).tolist()
    rows = np.array([_row(point) for point in person], float)
    if scores is not None:
        rows[:, 2] = np.array(scores, float).reshape(-1)
    rows[~(rows[:, 2] > 0)] = np.nan
    return rows


def _row(point: Any) -> list[float]:
    if isinstance(point, dict):
        score = next((point[name] for name in SCORES if name in point), 1.0)
        return [float(point["x"]), float(point["y"]), float(score)]
    if point is None:
        return [np.nan, np.nan, 0.0]
    return [float(value) for value in (*point, 1.0)[:3]]


def write(recording: Recording, path: Path) -> Path:
    """Write everyone's points with their names, rate and size, in MMPose's form. Raises InputError."""
    rate = 1 / float(np.median(np.diff(recording.time_s))) if len(recording.time_s) > 1 else float("nan")
    content: dict[str, Any] = {"keypoint_names": list(recording.names), "instance_info": []}
    if np.isfinite(rate):
        content["fps"] = round(rate, 6)
    if recording.size_px:
        content["width"], content["height"] = recording.size_px
    for frame in range(len(recording.time_s)):
        people = [
            {
                "keypoints": [[round(float(x), 3) for x in xy[:2]] for xy in np.nan_to_num(points[frame])],
                "keypoint_scores": [
                    round(float(trust), 4) if np.isfinite(xy[0]) else 0.0
                    for xy, trust in zip(points[frame], confidence[frame], strict=True)
                ],
            }
            for points, confidence in zip(recording.points, recording.confidence, strict=True)
            if np.isfinite(points[frame]).any()
        ]
        content["instance_info"].append({"frame_id": frame, "instances": people})
    return write_text(json.dumps(content), path)
