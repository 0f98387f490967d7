"""Read and write netCDF in the layout of movement: position(time, space, keypoint, individual) and confidence.

Before movement 0.17 the last two were called keypoints and individuals; both are read, the newer is written. It is
written in netCDF's classic form, which needs no library beside scipy; read also in HDF5's (h5py: midstance[formats]).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import InputError
from midstance.formats import hdf
from midstance.formats.files import written_whole
from midstance.formats.text_file import checked_size
from midstance.model import Floats, LengthUnit, Recording
from midstance.reasons import Reason

HDF5 = b"\x89HDF"
OLDER_NAMES = {"keypoints": "keypoint", "individuals": "individual"}
"""What movement called its dimensions before version 0.17, and calls them now."""
UNIT_NAMES: dict[str, LengthUnit] = {"px": "px", "pixels": "px", "m": "m", "metres": "m", "meters": "m"}


def is_hdf5(path: Path) -> bool:
    """Return whether a .nc file is in HDF5's form. Raises InputError for one that is too large."""
    with checked_size(path).open("rb") as file:
        return file.read(4) == HDF5


def read(path: Path) -> Recording:
    """Return the points of a .nc file. Raises InputError; UsageError without h5py where it is needed."""
    try:
        arrays, about, dims = _from_hdf5(path) if is_hdf5(path) else _from_classic(path)
        dims = [OLDER_NAMES.get(name, name) for name in dims]
        order = [dims.index(name) for name in ("individual", "time", "keypoint", "space")]
        points = arrays["position"].transpose(order)
        names, seconds = arrays["keypoint"], np.asarray(arrays["time"], float)
    except (OSError, KeyError, ValueError, TypeError):
        raise InputError(Reason("movement_layout", path=path)) from None
    if not points.size:
        raise InputError(Reason("points_no_frames", path=path))
    trust = np.isfinite(points[..., 0]).astype(float)
    if "confidence" in arrays:
        known = arrays["confidence"].transpose([[d for d in dims if d != "space"].index(n) for n in _PEOPLE])
        trust = np.where(np.isfinite(known), np.nan_to_num(known), trust).clip(0, 1)
    frames_alone = about.get("time_unit") == "frames"
    unit = UNIT_NAMES.get(about.get("length_unit", "px"), "px")
    return Recording(
        path=path,
        made_by=f"movement netCDF ({about['source_software']})" if about.get("source_software") else "movement netCDF",
        names=tuple(str(name) for name in names),
        points=points,
        confidence=np.where(np.isfinite(points[..., 0]), trust, 0.0),
        time_s=np.full(len(seconds), np.nan) if frames_alone else seconds - seconds[0],
        unit=unit,
        seen_by="cameras" if points.shape[-1] == 3 else "camera",
    )


_PEOPLE = ("individual", "time", "keypoint")


def _from_hdf5(path: Path) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    with hdf.opened(path) as file:
        arrays = {name: _plain(np.array(file[name])) for name in ("position", "time")}
        arrays["keypoint"] = _plain(np.array(file["keypoints" if "keypoints" in file else "keypoint"]))
        if "confidence" in file:
            arrays["confidence"] = np.array(file["confidence"], float)
        about = {name: _said(value) for name, value in file.attrs.items()}
        dims = [file[axis[0]].name.strip("/") for axis in file["position"].attrs["DIMENSION_LIST"]]
    return arrays, about, dims


def _plain(values: Any) -> Any:
    if values.dtype.kind == "O":
        return np.array([_said(value) for value in values.ravel()]).reshape(values.shape)
    return values


def _said(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _from_classic(path: Path) -> tuple[dict[str, Any], dict[str, str], list[str]]:
    from scipy.io import netcdf_file  # noqa: PLC0415 (0.1 s of every start)

    with netcdf_file(str(path), mmap=False) as opened:
        file: Any = opened
        position = file.variables["position"]
        arrays: dict[str, Any] = {"position": np.array(position[:], float), "time": np.array(file.variables["time"][:])}
        named = "keypoints" if "keypoints" in file.variables else "keypoint"
        letters: Any = np.array(file.variables[named][:])
        arrays["keypoint"] = [b"".join(row).decode().rstrip("\0 ") for row in letters]
        if "confidence" in file.variables:
            arrays["confidence"] = np.array(file.variables["confidence"][:], float)
        about = {name: _said(value) for name, value in file._attributes.items()}  # noqa: SLF001  (scipy has no other way)
        return arrays, about, list(position.dimensions)


def write(recording: Recording, path: Path) -> Path:
    """Write everyone's points as a .nc file that movement opens. Raises InputError."""
    from scipy.io import netcdf_file  # noqa: PLC0415

    points = recording.points.transpose(1, 3, 2, 0)
    people = [f"person_{k}" for k in range(len(recording.points))]
    with written_whole(path) as unfinished, netcdf_file(str(unfinished), "w") as opened:
        file: Any = opened
        axes = list("xyz"[: points.shape[1]])
        for dim, size in zip(("time", "space", "keypoint", "individual"), points.shape, strict=True):
            file.createDimension(dim, size)
        for dim, words in (("space", axes), ("keypoint", list(recording.names)), ("individual", people)):
            _write_words(file, dim, words)
        file.createVariable("time", "d", ("time",))[:] = recording.time_s
        file.createVariable("position", "d", ("time", "space", "keypoint", "individual"))[:] = points
        trust: Floats = recording.confidence.transpose(1, 2, 0)
        file.createVariable("confidence", "d", ("time", "keypoint", "individual"))[:] = trust
        file.source_software = "midstance"
        file.ds_type = "poses"
        file.time_unit = "seconds"
        file.length_unit = recording.unit
        if len(recording.time_s) > 1:
            file.fps = 1 / float(np.median(np.diff(recording.time_s)))
    return path


def _write_words(file: Any, dim: str, words: list[str]) -> None:
    """Write a coordinate of words as netCDF's classic form has them: rows of letters."""
    raw = [word.encode() for word in words]
    longest = max(len(word) for word in raw)
    file.createDimension(f"{dim}_letters", longest)
    letters = file.createVariable(dim, "c", (dim, f"{dim}_letters"))
    letters[:] = np.array([list(word.ljust(longest, b"\0").decode("latin-1")) for word in raw], dtype="S1")
    letters._Encoding = "utf-8"  # noqa: SLF001  (the name of the attribute, by xarray's convention)
