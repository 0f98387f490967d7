"""Read and write C3D, the laboratories' file of markers, events and results (needs ezc3d: midstance[formats]).

Read: markers in the unit of the file, on its own axes. Written: x forward, y up, z to the right, metres; foot strikes
and foot offs as events, measures in the group ANALYSIS with their half widths beside them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from midstance.errors import InputError
from midstance.formats.extras import needed
from midstance.formats.files import written_whole
from midstance.formats.text_file import checked_size
from midstance.formats.trc import METRES
from midstance.model import Contact, Floats, Measure, Recording
from midstance.reasons import Reason

CONTEXTS = {"left": "Left", "right": "Right", "both": "General"}


def read(path: Path) -> Recording:
    """Return the markers of a .c3d file; what the file marks as not seen is NaN. Raises InputError, UsageError."""
    ezc3d = needed("ezc3d")
    try:
        file: Any = ezc3d.c3d(str(checked_size(path)))
        about = file["parameters"]["POINT"]
        data = np.array(file["data"]["points"][:3], float).transpose(2, 1, 0)
        unit = str(about["UNITS"]["value"][0]).strip().lower() if about.get("UNITS", {}).get("value") else "none"
        rate = float(about["RATE"]["value"][0])
        names = [str(name).strip() for key, each in about.items() if key.startswith("LABELS") for name in each["value"]]
    except InputError:
        raise
    except Exception as fault:  # noqa: BLE001  (ezc3d raises whatever C++ threw)
        raise InputError(Reason("c3d_unreadable", path=path, fault=str(fault).splitlines()[0][:120])) from None
    if not len(data) or not data.shape[1] or not rate > 0:
        raise InputError(Reason("points_no_frames", path=path))
    if unit not in METRES:
        raise InputError(Reason("points_unit_unknown", path=path, unit=unit, known="m, mm, cm"))
    residuals = np.array(file["data"].get("meta_points", {}).get("residuals", np.zeros((1, *data.shape[1::-1]))))
    data[residuals[0].T < 0] = np.nan
    data[(data == 0).all(axis=2)] = np.nan  # a marker at the very origin was not seen
    names = [name or f"marker_{k}" for k, name in enumerate(names[: data.shape[1]])]
    points = data * METRES[unit]
    return Recording(
        path=path,
        made_by="C3D",
        names=tuple(names),
        points=points[None, :, : len(names)],
        confidence=np.isfinite(points[None, :, : len(names), 0]).astype(float),
        time_s=np.arange(len(points)) / rate,
        unit="m",
        seen_by="markers",
    )


def write(
    recording: Recording, path: Path, *, contacts: Sequence[Contact] = (), measures: Sequence[Measure] = ()
) -> Path:
    """Write the first person's points, the contacts as events and the measures. Raises InputError, UsageError.

    contacts  strike and toe-off of each become Foot Strike and Foot Off
    measures  value and half width of each, with its unit and side
    """
    file: Any = needed("ezc3d").c3d()
    points = _in_space(recording.points[0])
    rate = 1 / float(np.median(np.diff(recording.time_s)))
    file["parameters"]["POINT"]["RATE"]["value"] = [rate]
    file["parameters"]["POINT"]["UNITS"]["value"] = [recording.unit]
    file["parameters"]["POINT"]["LABELS"]["value"] = list(recording.names)
    file["data"]["points"] = np.concatenate([points.transpose(2, 1, 0), np.ones((1, *points.shape[1::-1]))])
    _add_events(file, contacts)
    _add_measures(file, measures)
    with written_whole(path) as unfinished:
        file.write(str(unfinished))
    return path


def _in_space(points: Floats) -> Floats:
    flat = np.zeros((*points.shape[:-1], 3 - points.shape[-1]))
    flat[np.isnan(points[..., 0])] = np.nan
    return np.concatenate([points, flat], axis=-1)


def _add_events(file: Any, contacts: Sequence[Contact]) -> None:
    moments = sorted(
        (moment, label, CONTEXTS[c.side])
        for c in contacts
        for moment, label in ((c.strike_s, "Foot Strike"), (c.toe_off_s, "Foot Off"))
    )
    if moments:
        file.add_parameter("EVENT", "USED", [len(moments)])
        file.add_parameter("EVENT", "CONTEXTS", [context for _, _, context in moments])
        file.add_parameter("EVENT", "LABELS", [label for _, label, _ in moments])
        file.add_parameter("EVENT", "TIMES", np.array([[moment // 60, moment % 60] for moment, _, _ in moments]).T)


def _add_measures(file: Any, measures: Sequence[Measure]) -> None:
    if measures:
        file.add_parameter("ANALYSIS", "USED", [len(measures)])
        file.add_parameter("ANALYSIS", "NAMES", [m.id for m in measures])
        file.add_parameter("ANALYSIS", "CONTEXTS", [CONTEXTS[m.side] for m in measures])
        file.add_parameter("ANALYSIS", "UNITS", [m.unit for m in measures])
        file.add_parameter("ANALYSIS", "VALUES", np.array([m.value for m in measures]))
        file.add_parameter("ANALYSIS", "HALF_WIDTHS", np.array([m.uncertainty for m in measures]))
