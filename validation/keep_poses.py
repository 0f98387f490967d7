"""Keep the poses of a film as a small file, so that a test can judge it without the film and without a pose model.

    python -m validation.keep_poses FILM ...

Writes tests/data/poses/NAME.npz: points to a sixteenth of a pixel, confidences to a 255th; and NAME.json, the true
measures of a generated person, with the contacts where the rule reads them on the exact points. Films of
rendered runners only: of a real person not even the points are kept.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from midstance.model import CameraMotion, Clip, ClipPoses, Floats, Level, Person, PoseModel, Poses
from midstance.tracking.scene_lines import levels_of
from midstance.video.opening import open_clip
from validation import accuracy
from validation.cases import PERSON, ROOT, Case, poses_of

FOLDER = ROOT / "tests" / "data" / "poses"
PER_PIXEL, UNSEEN = 16.0, -32768
PROBABILITY = 255.0


def keep(film: Path) -> Path:
    """Write the poses of everyone in a film; return the file."""
    clip = open_clip(film)
    poses = poses_of(clip, "full")
    arrays: dict[str, NDArray[Any]] = {
        "time_s": poses.time_s,
        "size": np.array([poses.width, poses.height]),
        "model": np.array([poses.model.backend, poses.model.model, poses.model.weights_sha256]),
        "to_first": poses.camera.to_first.astype(np.float32),
        "quality": poses.camera.quality.astype(np.float32),
        "cut": poses.camera.cut,
    }
    for k, person in enumerate(poses.people):
        arrays[f"xy_{k}"] = _whole(person.xy, PER_PIXEL)
        arrays[f"confidence_{k}"] = np.rint(PROBABILITY * np.nan_to_num(person.confidence)).astype(np.uint8)
        if person.peaks is not None:
            arrays[f"peaks_{k}"] = _whole(person.peaks, np.array([PER_PIXEL, PER_PIXEL, PROBABILITY]))
    levels = levels_of(clip, poses)
    arrays["levels"] = np.array([(level.frame, level.deg, level.sd_deg) for level in levels]).reshape(-1, 3)
    FOLDER.mkdir(parents=True, exist_ok=True)
    file = FOLDER / f"{film.stem}.npz"
    np.savez_compressed(file, **arrays)  # type: ignore[arg-type]
    return file


def keep_truth(film: Path) -> Path:
    """Write the true measures of a generated person beside the poses; return the file."""
    case = Case(film.stem, film)
    subject = case.truth["people"][0]
    truth = {
        "height_m": subject["height_m"],
        "speed_mps": subject["speed_mps"],
        "faults": [fault["name"] for fault in subject["faults"]],
        "measures": [[row.found.id, row.found.side, float(f"{row.true:.5g}")] for row in accuracy.compare(case)],
    }
    file = FOLDER / f"{film.stem}.json"
    file.write_text(json.dumps(truth) + "\n", encoding="utf-8")
    return file


def kept_truth(name: str) -> dict[str, Any]:
    """Read the true measures of a kept person."""
    return dict(json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")))


def _whole(values: Floats, times: Floats | float) -> Floats:
    scaled = np.clip(np.rint(np.nan_to_num(values * times)), UNSEEN + 1, -UNSEEN - 1)
    return np.where(np.isfinite(values), scaled, UNSEEN).astype(np.int16)


def kept(name: str) -> ClipPoses:
    """Read kept poses, the lines of their scene, and the clip they came from as far as judging needs it."""
    arrays = np.load(FOLDER / f"{name}.npz")
    width, height = (int(n) for n in arrays["size"])
    people = tuple(
        Person(
            xy=_values(arrays[f"xy_{k}"], PER_PIXEL),
            confidence=arrays[f"confidence_{k}"] / PROBABILITY,
            peaks=_values(arrays[f"peaks_{k}"], np.array([PER_PIXEL, PER_PIXEL, PROBABILITY]))
            if f"peaks_{k}" in arrays
            else None,
        )
        for k in range(sum(key.startswith("xy_") for key in arrays))
    )
    camera = CameraMotion(
        to_first=arrays["to_first"].astype(float), quality=arrays["quality"].astype(float), cut=arrays["cut"]
    )
    backend, model, sha256 = (str(word) for word in arrays["model"])
    pose_model = PoseModel(backend=backend, model=model, weights_sha256=sha256)
    time_s = arrays["time_s"]
    poses = Poses(model=pose_model, time_s=time_s, width=width, height=height, people=people, camera=camera)
    clip = Clip(
        path=Path(f"{name}.mp4"),
        sha256="",
        width=width,
        height=height,
        time_s=time_s,
        rate_hz=1 / float(np.median(np.diff(time_s))),
        variable_rate=False,
        rotation_deg=0,
    )
    levels = tuple(Level(frame=int(frame), deg=float(deg), sd_deg=float(sd)) for frame, deg, sd in arrays["levels"])
    return ClipPoses(clip=clip, poses=poses, levels=levels)


def _values(whole: Floats, times: Floats | float) -> Floats:
    return np.where(whole == UNSEEN, np.nan, whole / times)


def main() -> None:
    """Keep the poses of the films named."""
    for film in sys.argv[1:]:
        path = Path(film)
        for file in (keep(path), *([keep_truth(path)] if path.stem.startswith(PERSON) else [])):
            print(f"{file} {file.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
