"""More readers for `make harden`: points, curves and forces of other programs, and points that are kept."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
from tests.fixtures.recorded import markers, pixels

from midstance.formats import apart, deeplabcut, force, kinovea, mot, openpose, parquet, poses_npz, sleap, theia
from midstance.formats.extras import needed
from midstance.model import AngleFile, ClipPoses
from midstance.pose.recorded import open_recording, recorded_poses
from validation.harden_made import Reader, named, points, short


def sleap_h5(folder: Path) -> bytes:
    found, path = short(pixels()), folder / "good.h5"
    with needed("h5py").File(path, "w") as file:
        file["node_names"] = [name.encode() for name in found.names]
        file["tracks"] = found.points.transpose(0, 3, 2, 1)
    return path.read_bytes()


def openpose_json(folder: Path) -> bytes:
    openpose.write(short(pixels()), folder / "openpose")
    return min((folder / "openpose").glob("*.json")).read_bytes()


def curves(folder: Path) -> bytes:
    time_s = np.arange(24) / 100
    angles = AngleFile(path=folder, columns={"knee_angle_r": 300 * time_s}, time_s=time_s, in_degrees=True)
    return mot.write(angles, folder / "good.mot").read_bytes()


def kinovea_text(_folder: Path) -> bytes:
    found, lines = short(pixels()), ["#Kinovea Trajectory data export", "#T X Y", ""]
    for k, name in enumerate(found.names[:6]):
        rows = zip(found.time_s.tolist(), found.points[0, :, k].tolist(), strict=True)
        lines += [f"# {name}", *(f"{time_s:.3f} {x:.2f} {y:.2f}" for time_s, (x, y) in rows), ""]
    return "\n".join(lines).encode()


def theia_text(_folder: Path) -> bytes:
    heads = ["\trun\trun", "\tRight Knee Angles\tRight Knee Angles", "\tLINK\tLINK", "\tORIGINAL\tORIGINAL"]
    return "\n".join([*heads, "ITEM\tX\tY", *(f"{k}\t{10.5 + k}\t1" for k in range(24))]).encode()


def forces(_folder: Path) -> bytes:
    rows = (f"{k / 1000},{max(0, 1500 * np.sin(k / 40)):.1f}" for k in range(600))
    return "\n".join(["time_s,left_force_vy", *rows]).encode()


def kept_points(folder: Path) -> bytes:
    """Points as they are kept with a take, and exported with it."""
    path = folder / "good.trc"
    path.write_bytes(points(_trc, ".trc", markers)(folder))
    clip = open_recording(path)
    poses_npz.write(ClipPoses(clip=clip, poses=recorded_poses(clip)), folder / "good.npz")
    return (folder / "good.npz").read_bytes()


def _trc(found: object, path: Path) -> object:
    from midstance.formats import trc

    return trc.write(found, path)  # type: ignore[arg-type]


def read_kept(path: Path) -> object:
    return poses_npz.read(path, Path("a.mp4"))


def contacts(path: Path) -> object:
    return json.dumps(force.read(path))


def reader(
    says: str, make: Callable[[Path], bytes], name: str, read: Callable[[Path], object], *, caged: bool = False
) -> Reader:
    return Reader(says=says, make=make, read=named(name, read), caged=caged)


MORE: dict[str, Reader] = {
    "parquet": reader(
        "points, Parquet", points(parquet.write, ".parquet", pixels), "a.parquet", apart.read_here, caged=True
    ),
    "h5": reader("points, HDF5", sleap_h5, "a.h5", apart.read_here, caged=True),
    "openpose": reader("points, OpenPose", openpose_json, "op.json", openpose.read),
    "deeplabcut": reader("points, DeepLabCut", points(deeplabcut.write, ".csv", pixels), "dlc.csv", deeplabcut.read),
    "sleap": reader("points, SLEAP", points(sleap.write, ".csv", pixels), "sleap.csv", sleap.read),
    "kinovea": reader("points, Kinovea", kinovea_text, "k.txt", kinovea.read),
    "npz": reader("points kept with a take", kept_points, "a.npz", read_kept),
    "mot": reader("curves, OpenSim", curves, "a.mot", mot.read),
    "theia": reader("curves, Theia", theia_text, "t.txt", partial(theia.read, rate_hz=85)),
    "force": reader("forces, CSV", forces, "f.csv", contacts),
}
