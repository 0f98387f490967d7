"""Keep everyone found in a film as a compressed NumPy file, so that another height or another runner needs no new look.

Every number is kept as it was found: judged again, the poses give the same measures to the last digit. What another
version of midstance found is not used.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midstance import __version__
from midstance.errors import InputError
from midstance.formats.files import written_whole
from midstance.formats.zips import DAMAGE, opened
from midstance.model import CameraMotion, Clip, ClipPoses, Level, Person, PoseModel, Poses
from midstance.reasons import Reason, as_written, say
from midstance.skeleton import KEYPOINTS

LAYOUT = "midstance-poses/2"

FACTS = (
    "sha256",
    "width",
    "height",
    "rate_hz",
    "variable_rate",
    "rotation_deg",
    "turned_deg",
    "transfer",
    "slow_motion_factor",
    "called",
)
"""What is kept of the film itself."""

LARGEST = 2_000_000_000
"""Bytes of all arrays together: three people in ten minutes at 240 frames a second are 1.6 GB."""

Arrays = dict[str, NDArray[Any]]


def write(found: ClipPoses, path: Path) -> None:
    """Write the poses of a clip, whole or not at all. Raises InputError."""
    poses, clip = found.poses, found.clip
    model = poses.model
    facts = {name: getattr(clip, name) for name in FACTS} | {"notes": [say(note, "page") for note in clip.notes]}
    arrays: Arrays = {
        "layout": np.array([LAYOUT, __version__, model.backend, model.model, model.weights_sha256]),
        "clip": np.array([json.dumps(facts)]),
        "clip_time_s": clip.time_s,
        "time_s": poses.time_s,
        "size": np.array([poses.width, poses.height]),
        "to_first": poses.camera.to_first,
        "quality": poses.camera.quality,
        "cut": poses.camera.cut,
        "levels": np.array([(level.frame, level.deg, level.sd_deg) for level in found.levels]).reshape(-1, 3),
    }
    for number, person in enumerate(poses.people):
        parts = {"xy": person.xy, "confidence": person.confidence, "peaks": person.peaks, "depth": person.depth}
        arrays |= {f"{name}_{number}": part for name, part in parts.items() if part is not None}
    with written_whole(path) as half, half.open("wb") as file:
        np.savez_compressed(file, **arrays)  # type: ignore[arg-type]


def read(path: Path, film: Path) -> ClipPoses:
    """Read what write wrote of a film, which is not opened. Raises InputError."""
    try:
        with opened(path) as packed:
            _bounded(sum(part.file_size for part in packed.infolist()))
        with np.load(path, allow_pickle=False) as kept:
            arrays: Arrays = dict(kept)
        levels = (Level(frame=int(frame), deg=float(deg), sd_deg=float(sd)) for frame, deg, sd in arrays["levels"])
        return ClipPoses(clip=_clip(arrays, film), poses=_poses(arrays), levels=tuple(levels))
    except (*DAMAGE, OSError, TypeError, MemoryError) as fault:
        raise InputError(Reason("poses_unreadable", path=path, fault=str(fault))) from None


def _bounded(size: int) -> None:
    """Refuse an archive that would fill the memory. Raises ValueError."""
    if size > LARGEST:
        raise ValueError(f"{size} bytes")


def _clip(arrays: Arrays, film: Path) -> Clip:
    facts = json.loads(str(arrays["clip"][0]))
    notes = tuple(as_written(str(note)) for note in facts.pop("notes"))
    time_s = _shaped(arrays["clip_time_s"], arrays["time_s"].shape)
    return Clip(path=film, time_s=time_s, notes=notes, **{name: facts[name] for name in FACTS if name in facts})


def _poses(arrays: Arrays) -> Poses:
    layout, version, backend, model, sha256 = (str(word) for word in arrays["layout"])
    if (layout, version) != (LAYOUT, __version__):
        raise ValueError(f"made by midstance {version}")
    frames = len(arrays["time_s"])
    people = tuple(_person(arrays, number, frames) for number in range(sum(key.startswith("xy_") for key in arrays)))
    camera = CameraMotion(
        to_first=_shaped(arrays["to_first"], (frames, 2, 3)),
        quality=_shaped(arrays["quality"], (frames,)),
        cut=_shaped(arrays["cut"], (frames,)).astype(bool),
    )
    width, height = (int(n) for n in arrays["size"])
    pose_model = PoseModel(backend=backend, model=model, weights_sha256=sha256)
    return Poses(model=pose_model, time_s=arrays["time_s"], width=width, height=height, people=people, camera=camera)


def _person(arrays: Arrays, number: int, frames: int) -> Person:
    points = len(KEYPOINTS)
    peaks, depth = arrays.get(f"peaks_{number}"), arrays.get(f"depth_{number}")
    if peaks is not None and (peaks.ndim != 4 or peaks.shape[0] != frames or peaks.shape[3] != 3):
        raise ValueError(f"peaks of person {number}")
    return Person(
        xy=_shaped(arrays[f"xy_{number}"], (frames, points, 2)),
        confidence=_shaped(arrays[f"confidence_{number}"], (frames, points)),
        peaks=peaks,
        depth=None if depth is None else _shaped(depth, (frames, points)),
    )


def _shaped(values: NDArray[Any], shape: tuple[int, ...]) -> NDArray[Any]:
    """Return an array that has this shape. Raises ValueError for another one."""
    if values.shape != shape:
        raise ValueError(f"{values.shape} is not {shape}")
    return values
