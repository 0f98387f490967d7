"""Time the same work on the same clip beside Sports2D and mediapipe, each in an environment of its own, in turn.

python -m benchmarks.peers FOLDER [--write]

Installs both in FOLDER (two gigabytes; kept for the next time). Poses alone are compared with mediapipe, which runs the
same network; angles from given keypoints, with and without a film, with what Sports2D does after its own poses, loaded
from a TRC file of pixels. Every figure is of a whole process, start and imports included; midstance is compiled
beforehand, as pip compiles the others. The runs of one comparison alternate, so that the load of the machine meets both
alike.
"""

from __future__ import annotations

import argparse
import compileall
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import numpy as np

import midstance
from benchmarks.__main__ import RESULTS, commit, machine
from benchmarks.clips import clip_for
from benchmarks.starts import seconds_of
from midstance.analyze import find_poses
from midstance.formats.trc import write
from midstance.model import Poses, Recording
from midstance.skeleton import KEYPOINTS, ONE_SIDE

PACKAGES = {"mediapipe": "mediapipe==0.10.21", "sports2d": "sports2d==0.8.34"}
PACKAGE = Path(midstance.__file__).parent
RUNS = 3
SECONDS, RATE_HZ, LINES = 10, 60, 1080
HEIGHT_M = 1.66

HALPE = {"wrist": "Wrist", "elbow": "Elbow", "shoulder": "Shoulder", "hip": "Hip", "knee": "Knee", "ankle": "Ankle"} | {
    "heel": "Heel",
    "toe": "BigToe",
}
"""What Sports2D calls the points of one side, after L or R."""

MEDIAPIPE = """
import sys, cv2, mediapipe
film, seen = cv2.VideoCapture(sys.argv[1]), 0
with mediapipe.solutions.pose.Pose(model_complexity=1) as pose:
    while (read := film.read())[0]:
        seen += pose.process(cv2.cvtColor(read[1], cv2.COLOR_BGR2RGB)).pose_landmarks is not None
print(seen)
"""
OURS_POSES = """
import sys, midstance
print(len(midstance.find_poses(sys.argv[1]).poses.people[0].xy))
"""
OURS_ANGLES = """
import sys, midstance
from pathlib import Path
found = midstance.analyze(sys.argv[1], film=sys.argv[2], height_m=1.66)
if len(sys.argv) > 3:
    from midstance.render.film import make_film
    make_film(found.clip, found, Path(sys.argv[3]))
print(len(found.measures))
"""


def main() -> None:
    """Install the others if need be, and print or keep the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    parser.add_argument("folder", type=Path, help="for their environments, the clip and what they write")
    parser.add_argument("--write", action="store_true", help="add the table to benchmarks/RESULTS.md")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    said = list(lines(asked.folder.absolute()))
    print("\n".join(said))
    if asked.write:
        RESULTS.write_text("\n".join([RESULTS.read_text(encoding="utf-8").rstrip(), "", *said, ""]), encoding="utf-8")


def lines(folder: Path) -> Iterator[str]:
    """Yield a section of RESULTS.md."""
    compileall.compile_dir(PACKAGE, quiet=1)
    theirs = {name: installed(folder / name, package) for name, package in PACKAGES.items()}
    clip = clip_for(folder, lines=LINES, rate_hz=RATE_HZ, seconds=SECONDS)
    points = write_points(clip, folder / "points.trc")
    yield f"## Beside others: {commit()}, {datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield ""
    yield (
        f"{machine()}; load before: {os.getloadavg()[0]:.2f}. {LINES}p, {RATE_HZ} Hz, {SECONDS} s; medians of {RUNS} "
        "whole processes each, in turn."
    )
    yield ""
    yield "| work | who | wall, s | processor, s | they / midstance, wall | processor |"
    yield "|---|---|---|---|---|---|"
    ours, shown = [sys.executable, "-c"], str(clip)
    given = [str(points), shown]
    yield from compared(
        "poses alone", ("mediapipe", [theirs["mediapipe"], "-c", MEDIAPIPE, shown]), [*ours, OURS_POSES, shown]
    )
    for work, film in (("angles from given keypoints", False), ("angles and film from given keypoints", True)):
        mine = [*ours, OURS_ANGLES, *given, *([str(folder / "film.mp4")] if film else [])]
        yield from compared(work, ("Sports2D", sports2d(theirs["sports2d"], clip, points, film=film)), mine)


def compared(work: str, other: tuple[str, list[str]], ours: list[str]) -> Iterator[str]:
    """Run both in turn; yield a row for each."""
    name, theirs = other
    taken = [(seconds_of(theirs), seconds_of(ours)) for _ in range(RUNS)]
    them, us = (tuple(median(column) for column in zip(*each, strict=True)) for each in zip(*taken, strict=True))
    wall, cpu = (median(pair[0][k] / pair[1][k] for pair in taken) for k in (0, 1))
    yield f"| {work} | {name} | {them[0]:.1f} | {them[1]:.1f} | | |"
    yield f"| | midstance | {us[0]:.1f} | {us[1]:.1f} | {wall:.2f} | {cpu:.2f} |"


def installed(folder: Path, package: str) -> str:
    """Return the Python of an environment with a package, made if it is not there."""
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not (folder / "whole").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", package], check=True)
        (folder / "whole").touch()
    return str(python)


def sports2d(python: str, clip: Path, points: Path, *, film: bool) -> list[str]:
    """Return the words that have Sports2D compute angles from a file of points, and draw its film if asked."""
    settings = {
        "video_input": clip,
        "load_trc_px": points,
        "result_dir": points.parent / "sports2d_results",
        "nb_persons_to_detect": 1,
        "person_ordering_method": "highest_likelihood",
        "first_person_height": HEIGHT_M,
        "save_vid": film,
        "save_img": False,
        "save_graphs": False,
        "show_realtime_results": False,
        "show_graphs": False,
        "make_c3d": False,
    }
    words = [word for name, value in settings.items() for word in (f"--{name}", str(value))]
    return [python, "-c", "import sys; from Sports2D.Sports2D import main; sys.exit(main())", *words]


def write_points(clip: Path, path: Path) -> Path:
    """Write the points of the runner of a clip, pixels, under the names that Sports2D knows."""
    poses = find_poses(clip).poses
    names, xy = as_halpe(poses)
    recording = Recording(
        path=path,
        made_by="midstance",
        names=names,
        points=xy[None],
        confidence=np.ones((1, *xy.shape[:2])),
        time_s=poses.time_s,
        unit="px",
        seen_by="camera",
        notes=(),
    )
    return write(recording, path)


def as_halpe(poses: Poses) -> tuple[tuple[str, ...], np.ndarray]:
    """Return the largest person's points as HALPE-26 has them: names, and (frame, point, 2) pixels."""
    own = {name: poses.people[0].xy[:, k] for k, name in enumerate(KEYPOINTS)}
    found = {
        f"{side[0].upper()}{HALPE[point]}": own[f"{side}_{point}"] for side in ("left", "right") for point in ONE_SIDE
    }
    middle = {"Neck": "shoulder", "Hip": "hip", "Head": "ear"}
    found |= {name: (own[f"left_{part}"] + own[f"right_{part}"]) / 2 for name, part in middle.items()}
    found |= {"Nose": own["nose"], "LSmallToe": found["LBigToe"], "RSmallToe": found["RBigToe"]}
    return tuple(found), np.stack(list(found.values()), axis=1)


if __name__ == "__main__":
    main()
