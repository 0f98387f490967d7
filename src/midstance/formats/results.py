"""Read the folder of results of an analysis back as points, contacts, measures and tables, for other programs."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from midstance.errors import InputError
from midstance.formats import analysis_json, analysis_schema
from midstance.formats.csv_points import read as read_csv
from midstance.formats.text_file import text_of
from midstance.model import AngleFile, Contact, Floats, Measure, Recording
from midstance.reasons import Reason
from midstance.skeleton import SIDES

TABLES = ("measures", "contacts", "strides", "angles", "columns")
"""The tables of a folder of results, in the order of a spreadsheet; contacts and angles from a side view only."""
OPENSIM_ANGLES = {
    "knee_flexion_deg": "knee_angle",
    "thigh_deg": "thigh",
    "shank_deg": "shank",
    "foot_deg": "foot",
}
"""Columns of angles.csv and what OpenSim or nobody calls them; a knee is + when bent, as in Rajagopal's model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What a folder of results holds: the runner's points, contacts and measures, and its tables as CSV texts."""

    recording: Recording
    contacts: tuple[Contact, ...]
    measures: tuple[Measure, ...]
    tables: dict[str, str]


def is_results(path: Path) -> bool:
    """Return whether a path is a folder of results."""
    return path.is_dir() and (path / "analysis.json").is_file() and (path / "track.csv").is_file()


def read(folder: Path) -> Results:
    """Return what a folder of results holds. Raises InputError, also for a film that was refused."""
    content = analysis_json.read(text_of(folder / "analysis.json"), folder.name)
    if isinstance(content, analysis_schema.RefusalJson):
        raise InputError(Reason("results_of_a_refusal", folder=folder.name))
    recording = replace(read_csv(folder / "track.csv"), path=folder, made_by="midstance")
    scale, forward = content.view.scale_m_per_px, -1.0 if content.view.direction == "left" else 1.0
    if scale:
        recording = replace(recording, points=_in_metres(recording.points, scale, forward), unit="m")
    names = tuple(pose2sim_name(name) for name in recording.names)
    contacts = tuple(Contact(**each.model_dump()) for each in content.contacts)
    measures = tuple(
        Measure(
            id=m.id,
            side=m.side,
            value=m.value,
            sd=_number(m.sd),
            n=m.n,
            uncertainty=_number(m.uncertainty),
            unit=m.unit,
        )
        for m in content.measures
    )
    tables = {name: text_of(path) for name in TABLES if (path := folder / f"{name}.csv").is_file()}
    return Results(recording=replace(recording, names=names), contacts=contacts, measures=measures, tables=tables)


def _number(value: float | None) -> float:
    return float("nan") if value is None else value


def _in_metres(px: Floats, scale: float, forward: float) -> Floats:
    """Return pixels as metres, x forward, y up from the lowest point."""
    metres = px * scale * [forward, -1.0]
    metres[..., 1] -= np.nanmin(metres[..., 1])
    return np.asarray(metres)


def pose2sim_name(name: str) -> str:
    """Return a point's name as Pose2Sim and its OpenSim models have it: left_toe is LBigToe."""
    side, _, part = name.partition("_")
    if side not in SIDES:
        return name.capitalize()
    return side[0].upper() + ("BigToe" if part == "toe" else part.capitalize())


def angles_of(results: Results, path: Path) -> AngleFile:
    """Return the angles of both legs and the trunk as curves, degrees. Raises InputError without a side view."""
    if "angles" not in results.tables:
        raise InputError(Reason("results_without_angles", path=path))
    rows = list(csv.DictReader(io.StringIO(results.tables["angles"])))
    columns: dict[str, Floats] = {}
    times: Floats = np.empty(0)
    for side in SIDES:
        own = [row for row in rows if row["side"] == side]
        times = np.array([float(row["time_s"]) for row in own])
        for column, name in OPENSIM_ANGLES.items():
            columns[f"{name}_{side[0]}"] = np.array([float(row[column] or "nan") for row in own])
        columns.setdefault("trunk_lean", np.array([float(row["trunk_lean_deg"] or "nan") for row in own]))
    return AngleFile(path=path, columns=columns, time_s=times, in_degrees=True)
