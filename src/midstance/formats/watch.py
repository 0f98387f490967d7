"""A watch's recording (FIT or CSV) and the moment of a take in, what the watch read meanwhile out, beside the film.

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

READ: Mapping[str, str] = MappingProxyType(
    {
        "cadence_spm": "spm",
        "contact_time_ms": "ms",
        "vertical_oscillation_cm": "cm",
        "vertical_ratio_pct": "%",
        "step_length_m": "m",
        "speed_mps": "m/s",
        "asymmetry_contact_time_pct": "%",
    }
)
"""What is taken from a watch, and its unit."""

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
    """What the watch showed at one moment (UTC), by measure id."""

    at: datetime
    values: Mapping[str, float]


def read_watch(path: Path) -> tuple[Record, ...]:
    """All records of a .fit or .csv file, in time order. Raises InputError."""
    try:
        records = _read_fit(path) if path.suffix.lower() == ".fit" else _read_csv(path)
    except OSError as fault:
        raise InputError(f"{path} cannot be read ({fault.strerror}).") from None
    if not records:
        raise InputError(f"{path} holds no running records. Export the run itself (FIT, or CSV with a column time).")
    return tuple(sorted(records, key=lambda record: record.at))


def _read_fit(path: Path) -> list[Record]:
    try:
        import fitdecode  # noqa: PLC0415  (only for those who bring a watch)
    except ImportError:
        raise UsageError("FIT files are read by fitdecode: install midstance[store]. CSV works without it.") from None
    records = []
    try:
        with fitdecode.FitReader(str(path)) as messages:
            for message in messages:
                if isinstance(message, fitdecode.FitDataMessage) and message.name == "record":
                    shown = {field.name: field.value for field in message.fields}
                    if isinstance(shown.get("timestamp"), datetime):
                        records.append(Record(shown["timestamp"].astimezone(UTC), _from_fit(shown)))
    except fitdecode.FitError as fault:
        raise InputError(f"{path} is no FIT file, or it is damaged ({fault}).") from None
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
            known = set(rows.fieldnames or ()) & READ.keys()
            if "time" not in (rows.fieldnames or ()) or not known:
                wanted = ", ".join(READ)
                raise InputError(f"{path} needs a column time and one or more of {wanted}.")
            return [_from_row(row, known) for row in rows]
        except UnicodeDecodeError:
            raise InputError(f"{path} is no text, so no CSV. Export the run as CSV or FIT.") from None
        except (ValueError, csv.Error) as fault:
            raise InputError(f"{path}, line {rows.line_num}: {fault}.") from None


def _from_row(row: Mapping[str, str], known: Iterable[str]) -> Record:
    at = datetime.fromisoformat(row["time"] or "")
    if at.tzinfo is None:
        raise ValueError(f"the time {row['time']} has no zone; write 2026-05-01T07:30:00+02:00 or end it with Z")
    read = {name: float(row[name]) for name in known if (row[name] or "").strip()}
    return Record(at.astimezone(UTC), {name: value for name, value in read.items() if math.isfinite(value)})
