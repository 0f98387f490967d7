"""Read what a watch recorded during a run, from FIT or CSV.

FIT is read through fitdecode. CSV is the fallback for every other watch: a column time (ISO 8601 with its zone) and
columns named as in READ.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from midstance.errors import InputError, UsageError
from midstance.reasons import Reason

READ = (
    "cadence_spm",
    "contact_time_ms",
    "vertical_oscillation_cm",
    "vertical_ratio_pct",
    "step_length_m",
    "speed_mps",
    "asymmetry_contact_time_pct",
)
"""Measures that are taken from a watch."""

FIT_FIELDS: Mapping[str, tuple[str, float]] = MappingProxyType(
    {
        "cadence": ("cadence_spm", 2.0),  # strides a minute
        "fractional_cadence": ("cadence_spm", 2.0),  # what is left over of cadence, added to it
        "stance_time": ("contact_time_ms", 1.0),
        "vertical_oscillation": ("vertical_oscillation_cm", 0.1),
        "vertical_ratio": ("vertical_ratio_pct", 1.0),
        "step_length": ("step_length_m", 0.001),
        "speed": ("speed_mps", 1.0),
        "stance_time_balance": ("asymmetry_contact_time_pct", 4.0),  # per cent left, 50 = even: see _from_fit
    }
)
"""Field of a FIT record message: the measure and the factor to its unit."""


@dataclass(frozen=True, slots=True)
class Record:
    """Values that the watch showed at one moment (UTC), by measure id."""

    at: datetime
    values: Mapping[str, float]


def read_watch(path: Path) -> tuple[Record, ...]:
    """Return all records of a .fit or .csv file in time order. Raises InputError, and UsageError without fitdecode."""
    try:
        records = _read_fit(path) if path.suffix.lower() == ".fit" else _read_csv(path)
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from None
    if not records:
        raise InputError(Reason("no_running_records", path=path))
    return tuple(sorted(records, key=lambda record: record.at))


def _read_fit(path: Path) -> list[Record]:
    try:
        import fitdecode  # noqa: PLC0415  (only for those who bring a watch)
    except ImportError:
        raise UsageError(Reason("no_fit_reader")) from None
    records = []
    try:
        with fitdecode.FitReader(str(path)) as messages:
            for message in messages:
                if isinstance(message, fitdecode.FitDataMessage) and message.name == "record":
                    shown = {field.name: field.value for field in message.fields}
                    if isinstance(shown.get("timestamp"), datetime):
                        records.append(Record(shown["timestamp"].astimezone(UTC), _from_fit(shown)))
    except fitdecode.FitError as fault:
        raise InputError(Reason("not_fit", path=path, fault=str(fault))) from None
    return records


def _from_fit(shown: Mapping[str, object]) -> dict[str, float]:
    values: dict[str, float] = {}
    if isinstance(shown.get("enhanced_speed"), int | float):
        shown = {**shown, "speed": shown["enhanced_speed"]}
    for field, (name, factor) in FIT_FIELDS.items():
        value = shown.get(field)
        if isinstance(value, int | float):
            even = 50.0 if field == "stance_time_balance" else 0.0  # left minus right, of their mean
            values[name] = values.get(name, 0.0) + factor * (value - even)
    return values


def _read_csv(path: Path) -> list[Record]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        rows = csv.DictReader(stream, skipinitialspace=True)
        try:
            known = set(rows.fieldnames or ()) & set(READ)
            if "time" not in (rows.fieldnames or ()) or not known:
                raise InputError(Reason("watch_columns_missing", path=path, columns=", ".join(READ)))
            return [_from_row(row, known) for row in rows]
        except UnicodeDecodeError:
            raise InputError(Reason("not_csv", path=path)) from None
        except (ValueError, csv.Error) as fault:
            said = Reason("time_without_zone", time=fault.args[0]) if isinstance(fault, _WithoutZone) else str(fault)
            raise InputError(Reason("watch_line_unreadable", path=path, line=rows.line_num, fault=said)) from None


class _WithoutZone(ValueError):  # noqa: N818  (never leaves this file)
    """A time of the table that may be anywhere on earth."""


def _from_row(row: Mapping[str, str], known: Iterable[str]) -> Record:
    at = datetime.fromisoformat(row["time"] or "")
    if at.tzinfo is None:
        raise _WithoutZone(row["time"])
    read = {name: float(row[name]) for name in known if (row[name] or "").strip()}
    return Record(at.astimezone(UTC), {name: value for name, value in read.items() if math.isfinite(value)})
