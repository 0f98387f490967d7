"""Read what a watch recorded during a run, from FIT or CSV.

CSV is the fallback for watches that export no FIT: a column time (ISO 8601 with its zone) and columns named as in READ.
"""

from __future__ import annotations

import csv
import math
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from midstance.errors import InputError
from midstance.formats.fit import RECORD, SESSION, SPORT, NotFit, messages, moment
from midstance.formats.text_file import checked_size
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

FIT_FIELDS: Mapping[int, tuple[str, float]] = MappingProxyType(
    {
        4: ("cadence_spm", 2.0),  # strides a minute
        53: ("cadence_spm", 2.0 / 128),  # the fraction of a stride, added to it
        41: ("contact_time_ms", 0.1),
        39: ("vertical_oscillation_cm", 0.01),
        83: ("vertical_ratio_pct", 0.01),
        85: ("step_length_m", 0.0001),
        6: ("speed_mps", 0.001),
        73: ("speed_mps", 0.001),  # the same with more digits, instead of it
        84: ("asymmetry_contact_time_pct", 0.04),  # per cent left, of which 50 is even
    }
)
"""Number of a field of FIT's record message: the measure, and the factor from what is stored to its unit."""

SPORTS = MappingProxyType({2: "cycling", 5: "swimming", 15: "rowing", 21: "cycling"})
"""FIT's numbers of sports, for the reader; others are "another sport"."""

ON_FOOT = frozenset({0, 1, 4, 10, 11, 17})
"""FIT's numbers of sports whose steps are steps: any, running, fitness equipment, training, walking, hiking."""

NEVER_ZERO = frozenset(READ) - {"asymmetry_contact_time_pct"}
"""What is 0 only while the sensor is not ready: such a value was not measured."""


@dataclass(frozen=True, slots=True)
class Record:
    """Values that the watch showed at one moment (UTC), by measure id."""

    at: datetime
    values: Mapping[str, float]


def read_watch(path: Path) -> tuple[Record, ...]:
    """Return all records of a .fit or .csv file in time order. Raises InputError."""
    try:
        checked_size(path)
        records = _read_fit(path) if path.suffix.lower() == ".fit" else _read_csv(path)
    except OSError as fault:
        raise InputError(Reason("cannot_be_read", path=path, fault=fault.strerror)) from None
    if not records:
        raise InputError(Reason("no_running_records", path=path))
    return tuple(sorted(records, key=lambda record: record.at))


def _read_fit(path: Path) -> list[Record]:
    """Read the records of a FIT file that were made on foot. Raises InputError."""
    made: list[tuple[int, int | None, dict[str, float]]] = []
    parts: list[tuple[float, float, int]] = []
    sport = None
    try:
        for message in messages(path.read_bytes()):
            if message.number == SPORT and 0 in message.fields:
                sport = int(message.fields[0])
            elif message.number == SESSION and {2, 5} <= message.fields.keys() and message.seconds is not None:
                parts.append((message.fields[2], message.seconds, int(message.fields[5])))
            elif message.number == RECORD and message.seconds is not None:
                made.append((message.seconds, sport, _from_fit(message.fields)))
    except (NotFit, struct.error, IndexError, OverflowError):  # its head is cut off, or a time is beyond the calendar
        raise InputError(Reason("not_fit", path=path)) from None
    sports = [next((kind for first, last, kind in parts if first <= at <= last), kept) for at, kept, _ in made]
    others = [kind for kind in sports if kind is not None and kind not in ON_FOOT]
    if made and len(others) == len(made):
        raise InputError(Reason("watch_recorded_no_run", path=path, sport=SPORTS.get(others[0], "another sport")))
    return [
        Record(moment(at), values)
        for (at, _, values), kind in zip(made, sports, strict=True)
        if kind is None or kind in ON_FOOT
    ]


def _from_fit(fields: Mapping[int, float]) -> dict[str, float]:
    """Return the measures of a record message; a stored 0 is a value that was not measured."""
    stored = {number: value for number, value in fields.items() if number in FIT_FIELDS and value}
    if 73 in stored:
        stored.pop(6, None)
    if 4 not in stored:
        stored.pop(53, None)
    values: dict[str, float] = {}
    for number, value in stored.items():
        name, factor = FIT_FIELDS[number]
        even = 5000 if name == "asymmetry_contact_time_pct" else 0  # left minus right, of their mean
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
    measured = {n: v for n, v in read.items() if math.isfinite(v) and not (v == 0 and n in NEVER_ZERO)}
    return Record(at.astimezone(UTC), measured)
